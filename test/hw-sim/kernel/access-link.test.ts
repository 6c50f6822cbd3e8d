import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kbits, type Millis, millis } from '../../../agent/model/units.ts';
import {
  type AccessLink,
  freshLink,
  type LinkEffect,
  type LinkEvent,
  type LinkRules,
  serialization,
  stepLink,
} from '../../../hw-sim/kernel/access-link.ts';

const RULES: LinkRules = { rate: kbits(2_000), delay: millis(10), limitBytes: 6_000, loss: 0 };

type Sent = { readonly after: number; readonly bytes: number; readonly luck: number };
type Delivery = { readonly packet: number; readonly due: number; readonly heard: number };
type Run = {
  readonly effects: readonly LinkEffect[];
  readonly deliveries: readonly Delivery[];
  readonly sentAt: readonly number[];
};

/** Obeys `wake` to the instant, as the process does but for its lateness. */
function runLink(rules: LinkRules, sent: readonly Sent[], changes: readonly LinkEvent[] = []): Run {
  let state: AccessLink = freshLink(rules);
  let alarm: number | undefined;
  const effects: LinkEffect[] = [];
  const deliveries: Delivery[] = [];
  const put = (event: LinkEvent) => {
    const [next, orders] = stepLink(state, event);
    state = next;
    alarm = undefined;
    for (const order of orders) {
      effects.push(order);
      if (order.do === 'wake') alarm = order.when;
      if (order.do === 'deliver') deliveries.push({ packet: order.packet, due: order.due, heard: event.now });
    }
  };
  const settle = (until: number) => {
    while (alarm !== undefined && alarm <= until) put({ on: 'time-passed', now: millis(alarm) });
  };
  const sentAt: number[] = [];
  let now = 0;
  const pending = [...changes];
  for (const [packet, { after, bytes, luck }] of sent.entries()) {
    now += after;
    while (pending[0] && pending[0].now <= now) {
      settle(pending[0].now);
      put(pending[0]);
      pending.shift();
    }
    settle(now);
    sentAt.push(now);
    put({ on: 'packet-arrived', now: millis(now), packet, bytes, luck });
  }
  settle(Number.MAX_VALUE);
  return { effects, deliveries, sentAt };
}

/** Evenly spread below `max`; fast-check's doubles crowd around zero. */
const thousandths = (max: number) => fc.integer({ min: 0, max: max * 1_000 - 1 }).map((n) => n / 1_000);

const packets = fc.array(
  fc.record({
    after: thousandths(8),
    bytes: fc.integer({ min: 40, max: 1_500 }),
    luck: thousandths(1),
  }),
  { minLength: 1, maxLength: 120, size: 'max' },
);

const rulesChanges = fc
  .array(
    fc.record({
      after: fc.integer({ min: 0, max: 10 }),
      kbps: fc.integer({ min: 100, max: 5_000 }),
      delay: fc.integer({ min: 0, max: 80 }),
    }),
    { maxLength: 6 },
  )
  .map((list) => {
    let now = 0;
    return list.map(({ after, kbps, delay }): LinkEvent => {
      now += after;
      const rules = { ...RULES, rate: kbits(kbps), delay: millis(delay) };
      return { on: 'rules-changed', now: millis(now), rules };
    });
  });

const dropped = (run: Run, because: string) =>
  run.effects.filter((effect) => effect.do === 'drop' && effect.because === because).length;

describe('an access line', () => {
  it('takes 6 ms for 1,500 bytes at 2 Mbit/s, then the delay', () => {
    expect(runLink(RULES, [{ after: 0, bytes: 1_500, luck: 0.5 }]).deliveries).toEqual([
      { packet: 0, due: 16, heard: 16 },
    ]);
  });

  it('sends the second of two packets only when the first is on the wire', () => {
    const two = [1_500, 1_500].map((bytes) => ({ after: 0, bytes, luck: 0.5 }));
    expect(runLink(RULES, two).deliveries.map(({ due }) => due)).toEqual([16, 22]);
  });

  it('refuses what does not fit into its buffer, and only that', () => {
    const burst = Array.from({ length: 6 }, () => ({ after: 0, bytes: 1_500, luck: 0.5 }));
    const run = runLink(RULES, burst);
    expect(run.deliveries.map(({ packet }) => packet)).toEqual([0, 1, 2, 3]);
    expect(dropped(run, 'full')).toBe(2);
  });

  it('loses the share of packets that the dice say, and their time on the wire with them', () => {
    const sent = [0.05, 0.5, 0.09].map((luck) => ({ after: 0, bytes: 1_500, luck }));
    const run = runLink({ ...RULES, loss: 0.1 }, sent);
    expect(run.deliveries).toEqual([{ packet: 1, due: 22, heard: 22 }]);
    expect(dropped(run, 'loss')).toBe(2);
  });

  it('loses everything on the way when it is cut, and is empty when it comes back', () => {
    const [before] = stepLink(freshLink(RULES), {
      on: 'packet-arrived',
      now: millis(0),
      packet: 1,
      bytes: 1_500,
      luck: 0.5,
    });
    const [cut, lost] = stepLink(before, { on: 'link-cut', now: millis(7) });
    expect(lost).toEqual([{ do: 'drop', packet: 1, because: 'cut' }]);
    const [deaf, refused] = stepLink(cut, { on: 'packet-arrived', now: millis(8), packet: 2, bytes: 40, luck: 0.5 });
    expect(refused).toEqual([{ do: 'drop', packet: 2, because: 'cut' }]);
    expect(stepLink(deaf, { on: 'link-healed', now: millis(9) })).toEqual([freshLink(RULES), []]);
  });

  it('serializes what waits at the new rate once the rate has changed', () => {
    const sent = [1_500, 1_500, 40].map((bytes, index) => ({ after: index === 2 ? 3 : 0, bytes, luck: 0.5 }));
    const slower: LinkEvent = { on: 'rules-changed', now: millis(1), rules: { ...RULES, rate: kbits(1_000) } };
    const due = runLink(RULES, sent, [slower]).deliveries.map((delivery) => delivery.due);
    expect(due.slice(0, 2)).toEqual([16, 28]);
  });

  it('never overtakes itself, whatever becomes of rate and delay', () => {
    fc.assert(
      fc.property(packets, rulesChanges, (sent, changes) => {
        const { deliveries } = runLink(RULES, sent, changes);
        deliveries.slice(1).forEach((delivery, index) => {
          expect(delivery.packet).toBeGreaterThan(deliveries[index]?.packet ?? -1);
          expect(delivery.due).toBeGreaterThanOrEqual(deliveries[index]?.due ?? 0);
        });
      }),
    );
  });

  it('never exceeds its rate over any window', () => {
    fc.assert(
      fc.property(packets, (sent) => {
        const { deliveries } = runLink(RULES, sent);
        deliveries.forEach((first, from) => {
          let bytes = 0;
          for (const { packet, due } of deliveries.slice(from + 1)) {
            bytes += sent[packet]?.bytes ?? 0;
            expect(due - first.due).toBeGreaterThan(serialization(bytes, RULES.rate) - 1e-6);
          }
        });
      }),
    );
  });

  it('delivers nothing sooner than its own time on the wire and the delay, nor later than a full buffer allows', () => {
    const longest = (bytes: number): Millis => millis(serialization(bytes, RULES.rate) + RULES.delay);
    fc.assert(
      fc.property(packets, (sent) => {
        const { deliveries, sentAt } = runLink(RULES, sent);
        for (const { packet, due, heard } of deliveries) {
          const took = due - (sentAt[packet] ?? 0);
          expect(took).toBeGreaterThan(longest(sent[packet]?.bytes ?? 0) - 1e-6);
          expect(took).toBeLessThan(longest(RULES.limitBytes) + 1e-6);
          expect(heard).toBe(due);
        }
      }),
    );
  });

  it('accounts for every packet: delivered once, or dropped once', () => {
    fc.assert(
      fc.property(packets, rulesChanges, (sent, changes) => {
        const { effects } = runLink({ ...RULES, loss: 0.2 }, sent, changes);
        const fates = effects.flatMap((effect) => (effect.do === 'wake' ? [] : [effect.packet]));
        expect(fates.toSorted((a, b) => a - b)).toEqual(sent.map((_, packet) => packet));
      }),
    );
  });
});
