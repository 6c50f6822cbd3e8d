import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startWindow, stepWindow, type Window, type WindowEvent } from '../../../agent/machines/window.ts';
import { URGENCIES, type Urgency } from '../../../agent/model/messages.ts';

const offer = (channel: string, urgency: Urgency): WindowEvent => ({ on: 'offered', channel, urgency });
const opened = (messages: number, bytes = 1_000_000): WindowEvent => ({ on: 'opened', limits: { messages, bytes } });

function play(state: Window, ...events: readonly WindowEvent[]) {
  const written: string[] = [];
  let now = state;
  for (const event of events) {
    const [next, effects] = stepWindow(now, event);
    now = next;
    written.push(...effects.map(({ channel, slot }) => `${channel} ${slot}`));
  }
  return { state: now, written };
}

describe('U-7: a window of our own, since the library has none', () => {
  it('gives slots up to the limit, the last one only to what is urgent', () => {
    const { written, state } = play(
      startWindow,
      opened(3),
      ...[offer('records', 'records'), offer('checkpoint', 'checkpoint'), offer('telemetry', 'telemetry')],
      offer('hello', 'first'),
    );
    expect(written).toEqual(['records 1', 'checkpoint 2', 'hello 3']);
    expect(play(state, { on: 'freed', slot: 2 }).written).toEqual([]);
    expect(play(state, { on: 'freed', slot: 2 }, { on: 'freed', slot: 3 }).written).toEqual(['telemetry 4']);
  });

  it('lets the urgent pass what waits: credit, records, checkpoints, telemetry', () => {
    const full = play(startWindow, opened(1), offer('a', 'first'));
    const waiting = play(
      full.state,
      ...[offer('telemetry', 'telemetry'), offer('checkpoint', 'checkpoint'), offer('records', 'records')],
      offer('lease-request', 'first'),
    );
    expect(waiting.written).toEqual([]);
    const freed = [1, 2, 3, 4].map((slot): WindowEvent => ({ on: 'freed', slot }));
    expect(play(waiting.state, ...freed).written).toEqual([
      ...['lease-request 2', 'records 3', 'checkpoint 4', 'telemetry 5'],
    ]);
  });

  it('of each channel only the newest waits', () => {
    const { state } = play(startWindow, opened(1), offer('a', 'first'), ...Array(50).fill(offer('t', 'telemetry')));
    expect(state).toMatchObject({ waiting: [{ channel: 't' }] });
  });

  it('nothing waits without a connection, and a new one begins with nothing', () => {
    expect(play(startWindow, offer('records', 'records'), opened(5)).written).toEqual([]);
    const left = play(startWindow, opened(1), offer('a', 'first'), offer('b', 'first'), { on: 'shut' }, opened(1));
    expect(left.state).toMatchObject({ underWay: [], waiting: [], slots: 1 });
  });

  it('beyond a second of the link only what is urgent goes', () => {
    const { state } = play(startWindow, opened(9, 50_000), offer('r', 'records'), {
      ...{ on: 'written', slot: 1, bytes: 50_000 },
    });
    expect(play(state, offer('r', 'records')).written).toEqual([]);
    expect(play(state, offer('r', 'records'), offer('hello', 'first')).written).toEqual(['hello 2']);
    expect(play(state, offer('r', 'records'), { on: 'freed', slot: 1 }).written).toEqual(['r 2']);
  });

  it('what is held waits until it is not, over connections too', () => {
    const held: WindowEvent = { on: 'held', urgencies: ['records', 'telemetry'] };
    const { state, written } = play(startWindow, held, opened(9), offer('r', 'records'), offer('t', 'telemetry'));
    expect(written).toEqual([]);
    expect(play(state, { on: 'held', urgencies: ['telemetry'] }).written).toEqual(['r 1']);
    // Telemetry is not worth waiting for: the next one says more.
    expect(play(state, { on: 'held', urgencies: [] }).written).toEqual(['r 1']);
  });

  it('U-7: over any history no more is under way than the broker takes, and no slot is given twice', () => {
    const channel = fc.integer({ min: 0, max: 5 });
    const event: fc.Arbitrary<WindowEvent> = fc.oneof(
      fc.integer({ min: 1, max: 20 }).map((messages) => opened(messages, 10_000)),
      fc.constant<WindowEvent>({ on: 'shut' }),
      fc.tuple(channel, fc.constantFrom(...URGENCIES)).map(([name, urgency]) => offer(`${name}`, urgency)),
      fc.tuple(fc.nat(40), fc.nat(9_000)).map(([slot, bytes]): WindowEvent => ({ on: 'written', slot, bytes })),
      fc.nat(40).map((slot): WindowEvent => ({ on: 'freed', slot })),
      fc.subarray([...URGENCIES]).map((urgencies): WindowEvent => ({ on: 'held', urgencies })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (story) => {
        let state = startWindow;
        const given = new Set<number>();
        for (const one of story) {
          const [next, effects] = stepWindow(state, one);
          state = next;
          for (const { slot } of effects) {
            expect(given.has(slot)).toBe(false);
            given.add(slot);
          }
          if (state.at === 'shut') continue;
          expect(state.underWay.length).toBeLessThanOrEqual(state.limits.messages);
          expect(state.waiting.length).toBeLessThanOrEqual(6);
        }
      }),
      { numRuns: 300 },
    );
  });
});
