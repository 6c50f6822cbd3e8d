import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { AccountSchema } from '../../agent/model/account.ts';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { Usage } from '../../agent/model/usage.ts';
import { type Prepared, prepare } from '../../agent/rating/book/context.ts';
import { rateUses } from '../../agent/rating/book/rate-uses.ts';
import { callPriceOf, costOf } from '../../agent/rating/deck/call-price.ts';
import { findVoicePrice } from '../../agent/rating/deck/find-price.ts';
import { classify } from '../../agent/rating/numbering/classify.ts';
import { createPrefixIndex, find } from '../../agent/rating/prefix-index.ts';
import { dice, useOf } from './story.ts';

/**
 * Measures the rating core and prints ratios and counts. `--records N` (default 1,000,000) sets the size of the replay;
 * `--hash` prints only the hash of its charges, which must be the same under every engine and flag.
 */
const RECORDS = Number(process.argv[process.argv.indexOf('--records') + 1]) || 1_000_000;
const BATCH = 20_000;
const MONTH = Date.UTC(2026, 9, 1);

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const provisioning = fileURLToPath(new URL('../../../provisioning/', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(`${provisioning}${path}`, 'utf8'));

/** The example account, by the regime, price list and numbering table that it names. */
function context(): Prepared {
  const account = AccountSchema.parse(read('accounts/example.json'));
  return prepare({
    account,
    regimes: account.regimes.map(({ from, regime }) => ({
      from,
      is: RegimeSchema.parse(read(`regimes/${regime}.json`)),
    })),
    decks: account.decks.map((id) => DeckSchema.parse(read(`decks/${id}.json`))),
    numberings: account.numberings.map((id) => NumberingSchema.parse(read(`numbering/${id}.json`))),
  });
}

/** One account's uses of a month. */
function batch(number: number, lines: readonly string[]): readonly Usage[] {
  const roll = dice(number + 1);
  const uses: Usage[] = [];
  for (let index = 0; index < BATCH; index += 1) {
    const line = lines[roll(lines.length)] ?? '';
    uses.push(useOf(index, line, MONTH + index * 120_000 + roll(60_000), roll));
  }
  return uses;
}

function replay(prepared: Prepared): { readonly hash: string; readonly millis: number } {
  const hash = createHash('sha256');
  const lines = prepared.context.account.lines.map((line) => line.number);
  let millis = 0;
  for (let done = 0; done < RECORDS; done += BATCH) {
    const uses = batch(done / BATCH, lines);
    const start = performance.now();
    const rated = rateUses(uses, prepared);
    millis += performance.now() - start;
    for (const { use, rule, ticks, paid, included, waived } of rated.uses) {
      hash.update(`${use.id} ${rule} ${ticks} ${paid} ${included} ${waived}\n`);
    }
  }
  return { hash: hash.digest('hex'), millis };
}

/** Runs of `work` a second: the best of five rounds, so that a busy machine hides less. */
function perSecond(rounds: number, work: (index: number) => number): number {
  let best = 0;
  let sink = 0;
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    for (let index = 0; index < rounds; index += 1) sink += work(index);
    best = Math.max(best, rounds / ((performance.now() - start) / 1_000));
  }
  if (sink === -1) throw new Error('never: keeps the work from being left out');
  return best;
}

function report(prepared: Prepared): void {
  const deck = prepared.context.decks[0];
  const numbering = prepared.context.numberings[0];
  if (deck === undefined || numbering === undefined)
    throw new Error('the bench has a price list and a numbering table');
  const numbers = ['+33143000000', '+33612345678', '+4930123456', '+21620123456'];
  const destinations = numbers.map((number) => classify(number, numbering));
  const charge = (index: number): number => {
    const to = destinations[index & 3];
    const price = to && findVoicePrice(deck, to, MONTH, () => false);
    return price === undefined ? 0 : costOf(index % 600, callPriceOf(price));
  };
  const floor = perSecond(5_000_000, (index) => (index % 600) * 15_000);
  const charged = perSecond(500_000, charge);
  const classified = perSecond(300_000, (index) => classify(numbers[index & 3] ?? '', numbering).number.length);
  const { hash, millis } = replay(prepared);
  const whole = RECORDS / (millis / 1_000);
  const said = (name: string, rate: number): string =>
    `${name.padEnd(46)} ${(rate / 1e6).toFixed(3).padStart(8)} M/s   1/${(floor / rate).toFixed(1)} of the plain loop`;
  say(said('plain loop: price × seconds', floor));
  say(said('look-up of a price and charge', charged));
  say(said('classification of a dialled number', classified));
  say(said(`whole account: ${BATCH} uses a month, ${RECORDS} in all`, whole));
  say(`hash of all charges                            ${hash}`);
  say(index());
}

function index(): string {
  const roll = dice(7);
  const prefixes = new Map<string, number>();
  while (prefixes.size < 50_000) prefixes.set(String(1 + roll(9)) + String(roll(1_000_000)), prefixes.size % 1_000);
  const before = process.memoryUsage();
  const made = createPrefixIndex([...prefixes]);
  const after = process.memoryUsage();
  const bytes = made.starts.byteLength + made.values.byteLength + made.buckets.byteLength;
  const rate = perSecond(1_000_000, (at) => find(made, String(1_000_000 + at)) ?? 0);
  const grown = Math.max(0, after.arrayBuffers - before.arrayBuffers);
  return `index of 50,000 prefixes: ${bytes} bytes (${grown} seen in buffers), ${(rate / 1e6).toFixed(2)} M look-ups/s, text of the number included`;
}

const prepared = context();
if (process.argv.includes('--hash')) say(replay(prepared).hash);
else report(prepared);
