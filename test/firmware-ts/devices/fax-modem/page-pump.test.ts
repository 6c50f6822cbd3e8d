import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../../../agent/model/units.ts';
import { stepPump, untilTick } from '../../../../firmware-ts/devices/fax-modem/page-pump.ts';
import { type PagePump, type PumpRules, startPump } from '../../../../firmware-ts/devices/fax-modem/pump-state.ts';

const RULES: PumpRules = { filler: 'flags', rate: 14_400, lead: millis(1_000), ahead: 512 };
/** 20 ms at 14,400 bit/s. */
const A_TICK = 36;

type Life = { pump: PagePump; readonly written: number[]; now: number; over: boolean };

const startLife = (rules: PumpRules): Life => ({ pump: startPump(rules), written: [], now: 0, over: false });

function tell(life: Life, event: Parameters<typeof stepPump>[1]): void {
  const [pump, { octets, over }] = stepPump(life.pump, event);
  life.pump = pump;
  life.written.push(...octets);
  life.over ||= over;
}

const feed = (life: Life, octets: Uint8Array): void => tell(life, { on: 'fed', now: millis(life.now), octets });

function tick(life: Life, ms = 20): void {
  life.now += ms;
  tell(life, { on: 'tick', now: millis(life.now) });
}

const begun = (rules: PumpRules): Life => {
  const life = startLife(rules);
  tell(life, { on: 'begun', now: millis(0) });
  return life;
};

/** A line of T.4 that never rests, four zeros of its EOL in its last octet and seven in its first. */
const LINE = Uint8Array.of(0x80, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x0f);

describe('X-1: the page pump', () => {
  it('writes nothing before CONNECT', () => {
    const life = startLife({ ...RULES, filler: 'zeros' });
    feed(life, new Uint8Array(5_000));
    tick(life);
    expect(life.written).toEqual([]);
  });

  it('holds the first line back until its lead is there, by octets or by time', () => {
    const fast = begun({ ...RULES, filler: 'zeros' });
    feed(fast, new Uint8Array(1_799));
    tick(fast);
    expect(fast.written).toEqual([]);
    feed(fast, new Uint8Array(1));
    tick(fast);
    expect(fast.written.length).toBeGreaterThan(0);
    const slow = begun({ ...RULES, filler: 'zeros' });
    feed(slow, new Uint8Array(100));
    tick(slow, 999);
    expect(slow.written).toEqual([]);
    tick(slow, 1);
    expect(slow.written.length).toBeGreaterThan(0);
  });

  it('fills the lead of ECM with flags, and the gaps, and keeps the octets in their order', () => {
    const life = begun(RULES);
    for (let turn = 0; turn < 20; turn += 1) tick(life);
    expect(life.written.every((octet) => octet === 0x7e)).toBe(true);
    const frames = Uint8Array.from({ length: 2_000 }, (_, at) => at % 100);
    feed(life, frames);
    for (let turn = 0; turn < 100; turn += 1) tick(life);
    tell(life, { on: 'ended' });
    tick(life);
    expect(life.over).toBe(true);
    expect(life.written.filter((octet) => octet !== 0x7e)).toEqual([...frames]);
    expect(life.pump.tally).toMatchObject({ dry: 0, dropped: 0 });
  });

  it('never lets a modem run dry, whatever comes when, as long as somebody ticks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('flags' as const, 'zeros' as const),
        fc.constantFrom(2_400, 4_800, 9_600, 14_400),
        fc.array(fc.tuple(fc.nat({ max: 200 }), fc.integer({ min: 5, max: 60 })), { minLength: 5, maxLength: 200 }),
        (filler, rate, turns) => {
          const life = begun({ ...RULES, filler, rate });
          for (const [lines, ms] of turns) {
            for (let count = 0; count < lines % 8; count += 1) feed(life, LINE);
            tick(life, ms);
            if (filler === 'zeros' && life.pump.ready.length === 0) expect(life.written.at(-1) ?? 0).toBe(0);
          }
          expect(life.pump.tally).toMatchObject({ dropped: 0, refused: 0 });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends what it has behind a zero where it is short of lines, so that the modem may fill', () => {
    const life = begun({ ...RULES, filler: 'zeros' });
    for (let line = 0; line < 300; line += 1) feed(life, LINE);
    for (let turn = 0; turn < 200; turn += 1) tick(life);
    expect(life.written.at(-1)).toBe(0);
    // Nobody ticks for two seconds: dry, but not dropped.
    tick(life, 2_000);
    expect(life.pump.tally).toMatchObject({ dry: 1, dropped: 0 });
  });

  it('counts a carrier as dropped where it was late in the middle of lines', () => {
    const life = begun({ ...RULES, filler: 'zeros' });
    for (let line = 0; line < 3_000; line += 1) feed(life, LINE);
    for (let turn = 0; turn < 10; turn += 1) tick(life);
    tick(life, 2_000);
    expect(life.pump.tally).toMatchObject({ dry: 1, dropped: 1 });
  });

  it('keeps the modem ahead by no more than its buffer takes, and by less once it said XOFF', () => {
    const life = begun({ ...RULES, filler: 'zeros' });
    feed(life, new Uint8Array(100_000).fill(0x55));
    for (let turn = 0; turn < 100; turn += 1) tick(life);
    const level = life.written.length - 100 * A_TICK;
    expect(level).toBeLessThanOrEqual(512 + A_TICK);
    expect(level).toBeGreaterThan(400);
    tell(life, { on: 'held', now: millis(life.now), held: true });
    const before = life.written.length;
    for (let turn = 0; turn < 10; turn += 1) tick(life);
    expect(life.written.length).toBe(before);
    tell(life, { on: 'held', now: millis(life.now), held: false });
    expect(life.written.length).toBeGreaterThan(before);
    expect(life.pump.ahead).toBeLessThan(400);
  });

  it('X-1: is asked for again before a third of what the modem has is sent, and seldom when it has much', () => {
    const life = begun({ ...RULES, filler: 'zeros', ahead: 810 });
    feed(life, new Uint8Array(20_000).fill(0x55));
    let asked = 0;
    for (; life.now < 3_000; asked += 1) {
      const wait = untilTick(life.pump, millis(life.now));
      const level = life.written.length - ((life.now - (life.pump.flowing ?? life.now)) * 14_400) / 8_000;
      if (level > 30) expect(((wait * 14_400) / 8_000) * 3).toBeLessThan(level);
      tick(life, wait);
    }
    expect(life.written.length - (life.now * 14_400) / 8_000).toBeGreaterThan(600);
    expect(asked).toBeLessThan(90);
    expect(life.pump.tally).toMatchObject({ dry: 0, dropped: 0 });
  });

  it('refuses what is beyond four megabytes, and counts it', () => {
    const life = begun(RULES);
    feed(life, new Uint8Array(4 << 20));
    feed(life, new Uint8Array(10));
    expect(life.pump.tally.refused).toBe(10);
  });
});
