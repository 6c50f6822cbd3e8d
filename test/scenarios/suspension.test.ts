import { describe, expect, it } from 'vitest';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import type { CallPlan } from '../../hw-sim/site/call-plan.ts';
import type { Suspension } from '../../provisioning/registry/suspensions.ts';

const config = exampleSite();
const destiny: CallPlan['destiny'] = {
  answer: 'answers',
  ring: seconds(2),
  talk: seconds(20),
  hungUpBy: 'called',
  patience: seconds(30),
};
const PAID = { direction: 'outgoing', far: '0021620123456', class: 'international-mobile' } as const;
const FREE = { direction: 'outgoing', far: '0800123456', class: 'free-special' } as const;
const EMERGENCY = { direction: 'outgoing', far: '112', class: 'emergency' } as const;
const HELPLINE = { direction: 'outgoing', far: '3114', class: 'helpline' } as const;
const INCOMING = { direction: 'incoming', far: '+33145000001', class: 'geographic' } as const;
type What = Pick<CallPlan, 'direction' | 'far' | 'class'>;

function begin(seed: string): WholeSite {
  const whole = createWholeSite({ seed, config });
  whole.start();
  whole.site.clock.advance(minutes(1));
  return whole;
}

let placed = 0;
/** Places a call, lives a minute and says what became of it. */
function call(whole: WholeSite, what: What, phone = 'front'): string {
  placed += 1;
  const id = `call-${placed}`;
  whole.site.voice.place({ id, phone, destiny, ...what });
  whole.site.clock.advance(minutes(1));
  const truth = whole.site.voice.truth().find(({ plan }) => plan.id === id);
  if (truth?.connectedAt !== undefined) return 'talked';
  return truth?.refusedWith === undefined ? 'nothing' : `refused ${truth.refusedWith}`;
}

const now = (whole: WholeSite): number => Math.floor(whole.site.clock.wall());
function order(whole: WholeSite, more: Partial<Suspension> = {}): Suspension {
  const at = now(whole);
  const common = { id: 'one', account: config.account.id, by: 'support', reason: 'unpaid', orderedAt: at, from: at };
  return { ...common, scope: 'total', reason: 'unpaid', ...more };
}
/** The operator's book as it is from now on; what the central sends is lost where the site is offline. */
function ordered(whole: WholeSite, ...suspensions: readonly Suspension[]): void {
  for (const { topic, payload } of whole.central.suspend(config.account.id, suspensions, now(whole)))
    whole.site.broker.sendDown(topic, payload);
  whole.site.clock.advance(seconds(30));
}
const events = (whole: WholeSite): readonly LedgerEvent[] =>
  whole.site.disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event);
const told = (whole: WholeSite) =>
  events(whole).flatMap((event) => (event.kind === 'suspensions-ordered' ? [event] : []));

describe('C-5: a suspension that the central orders and the site carries out', () => {
  it('bars what goes out; emergency calls, helplines and what comes in pass; the site’s own record acknowledges it', () => {
    const whole = begin('suspended');
    expect(call(whole, PAID)).toBe('talked');
    ordered(whole, order(whole));
    expect(whole.central.rows('suspension-applied')).toMatchObject([{ device: config.device.id, version: 1 }]);
    expect(call(whole, PAID)).toBe('refused 403');
    expect(call(whole, FREE)).toBe('refused 403');
    expect(call(whole, EMERGENCY)).toBe('talked');
    expect(call(whole, HELPLINE)).toBe('talked');
    expect(call(whole, INCOMING)).toBe('talked');
    const causes = events(whole).flatMap((event) => (event.kind === 'call-ended' ? [event.cause] : []));
    expect(causes.filter((cause) => cause === 'refused-suspension')).toHaveLength(2);
  });

  it('holds offline and after a restart and a power cut, and ends when the central lifts it', () => {
    const whole = begin('offline');
    const suspension = order(whole);
    ordered(whole, suspension);
    whole.site.broker.cut();
    expect(call(whole, PAID)).toBe('refused 403');
    whole.site.kill();
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(call(whole, PAID)).toBe('refused 403');
    whole.site.powerCut();
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(call(whole, PAID)).toBe('refused 403');
    expect(call(whole, EMERGENCY)).toBe('talked');
    ordered(whole, { ...suspension, lifted: { by: 'support', at: now(whole) } });
    expect(call(whole, PAID)).toBe('refused 403');
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(2));
    expect(call(whole, PAID)).toBe('talked');
    expect(told(whole).map(({ version, orders }) => [version, orders.length])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });

  it('reaches a site that was offline when it was ordered, at its next hello', () => {
    const whole = begin('later');
    whole.site.broker.cut();
    whole.site.clock.advance(minutes(1));
    ordered(whole, order(whole));
    expect(call(whole, PAID)).toBe('talked');
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(2));
    expect(call(whole, PAID)).toBe('refused 403');
  });

  it('in part: what is free goes on, and another line than the suspended one as well', () => {
    const whole = begin('partial');
    ordered(whole, order(whole, { scope: 'partial', line: config.lines[0]?.number ?? '' }));
    expect(call(whole, PAID, 'front')).toBe('refused 403');
    expect(call(whole, FREE, 'front')).toBe('talked');
    expect(call(whole, PAID, 'back')).toBe('talked');
  });

  it('begins on its day, which the site knows by itself', () => {
    const whole = begin('from');
    ordered(whole, order(whole, { from: now(whole) + minutes(10) }));
    whole.site.broker.cut();
    expect(call(whole, PAID)).toBe('talked');
    whole.site.clock.advance(minutes(10));
    expect(call(whole, PAID)).toBe('refused 403');
  });

  it('is not undone by an older message, nor by a store that had to be set aside', () => {
    const whole = begin('older');
    const suspension = order(whole);
    ordered(whole, suspension);
    const lines = { lines: null, id: 'one', scope: 'total', from: suspension.from, reason: 'unpaid' } as const;
    const topic = `relais/v1/${config.tenant}/${config.device.id}/down/suspension`;
    whole.site.broker.sendDown(topic, JSON.stringify({ device: config.device.id, version: 0, orders: [] }));
    whole.site.clock.advance(seconds(10));
    expect(told(whole)).toEqual([{ kind: 'suspensions-ordered', version: 1, orders: [lines] }]);
    expect(call(whole, INCOMING)).toBe('talked');
    whole.site.broker.cut();
    whole.site.kill();
    const last = whole.site.disk.rows().at(-1);
    whole.site.disk.alter(last?.seq ?? 0, 'no JSON at all');
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(events(whole)[0]).toEqual({ kind: 'epoch-opened', reason: 'store-damaged' });
    expect(told(whole).map(({ orders }) => orders)).toEqual([[lines]]);
    expect(call(whole, PAID)).toBe('refused 403');
  });
});
