import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { T38Version } from '../../../../agent/fax/t38/ifp.ts';
import { buildSpandsp } from '../../../../hw-sim/bench/fax/build-spandsp.ts';

/** Puts all orders to the oracle of IFP packets, one answer each; see the head of spandsp-ifp.c. */
export function askSpandsp(orders: readonly string[]): readonly string[] {
  return linesOf('spandsp-ifp', [], orders.map((order) => `${order}\n`).join('')).map((answer) => answer.trim());
}

export type Traced = { readonly from: string; readonly at: number; readonly octets: string };

/** Packets of a whole fax between two of spandsp's terminals, and how it ended for them; see the head of spandsp-trace.c. */
export function traceSpandsp(
  version: T38Version,
  ecm: boolean,
): { readonly packets: readonly Traced[]; readonly result: string } {
  const lines = linesOf('spandsp-trace', [String(version), ecm ? '1' : '0', '200'], '');
  const packets = lines.slice(0, -1).map((line) => {
    const [from = '', at = '', octets = ''] = line.split(' ');
    return { from, at: Number(at), octets };
  });
  return { packets, result: lines.at(-1) ?? '' };
}

/**
 * Builds a program against Debian's libspandsp and runs it in a directory of its own.
 */
function linesOf(name: string, words: readonly string[], input: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  try {
    const program = buildSpandsp(name, folder);
    const said = execFileSync(program, words, { cwd: folder, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    return said.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
