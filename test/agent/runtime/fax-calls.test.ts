import { describe, expect, it } from 'vitest';
import { FAX_WORDS } from '../../../agent/fax/t38/session-words.ts';
import type { SipHeader, SipRequest } from '../../../agent/model/sip-text.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { FaxCall, FaxCallNews } from '../../../agent/ports/fax-calls.ts';
import { readText } from '../../../agent/sip/read-text.ts';
import { writeText } from '../../../agent/sip/write-text.ts';
import { headerOf, sequenceOf } from '../../../agent/ua/headers.ts';
import { respondTo } from '../../../agent/ua/respond.ts';
import { type End, faxWorld } from './fax-world.ts';

const words = (news: readonly FaxCallNews[]): readonly string[] =>
  news.filter(({ on }) => on !== 'heard').map(({ on }) => on);
const dial = ({ phones, number, news }: End, dialled: string, imageAtOnce = false): FaxCall =>
  phones.dial({ line: number, dialled, imageAtOnce }, (one) => void news.push(one));

const describe38 = (media: 'audio' | 'image', version = 1): string =>
  FAX_WORDS.offer(media, { address: '203.0.113.30', port: 4_000, session: 'abcdef01', version });
const CONTACT: SipHeader = ['contact', '<sip:gw@203.0.113.30:5080>'];
const SDP: SipHeader = ['content-type', 'application/sdp'];

/** A gateway played by hand: the line speaks into the air, and hears what the test says. */
function byHand(seed: string) {
  const { clock, near } = faxWorld(seed, () => []);
  const requests = (method: string): readonly SipRequest[] =>
    near.said.flatMap((text) => {
      const read = readText(new TextEncoder().encode(text));
      return read?.kind === 'request' && read.method === method ? [read] : [];
    });
  const last = (method: string): SipRequest => {
    const found = requests(method).at(-1);
    if (found === undefined) throw new Error(`no ${method} was sent`);
    return found;
  };
  const answer = (method: string, status: number, body = '', headers: readonly SipHeader[] = []): void =>
    near.give(writeText(respondTo(last(method), status, { tag: 'gateway', headers: [CONTACT, ...headers], body })));
  /** A request of the gateway, in the dialog that the line's INVITE began. */
  const say = (method: string, sequence: number, body = '', headers: readonly SipHeader[] = []): void => {
    const [first] = requests('INVITE');
    if (first === undefined) throw new Error('no INVITE was sent');
    near.give(
      writeText({
        ...{ kind: 'request', method, uri: 'sip:near@192.0.2.1:5060', body },
        headers: [
          ['via', `SIP/2.0/UDP 203.0.113.10:5060;branch=z9hG4bKgw${method}${sequence}`],
          ['from', `${headerOf(first, 'to')};tag=gateway`],
          ['to', headerOf(first, 'from')],
          ['call-id', headerOf(first, 'call-id')],
          ['cseq', `${sequence} ${method}`],
          CONTACT,
          ...headers,
          ...(body === '' ? [] : [SDP]),
        ],
      }),
    );
  };
  const statuses = (method: string): readonly number[] =>
    near.said.flatMap((text) => {
      const read = readText(new TextEncoder().encode(text));
      return read?.kind === 'response' && sequenceOf(read).method === method ? [read.status] : [];
    });
  const call = dial(near, '0199000001');
  clock.advance(millis(10));
  return { clock, near, call, requests, last, answer, say, statuses };
}

/** The same, with audio that runs. */
function talking(seed: string, headers: readonly SipHeader[] = []) {
  const gateway = byHand(seed);
  gateway.answer('INVITE', 200, describe38('audio'), headers);
  gateway.clock.advance(millis(10));
  return gateway;
}

describe('calls of fax lines', () => {
  it('X-1: a call begins as audio, turns to T.38 on the word of the called side, carries datagrams both ways, and ends', () => {
    const { clock, near, far } = faxWorld('turn');
    const call = dial(near, far.number);
    clock.advance(seconds(1));
    expect(words(near.news)).toEqual(['ringing']);
    far.calls[0]?.answer();
    clock.advance(seconds(1));
    expect(words(near.news)).toEqual(['ringing', 'answered']);
    far.calls[0]?.turnToFax();
    clock.advance(seconds(1));
    expect(words(near.news).at(-1)).toBe('fax-opened');
    expect(words(far.news)).toEqual(['answered', 'fax-opened']);
    call.send(Uint8Array.of(0, 0, 1, 6, 0));
    far.calls[0]?.send(Uint8Array.of(0, 0, 1, 4, 0));
    clock.advance(millis(100));
    expect(far.news.at(-1)).toEqual({ on: 'heard', datagram: Uint8Array.of(0, 0, 1, 6, 0) });
    expect(near.news.at(-1)).toEqual({ on: 'heard', datagram: Uint8Array.of(0, 0, 1, 4, 0) });
    call.hangUp();
    clock.advance(seconds(2));
    expect(near.news.at(-1)).toEqual({ on: 'over', by: 'us', status: 0, text: '' });
    expect(far.news.at(-1)).toEqual({ on: 'over', by: 'far', status: 0, text: '' });
    expect(far.calls[0]).toMatchObject({ id: call.id, line: far.number, peer: near.number });
  });
});

describe('a fax line and a gateway, rule by rule', () => {
  it.each([488, 606, 415])(
    'X-1, RFC 3261 14.1: %i to the re-INVITE is told, and the call goes on as it was',
    (status) => {
      const { clock, near, call, answer, requests, last } = talking(`refused ${status}`);
      call.turnToFax();
      clock.advance(millis(10));
      expect(last('INVITE').body).toContain('m=image');
      answer('INVITE', status);
      clock.advance(seconds(5));
      expect(near.news.at(-1)).toEqual({ on: 'fax-refused', status });
      expect(requests('BYE')).toHaveLength(0);
    },
  );

  it('RFC 3264 6: an answer that refuses the stream is told, and audio is asked for again', () => {
    const { clock, near, call, answer, last } = talking('port 0');
    call.turnToFax();
    clock.advance(millis(10));
    answer('INVITE', 200, describe38('image').replace('m=image 4000', 'm=image 0'));
    clock.advance(millis(10));
    expect(near.news.at(-1)).toEqual({ on: 'fax-refused', status: 200 });
    expect(last('INVITE').body).toContain('m=audio');
  });

  it('RFC 3261 14.1: after glare who owns the Call-ID asks again 2.1 to 4 s later', () => {
    const { clock, call, answer, requests, near } = talking('glare');
    call.turnToFax();
    clock.advance(millis(10));
    answer('INVITE', 491);
    clock.advance(millis(2_080));
    const before = new Set(
      requests('INVITE')
        .map(sequenceOf)
        .map(({ number }) => number),
    ).size;
    clock.advance(millis(2_000));
    const after = new Set(
      requests('INVITE')
        .map(sequenceOf)
        .map(({ number }) => number),
    ).size;
    expect([before, after]).toEqual([2, 3]);
    answer('INVITE', 200, describe38('image'));
    clock.advance(millis(10));
    expect(words(near.news).at(-1)).toBe('fax-opened');
  });

  it('RFC 3261 14.2: an offer that crosses ours is refused with 491', () => {
    const { clock, call, say, statuses } = talking('crossing');
    call.turnToFax();
    clock.advance(millis(10));
    say('INVITE', 1, describe38('image', 2));
    clock.advance(millis(10));
    expect(statuses('INVITE')).toEqual([491]);
  });

  it('X-1, RFC 4028 7.4: a refresh carries the T.38 description as it stands, version and all', () => {
    const { clock, near, say, statuses, requests, last, answer } = talking('refresh', [
      ['session-expires', '90;refresher=uac'],
    ]);
    say('INVITE', 1, describe38('image', 2), [
      ['session-expires', '90;refresher=uas'],
      ['supported', 'timer'],
    ]);
    clock.advance(millis(10));
    expect(statuses('INVITE')).toEqual([200]);
    const described = readText(new TextEncoder().encode(near.said.at(-1) ?? ''))?.body;
    expect(described).toContain('m=image');
    say('ACK', 1);
    clock.advance(seconds(46));
    expect(last('INVITE').body).toBe(described);
    expect(headerOf(last('INVITE'), 'session-expires')).toBe('90;refresher=uac');
    answer('INVITE', 200, describe38('image', 2), [['session-expires', '90;refresher=uac']]);
    clock.advance(seconds(46));
    expect(last('INVITE').body).toBe(described);
    expect(words(near.news).filter((one) => one === 'fax-opened')).toHaveLength(1);
    expect(requests('BYE')).toHaveLength(0);
  });

  it('RFC 4028 10: a session that its far end does not refresh is left before it is over', () => {
    const { clock, near, requests } = talking('expiry', [['session-expires', '90;refresher=uas']]);
    clock.advance(seconds(59));
    expect(requests('BYE')).toHaveLength(0);
    clock.advance(seconds(2));
    expect(requests('BYE').length).toBeGreaterThan(0);
    expect(near.news.at(-1)).toMatchObject({ on: 'over', by: 'network' });
  });

  it('RFC 4028 7.3: a registrar of longer sessions is heeded', () => {
    const { clock, answer, last } = byHand('422');
    answer('INVITE', 422, '', [['min-se', '3600']]);
    clock.advance(millis(10));
    expect(headerOf(last('INVITE'), 'session-expires')).toBe('3600');
    expect(headerOf(last('INVITE'), 'min-se')).toBe('3600');
  });

  it('RFC 3261 9.1: a CANCEL waits for a first answer; a 200 that crosses it is acknowledged and left', () => {
    const { clock, near, call, answer, requests } = byHand('crossing 200');
    call.hangUp();
    clock.advance(millis(100));
    expect(requests('CANCEL')).toHaveLength(0);
    answer('INVITE', 180);
    clock.advance(millis(100));
    expect(requests('CANCEL')).toHaveLength(1);
    answer('INVITE', 200, describe38('audio'));
    clock.advance(millis(100));
    expect([requests('ACK').length, requests('BYE').length]).toEqual([1, 1]);
    clock.advance(seconds(2));
    expect(near.news.filter(({ on }) => on === 'over')).toEqual([{ on: 'over', by: 'us', status: 0, text: '' }]);
  });

  it('RFC 3261 13.2.2.4: a second fork that answers is acknowledged and left, the first goes on', () => {
    const { clock, near, requests, last } = talking('fork');
    const [invite] = requests('INVITE');
    if (invite === undefined) throw new Error('no INVITE');
    near.give(writeText(respondTo(invite, 200, { tag: 'other', headers: [CONTACT], body: describe38('audio') })));
    clock.advance(millis(10));
    expect(headerOf(last('BYE'), 'to')).toContain(';tag=other');
    expect(words(near.news)).toEqual(['answered']);
  });

  it('RFC 3261 13.2.2.4: a 2xx that comes again is acknowledged again', () => {
    const { clock, answer, requests } = talking('again');
    answer('INVITE', 200, describe38('audio'));
    clock.advance(millis(10));
    expect(requests('ACK')).toHaveLength(2);
  });

  it('RFC 3311 5.2, RFC 3261 11: UPDATE is answered with its media, OPTIONS with what the line understands', () => {
    const { clock, near, say, statuses } = talking('update');
    say('UPDATE', 1, describe38('image', 2));
    say('OPTIONS', 2);
    say('INFO', 3);
    clock.advance(millis(10));
    expect([statuses('UPDATE'), statuses('OPTIONS'), statuses('INFO')]).toEqual([[200], [200], [405]]);
    expect(words(near.news)).toEqual(['answered', 'fax-opened']);
  });

  it('X-1: a BYE clears the call at once, and nothing is said after it', () => {
    const { clock, near, call, say, statuses, requests } = talking('bye');
    say('BYE', 1);
    clock.advance(millis(10));
    expect(statuses('BYE')).toEqual([200]);
    expect(near.news.at(-1)).toEqual({ on: 'over', by: 'far', status: 0, text: '' });
    call.hangUp();
    call.turnToFax();
    clock.advance(seconds(40));
    expect([requests('BYE').length, requests('INVITE').length]).toEqual([0, 1]);
  });

  it('RFC 3261 12.2.1.2: a re-INVITE to a dialog that is gone ends the call', () => {
    const { clock, near, call, answer } = talking('481');
    call.turnToFax();
    clock.advance(millis(10));
    answer('INVITE', 481);
    clock.advance(seconds(1));
    expect(near.news.at(-1)).toMatchObject({ on: 'over', by: 'network' });
  });

  it('RFC 3581, F-3: once the operator sees the line elsewhere, calls say so by a re-INVITE', () => {
    const { clock, near, requests, last, say } = byHand('moved');
    const seen = (port: number): void => {
      const response = respondTo(last('INVITE'), 200, {
        tag: 'gateway',
        headers: [CONTACT],
        body: describe38('audio'),
      });
      const headers = response.headers.map(
        ([name, value]) =>
          [name, name === 'via' ? value.replace('rport', `rport=${port};received=198.51.100.7`) : value] as const,
      );
      near.give(writeText({ ...response, headers }));
      clock.advance(millis(10));
    };
    seen(20_001);
    say('OPTIONS', 1);
    seen(20_002);
    expect(requests('INVITE')).toHaveLength(2);
    expect(headerOf(last('INVITE'), 'contact')).toBe('<sip:near@198.51.100.7:20002>');
    expect(last('INVITE').body).toContain('c=IN IP4 198.51.100.7');
  });

  it('X-1: a line that nobody serves refuses with 480, a call of somebody who rings off is told once', () => {
    const { clock, near, far } = faxWorld('unserved');
    far.phones.onCall(() => undefined);
    dial(near, far.number);
    clock.advance(seconds(2));
    expect(near.news.at(-1)).toMatchObject({ on: 'over', by: 'far', status: 480 });
    const other = faxWorld('rings off');
    const call = dial(other.near, other.far.number);
    other.clock.advance(seconds(1));
    call.hangUp();
    other.clock.advance(seconds(2));
    expect(other.far.news).toEqual([{ on: 'over', by: 'far', status: 487, text: '' }]);
  });

  it('X-1: T.38 in the first INVITE is taken when the call is', () => {
    const { clock, near, far } = faxWorld('at once');
    dial(near, far.number, true);
    clock.advance(seconds(1));
    far.calls[0]?.answer();
    clock.advance(seconds(1));
    expect([words(near.news), words(far.news)]).toEqual([
      ['ringing', 'answered', 'fax-opened'],
      ['answered', 'fax-opened'],
    ]);
  });

  it('X-1: both sides that ask for T.38 at once both get it', () => {
    const { clock, near, far } = faxWorld('both ask');
    const call = dial(near, far.number);
    clock.advance(seconds(1));
    far.calls[0]?.answer();
    clock.advance(seconds(1));
    call.turnToFax();
    far.calls[0]?.turnToFax();
    clock.advance(seconds(8));
    expect([words(near.news).at(-1), words(far.news).at(-1)]).toEqual(['fax-opened', 'fax-opened']);
  });
});
