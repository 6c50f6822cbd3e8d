import { describe, expect, it } from 'vitest';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import type { CallPlan } from '../../hw-sim/site/call-plan.ts';

const config = exampleSite();

function begin(seed: string): WholeSite {
  const whole = createWholeSite({ seed, config });
  whole.start();
  whole.site.clock.advance(minutes(1));
  return whole;
}

const destiny: CallPlan['destiny'] = {
  answer: 'answers',
  ring: seconds(2),
  talk: seconds(20),
  hungUpBy: 'called',
  patience: seconds(30),
};
const PAID = { direction: 'outgoing', far: '0021620123456', class: 'international-mobile' } as const;
const EMERGENCY = { direction: 'outgoing', far: '112', class: 'emergency' } as const;
const INCOMING = { direction: 'incoming', far: '+33145000001', class: 'geographic' } as const;

/** Places a call, lives a minute and says what became of it. */
function call(whole: WholeSite, id: string, what: typeof PAID | typeof EMERGENCY | typeof INCOMING): string {
  whole.site.voice.place({ id, phone: 'front', destiny, ...what });
  whole.site.clock.advance(minutes(1));
  const placed = whole.site.voice.truth().find(({ plan }) => plan.id === id);
  if (placed?.connectedAt !== undefined) return 'talked';
  return placed?.refusedWith === undefined ? 'nothing' : `refused ${placed.refusedWith}`;
}

const events = (whole: WholeSite): readonly LedgerEvent[] =>
  whole.site.disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event);
const kinds = (whole: WholeSite): readonly string[] => events(whole).map((event) => event.kind);

/** The records of the box and the charges that the central made of what it received. */
const inCentral = (whole: WholeSite): number =>
  whole.central.state().streams[`${config.device.id}/${whole.site.disk.epoch()}`]?.size ?? 0;

describe('U-7, V-1, C-1: the medium is full', () => {
  it('refuses paid calls, lets incoming and emergency calls go on, and is back within a second of the room', () => {
    const whole = begin('full');
    expect(call(whole, 'before', PAID)).toBe('talked');
    whole.site.disk.setRoom(false);
    const kept = whole.site.disk.rows().length;
    // The first one finds it out: its INVITE waits for a record that finds no room.
    expect(call(whole, 'first', PAID)).not.toBe('talked');
    expect(call(whole, 'second', PAID)).toBe('refused 503');
    expect(call(whole, 'help', EMERGENCY)).toBe('talked');
    expect(call(whole, 'in', INCOMING)).toBe('talked');
    expect(whole.site.disk.rows()).toHaveLength(kept);
    whole.site.disk.setRoom(true);
    whole.site.clock.advance(seconds(2));
    expect(call(whole, 'after', PAID)).toBe('talked');
    const causes = events(whole).flatMap((event) => (event.kind === 'call-ended' ? [event.cause] : []));
    expect(causes).toContain('refused-recording');
    // What waited in memory was written in its order: before, first, second, help, in, after.
    expect(causes).toHaveLength(6);
    whole.site.clock.advance(minutes(2));
    expect(inCentral(whole)).toBe(whole.site.disk.rows().length);
  });
});

describe('U-3, U-7: a record that does not continue the chain', () => {
  it('sets the store aside and goes on in a new epoch that says why, instead of starting over and over', () => {
    const whole = begin('chain');
    call(whole, 'one', PAID);
    whole.site.kill();
    const last = whole.site.disk.rows().at(-3);
    const old = whole.site.disk.epoch();
    whole.site.disk.alter(last?.seq ?? 0, (last?.body ?? '').replace('"quality":"synced"', '"quality":"never"'));
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(whole.site.disk.aside()).toMatchObject([{ reason: 'store-damaged', epoch: old }]);
    expect(events(whole)[0]).toEqual({ kind: 'epoch-opened', reason: 'store-damaged' });
    expect(kinds(whole).slice(1, 3)).toEqual(['cycle-opened', 'booted']);
    expect(call(whole, 'two', PAID)).toBe('talked');
    whole.site.clock.advance(minutes(2));
    expect(inCentral(whole)).toBe(whole.site.disk.rows().length);
  });

  it.each(['no JSON at all', '{"erased":{"hash":"zz"}}', ''])('does so for a body that reads %j as well', (body) => {
    const whole = begin('body');
    whole.site.kill();
    whole.site.disk.alter(2, body);
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(whole.site.disk.aside()).toHaveLength(1);
    expect(call(whole, 'two', PAID)).toBe('talked');
  });
});

describe('C-3, U-7: an old image of the medium is put back', () => {
  it('makes the central disagree: the store is set aside, its leases are void, and new ones are asked for', () => {
    const whole = begin('image');
    const old = whole.site.disk.epoch();
    const image = whole.site.disk.rows().length;
    expect(call(whole, 'one', PAID)).toBe('talked');
    whole.site.clock.advance(minutes(1));
    whole.site.kill();
    whole.site.disk.putBack(image);
    whole.start();
    whole.site.clock.advance(minutes(1));
    expect(whole.site.disk.aside()).toMatchObject([{ reason: 'central-disagrees', epoch: old }]);
    expect(events(whole)[0]).toEqual({ kind: 'epoch-opened', reason: 'central-disagrees' });
    const leases = events(whole).flatMap((event) => (event.kind === 'lease-received' ? [event.lease.id] : []));
    expect(leases.length).toBeGreaterThan(0);
    const before = new Set(
      whole.site.disk.aside()[0]?.rows.flatMap(({ body }) => {
        const { event } = RecordSchema.parse(JSON.parse(body));
        return event.kind === 'lease-received' ? [event.lease.id] : [];
      }),
    );
    expect(leases.filter((lease) => before.has(lease))).toEqual([]);
    expect(call(whole, 'two', PAID)).toBe('talked');
    whole.site.clock.advance(minutes(2));
    expect(inCentral(whole)).toBe(whole.site.disk.rows().length);
  });

  it('a call that runs meanwhile goes on and has its record in the new epoch', () => {
    const whole = begin('running');
    const image = whole.site.disk.rows().length;
    call(whole, 'one', PAID);
    whole.site.kill();
    whole.site.disk.putBack(image);
    whole.setCentral(false);
    whole.start();
    whole.site.clock.advance(minutes(1));
    whole.site.voice.place({ id: 'long', phone: 'front', destiny: { ...destiny, talk: minutes(3) }, ...INCOMING });
    whole.site.clock.advance(seconds(30));
    whole.setCentral(true);
    whole.site.clock.advance(minutes(5));
    expect(events(whole)[0]).toEqual({ kind: 'epoch-opened', reason: 'central-disagrees' });
    const ended = events(whole).filter((event) => event.kind === 'call-ended');
    expect(ended).toMatchObject([{ direction: 'incoming', cause: 'called-hung-up', complete: true }]);
  });
});
