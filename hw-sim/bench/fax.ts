/**
 * Faxes of three pages from machine to machine, through two of our bridges, each with its Class 1 modem, over bad paths in simulated
 * time: how many arrive whole, how long they take, and whether the pages told for the bill are those that were confirmed (X-1, X-5).
 * Answers 0 when every aim is met.
 *
 *   npm run build && nice -n 10 node dist/hw-sim/bench/fax.js [--faxes 100] [--row 'clean' ...] [--tell] [--spandsp 12] [--soft 12]
 *     [--way sends] [--ecm yes] [--peer once] [--real 12 [--at-once 6] [--stall 500]] [--voice 60 [--short]]
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLEAN_PATH } from '../fax/lossy-path.ts';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';
import { besideVoice } from './fax/beside-voice.ts';
import { directTime } from './fax/direct-pair.ts';
import { sendFax } from './fax/fax-world.ts';
import { measureReal } from './fax/real-rows.ts';
import { FAX_ROWS, type FaxRow, measureRow, NAMED_ROWS, type RowResult } from './fax/rows.ts';
import { pagesFor } from './fax/sample-document.ts';
import { measureSoft, SOFT_BASICS } from './fax/soft-rows.ts';
import { type FarWish, measureSpandsp } from './fax/spandsp-rows.ts';

const options = {
  faxes: { type: 'string', default: '100' },
  /** These rows only. */
  row: { type: 'string', multiple: true },
  /** With libspandsp: whether the machine behind us sends or receives, with ECM or without, and how the peer protects what it says. */
  way: { type: 'string', multiple: true },
  ecm: { type: 'string', multiple: true },
  peer: { type: 'string', multiple: true },
  /** What was said in each fax that failed. */
  tell: { type: 'boolean', default: false },
  /** Faxes a row with a T.38 terminal of Debian's libspandsp as the far end, instead of a second bridge. */
  spandsp: { type: 'string' },
  /** Faxes on each bad path with the real signals of libspandsp's soft modem on our side, and its T.38 terminal at the far end. */
  soft: { type: 'string' },
  /** Faxes a row over the same modem on a pty, in real time; so many at once; with this process stalled so long every ten seconds, ms. */
  real: { type: 'string' },
  'at-once': { type: 'string', default: '6' },
  stall: { type: 'string', default: '0' },
  /** Two faxes at once on one core that carries a call, behind so many seconds of the call alone; `short`: a fraction of a page each. */
  voice: { type: 'string' },
  short: { type: 'boolean', default: false },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const { row: only, tell, spandsp, soft, real, voice, ...more } = values;
  const count = countOf(values.faxes);
  const rows = FAX_ROWS.filter(({ name }) => only === undefined || only.includes(name));
  if (rows.length < (only?.length ?? 1))
    throw new RangeError(`--row: of ${FAX_ROWS.map(({ name }) => name).join('; ')}`);
  const named = rows.filter((row) => NAMED_ROWS.includes(row));
  const far = {
    rows: named,
    ways: (['sends', 'receives'] as const).filter((way) => more.way?.includes(way) ?? true),
    ecm: [true, false].filter((ecm) => more.ecm?.includes(ecm ? 'yes' : 'no') ?? true),
    peers: (['once', 'repeated'] as const).filter((peer) => (more.peer ?? ['once']).includes(peer)),
  };
  if (spandsp !== undefined) return showSpandsp({ ...far, faxes: countOf(spandsp) }, tell);
  if (soft !== undefined) return showSoft(only === undefined, { ...far, faxes: countOf(soft) }, tell);
  if (voice !== undefined) return showVoice(Number(voice), more.short, argv);
  if (real !== undefined) {
    const wish = { faxes: countOf(real), atOnce: Number(more['at-once']), stall: Number(more.stall) };
    return showReal({ ...wish, rows: named });
  }
  say(`${count} faxes of three pages a row, % whole (mean time of a fax)`);
  for (const ecm of [true, false]) say(`added to a page ${ecm ? 'with' : 'without'} ECM: ${addedTime(ecm)} s`);
  const met = rows.map((row) => showRow(row, count, tell));
  say(met.every(Boolean) ? 'aims: met' : 'aims: MISSED');
  return met.every(Boolean) ? 0 : 1;
}

function countOf(faxes: string): number {
  const count = Number(faxes);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`faxes: a number of 1 or more, not ${faxes}`);
  return count;
}

/** What three pages more take through the boxes and a clean network, beyond what they take on a telephone line; seconds a page. */
function addedTime(ecm: boolean): number {
  const [one, four] = [1, 4].map((count) => {
    const pages = pagesFor(count, ecm);
    return sendFax({ seed: 1, path: CLEAN_PATH, pages, ecm }).duration - directTime(pages, ecm);
  });
  return Math.round(((four ?? 0) - (one ?? 0)) / 30) / 100;
}

function showSpandsp(wish: FarWish, tell: boolean): number {
  let overbilled = 0;
  for (const row of measureSpandsp(wish)) {
    const lost = `${row.explained} of ${row.failures.length} failures are of packets that were in no datagram`;
    say(`${row.name}: ${row.whole} of ${wish.faxes} whole${row.failures.length > 0 ? `; ${lost}` : ''}`);
    overbilled += row.overbilled;
    if (tell)
      for (const { result, machine, story } of row.failures) say(`  ${result} ${machine}: ${story.join(' | ')}`);
  }
  say(`overbilled: ${overbilled}`);
  return overbilled === 0 ? 0 : 1;
}

function showSoft(basics: boolean, wish: FarWish, tell: boolean): number {
  let failed = 0;
  for (const row of measureSoft(basics ? SOFT_BASICS : [], wish)) {
    say(`${row.name}: ${row.whole} of ${row.faxes} whole, ${row.dropped} carriers dropped, ${row.misbilled} misbilled`);
    failed += row.misbilled;
    if (tell) for (const one of row.failures) say(`  ${JSON.stringify({ ...one, news: one.news.at(-1) })}`);
  }
  return failed === 0 ? 0 : 1;
}

async function showReal(wish: Parameters<typeof measureReal>[0]): Promise<number> {
  let bad = 0;
  await measureReal(wish, ({ name, outcomes, whole, dropped, cpu }) => {
    const load = loadavg()[0]?.toFixed(1);
    const mean = outcomes.reduce((sum, fax) => sum + fax.seconds, 0) / Math.max(1, outcomes.length);
    say(
      `${name}: ${whole} of ${outcomes.length} whole, ${dropped} carriers dropped, ${mean.toFixed(1)} s a fax, CPU a page ${cpu.bridges} bridge + ${cpu.modems} modem ms (others ${cpu.others}), load ${load}`,
    );
    bad += dropped;
    for (const fax of outcomes) if (!fax.whole || fax.told !== 3) say(`  ${JSON.stringify(fax)}`);
  });
  return bad === 0 ? 0 : 1;
}

/** One JSON object. */
async function showVoice(seconds: number, short: boolean, argv: readonly string[]): Promise<number> {
  if (!insideSandbox()) {
    await checkSandbox({ tun: false });
    return runInSandbox({ command: process.execPath, args: [fileURLToPath(import.meta.url), ...argv] });
  }
  holdLifeline(() => process.exit(130));
  const found = await besideVoice({ seconds, ecm: true, ...(short ? { pages: 1, lines: 150 } : { pages: 3 }) });
  say(JSON.stringify({ load: loadavg()[0], ...found }));
  return found.during.lost === 0 && found.faxes.every(({ whole }) => whole) ? 0 : 1;
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

process.exitCode = await main(process.argv.slice(2));
