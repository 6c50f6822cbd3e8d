/**
 * Faxes of three pages from machine to machine, through two of our bridges, each with its Class 1 modem, over bad paths in simulated
 * time: how many arrive whole, how long they take, and whether the pages told for the bill are those that were confirmed.
 * Answers 0 when every aim is met.
 *
 *   npm run build && nice -n 10 node dist/hw-sim/bench/fax.js [--faxes 100] [--row 'clean'] [--tell]
 */
import { parseArgs } from 'node:util';
import { FAX_ROWS, type FaxRow, measureRow, type RowResult } from './fax/rows.ts';

const options = {
  faxes: { type: 'string', default: '100' },
  row: { type: 'string' },
  /** What was said in each fax that failed. */
  tell: { type: 'boolean', default: false },
} as const;

function main(argv: readonly string[]): number {
  const { faxes, row: only, tell } = parseArgs({ args: [...argv], options }).values;
  const count = Number(faxes);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`--faxes: a number of 1 or more, not ${faxes}`);
  const rows = FAX_ROWS.filter(({ name }) => only === undefined || name === only);
  if (rows.length === 0) throw new RangeError(`--row: one of ${FAX_ROWS.map(({ name }) => name).join('; ')}`);
  say(`${count} faxes of three pages a row, % whole (mean time of a fax)`);
  const met = rows.map((row) => showRow(row, count, tell));
  say(met.every(Boolean) ? 'aims: met' : 'aims: MISSED');
  return met.every(Boolean) ? 0 : 1;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function showRow(row: FaxRow, count: number, tell: boolean): boolean {
  const began = process.cpuUsage();
  const ecm = measureRow(row, true, count);
  const plain = measureRow(row, false, count);
  const { user, system } = process.cpuUsage(began);
  const isMet = ecm.whole >= row.aim.ecm && plain.whole >= row.aim.plain && isBilledRight(ecm) && isBilledRight(plain);
  const shown = (one: RowResult): string => `${one.whole} % (${one.seconds} s)`;
  const bill = [ecm, plain].map(({ overbilled, missed }) => `${overbilled}/${missed}`).join(' ');
  const cpu = Math.round((user + system) / 1_000 / count / 6);
  say(
    `${row.name}: ECM ${shown(ecm)}, without ${shown(plain)}; over- and underbilled ${bill}; ${cpu} ms of CPU a page for the whole world${isMet ? '' : ' MISSED'}`,
  );
  if (tell) for (const failure of [...ecm.failures, ...plain.failures]) tellFailure(failure);
  return isMet;
}

const isBilledRight = ({ overbilled, missed }: RowResult): boolean => overbilled === 0 && missed === 0;

function tellFailure({ seed, outcome }: RowResult['failures'][number]): void {
  const [calling = [], called = []] = outcome.stories;
  say(`  seed ${seed}: ${outcome.sender}, ${outcome.receiver}, ${outcome.mishaps} mishaps`);
  say(`    calling: ${calling.join(' | ')}`);
  say(`    called: ${called.join(' | ')}`);
}

process.exitCode = main(process.argv.slice(2));
