import { describe, expect, it } from 'vitest';
import { stepCall } from '../../../agent/machines/call/step.ts';
import type { Call, CallEvent } from '../../../agent/machines/call/words.ts';
import { INVITE, OK } from '../sip/sample.ts';
import { admitted, clock, free, invited, paid, play, rules, sip, talking } from './call-play.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (said: string): Uint8Array => new TextEncoder().encode(said);

/** The phone's INVITE again, inside the dialog, with its RTP elsewhere. */
const reInvite = (port: number, address = '192.168.10.10') =>
  bytes(
    text(INVITE)
      .replace('To: <sip:0612345678@203.0.113.10>', 'To: <sip:0612345678@203.0.113.10>;tag=b1')
      .replace('7 INVITE', '8 INVITE')
      .replace('16384', String(port))
      .replace('c=IN IP4 192.168.10.10', `c=IN IP4 ${address}`),
  );
const answer = (status: string, ...more: readonly string[]) =>
  bytes(
    text(OK)
      .replace('200 OK', status)
      .replace('7 INVITE', [`8 INVITE`, ...more].join('\r\n')),
  );
/** The phone's own answer to an INVITE of the far end. */
const fromPhone = (start: string, port: number, sequence = '1 INVITE') =>
  bytes(
    text(reInvite(port))
      .replace(/^INVITE .*/, start)
      .replace('8 INVITE', sequence),
  );

/** Where the kernel is asked for the RTP of this call. */
function watched(call: Call | undefined): string | undefined {
  const looks = stepCall(call, { on: 'waited', name: 'media', now: clock(60_000) }, rules)?.[1] ?? [];
  const look = looks.find((effect) => effect.do === 'check-media');
  return look?.do === 'check-media' ? `${look.media.address}:${look.media.port}` : undefined;
}

describe('U-1: the RTP of a call is looked for where the phone said last (RFC 3264 8)', () => {
  const lookedFor = (...events: readonly CallEvent[]) => watched(play(...talking, ...events).call);

  it('moves when the other side accepts the offer, not before', () => {
    const offer = sip('phone', reInvite(17_000), 10_000);
    expect(lookedFor(offer)).toBe('192.168.10.10:16384');
    expect(lookedFor(offer, sip('network', answer('100 Trying'), 10_050))).toBe('192.168.10.10:16384');
    expect(lookedFor(offer, sip('network', answer('200 OK'), 10_100))).toBe('192.168.10.10:17000');
  });

  it('stays when the other side refuses the offer', () => {
    const refused = [
      sip('phone', reInvite(17_000), 10_000),
      sip('network', answer('488 Not Acceptable Here'), 10_100),
      sip('network', answer('200 OK'), 10_200),
    ];
    expect(lookedFor(...refused)).toBe('192.168.10.10:16384');
  });

  it('stays through a hold by the null address (RFC 2543 B.5)', () => {
    const held = sip('phone', reInvite(17_000, '0.0.0.0'), 10_000);
    expect(lookedFor(held, sip('network', answer('200 OK'), 10_100))).toBe('192.168.10.10:16384');
  });

  it('moves with the answer of the phone to an offer of the far end, in a 2xx or in its ACK', () => {
    expect(lookedFor(sip('phone', fromPhone('SIP/2.0 200 OK', 17_002), 10_000))).toBe('192.168.10.10:17002');
    const ack = fromPhone('ACK sip:somewhere SIP/2.0', 17_004, '7 ACK');
    expect(lookedFor(sip('phone', ack, 10_000))).toBe('192.168.10.10:17004');
  });

  it('is known of an incoming call whose answer stands in a 183 alone (RFC 3262 5)', () => {
    const ringing = sip('phone', fromPhone('SIP/2.0 183 Session Progress', 17_006, '7 INVITE'), 1_000);
    const { call } = play(invited(free, { direction: 'incoming' }), ringing, sip('phone', OK, 2_000));
    expect(watched(call)).toBe('192.168.10.10:17006');
  });

  it('names the codec that was agreed last in the record', () => {
    const g729 = bytes(text(reInvite(17_000)).replace('RTP/AVP 8 101', 'RTP/AVP 18'));
    const events = [sip('phone', g729, 10_000), sip('network', answer('200 OK'), 10_100)];
    const bye = bytes(
      text(reInvite(17_000))
        .replace(/^INVITE/, 'BYE')
        .replace('8 INVITE', '9 BYE'),
    );
    expect(play(...talking, ...events, sip('phone', bye, 20_000)).ended).toMatchObject({ codec: 'G729' });
  });
});

describe('U-1: session timers (RFC 4028)', () => {
  const timed = bytes(text(OK).replace('7 INVITE', '7 INVITE\r\nx: 90;refresher=uac'));
  const call = [invited(paid), admitted, sip('network', timed, 2_000)];
  const expired: CallEvent = { on: 'waited', name: 'session', now: clock(124_000) };
  const looked = (heard: boolean, at: number): CallEvent => ({ on: 'media-checked', heard, now: clock(at) });

  it('a 2xx sets the time of the session, a refresh sets it anew, and one without an interval ends it', () => {
    expect(play(...call).waits.get('session')).toBe(122_000);
    const refresh = (more: string) => sip('network', answer('200 OK', ...(more === '' ? [] : [more])), 50_000);
    expect(play(...call, refresh('Session-Expires: 1800')).waits.get('session')).toBe(1_832_000);
    expect(play(...call, refresh('')).waits.has('session')).toBe(false);
    expect(play(...call, sip('network', answer('422 Session Interval Too Small'), 50_000)).waits.get('session')).toBe(
      122_000,
    );
  });

  it('one that nobody refreshed ends with the silence of its RTP, at the last that was heard', () => {
    const { ended, waits } = play(...call, looked(true, 92_000), expired, looked(false, 129_000));
    expect(ended).toMatchObject({ cause: 'lost', seconds: 90, complete: false });
    expect(play(...call, expired).waits.get('media')).toBe(5_000);
    expect(waits.has('session')).toBe(false);
  });

  it('one that talks on goes on, whatever its timer says, and is complete', () => {
    const events = [...call, expired, looked(true, 129_000), looked(false, 140_000)];
    expect(play(...events).call).toMatchObject({ at: 'talking', expired: true });
    const bye = bytes(
      text(reInvite(17_000))
        .replace(/^INVITE/, 'BYE')
        .replace('8 INVITE', '9 BYE'),
    );
    expect(play(...events, sip('phone', bye, 142_000)).ended).toMatchObject({ seconds: 140, complete: true });
  });

  it('a late refresh brings back the patience of every call', () => {
    const late = sip('network', answer('200 OK', 'Session-Expires: 90'), 125_000);
    expect(play(...call, expired, late, looked(false, 150_000)).call).toMatchObject({ at: 'talking', expired: false });
  });
});
