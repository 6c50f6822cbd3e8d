import { Fault } from '../../agent/model/fault.ts';
import type { Outcome } from '../wires/commands.ts';

/** The line that `ip -batch` or `tc -batch` stumbled over, and what they say of it. Lines before it were carried out. */
export function batchFault(program: string, lines: readonly string[], outcome: Outcome): Fault {
  const number = /^Command failed -:(\d+)$/m.exec(outcome.stderr)?.[1];
  const line = number === undefined ? undefined : lines[Number(number) - 1];
  return new Fault('network.refused', { program, line, error: outcome.stderr.split('\n')[0] });
}

/** nft prints the error and then the line that it means; the kernel's own refusals have no position. */
export function nftFault(output: string): Fault | undefined {
  const lines = output.split('\n');
  const at = lines.findIndex((line) => /^(\S+:\d+:\d+-\d+: )?Error: /.test(line));
  if (at === -1) return undefined;
  const error = lines[at]?.replace(/^.*?Error: /, '');
  return new Fault('network.refused', { program: 'nft', line: lines[at + 1]?.trim(), error });
}
