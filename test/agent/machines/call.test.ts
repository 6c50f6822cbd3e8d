import { describe, expect, it } from 'vitest';
import { noteOpenCall, recoverCall } from '../../../agent/machines/call/recover.ts';
import { stepCall } from '../../../agent/machines/call/step.ts';
import { type LedgerEvent, NO_RECORD_HASH } from '../../../agent/model/record.ts';
import { BUSY, BYE, CANCEL, FAR_BYE, INVITE, RINGING } from '../sip/sample.ts';

import { admitted, clock, invited, paid, play, rules, sip, talking } from './call-play.ts';

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
