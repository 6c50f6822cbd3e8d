import { readLine } from './read-export.ts';
import { type Finding, type Held, type Keys, verifyExport } from './verify-export.ts';

/** A record out of an export that holds, and who vouches for it: the central by its checkpoint, or the device's seal alone. */
export type ProvenRecord = { readonly seq: number; readonly body: string; readonly by: 'central' | 'device' };
export type Proven = { readonly held: Held; readonly records: readonly ProvenRecord[] };

/** U-3, U-5: what may be taken over out of an export, whole or salvaged; what is wrong with it where it does not hold. */
export function provenRecords(text: string, keys: Keys, crypto: Parameters<typeof verifyExport>[2]): Proven | Finding {
  const held = verifyExport(text, keys, crypto);
  if (!held.holds) return held;
  const records = text.split('\n').flatMap((line): readonly ProvenRecord[] => {
    const read = readLine(line);
    if (read.is !== 'record') return [];
    const seen = held.seen.some(({ from, to }) => from <= read.seq && read.seq <= to);
    return [{ seq: read.seq, body: read.body, by: seen ? 'central' : 'device' }];
  });
  return { held, records };
}
