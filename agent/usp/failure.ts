/** Error codes of TR-369 1.4, appendix "Error Codes", with the sentence that goes beside them. */
export const CODES = {
  7000: 'message failed',
  7001: 'message not supported',
  7002: 'request denied',
  7003: 'internal error',
  7004: 'invalid arguments',
  7005: 'resources exceeded',
  7006: 'permission denied',
  7008: 'invalid path syntax',
  7010: 'unsupported parameter',
  7011: 'invalid type',
  7012: 'invalid value',
  7013: 'parameter is not writable',
  7015: 'operation error',
  7016: 'object does not exist',
  7018: 'object is not a table',
  7019: 'object is not creatable',
  7021: 'a required parameter failed',
  7022: 'command failure',
  7023: 'command canceled',
  7024: 'object could not be deleted',
  7025: 'unique key already exists',
  7026: 'invalid path',
  7027: 'invalid command arguments',
  7106: 'session context not allowed',
} as const;
export type Code = keyof typeof CODES;

/** What went wrong, with the path that it went wrong at. */
export type Failure = { readonly errCode: Code; readonly errMsg: string; readonly path: string };

export const fails = (errCode: Code, path: string, why = ''): Failure => ({
  errCode,
  errMsg: why === '' ? `${CODES[errCode]}: ${path}` : `${CODES[errCode]}: ${path}: ${why}`,
  path,
});

export const isFailure = <T extends object>(found: T | Failure): found is Failure => 'errCode' in found;
