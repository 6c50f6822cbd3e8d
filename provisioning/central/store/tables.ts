type Column = 'text' | 'integer';

export type Table = {
  readonly columns: Readonly<Record<string, Column>>;
  readonly key: readonly string[];
  /**
   * What a row does whose key is there already. A refused one is a bug and ends the transaction; one that counts adds its
   * `count` to that row, replaces the rest of it, and leaves `first_at`.
   */
  readonly again: 'refused' | 'ignored' | 'replaces' | 'counts';
  /** The state of an account is folded from it: what is newer than a position must be found at once. */
  readonly folded: boolean;
};

const PLACE = { device: 'text', epoch: 'text', seq: 'integer' } as const;
const LOG = { device: 'text', epoch: 'text', size: 'integer' } as const;

/**
 * Every table of the store, for both databases. Each has two more columns: the `account` that it belongs to, and the
 * `position` of the row in all that was ever kept of that account.
 */
export const TABLES = {
  records: {
    columns: { ...PLACE, hash: 'text', body: 'text', at: 'integer' },
    key: ['device', 'epoch', 'seq'],
    again: 'refused',
    folded: true,
  },
  charges: {
    columns: {
      ...{ ...PLACE, cycle: 'integer', config_version: 'integer', call: 'text', class: 'text', called: 'text' },
      ...{ bundle_seconds: 'integer', paid_seconds: 'integer', ticks: 'integer', rule: 'text', article: 'text' },
      held: 'integer',
    },
    key: ['device', 'epoch', 'seq'],
    again: 'refused',
    folded: false,
  },
  aside: {
    columns: { ...PLACE, hash: 'text', body: 'text', why: 'text', at: 'integer' },
    key: ['device', 'epoch', 'seq', 'hash'],
    again: 'ignored',
    folded: false,
  },
  loans: {
    columns: {
      ...{ id: 'text', cycle: 'integer', ticks: 'integer', bundle_seconds: 'integer', device: 'text', epoch: 'text' },
      ...{ request: 'text', granted_after: 'integer', at: 'integer' },
      ...{ returned_ticks: 'integer', returned_bundle_seconds: 'integer' },
    },
    key: ['id'],
    again: 'refused',
    folded: true,
  },
  /** Leases of an epoch that support gave up (C-3); `leases` is a JSON array of their ids. */
  write_offs: {
    columns: {
      ...{ id: 'text', cycle: 'integer', device: 'text', epoch: 'text', size: 'integer', leases: 'text' },
      ...{ ticks: 'integer', bundle_seconds: 'integer', given_by: 'text', why: 'text', at: 'integer' },
    },
    key: ['id'],
    again: 'refused',
    folded: true,
  },
  /** Every change of a cap or a cycle stays (M-6); the newest line of an account counts. */
  accounts: {
    columns: { cap_micro_euro: 'integer', cycle: 'integer', at: 'integer' },
    key: ['account', 'position'],
    again: 'refused',
    folded: true,
  },
  greetings: {
    columns: { ...LOG, software: 'text', config_version: 'integer', at: 'integer' },
    key: ['device'],
    again: 'replaces',
    folded: true,
  },
  device_keys: {
    columns: { device: 'text', key: 'text', at: 'integer' },
    key: ['device'],
    again: 'refused',
    folded: true,
  },
  countersignatures: {
    columns: { ...LOG, root: 'text', frontier: 'text', note: 'text', at: 'integer' },
    key: ['device', 'epoch', 'size'],
    again: 'refused',
    folded: true,
  },
  forks: {
    columns: { ...LOG, root: 'text', ours: 'text', theirs: 'text', at: 'integer' },
    key: ['device', 'epoch', 'size', 'theirs'],
    again: 'ignored',
    folded: true,
  },
  /** C-5: every order and lifting stays; the newest line of an order counts. */
  suspensions: {
    columns: { id: 'text', body: 'text', at: 'integer' },
    key: ['account', 'position'],
    again: 'refused',
    folded: true,
  },
  /** The version of suspensions that a device carries out. */
  suspensions_applied: {
    columns: { device: 'text', version: 'integer', at: 'integer' },
    key: ['device'],
    again: 'replaces',
    folded: false,
  },
  /** What went wrong with a device; one row for each kind. */
  troubles: {
    columns: { device: 'text', kind: 'text', count: 'integer', what: 'text', first_at: 'integer', last_at: 'integer' },
    key: ['device', 'kind'],
    again: 'counts',
    folded: false,
  },
  telemetry: {
    columns: { device: 'text', body: 'text', at: 'integer' },
    key: ['device'],
    again: 'replaces',
    folded: false,
  },
  /** The folded state of an account at a position: a cache, never the authority. */
  snapshots: {
    columns: { digest: 'text', state: 'text' },
    key: ['account'],
    again: 'replaces',
    folded: false,
  },
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof TABLES;

/** A table that belongs to no account; `found` are the columns that it is looked up by. */
export type DeskTable = Pick<Table, 'columns' | 'key' | 'again'> & { readonly found?: readonly string[] };

/** What the billing desk keeps beside the service: files of host operators (U-5) and statements. No decision rests on it. */
export const DESK_TABLES = {
  host_files: {
    columns: {
      ...{ hash: 'text', host: 'text', format: 'text', name: 'text' },
      ...{ records: 'integer', bad: 'integer', at: 'integer' },
    },
    key: ['hash'],
    again: 'refused',
  },
  /** A record belongs to a line; whose line that is, is asked when it is read. */
  host_records: {
    columns: {
      ...{ id: 'text', content: 'text', file: 'text', file_line: 'integer', line: 'text', body: 'text', at: 'integer' },
    },
    key: ['id', 'content'],
    again: 'ignored',
    found: ['line', 'at'],
  },
  host_bad_lines: {
    columns: { file: 'text', file_line: 'integer', file_column: 'integer', text: 'text', remedy: 'text' },
    key: ['file', 'file_line', 'file_column', 'remedy'],
    again: 'ignored',
  },
  statements: {
    columns: {
      ...{ account: 'text', period: 'text', starts: 'integer', closed: 'text', statement: 'text', at: 'integer' },
    },
    key: ['account', 'starts'],
    again: 'refused',
  },
  /** Decisions on uses that wait; every one stays, the newest of a use stands. */
  decisions: {
    columns: {
      ...{ account: 'text', use_id: 'text', verdict: 'text', given_by: 'text', why: 'text', at: 'integer' },
    },
    key: ['account', 'use_id', 'at'],
    again: 'refused',
  },
} as const satisfies Readonly<Record<string, DeskTable>>;

export type DeskTableName = keyof typeof DESK_TABLES;
