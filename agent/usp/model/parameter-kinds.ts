import type { ParameterType } from './object-type.ts';

const restless = <T extends ParameterType>(type: T) => ({ ...type, restless: true }) as const;
const truth = { type: 'boolean' } as const;

/** Kinds of parameters that tables of objects are written with. `…News`: its changes are told; counters and clocks are not. */
export const kind = {
  string: { type: 'string' },
  count: { type: 'unsignedInt' },
  amount: { type: 'unsignedLong' },
  whole: { type: 'int' },
  truth,
  time: { type: 'dateTime' },
  counter: restless({ type: 'unsignedInt' }),
  long: restless({ type: 'unsignedLong' }),
  level: restless({ type: 'int' }),
  passing: restless({ type: 'string' }),
  clock: restless({ type: 'dateTime' }),
  alias: { type: 'string', write: 'once', longest: 64 },
  enable: { ...truth, write: 'always', initial: 'false' },
} as const satisfies Readonly<Record<string, ParameterType>>;

export const settable = (initial = '', longest = 256): ParameterType => ({
  ...{ type: 'string', write: 'always', initial, longest },
});
export const oneOf = (values: readonly string[], initial = values[0] ?? ''): ParameterType => ({
  ...{ type: 'string', write: 'always', values, initial },
});
export const settableCount = (initial: string): ParameterType => ({ type: 'unsignedInt', write: 'always', initial });
