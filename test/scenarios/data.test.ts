import { describe, expect, it } from 'vitest';
import type { DataCounted } from '../../agent/model/data-counted.ts';
import { topics } from '../../agent/model/messages.ts';
import { RecordSchema } from '../../agent/model/record.ts';
import { hours, millis, minutes, seconds } from '../../agent/model/units.ts';
import { useOfRecord } from '../../agent/rating/book/use-of-record.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';

const LINE = '+33612345003';
const example = exampleSite();
/** The second link is a modem whose SIM has a line of the account. */
const config = {
  ...example,
  links: example.links.map((link) => (link.role === 'main' ? link : { ...link, kind: 'mobile' as const, line: LINE })),
};
const MEGABYTE = 1_000_000;

function begin(seed: string): WholeSite {
  const whole = createWholeSite({ seed, config });
  whole.start();
  whole.site.clock.advance(seconds(10));
  return whole;
}
const recordsOf = ({ site }: WholeSite) => site.disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)));
const countsOf = (whole: WholeSite, link: string): readonly DataCounted[] =>
  recordsOf(whole).flatMap(({ event }) => (event.kind === 'data-counted' && event.link === link ? [event] : []));
const bytesOf = ({ up, down }: DataCounted['total']): number => up + down;
const counted = (whole: WholeSite, link: string): number =>
  bytesOf(countsOf(whole, link).at(-1)?.total ?? { up: 0, down: 0 });
const truth = (whole: WholeSite, link: string): number => bytesOf(whole.site.counters.truth(link));
/** The even flow of the simulated site on the link that carries data. */
const SECOND_OF_FLOW = 7_000;

function asleep(whole: WholeSite): void {
  let over = false;
  whole.sleep(() => {
    over = true;
  });
  whole.site.clock.advance(seconds(3));
  expect(over).toBe(true);
}

describe('U-1, U-7: what each link carried, by the whole agent in simulated time', () => {
  it('forty kills of the agent in a day cost nothing: the ledger has what passed, to the seconds of its beginning and end', () => {
    const whole = begin('kills');
    const dice = createSimRandom('data/kills');
    const { clock, counters } = whole.site;
    for (let kill = 0; kill < 40; kill += 1) {
      clock.advance(millis(Math.floor(dice.fraction() * minutes(40))));
      counters.pass('second', { up: 1_000, down: Math.floor(dice.fraction() * 30 * MEGABYTE) });
      clock.advance(millis(Math.floor(dice.fraction() * minutes(1))));
      whole.site.kill();
      counters.pass('second', { up: 1_000, down: Math.floor(dice.fraction() * 5 * MEGABYTE) });
      clock.advance(seconds(2));
      whole.start();
    }
    clock.advance(minutes(1));
    asleep(whole);
    expect(counted(whole, 'second')).toBe(truth(whole, 'second'));
    const missing = truth(whole, 'main') - counted(whole, 'main');
    expect(missing).toBeGreaterThanOrEqual(0);
    expect(missing).toBeLessThan(10 * SECOND_OF_FLOW);
    expect(truth(whole, 'second')).toBeGreaterThan(300 * MEGABYTE);
  });

  it('a power cut costs what passed since the last record, and nothing is counted twice', () => {
    const whole = begin('cut');
    const { clock, counters } = whole.site;
    counters.pass('second', { up: 0, down: 50 * MEGABYTE });
    clock.advance(minutes(6));
    counters.pass('second', { up: 0, down: 3 * MEGABYTE });
    clock.advance(minutes(6));
    expect(counted(whole, 'second')).toBe(50 * MEGABYTE);
    whole.site.powerCut();
    clock.advance(minutes(3));
    whole.start();
    counters.pass('second', { up: 2 * MEGABYTE, down: 0 });
    clock.advance(minutes(1));
    asleep(whole);
    expect(truth(whole, 'second') - counted(whole, 'second')).toBe(3 * MEGABYTE);
    const uses = recordsOf(whole).flatMap((record) => useOfRecord(record, config.numbering) ?? []);
    expect(uses.map((use) => use.kind === 'data' && [use.line, use.bytes])).toEqual([
      [LINE, 50 * MEGABYTE],
      [LINE, 2 * MEGABYTE],
    ]);
  });

  it('a modem that was reset counts from zero, and so is it counted', () => {
    const whole = begin('reset');
    const { clock, counters } = whole.site;
    counters.pass('second', { up: 0, down: 50 * MEGABYTE });
    clock.advance(minutes(6));
    counters.unplug('second');
    clock.advance(minutes(6));
    counters.plug('second');
    counters.pass('second', { up: 0, down: 60 * MEGABYTE });
    clock.advance(minutes(6));
    expect(counted(whole, 'second')).toBe(110 * MEGABYTE);
  });

  it('when traffic moves it is written down at once what the links carried until then', () => {
    const whole = begin('move');
    const { clock, links } = whole.site;
    clock.advance(minutes(3));
    const before = countsOf(whole, 'main').length;
    links.cut('main');
    clock.advance(seconds(90));
    expect(countsOf(whole, 'main').length).toBe(before + 1);
    expect(counted(whole, 'main')).toBeGreaterThan(60 * SECOND_OF_FLOW);
    links.mend('main');
    clock.advance(minutes(30));
    expect(counted(whole, 'second')).toBeGreaterThan(60 * SECOND_OF_FLOW);
  });

  it('a quiet link makes four records a day, and the card in the modem stands in them', () => {
    const whole = begin('quiet');
    const { clock, counters, devices } = whole.site;
    devices.seat({ iccid: '8933010000000000025', network: 'roaming' });
    for (let hour = 0; hour < 24; hour += 1) {
      counters.pass('second', { up: 1_000, down: 1_000 });
      clock.advance(hours(1));
    }
    const told = countsOf(whole, 'second');
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)).toMatchObject({ line: LINE, iccid: '8933010000000000025', network: 'roaming' });
    // The main link: 600 MB, for which nobody pays by the byte.
    expect(countsOf(whole, 'main').length).toBeLessThanOrEqual(6);
    expect(told.every(({ line }) => line === LINE)).toBe(true);
    expect(countsOf(whole, 'main').some((one) => one.line !== undefined || one.iccid !== undefined)).toBe(false);
  });

  it('a new epoch begins with what the counters show, and what it counts from there on is not of the old one', () => {
    const whole = begin('epoch');
    const { clock, counters, broker, disk } = whole.site;
    counters.pass('second', { up: 0, down: 50 * MEGABYTE });
    clock.advance(minutes(6));
    const { device, epoch } = recordsOf(whole)[0] ?? expect.fail();
    const receipt = { device, epoch, upTo: 2, head: 'f'.repeat(64) };
    const now = Math.floor(clock.wall());
    broker.sendDown(topics(config.tenant, device).welcome, JSON.stringify({ receipt, cycle: 1, now }));
    clock.advance(minutes(1));
    expect(recordsOf(whole)[0]?.epoch).not.toBe(epoch);
    counters.pass('second', { up: 0, down: 20 * MEGABYTE });
    clock.advance(minutes(6));
    expect(countsOf(whole, 'second').map(({ total, before }) => [bytesOf(total), bytesOf(before)])).toEqual([
      [0, 0],
      [20 * MEGABYTE, 0],
    ]);
    expect(disk.rows().length).toBeGreaterThan(2);
  });

  it('asleep in spite of a medium without room', () => {
    const whole = begin('full');
    whole.site.counters.pass('second', { up: 0, down: MEGABYTE });
    whole.site.disk.setRoom(false);
    asleep(whole);
  });
});
