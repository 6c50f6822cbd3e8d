import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_PATH, type PathRules } from '../../fax/lossy-path.ts';
import { buildSpandsp } from './build-spandsp.ts';
import { faxWithSpandsp, type SpandspOutcome, type SpandspWish } from './spandsp-world.ts';

/** How the peer protects what it says: as Asterisk does (each datagram once) or as FreeSWITCH does (key packets several times). */
type Peer = { readonly name: string; readonly redundancy: number; readonly repeats: boolean };

const PEERS: readonly Peer[] = [
  { name: 'redundancy 3, once', redundancy: 3, repeats: false },
  { name: 'redundancy 3, repeated', redundancy: 3, repeats: true },
];

const PATHS: readonly (readonly [string, Partial<PathRules>])[] = [
  ['clean', {}],
  ['2 % loss', { loss: 0.02 }],
  ['5 % loss', { loss: 0.05 }],
  ['10 % loss', { loss: 0.1 }],
  ['20 % loss', { loss: 0.2 }],
  ['5 % in bursts of 3', { loss: 0.05, burst: 3 }],
  ['10 % in bursts of 3', { loss: 0.1, burst: 3 }],
];

export type SpandspRow = {
  readonly name: string;
  /** Faxes whose pages all came whole. */
  readonly whole: number;
  readonly overbilled: number;
  readonly failures: readonly SpandspOutcome[];
};

/** So many faxes of three pages between a machine behind our bridge and a terminal of libspandsp, for each way, peer and path. */
export function* measureSpandsp(faxes: number): Generator<SpandspRow> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  try {
    const program = buildSpandsp('spandsp-terminal', folder);
    for (const { name, redundancy, repeats } of PEERS)
      for (const [path, rules] of PATHS)
        for (const machine of ['sends', 'receives'] as const)
          for (const ecm of [true, false]) {
            const wish = { program, path: { ...CLEAN_PATH, ...rules }, pages: 3, ecm, machine, redundancy, repeats };
            const title = `${path}, ${name}, machine ${machine}, ${ecm ? 'ECM' : 'without'}`;
            yield rowOf(title, wish, faxes);
          }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(name: string, wish: Omit<SpandspWish, 'seed'>, faxes: number): SpandspRow {
  const all = Array.from({ length: faxes }, (_, seed) => faxWithSpandsp({ ...wish, seed: seed + 1 }));
  return {
    name,
    whole: all.filter(({ whole }) => whole).length,
    // What a machine of ours sent is billed; the terminal counts what it took.
    overbilled: all.filter(({ told, pages }) => wish.machine === 'sends' && told > pages).length,
    failures: all.filter(({ whole }) => !whole),
  };
}
