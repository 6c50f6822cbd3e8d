import { describe, expect, it } from 'vitest';
import { noteOpenCall, recoverCall } from '../../../agent/machines/call/recover.ts';
import { stepCall } from '../../../agent/machines/call/step.ts';
import type {
  Admission,
  Call,
  CallEffect,
  CallEvent,
  CallFacts,
  CallRules,
} from '../../../agent/machines/call/words.ts';
import { type ClockBlock, type LedgerEvent, NO_RECORD_HASH } from '../../../agent/model/record.ts';
import { hours, seconds } from '../../../agent/model/units.ts';
import { readMessage } from '../../../agent/sip/read-message.ts';
import { ACK, BUSY, BYE, CANCEL, FAR_BYE, INVITE, OK, RINGING } from '../sip/sample.ts';

const rules: CallRules = { longest: hours(4), cutRunningCalls: true };
const clock = (mono: number, boot = 'b'): ClockBlock => ({ wall: 1_000_000 + mono, mono, boot, quality: 'synced' });
const facts: CallFacts = {
  call: 'call-1',
  direction: 'outgoing',
  caller: '+33172890001',
  called: '0612345678',
  class: 'mobile',
  startedAt: clock(0),
};
const paid: Admission = {
  may: 'pass',
  gated: true,
  reserved: { bundleSeconds: 0, paidSeconds: 10, ticks: 600 },
  seconds: 10,
};
const free: Admission = {
  may: 'pass',
  gated: false,
  reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 },
  seconds: undefined,
};

function message(bytes: Uint8Array) {
  const read = readMessage(bytes);
  if (read === undefined) throw new Error('not SIP');
  return read;
}
const invited = (admission: Admission, own: Partial<CallFacts> = {}): CallEvent => ({
  on: 'invited',
  facts: { ...facts, ...own },
  admission,
  ...message(INVITE),
  dialog: { phone: { address: '192.168.10.10', port: 5060 }, server: 'sbc' },
  link: 'main',
});
const sip = (from: 'phone' | 'network', bytes: Uint8Array, mono: number): CallEvent => ({
  on: 'sip',
  from,
  ...message(bytes),
  now: clock(mono),
});
function dialogOf(events: readonly CallEvent[]) {
  const { call } = play(...events);
  if (call === undefined || !('dialog' in call)) throw new Error('no call has begun');
  return call.dialog;
}
const admitted: CallEvent = { on: 'recorded', what: 'admission', seconds: 0 };

/** What the site did, in a word each. */
const deed = (effect: CallEffect): string => {
  if (effect.do === 'record') return effect.event.kind;
  if (effect.do === 'send-bye') return `bye to ${effect.to}`;
  return effect.do;
};

function play(...events: readonly CallEvent[]) {
  let call: Call | undefined;
  const deeds: string[] = [];
  const records: LedgerEvent[] = [];
  const waits = new Map<string, number>();
  for (const event of events) {
    const answer = stepCall(call, event, rules);
    if (answer === undefined) continue;
    call = answer[0];
    for (const effect of answer[1]) {
      if (effect.do === 'record') records.push(effect.event);
      if (effect.do === 'wait') waits.set(effect.name, effect.for);
      else if (effect.do === 'stop-waiting') waits.delete(effect.name);
      else deeds.push(deed(effect));
    }
  }
  const ended = records.find((event) => event.kind === 'call-ended');
  return { call, deeds, records, ended, waits };
}

const talking: readonly CallEvent[] = [
  invited(paid),
  admitted,
  sip('network', RINGING, 1_000),
  sip('network', OK, 2_000),
  sip('phone', ACK, 2_010),
];

describe('U-1, U-2: a call becomes a record', () => {
  it('is held until its debit is on the medium, then passes as it came (C-3)', () => {
    expect(play(invited(paid)).deeds).toEqual(['hold', 'call-admitted']);
    expect(play(invited(paid), sip('phone', INVITE, 500)).deeds).toEqual(['hold', 'call-admitted']);
    expect(play(invited(paid), admitted).deeds.at(-1)).toBe('forward-held');
  });

  it('counts from answer to release, each second begun', () => {
    const { ended, deeds } = play(...talking, sip('phone', BYE, 5_001));
    expect(ended).toMatchObject({
      seconds: 4,
      cause: 'caller-hung-up',
      answeredAt: 1_002_000,
      endedAt: 1_005_001,
      codec: 'PCMA',
      links: ['main'],
      complete: true,
    });
    expect(deeds.slice(-2)).toEqual(['forward', 'call-ended']);
  });

  it('names who hung up', () => {
    expect(play(...talking, sip('network', FAR_BYE, 3_000)).ended).toMatchObject({
      cause: 'called-hung-up',
      seconds: 1,
    });
  });

  it('is not ended twice by a BYE that is sent twice', () => {
    const { records } = play(...talking, sip('phone', BYE, 5_000), sip('phone', BYE, 5_500));
    expect(records.filter((event) => event.kind === 'call-ended')).toHaveLength(1);
  });

  it.each([['busy', BUSY, 'busy']] as const)('records an attempt that is %s, free', (_, bytes, cause) => {
    expect(play(invited(paid), admitted, sip('network', bytes, 1_000)).ended).toMatchObject({
      cause,
      seconds: 0,
      answeredAt: null,
      sipStatus: 486,
    });
  });

  it('lets a CANCEL pass and waits for what the far end says of it', () => {
    const { deeds, call } = play(invited(paid), admitted, sip('phone', CANCEL, 1_000));
    expect(deeds.at(-1)).toBe('forward');
    expect(call?.at).toBe('inviting');
  });

  it('stays the same call through a challenge of the far end', () => {
    const challenge = new TextEncoder().encode(
      new TextDecoder().decode(BUSY).replace('486 Busy Here', '407 Proxy Authentication Required'),
    );
    const { call, records } = play(invited(paid), admitted, sip('network', challenge, 500), sip('phone', INVITE, 600));
    expect(call?.at).toBe('inviting');
    expect(records).toHaveLength(1);
  });

  it('knows the links that it has used', () => {
    expect(play(...talking, { on: 'link-changed', link: 'second' }, sip('phone', BYE, 5_000)).ended).toMatchObject({
      links: ['main', 'second'],
    });
  });
});

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

describe('U-1: a call that is not answered yet', () => {
  const reply = (line: string, sequence: string): Uint8Array =>
    new TextEncoder().encode(
      new TextDecoder().decode(BUSY).replace('486 Busy Here', line).replace('7 INVITE', sequence),
    );

  it('is given up only when the far end agrees to the CANCEL', () => {
    const canceled = [invited(paid), admitted, sip('network', RINGING, 1_000), sip('phone', CANCEL, 2_000)];
    expect(play(...canceled).waits.get('ringing')).toBe(300_000);
    const refused = sip('network', reply('481 No such transaction', '7 CANCEL'), 2_100);
    expect(play(...canceled, refused).waits.get('ringing')).toBe(300_000);
    const agreed = sip('network', reply('200 OK', '7 CANCEL'), 2_100);
    expect(play(...canceled, agreed).waits.get('ringing')).toBe(32_000);
  });

  it('rings on as long as the far end says so (RFC 3261 16.7)', () => {
    const answer = stepCall(play(invited(paid), admitted).call, sip('network', RINGING, 290_000), rules);
    expect(answer?.[1]).toContainEqual({ do: 'wait', name: 'ringing', for: 300_000 });
  });

  it('sets its credit and its channel free soon after a challenge that nobody answers', () => {
    const challenge = sip('network', reply('407 Proxy Authentication Required', '7 INVITE'), 500);
    expect(play(invited(paid), admitted, challenge).waits.get('ringing')).toBe(32_000);
    expect(play(invited(paid), admitted, challenge, sip('phone', INVITE, 600)).waits.get('ringing')).toBe(300_000);
  });

  it('ends when a BYE shows that it was answered unseen', () => {
    expect(play(invited(paid), admitted, sip('network', FAR_BYE, 9_000)).ended).toMatchObject({ cause: 'lost' });
    const agreed = sip('network', reply('200 OK', '8 BYE'), 9_100);
    expect(play(invited(paid), admitted, sip('phone', BYE, 9_000)).ended).toBeUndefined();
    expect(play(invited(paid), admitted, sip('phone', BYE, 9_000), agreed).ended).toMatchObject({ cause: 'lost' });
  });
});

describe('U-7: a call after a restart', () => {
  const record = (seq: number, mono: number, event: LedgerEvent) =>
    ({
      v: 1,
      device: 'd',
      epoch: '0'.repeat(16),
      seq,
      prev: NO_RECORD_HASH,
      salt: '0'.repeat(32),
      clock: clock(mono),
      event,
    }) as const;
  const open = () => {
    const events = play(...talking).records;
    return [
      ...events
        .map((event, i) => record(i + 1, i * 2_000, event))
        .reduce(noteOpenCall, new Map())
        .values(),
    ][0];
  };

  it('goes on when only the agent was away, with what was set aside and what it has talked', () => {
    const found = open();
    if (found === undefined) throw new Error('the call is not open');
    const [call, effects] = recoverCall(found, clock(6_000), rules);
    expect(call).toMatchObject({ at: 'talking', paidFor: 10 });
    expect(effects).toContainEqual({ do: 'wait', name: 'cut', for: 6_000 });
    const ended = stepCall(call, sip('phone', BYE, 9_000), rules)?.[1].find((effect) => effect.do === 'record');
    expect(ended).toMatchObject({ event: { seconds: 7, complete: false } });
  });

  it('can still be cut: its BYE is numbered beyond the requests that nobody recorded', () => {
    const found = open();
    if (found === undefined) throw new Error('the call is not open');
    const [call] = recoverCall(found, clock(6_000), rules);
    const bye = stepCall(call, { on: 'waited', name: 'cut', now: clock(12_000) }, rules)?.[1][0];
    expect(bye).toMatchObject({ do: 'send-bye', dialog: { phoneSequence: 1_007, networkSequence: 1_000 } });
  });

  it('does not stay open for ever when nothing can tell whether it still runs', () => {
    const found = open();
    if (found === undefined) throw new Error('the call is not open');
    const unpaid = { ...found.reserved, paidSeconds: 0 };
    const told = { ...found.told, media: undefined };
    const [call] = recoverCall({ ...found, told, reserved: unpaid }, clock(6_000), rules);
    const answer = stepCall(call, { on: 'waited', name: 'media', now: clock(11_000) }, rules);
    expect(answer?.[0].at).toBe('over');
    expect(answer?.[1][0]).toMatchObject({ event: { cause: 'lost', complete: false } });
  });

  it('is lost when the box was away, and charges what the records prove', () => {
    const found = open();
    if (found === undefined) throw new Error('the call is not open');
    const [, effects] = recoverCall(found, clock(500, 'another boot'), rules);
    expect(effects[0]).toMatchObject({
      do: 'record',
      event: { kind: 'call-ended', cause: 'lost', seconds: 0, complete: false },
    });
  });

  it('ends when the kernel has heard none of its RTP for a while, at the last that was heard', () => {
    const found = open();
    if (found === undefined) throw new Error('the call is not open');
    let [call] = recoverCall(found, clock(6_000), rules);
    const ended: LedgerEvent[] = [];
    for (const [mono, heard] of [
      [11_000, true],
      [16_000, false],
      [36_000, false],
    ] as const) {
      const answer = stepCall(call, { on: 'media-checked', heard, now: clock(mono) }, rules);
      if (answer === undefined) throw new Error('no answer');
      call = answer[0];
      for (const effect of answer[1]) if (effect.do === 'record') ended.push(effect.event);
    }
    expect(ended).toMatchObject([{ kind: 'call-ended', cause: 'lost', seconds: 9, complete: false }]);
  });
});
