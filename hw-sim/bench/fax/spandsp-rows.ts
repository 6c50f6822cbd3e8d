import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_PATH } from '../../fax/lossy-path.ts';
import { buildSpandsp } from './build-spandsp.ts';
import type { FaxRow } from './rows.ts';
import { faxWithSpandsp, type SpandspOutcome, type SpandspWish } from './spandsp-world.ts';

/** How the peer protects what it says: as Asterisk does (each datagram once) or as FreeSWITCH does (key packets several times). */
export const PEERS = {
  once: { name: 'redundancy 3, once', redundancy: 3, repeats: false },
  repeated: { name: 'redundancy 3, repeated', redundancy: 3, repeats: true },
} as const;

/** Which of the faxes with libspandsp are sent. */
export type FarWish = {
  readonly faxes: number;
  readonly rows: readonly FaxRow[];
  readonly peers: readonly (keyof typeof PEERS)[];
  readonly ways: readonly ('sends' | 'receives')[];
  readonly ecm: readonly boolean[];
};

export type SpandspRow = {
  readonly name: string;
  /** Faxes whose pages all came whole. */
  readonly whole: number;
  readonly overbilled: number;
  /** Faxes that differ by nothing but packets that were in no datagram. */
  readonly explained: number;
  readonly failures: readonly SpandspOutcome[];
};

/** So many faxes of three pages between a machine behind our bridge and a terminal of libspandsp, for each way, peer and path. */
export function* measureSpandsp({ faxes, rows, peers, ways, ecm }: FarWish): Generator<SpandspRow> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  try {
    const program = buildSpandsp('spandsp-terminal', folder);
    for (const peer of peers)
      for (const { name, path } of rows)
        for (const machine of ways)
          for (const corrects of ecm) {
            const { name: protection, ...more } = PEERS[peer];
            const wish = { program, path: { ...CLEAN_PATH, ...path }, pages: 3, ecm: corrects, machine, ...more };
            yield rowOf(`${name}, ${protection}, machine ${machine}, ${corrects ? 'ECM' : 'without'}`, wish, faxes);
          }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(name: string, wish: Omit<SpandspWish, 'seed'>, faxes: number): SpandspRow {
  const all = Array.from({ length: faxes }, (_, seed) => faxWithSpandsp({ ...wish, seed: seed + 1 }));
  const failures = all.filter(({ whole }) => !whole);
  return {
    name,
    whole: faxes - failures.length,
    // What a machine of ours sent is billed; the terminal counts what it took.
    overbilled: all.filter(({ told, pages }) => wish.machine === 'sends' && told > pages).length,
    explained: failures.filter(({ lost, explained }) => lost > 0 && explained).length,
    failures,
  };
}
