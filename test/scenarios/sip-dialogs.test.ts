import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../agent/model/units.ts';
import { bench, PAID, request, response } from './sip-bench.ts';

const MOBILE = 'sip:0612345678@203.0.113.10';
const NATIONAL = 'sip:0199000001@203.0.113.10';

describe('U-1, U-2: a call with several dialogs is one call (RFC 3261 13.2.2.4)', () => {
  it('a fork that only rings, or is released, ends nothing; the answer counts', () => {
    const { say, site, of } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(180, { toTag: 'a' }));
    say('network', response(183, { toTag: 'b' }));
    site.clock.advance(seconds(10));
    say('network', response(200, { toTag: 'b' }));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'a' }));
    site.clock.advance(seconds(5));
    say('phone', request('BYE', NATIONAL, { sequence: 3, toTag: 'b' }));
    expect(of('call-ended')).toMatchObject([{ cause: 'caller-hung-up', seconds: 6, complete: true }]);
  });

  it('two forks that answer: the call lasts until the last of them is left, whichever it is', () => {
    const { say, site, of, toPhone } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200, { toTag: 'a' }));
    const second = response(200, { toTag: 'b' });
    say('network', second);
    expect(toPhone.at(-1)).toBe(second);
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'a' }));
    site.clock.advance(seconds(20));
    expect(of('call-ended')).toEqual([]);
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'b' }));
    expect(of('call-ended')).toMatchObject([{ seconds: 21 }]);
  });

  it('two forks that answer, one released as the standard has it: one record, to the end of the other', () => {
    const { say, site, of } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200, { toTag: 'a' }));
    say('network', response(200, { toTag: 'b' }));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'b' }));
    site.clock.advance(seconds(5));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'a' }));
    expect(of('call-ended')).toMatchObject([{ seconds: 6 }]);
  });

  it('the answer of a fork that was left, come once more, does not bring it back', () => {
    const { say, of } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200, { toTag: 'a' }));
    say('network', response(200, { toTag: 'b' }));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'b' }));
    say('network', response(200, { toTag: 'b' }));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 'a' }));
    expect(of('call-ended')).toMatchObject([{ cause: 'caller-hung-up', seconds: 1 }]);
  });

  it('C-4: what is cut is cut in each of its dialogs, each BYE a transaction of its own', () => {
    const { say, site, whole, toNetwork } = bench();
    whole.setCentral(false);
    site.broker.cut();
    say('phone', request('INVITE', PAID));
    say('network', response(200, { toTag: 'a' }));
    say('network', response(200, { toTag: 'b' }));
    site.clock.advance(minutes(230));
    site.clock.advance(minutes(20));
    const byes = toNetwork.filter((text) => text.startsWith('BYE'));
    expect(new Set(byes.map((text) => /^To:.*tag=(\w+)/m.exec(text)?.[1]))).toEqual(new Set(['a', 'b']));
    expect(new Set(byes.map((text) => /branch=([^;\r]+)/.exec(text)?.[1])).size).toBe(2);
  });
});

describe('U-1: what answers an INVITE that is no more says nothing of the call', () => {
  it('R-1: a 302 that the phone follows is rated by the real destination, and survives the 302 that comes again', () => {
    const { say, site, of } = bench();
    say('phone', request('INVITE', NATIONAL, { branch: 'z9hG4bK-1' }));
    const moved = response(302, { branch: 'z9hG4bK-1' });
    say('network', moved);
    say('phone', request('INVITE', MOBILE, { branch: 'z9hG4bK-2', sequence: 2 }));
    say('network', response(180, { branch: 'z9hG4bK-2', sequence: 2 }));
    say('network', moved);
    site.clock.advance(seconds(60));
    say('network', response(200, { branch: 'z9hG4bK-2', sequence: 2 }));
    expect(of('call-ended')).toMatchObject([{ cause: 'failed', sipStatus: 302, seconds: 0, class: 'geographic' }]);
    site.clock.advance(seconds(3));
    say('phone', request('BYE', MOBILE, { sequence: 3, toTag: 't' }));
    expect(of('call-ended')[1]).toMatchObject({ cause: 'caller-hung-up', seconds: 4, class: 'mobile' });
  });

  it('a challenge that comes again does not shorten the ringing of the call that was let through', () => {
    const { say, site, of } = bench();
    say('phone', request('INVITE', NATIONAL, { branch: 'z9hG4bK-1' }));
    const challenge = response(407, { branch: 'z9hG4bK-1' });
    say('network', challenge);
    say('phone', request('INVITE', NATIONAL, { branch: 'z9hG4bK-2', sequence: 2 }));
    say('network', response(180, { branch: 'z9hG4bK-2', sequence: 2 }));
    say('network', challenge);
    site.clock.advance(seconds(60));
    say('network', response(200, { branch: 'z9hG4bK-2', sequence: 2 }));
    expect([of('call-answered').length, of('call-ended').length]).toEqual([1, 0]);
  });

  it('a second redirection to a barred or unpriced number is refused like any other call to it', () => {
    const { say, toPhone, of } = bench();
    say('phone', request('INVITE', NATIONAL, { branch: 'z9hG4bK-1' }));
    say('network', response(302, { branch: 'z9hG4bK-1' }));
    say('phone', request('INVITE', 'sip:+999123456789@h', { branch: 'z9hG4bK-2', sequence: 2 }));
    expect(toPhone.at(-1)).toMatch(/^SIP\/2\.0 404 /);
    expect(of('call-ended').map(({ cause }) => cause)).toEqual(['failed', 'refused-number']);
  });
});

describe('U-1: transfers (RFC 3515, RFC 3891)', () => {
  const refer = (to: string) =>
    request('REFER', 'sip:x@192.168.10.10', { sequence: 5, toTag: 't', more: [`Refer-To: <${to}>`] });

  it('a blind one that the far end asks for: what the phone then dials is a call of its own', () => {
    const { say, site, of, toPhone, toNetwork } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200));
    const asked = refer(MOBILE);
    say('network', asked);
    expect(toPhone.at(-1)).toBe(asked);
    for (const said of [
      response(202, { sequence: 5 }, 'REFER'),
      request('NOTIFY', NATIONAL, { sequence: 9, toTag: 't', more: ['Event: refer'], body: 'SIP/2.0 100 Trying' }),
    ]) {
      say('phone', said);
      expect(toNetwork.at(-1)).toBe(said);
    }
    const own = { callId: 'transfer', branch: 'z9hG4bK-t', to: MOBILE };
    say('phone', request('INVITE', MOBILE, own));
    say('network', response(200, own));
    say('network', request('BYE', NATIONAL, { sequence: 6, toTag: 't' }));
    site.clock.advance(seconds(9));
    say('phone', request('BYE', MOBILE, { ...own, sequence: 2, toTag: 't' }));
    expect(of('call-ended')).toMatchObject([
      { cause: 'called-hung-up', class: 'geographic', seconds: 1 },
      { cause: 'caller-hung-up', class: 'mobile', seconds: 10 },
    ]);
  });

  it('an attended one that the phone asks for: both of its calls end with the BYEs of the far ends', () => {
    const { say, site, of, toNetwork } = bench();
    const other = { callId: 'two', branch: 'z9hG4bK-two', to: MOBILE };
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200));
    say('phone', request('INVITE', MOBILE, other));
    say('network', response(200, other));
    const asked = request('REFER', NATIONAL, {
      ...{ sequence: 2, toTag: 't' },
      more: [`Refer-To: <${MOBILE}?Replaces=two%3Bto-tag%3Dt%3Bfrom-tag%3Df>`],
    });
    say('phone', asked);
    expect(toNetwork.at(-1)).toBe(asked);
    site.clock.advance(seconds(2));
    say('network', request('BYE', 'sip:x@192.168.10.10', { ...other, sequence: 1, toTag: 't' }));
    say('network', request('BYE', 'sip:x@192.168.10.10', { sequence: 1, toTag: 't' }));
    expect(of('call-ended')).toMatchObject([{ class: 'mobile' }, { class: 'geographic' }]);
  });

  const replacing = { callId: 'new', branch: 'z9hG4bK-n', more: ['Replaces: c;to-tag=t;from-tag=f'] };

  it('Q-4: an incoming call that takes the place of a running one needs no further channel', () => {
    const { say, toPhone, toNetwork } = bench({ channels: 1 });
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200));
    const taking = request('INVITE', 'sip:x@192.168.10.10', replacing);
    say('network', taking);
    expect(toPhone.at(-1)).toBe(taking);
    say('network', request('INVITE', 'sip:x@192.168.10.10', { callId: 'third', branch: 'z9hG4bK-3' }));
    expect(toNetwork.at(-1)).toMatch(/^SIP\/2\.0 486 /);
  });

  it('Q-4: a phone that only says so does not pass the channels by', () => {
    const { say, toPhone } = bench({ channels: 1 });
    say('phone', request('INVITE', NATIONAL));
    say('network', response(200));
    say('phone', request('INVITE', NATIONAL, replacing));
    expect(toPhone.at(-1)).toMatch(/^SIP\/2\.0 503 /);
  });
});

describe('U-1, U-2: how calls end', () => {
  const answered = () => {
    const site = bench();
    site.say('phone', request('INVITE', NATIONAL));
    site.say('network', response(200));
    return site;
  };
  const byesIn = (texts: readonly string[]) =>
    texts.filter((text) => text.startsWith('BYE') && text.includes('relais'));

  it('an answer that crosses the CANCEL is a call, as long as it lasts (RFC 3261 9.1)', () => {
    const { say, of } = bench();
    say('phone', request('INVITE', NATIONAL));
    say('network', response(180));
    say('phone', request('CANCEL', NATIONAL));
    say('network', response(200));
    say('network', response(200, {}, 'CANCEL'));
    say('phone', request('ACK', NATIONAL, { toTag: 't' }));
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 't' }));
    expect(of('call-ended')).toMatchObject([{ cause: 'caller-hung-up', seconds: 1 }]);
  });

  it('an answer that is never acknowledged lasts until the far end gives it up (RFC 3261 13.3.1.4)', () => {
    const { say, site, of } = answered();
    for (const gap of [0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4]) {
      site.clock.advance(seconds(gap));
      say('network', response(200));
    }
    say('network', request('BYE', 'sip:x@192.168.10.10', { sequence: 1, toTag: 't' }));
    expect(of('call-ended')).toMatchObject([{ cause: 'called-hung-up', seconds: 33 }]);
  });

  it.each([
    ['500: its CSeq is too low', 500],
    ['483: its Max-Forwards is spent', 483],
  ])('C-3: a BYE that the far end refuses (%s) is followed by those of the box, to both ends', (_, status) => {
    const { say, of, toNetwork, toPhone } = answered();
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 't' }));
    const refused = response(status, { sequence: 2 }, 'BYE');
    say('network', refused);
    expect(toPhone).toContain(refused);
    expect([byesIn(toNetwork).length, byesIn(toPhone).length]).toEqual([1, 1]);
    expect(byesIn(toNetwork)[0]).toContain('CSeq: 3 BYE');
    expect(of('call-ended')).toHaveLength(1);
  });

  it.each([200, 401, 407, 408, 481])('a BYE that is answered with %i is left to the phone', (status) => {
    const { say, toNetwork, toPhone } = answered();
    say('phone', request('BYE', NATIONAL, { sequence: 2, toTag: 't' }));
    say('network', response(status, { sequence: 2 }, 'BYE'));
    expect([...byesIn(toNetwork), ...byesIn(toPhone)]).toEqual([]);
  });

  it('V-1: the box ends no emergency call, whatever is said of its BYE', () => {
    const { say, toNetwork, toPhone } = bench();
    say('phone', request('INVITE', 'sip:112@203.0.113.10'));
    say('network', response(200));
    say('phone', request('BYE', 'sip:112@203.0.113.10', { sequence: 2, toTag: 't' }));
    say('network', response(500, { sequence: 2 }, 'BYE'));
    expect([...byesIn(toNetwork), ...byesIn(toPhone)]).toEqual([]);
  });
});
