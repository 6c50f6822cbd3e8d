import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS_A_DAY } from '../../../agent/machines/swap/wear.ts';
import { FRESH_SWAP } from '../../../agent/machines/swap.ts';
import type { LineCheck } from '../../../agent/model/sim-sight.ts';
import type { SimOrder } from '../../../agent/model/sim-swap.ts';
import { SwapSchema } from '../../../agent/model/swap-journal.ts';
import { A, B, C, createWorld, type Dice, FAIR, GOOD, type Habits } from './swap/world.ts';

const DENIED: LineCheck = { registered: 'no', refusedFor: 8, carries: false };
const DEAF: LineCheck = { registered: 'no', refusedFor: undefined, carries: false };
const TO_B: SimOrder = { id: 's1', target: { by: 'profile', iccid: B }, reason: 'support', by: 'desk' };
const TO_HELD_B: SimOrder = { ...TO_B, target: { by: 'profile', iccid: B, slot: 2 } };
const TO_C: SimOrder = { id: 's1', target: { by: 'slot', slot: 2 }, reason: 'defect', by: 'desk' };

function play(order: SimOrder, change: Partial<Habits> = {}, dice: Dice = () => 0.999) {
  const world = createWorld({ ...FAIR, ...change }, dice);
  world.start(FRESH_SWAP);
  world.run(100);
  world.order(order);
  const rests = world.run(5_000);
  const ended = world
    .seen()
    .reports.filter((report) => report.kind === 'sim-swapped')
    .find(({ stage }) => stage === 'ended');
  return { ...world, rests, ended, steps: world.seen().progress.map(({ step }) => step) };
}

describe('S-1: the swap engine', () => {
  it('enables another profile, sees it registered and carrying, and says each step', () => {
    const { inUse, ended, steps, seen } = play(TO_B);
    expect(inUse()).toBe(B);
    expect(ended).toMatchObject({ outcome: 'swapped', from: A, to: B, reason: 'support', by: 'desk' });
    expect(steps).toEqual(['preparing', 'announcing', 'switching', 'settling', 'verifying', 'ended']);
    expect(seen().operations).toEqual([1]);
  });

  it('U-1: has the intent in the record before the card is changed, and the end after it', () => {
    const { seen } = play(TO_B);
    expect(seen().reports.map((report) => report.kind === 'sim-swapped' && report.stage)).toEqual(['begun', 'ended']);
  });

  it('changes the slot, and knows the new card though nobody named it', () => {
    const { inUse, ended, state } = play(TO_C, { kind: 'slots' });
    expect(inUse()).toBe(C);
    expect(ended).toMatchObject({ outcome: 'swapped', from: A, to: C });
    expect(state().books.home).toBe(C);
  });

  it('downloads first, then switches', () => {
    const order: SimOrder = { id: 's1', target: { by: 'download' }, reason: 'host-change', by: 'campaign' };
    const { inUse, ended, steps } = play(order);
    expect(inUse()).toBe(B);
    expect(ended).toMatchObject({ outcome: 'swapped', to: B });
    expect(steps).toContain('downloading');
  });

  it('goes back at once when the network refuses the new card for good', () => {
    const { inUse, ended, seen } = play(TO_B, { lines: { [A]: GOOD, [B]: DENIED } });
    expect(inUse()).toBe(A);
    expect(ended).toMatchObject({ outcome: 'returned', why: 'the network refuses the card, cause 8' });
    expect(seen().now - 1_780_000_000_000).toBeLessThan(20_000);
  });

  it('goes back by its dead-man when the network says nothing', () => {
    const { inUse, ended, seen } = play(TO_B, { lines: { [A]: GOOD, [B]: DEAF } });
    expect(inUse()).toBe(A);
    expect(ended).toMatchObject({ outcome: 'returned', why: 'no traffic passed in time' });
    expect(seen().now - 1_780_000_000_000).toBeLessThan(180_000);
  });

  it('says that the old card is back and not proven where the network takes neither', () => {
    const { inUse, ended } = play(TO_B, { lines: { [A]: DEAF, [B]: DENIED } });
    expect(inUse()).toBe(A);
    expect(ended).toMatchObject({ outcome: 'unproven' });
  });

  it('leaves everything as it is when the card refuses in every form', () => {
    const { inUse, ended, steps } = play(TO_B, { refused: 0.6 }, () => 0.5);
    expect(inUse()).toBe(A);
    expect(ended).toMatchObject({ outcome: 'unchanged', why: 'busy' });
    expect(steps.filter((step) => step === 'switching')).toHaveLength(4);
  });

  it.each<readonly [string, Partial<SimOrder>, string]>([
    ['the card in use', { target: { by: 'profile', iccid: A } }, 'in-use'],
    ['a profile that is not there', { target: { by: 'profile', iccid: C } }, 'not-on-card'],
    ['the slot in use', { target: { by: 'slot', slot: 1 } }, 'in-use'],
    ['no target', { target: undefined }, 'no-target'],
  ])('refuses %s', (_, change, why) => {
    const { inUse, seen, state } = play({ ...TO_B, ...change } as SimOrder);
    expect(inUse()).toBe(A);
    expect(seen().progress).toContainEqual({ step: 'refused', why, order: 's1' });
    expect(seen().operations).toEqual([]);
    expect(state().at).toBe('resting');
  });

  it('goes to a profile of the eUICC in the other holder: the holder first, then the profile', () => {
    const { inUse, ended, steps, seen } = play(TO_HELD_B, { kind: 'holders' });
    expect(inUse()).toBe(B);
    expect(ended).toMatchObject({ outcome: 'swapped', from: A, to: B });
    expect(steps.filter((step) => step === 'switching')).toHaveLength(2);
    expect(seen().operations).toEqual([4]);
  });

  it.each<readonly [string, SimOrder, Partial<Habits>, string]>([
    [
      'the network refuses it',
      TO_HELD_B,
      { lines: { [A]: GOOD, [B]: DENIED } },
      'the network refuses the card, cause 8',
    ],
    [
      'that eUICC does not hold it',
      { ...TO_B, target: { by: 'profile', iccid: A, slot: 2 } },
      {},
      'no such profile on that eUICC',
    ],
    [
      'no eUICC is there',
      { ...TO_B, target: { by: 'profile', iccid: B, slot: 2 } },
      { kind: 'slots' },
      'the modem does not show the card',
    ],
  ])('comes back to the card in the first holder where %s', (_, order, change, why) => {
    const { inUse, ended } = play(order, { kind: 'holders', ...change });
    expect(inUse()).toBe(A);
    expect(ended).toMatchObject({ outcome: 'returned', why });
  });

  it('takes a profile in the holder that is in use for what it is, and refuses the other where the modem shows no holders', () => {
    const { inUse, seen } = play({ ...TO_B, target: { by: 'profile', iccid: B, slot: 1 } });
    expect([inUse(), seen().operations]).toEqual([B, [1]]);
  });

  it('has the modem choose its configuration by the card where it keeps the one of the operator before (VoCat#110)', () => {
    const { inUse, ended, seen } = play(TO_B, { keepsCarrier: true });
    expect([inUse(), ended?.outcome]).toEqual([B, 'swapped']);
    expect(seen().progress).toContainEqual({ step: 'fitting', carrier: A });
    expect(seen().operations).toEqual([2]);
  });

  it('and again on the way back, or the old card would carry nothing', () => {
    const { inUse, ended, steps } = play(TO_B, { keepsCarrier: true, lines: { [A]: GOOD, [B]: DENIED } });
    expect([inUse(), ended?.outcome]).toEqual([A, 'returned']);
    expect(steps.filter((step) => step === 'fitting')).toHaveLength(2);
  });

  it('S-8: a card that asks for its PIN at each start is left when its PIN came with the order, its lock off for the way back', () => {
    const { inUse, ended, steps } = play(TO_B, { locked: true, knowsPin: true });
    expect([inUse(), ended?.outcome]).toEqual([B, 'swapped']);
    expect(steps).toContain('unlocking');
    const { inUse: still, seen } = play(TO_B, { locked: true });
    expect(still()).toBe(A);
    expect(seen().progress).toContainEqual({ step: 'refused', why: 'origin-asks-pin', order: 's1' });
  });

  it('does an order once, and one at a time', () => {
    const world = play(TO_B);
    world.order(TO_B);
    world.order({ ...TO_B, id: 's2', target: { by: 'profile', iccid: A } });
    world.order({ ...TO_B, id: 's3', target: { by: 'profile', iccid: A } });
    const refusals = world.seen().progress.filter(({ step }) => step === 'refused');
    expect(refusals).toMatchObject([{ why: 'settled-before' }, { why: 'busy' }]);
  });

  it('begins no swap that the day could not pay both ways of', () => {
    const world = createWorld(FAIR, () => 0.999);
    world.start({ ...FRESH_SWAP, books: { ...FRESH_SWAP.books, wear: { day: 20_601, spent: 20 } } });
    world.run(100);
    world.order(TO_B);
    world.run(100);
    expect(world.seen().progress).toContainEqual({ step: 'refused', why: 'budget', order: 's1' });
    expect(world.inUse()).toBe(A);
  });

  it('keeps what is in the record for later, in order, and tells it again', () => {
    const world = createWorld(FAIR, () => 0.999);
    const report = { kind: 'sim-lost', swap: 'x', reason: 'loss', by: 'me', iccid: A, imsi: null, at: 1 } as const;
    const untold = [report, { ...report, swap: 'y' }];
    world.start({ ...FRESH_SWAP, books: { ...FRESH_SWAP.books, untold } });
    world.run(100);
    while (world.state().books.untold.length > 0) world.run(1);
    expect(world.seen().reports).toEqual(untold);
  });
});

describe('S-2: loss and theft', () => {
  it('reports the IMSI at once, then takes the line out of service, and keeps it so over a restart', () => {
    const order: SimOrder = { id: 'l1', reason: 'theft', by: 'client' };
    const { seen, state } = play(order);
    expect(seen().reports[0]).toMatchObject({ kind: 'sim-lost', iccid: A, imsi: '208010000000001', reason: 'theft' });
    expect(seen().bars).toEqual(['bar']);
    const later = createWorld(FAIR, () => 0.999);
    later.start(state());
    later.run(100);
    expect(later.seen().bars).toEqual(['bar']);
  });

  it('lets the line live on another card, and goes back to no card that was reported lost', () => {
    const order: SimOrder = { ...TO_B, reason: 'loss' };
    expect(play(order).ended).toMatchObject({ outcome: 'swapped', to: B });
    const refused = play(order, { lines: { [A]: GOOD, [B]: DENIED } });
    expect(refused.ended).toMatchObject({ outcome: 'returned' });
    expect(refused.seen().bars).toEqual(['bar', 'bar']);
  });

  it('keeps a lost card out of service where power broke the way to another one off', () => {
    const trip = {
      ...{ order: { ...TO_B, reason: 'loss' }, origin: { by: 'profile', iccid: A }, target: TO_B.target, from: A },
      ...{
        accessPoint: null,
        towards: 'target',
        form: 0,
        returns: 0,
        rung: 0,
        recovered: false,
        said: 'nothing',
        why: null,
      },
    };
    const world = createWorld(FAIR, () => 0.999);
    world.start(SwapSchema.parse({ at: 'switching', books: { ...FRESH_SWAP.books, barred: [A] }, trip }));
    world.run(1_000);
    expect(world.seen().bars).toEqual(['bar']);
    expect(world.seen().reports).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it('takes the line back into service when the card is found', () => {
    const world = play({ id: 'l1', reason: 'loss', by: 'client' });
    world.order({ id: 'l2', reason: 'found', by: 'client' });
    world.run(100);
    expect(world.seen().bars).toEqual(['bar', 'admit']);
    expect(world.state().books.barred).toEqual([]);
  });

  it('reports and bars even where the modem does not answer', () => {
    const { seen, ended } = play({ id: 'l1', reason: 'loss', by: 'client' }, { silent: 1 }, () => 0.5);
    expect(seen().reports[0]).toMatchObject({ kind: 'sim-lost', imsi: null });
    expect(ended).toMatchObject({ outcome: 'barred', why: 'modem-silent' });
    expect(seen().bars).toEqual(['bar']);
  });
});

const orderFor = (kind: Habits['kind']): SimOrder => ({ euicc: TO_B, slots: TO_C, holders: TO_HELD_B })[kind];
const chance = fc.integer({ min: 0, max: 90 }).map((percent) => percent / 100);
const line = fc.constantFrom(GOOD, GOOD, DENIED, DEAF);
const habits: fc.Arbitrary<Habits> = fc.record({
  kind: fc.constantFrom('euicc' as const, 'slots' as const, 'holders' as const),
  keepsCarrier: fc.boolean(),
  locked: fc.boolean(),
  knowsPin: fc.boolean(),
  lines: fc.record({ [A]: line, [B]: line, [C]: line }),
  silent: chance,
  lost: chance,
  vain: fc.constantFrom(0, 0.5, 1),
  refused: chance,
  stale: chance,
  unkept: fc.constantFrom(0, 0, 0.1, 0.5),
  cuts: fc.nat(30),
  cutting: fc.constantFrom(0, 0.05, 0.3, 0.9),
});

/** A stream of numbers from a seed: every world is played the same way each time. */
function diceOf(seed: number): Dice {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('S-1: whatever modem, card, network, journal and power do', () => {
  const orders = (kind: Habits['kind']) => [orderFor(kind), { ...TO_B, target: { by: 'download' } }] as const;

  it('ends in bounded time, never spends more than the budget of a day, and has one card in use', () => {
    fc.assert(
      fc.property(habits, fc.integer(), fc.nat(1), (habit, seed, which) => {
        const world = createWorld(habit, diceOf(seed));
        world.start(FRESH_SWAP);
        world.run(200);
        for (let n = 0; n < 4; n += 1) {
          world.order({ ...orders(habit.kind)[which], id: `s${n}` } as SimOrder);
          expect(world.run(20_000), 'it ends').toBe(true);
        }
        const { operations, now } = world.seen();
        for (const spent of operations) expect(spent).toBeLessThanOrEqual(OPERATIONS_A_DAY);
        expect(now - 1_780_000_000_000).toBeLessThan(10 * 86_400_000);
        expect(world.inUse()).toBeDefined();
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('ends on a card that carries, whenever the old one does and the card obeys on the way back', () => {
    fc.assert(
      fc.property(habits, fc.integer(), (habit, seed) => {
        const fair: Habits = {
          ...habit,
          refused: 0,
          stale: 0,
          vain: 0,
          silent: habit.silent / 3,
          lines: { ...habit.lines, [A]: GOOD },
        };
        const { inUse, rests } = play(orderFor(habit.kind), fair, diceOf(seed));
        expect(rests).toBe(true);
        expect(fair.lines[inUse() ?? '']).toEqual(GOOD);
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  it('says in the record where the line lives, whenever it says that it was swapped or returned', () => {
    fc.assert(
      fc.property(habits, fc.integer(), (habit, seed) => {
        const { inUse, ended } = play(orderFor(habit.kind), { ...habit, stale: 0 }, diceOf(seed));
        if (ended?.outcome === 'swapped') expect(inUse()).toBe(ended.to);
        if (ended?.outcome === 'returned' || ended?.outcome === 'unchanged') expect(inUse()).toBe(A);
      }),
      { numRuns: 300, seed: 13 },
    );
  });
});
