/** What one field of a message may hold; a shape is a message inside a message. */
type Kinds = {
  readonly text: string;
  readonly flag: boolean;
  readonly number: number;
  readonly fixed32: number;
  readonly bytes: Uint8Array;
  readonly map: Readonly<Record<string, string>>;
};

/** `one` has a default in proto3; of all fields of a shape that are a `choice` at most one is there. */
export type Field = {
  readonly id: number;
  readonly holds: keyof Kinds | Shape;
  readonly times: 'one' | 'many' | 'maybe' | 'choice';
};

/** A message of protocol buffers as a table: names of ours, numbers of the standard. */
export interface Shape {
  readonly [name: string]: Field;
}

type Held<H> = H extends keyof Kinds ? Kinds[H] : H extends Shape ? Message<H> : never;
type Value<F extends Field> = F['times'] extends 'many' ? readonly Held<F['holds']>[] : Held<F['holds']>;
type Sure<S extends Shape> = { [N in keyof S]: S[N]['times'] extends 'one' | 'many' ? N : never }[keyof S];

/** What a message of that shape is once it is read. */
export type Message<S extends Shape> = { readonly [N in Sure<S>]: Value<S[N]> } & {
  readonly [N in Exclude<keyof S, Sure<S>>]?: Value<S[N]>;
};

type Drafted<H> = H extends keyof Kinds ? Kinds[H] : H extends Shape ? Draft<H> : never;

/** What a message of that shape is written from: everything may be left out. */
export type Draft<S extends Shape> = {
  readonly [N in keyof S]?: S[N]['times'] extends 'many' ? readonly Drafted<S[N]['holds']>[] : Drafted<S[N]['holds']>;
};

export const text = (id: number) => ({ id, holds: 'text', times: 'one' }) as const;
export const flag = (id: number) => ({ id, holds: 'flag', times: 'one' }) as const;
export const number = (id: number) => ({ id, holds: 'number', times: 'one' }) as const;
export const fixed32 = (id: number) => ({ id, holds: 'fixed32', times: 'one' }) as const;
export const bytes = (id: number) => ({ id, holds: 'bytes', times: 'one' }) as const;
export const map = (id: number) => ({ id, holds: 'map', times: 'one' }) as const;
export const many = <const H extends Field['holds']>(id: number, holds: H) => ({ id, holds, times: 'many' }) as const;
export const maybe = <const H extends Field['holds']>(id: number, holds: H) => ({ id, holds, times: 'maybe' }) as const;
export const choice = <const H extends Field['holds']>(id: number, holds: H) =>
  ({ id, holds, times: 'choice' }) as const;
