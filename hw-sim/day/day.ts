import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DeckSchema } from '../../agent/model/deck.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { hours, minutes } from '../../agent/model/units.ts';
import { compileOrder } from '../../provisioning/orders/compile.ts';
import { OrderSchema } from '../../provisioning/orders/order.ts';
import { shippedFile } from '../demo/relais.ts';
import { playDay } from '../site/play-day.ts';
import { trafficDay } from '../site/traffic-day.ts';
import { type Books, booksOf } from './books.ts';
import { createWholeSite } from './whole-site.ts';

const USAGE = `usage: relais day [--seed 1] [--calls 120] [--no-incidents] [--json]

The same agent and the same central through a business day in simulated time: no kernel, no sockets, no waiting.
The same seed makes the same day, to the byte of the journal.
`;

export type DayWish = {
  readonly seed: string;
  readonly calls: number;
  readonly incidents: boolean;
  readonly config: SiteConfig;
};
export type DayOutcome = {
  readonly books: Books;
  readonly journal: string;
  readonly steps: number;
  readonly timers: number;
  readonly faults: readonly string[];
};

export async function day(argv: readonly string[]): Promise<number> {
  const options = {
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '120' },
    'no-incidents': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const began = performance.now();
  const outcome = liveOneDay({
    seed: values.seed,
    calls: Number(values.calls),
    incidents: !values['no-incidents'],
    config: exampleSite(),
  });
  const tookMs = Math.round(performance.now() - began);
  const { books } = outcome;
  if (values.json) process.stdout.write(`${JSON.stringify({ ...outcome, tookMs })}\n`);
  else {
    process.stdout.write(
      [
        `one day in ${tookMs} ms: ${outcome.timers} timers, ${outcome.steps} steps of the agent's machines`,
        `calls     ${books.calls.placed} placed, ${books.calls.recorded} recorded, ${books.calls.emergencyRefused} emergency calls refused`,
        `records   ${books.records.made} made, ${books.records.received} received by the central`,
        `charges   ${books.charges.site} on the site, ${books.charges.central} in the central, equal: ${books.charges.equal}`,
        `ticks     ${books.ticks.spent} spent ≤ ${books.ticks.lent} lent ≤ ${books.ticks.cap} cap`,
        `journal   ${outcome.journal}`,
        '',
      ].join('\n'),
    );
  }
  return books.hold ? 0 : 1;
}

/** From midnight to the midnight after, and an hour more in which everything comes to rest. */
export function liveOneDay({ seed, calls, incidents, config }: DayWish): DayOutcome {
  const whole = createWholeSite({ seed, config });
  const plan = trafficDay({
    seed,
    calls,
    phones: ['front', 'back', 'shop'],
    mainLink: 'main',
    secondLink: 'second',
    incidents,
  });
  playDay(whole.site, plan, { agentStarts: whole.adopt, central: (news) => whole.setCentral(news === 'started') });
  whole.start();
  whole.site.clock.advance(hours(24));
  whole.site.clock.advance(minutes(60));
  const { journal, clock } = whole.site;
  return {
    books: booksOf(whole, config),
    journal: journal.hash(),
    steps: journal.lines(),
    timers: clock.fired(),
    faults: journal.faults().map((fault) => fault.message),
  };
}

/** The shipped example order, as provisioning compiles it. */
export function exampleSite(): SiteConfig {
  const read = (path: string): unknown => JSON.parse(readFileSync(shippedFile(`provisioning/${path}`), 'utf8'));
  const order = OrderSchema.parse(read('orders/example-site.json'));
  const data = {
    regime: RegimeSchema.parse(read('regimes/mie.json')),
    tariff: DeckSchema.parse(read('decks/example-2026.json')),
    numbering: NumberingSchema.parse(read('numbering/numbering-2025-07-02.json')),
  };
  const config = compileOrder(order, { ...data, version: 1, failover: true });
  // A pace of probes that a metered link can bear all day.
  return { ...config, failover: { ...config.failover, activeIntervalMs: 500, patienceMs: 400, idleIntervalMs: 5_000 } };
}
