import type { Bytes, Read } from '../bytes.ts';
import { openTlv, type Tlv } from '../tlv.ts';

/** A function of the eUICC: what it is asked, and how its answer is read. Pure; sent by STORE DATA to the ISD-R. */
export type Es10Call<T> = {
  /** As SGP.22 names it; for the journal and for support. */
  readonly name: string;
  readonly send: Bytes;
  readonly read: (answer: Bytes) => Read<T>;
};

/** Reads what stands in the one object of the answer. */
export const reading =
  <T>(tag: number, read: (found: readonly Tlv[]) => Read<T>) =>
  (answer: Bytes): Read<T> => {
    const found = openTlv(answer, tag);
    return found.ok ? read(found.value) : found;
  };

/** What an eUICC said no with: the number of SGP.22, its name, and what to do. */
export type Es10Refusal = { readonly code: number; readonly says: string };

export const refusalOf = (names: Readonly<Record<number, string>>, code: number): Es10Refusal => ({
  code,
  says: names[code] ?? (code === 127 ? 'the eUICC gives no reason' : `reason ${code}, which SGP.22 does not name`),
});
