import { describe, expect, it } from 'vitest';
import { recoverCall } from '../../../agent/machines/call/recover.ts';
import type { CallEvent } from '../../../agent/machines/call/words.ts';
import { hours, seconds } from '../../../agent/model/units.ts';
import { ACK, BYE, OK, RINGING } from '../sip/sample.ts';

import { admitted, clock, dialogOf, facts, free, invited, paid, play, rules, sip, talking } from './call-play.ts';

describe('C-1, C-4: credit', () => {
  const given: CallEvent = {
    on: 'credit-given',
    reserved: { bundleSeconds: 0, paidSeconds: 10, ticks: 600 },
    seconds: 10,
  };
  const due: CallEvent = { on: 'waited', name: 'credit', now: clock(7_000) };

  it('refuses a call that the credit does not cover, until the phone says ACK', () => {
    const refused = play(invited({ may: 'not-pass', cause: 'refused-credit' }));
    expect(refused.deeds).toEqual(['refuse', 'call-ended']);
    expect(refused.ended).toMatchObject({ cause: 'refused-credit', seconds: 0 });
    const again = play(
      invited({ may: 'not-pass', cause: 'refused-credit' }),
      { on: 'waited', name: 'repeat', now: clock(500) },
      sip('phone', ACK, 600),
    );
    expect(again.deeds).toEqual(['refuse', 'call-ended', 'repeat-refusal']);
    expect(again.waits.has('repeat')).toBe(false);
  });

  it('asks for more when half of the slice is gone, and cuts at the second that nothing pays for', () => {
    const { waits } = play(...talking);
    expect(waits.get('credit')).toBe(5_000);
    expect(waits.get('cut')).toBe(10_000);
    expect(play(...talking, due).deeds.at(-1)).toBe('ask-credit');
  });

  it('C-1: a call that was given nothing asks again when the account has changed, and no other call does', () => {
    const none = { on: 'credit-given', reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 }, seconds: 0 } as const;
    const changed = { on: 'account-changed' } as const;
    expect(play(...talking, changed).waits.get('credit')).toBe(5_000);
    const starved = [...talking, due, none] as const;
    const { waits } = play(...starved, changed);
    expect(waits.get('credit')).toBe(0);
    const again = { on: 'waited', name: 'credit', now: clock(7_200) } as const;
    expect(play(...starved, changed, again).deeds.at(-1)).toBe('ask-credit');
  });

  it('goes on with the next slice once that is on the medium', () => {
    const { deeds, waits } = play(
      ...talking,
      due,
      given,
      { on: 'recorded', what: 'extension', seconds: 10 },
      { on: 'waited', name: 'credit', now: clock(7_001) },
    );
    expect(deeds.at(-1)).toBe('call-extended');
    expect(waits.get('cut')).toBe(20_000 - 5_001);
  });

  it('ends the call on both sides when nothing more is given, and charges no second that was not paid for', () => {
    const none: CallEvent = { ...given, reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 }, seconds: 0 };
    const { deeds, ended, call } = play(...talking, due, none, { on: 'waited', name: 'cut', now: clock(12_009) });
    expect(deeds.slice(-3)).toEqual(['bye to phone', 'bye to network', 'call-ended']);
    expect(ended).toMatchObject({ cause: 'cut-credit', seconds: 10 });
    expect(call?.at).toBe('cutting');
  });

  it('repeats its BYE to the side that does not answer, and no more', () => {
    const cut: readonly CallEvent[] = [...talking, { on: 'waited', name: 'cut', now: clock(12_000) }];
    const { deeds } = play(
      ...cut,
      { on: 'bye-answered', from: 'phone' },
      { on: 'waited', name: 'repeat', now: clock(12_500) },
    );
    expect(deeds.filter((word) => word.startsWith('bye'))).toEqual([
      'bye to phone',
      'bye to network',
      'bye to network',
    ]);
    expect(play(...cut, { on: 'bye-answered', from: 'phone' }, { on: 'bye-answered', from: 'network' }).call?.at).toBe(
      'over',
    );
  });

  it('sets no credit timers for a call that costs nothing', () => {
    const { waits, deeds } = play(invited(free), sip('network', OK, 2_000));
    expect([waits.has('credit'), waits.has('cut')]).toEqual([false, false]);
    expect(deeds[0]).toBe('forward');
  });

  it('V-2: ends a call that is longer than the contract allows', () => {
    const { waits, deeds } = play(invited(free), sip('network', OK, 0), {
      on: 'waited',
      name: 'longest',
      now: clock(14_400_000),
    });
    expect(waits.get('linger')).toBeUndefined();
    expect(deeds).toContain('bye to network');
  });

  it.each([
    ['an emergency call', { class: 'emergency', called: '112' }, 'phone'],
    ['an incoming call', { direction: 'incoming' }, 'network'],
  ] as const)('V-1, C-1: never cuts %s; one of many hours is watched, so that its record comes', (_, own, caller) => {
    const called = caller === 'phone' ? 'network' : 'phone';
    const answered = [invited(free, own), sip(called, OK, 2_000), sip(caller, ACK, 2_010)];
    const longest: CallEvent = { on: 'waited', name: 'longest', now: clock(14_400_000) };
    const { waits, deeds, call } = play(...answered, longest);
    expect([...waits.keys()]).toEqual(['longest', 'media']);
    expect(deeds).toEqual(['forward', 'call-admitted', 'forward', 'call-answered', 'forward']);
    expect(call?.at).toBe('talking');
    const silent: CallEvent = { on: 'media-checked', heard: false, now: clock(14_420_000) };
    expect(play(...answered, longest, silent).ended).toMatchObject({ cause: 'lost', seconds: 14_398 });
  });

  it('U-1: a call whose BYE never came is ended by half an hour without RTP, at the last that was heard of it', () => {
    const { waits } = play(...talking);
    expect(waits.get('media')).toBe(30_000);
    const looked = (heard: boolean, mono: number): CallEvent => ({ on: 'media-checked', heard, now: clock(mono) });
    const spoken = [...talking, looked(true, 62_000)];
    expect(play(...spoken, looked(false, 1_861_999)).call?.at).toBe('talking');
    expect(play(...spoken, looked(false, 1_862_000)).ended).toMatchObject({
      cause: 'lost',
      seconds: 60,
      complete: false,
    });
  });

  it('V-1: after a hang of the agent a call is watched closely, and its record says that something may be missing', () => {
    const away = [...talking, { on: 'was-away' } as const];
    expect(play(...away).waits.get('media')).toBe(5_000);
    expect(play(...away, sip('phone', BYE, 7_000)).ended).toMatchObject({ cause: 'caller-hung-up', complete: false });
    expect(play(...away, { on: 'media-checked', heard: false, now: clock(22_000) }).ended).toMatchObject({
      cause: 'lost',
      complete: false,
    });
  });

  it('C-4: tells the true length of a call that went on beyond its credit, where the contract orders no cut', () => {
    const { ended } = play(...talking, { on: 'waited', name: 'longest', now: clock(14_402_003) });
    expect(ended).toMatchObject({ cause: 'cut-maximum-length', seconds: 14_400 });
  });

  describe('R-3, hard case 29: a call to a service that may last twelve seconds', () => {
    const service = { class: 'premium-special', called: '0899123456', longestService: seconds(12) } as const;
    const answered = [
      invited(paid, service),
      admitted,
      sip('network', OK, 2_000),
      { on: 'waited', name: 'credit', now: clock(7_000) },
      { on: 'credit-given', reserved: { bundleSeconds: 0, paidSeconds: 2, ticks: 120 }, seconds: 2 },
      { on: 'recorded', what: 'extension', seconds: 2 },
      { on: 'waited', name: 'credit', now: clock(7_100) },
    ] satisfies readonly CallEvent[];

    it('is cut at its end with the cause that says so, and not for want of credit', () => {
      const { waits } = play(...answered);
      expect([waits.get('longest'), waits.has('cut')]).toEqual([12_000, false]);
      const { ended, deeds } = play(...answered, { on: 'waited', name: 'longest', now: clock(14_003) });
      expect(ended).toMatchObject({ cause: 'cut-long-service', seconds: 12 });
      expect(deeds).toEqual(expect.arrayContaining(['bye to phone', 'bye to network']));
    });

    it('asks for no credit beyond it', () => {
      const more = { on: 'waited', name: 'credit', now: clock(13_000) } as const;
      expect(play(...answered, more).deeds.filter((deed) => deed === 'ask-credit')).toHaveLength(1);
    });

    it('keeps its end through a restart of the agent', () => {
      const told = { facts: { ...facts, ...service }, dialog: dialogOf(answered), links: ['main'], media: undefined };
      const open = { told, answeredAt: clock(2_000), reserved: paid.reserved, lastSeen: clock(9_000) };
      const [, effects] = recoverCall(open, clock(9_000), rules);
      expect(effects).toContainEqual({ do: 'wait', name: 'longest', for: 5_000 });
    });

    it('C-1: who calls in is not cut', () => {
      const incoming = invited(free, { direction: 'incoming', called: '0899123456' });
      expect(play(incoming, sip('phone', OK, 0)).waits.get('longest')).toBe(hours(4));
    });
  });

  it('ends a call with a BYE that is numbered after every request before it, a PRACK too (RFC 3262)', () => {
    const text = new TextDecoder().decode(ACK).replaceAll('ACK', 'PRACK').replace('CSeq: 7', 'CSeq: 9');
    const prack = new TextEncoder().encode(text);
    const { call } = play(
      invited(paid),
      admitted,
      sip('network', RINGING, 1_000),
      sip('phone', prack, 1_100),
      sip('network', OK, 2_000),
      { on: 'waited', name: 'cut', now: clock(12_000) },
    );
    expect(call).toMatchObject({ at: 'cutting', dialog: { phoneSequence: 9 } });
  });
});
