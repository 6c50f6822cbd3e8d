import { describe, expect, it } from 'vitest';
import { readMessage, userOf } from '../../../agent/sip/read-message.ts';

/*
 * After the messages of RFC 4475. The box is no SIP element of theirs: whatever it can't read passes byte for byte and
 * the two ends deal with it. What it must not do is misread: a call that is valid must be seen as the call it is.
 */

const read = (...lines: readonly string[]) => readMessage(new TextEncoder().encode(lines.join('\r\n')));
const METHOD = "!interesting-Method0123456789_*+`.%indeed'~";

describe('RFC 4475 3.1.1: valid, and unusual', () => {
  it('3.1.1.1 a short tortuous INVITE: folded lines, white space everywhere, escaped quotes, compact and mixed-case names', () => {
    const message = read(
      'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
      'TO :',
      ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      'Call-ID: wsinv.ndaksdj@192.0.2.1',
      'Content-Length   : 150',
      'cseq: 0009',
      '  INVITE',
      'Via  : SIP  /   2.0',
      ' /UDP',
      '    192.0.2.2;branch=390skdjuw',
      's :',
      'NewFangledHeader:   newfangled value',
      ' continued newfangled value',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'Content-Type: application/sdp',
      'Route:',
      ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
      'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
      '  branch  =   z9hG4bK9ikj8  ,',
      ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
      ' z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
      '      newvalue ;',
      '  secondparam ; q = 0.33',
      '',
      'v=0',
      'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
      's=-',
      'c=IN IP4 192.0.2.4',
      't=0 0',
      'm=audio 49217 RTP/AVP 0 12',
      'm=video 3227 RTP/AVP 31',
      'a=rtpmap:31 LPC',
      '',
    );
    expect(message?.view).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      uri: 'sip:vivekg@chair-dnrc.example.com;unknownparam',
      callId: 'wsinv.ndaksdj@192.0.2.1',
      sequence: 9,
      branch: '390skdjuw',
      from: { user: 'jdrosen', tag: '98asjd8' },
      to: { user: 'vivekg', tag: '1918181833n' },
    });
    expect(message?.view.kind === 'request' && message.view.vias).toHaveLength(3);
    expect(message?.media).toMatchObject({ address: '192.0.2.4', port: 49_217, codec: 'PCMU' });
  });

  it('3.1.1.2 the wide range of valid characters', () => {
    const uri =
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
    const message = read(
      `${METHOD} ${uri} SIP/2.0`,
      "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
      `To: "BEL:\u0007 NUL:\u0000 DEL:\u007f" <${uri}>`,
      `From: token1~\` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+\`*%!-.`,
      'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
      `CSeq: 139122385 ${METHOD}`,
      'Max-Forwards: 255',
      "extensionHeader-!.%*+_`'~: 大停電",
      'Content-Length: 0',
      '',
      '',
    );
    expect(message?.view).toMatchObject({
      method: METHOD,
      uri,
      sequence: 139_122_385,
      callId: 'intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
      from: { user: 'mundane', tag: "_token~1'+`*%!-." },
    });
  });

  it('3.1.1.3 and 3.1.1.4 escapes are read, and an escaped null is no end', () => {
    expect(userOf('sip:sips%3Auser%40example.com@example.net')).toBe('sips:user@example.com');
    expect(userOf('<sip:null-%00-null@example.com>')).toBe('null-\u0000-null');
    expect(userOf('<sip:%00@host5.example.com>')).toBe('\u0000');
  });

  it('3.1.1.5 % where it is no escape names another method, and another call', () => {
    const register = read(
      'RE%47IST%45R sip:registrar.example.com SIP/2.0',
      'To: "%Z%45" <sip:resource@example.com>',
      'From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23',
      'Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf',
      'Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234',
      'CSeq: 29344 RE%47IST%45R',
      '',
      '',
    );
    expect(register?.view).toMatchObject({ method: 'RE%47IST%45R', branch: 'z9hG4bK209%fzsnel234' });
  });

  it('3.1.1.6 no white space before the angle bracket', () => {
    expect(userOf('caller<sip:caller@example.com>;tag=323')).toBe('caller');
  });

  it('3.1.1.7 long values', () => {
    const long = 'longvalue'.repeat(400);
    const message = read(
      'INVITE sip:user@example.com SIP/2.0',
      `To: "I have a user name of ${'extreme'.repeat(60)} proportion"<sip:user@example.com:6000;p=${long}>`,
      `F: sip:amazinglylongcallername${'x'.repeat(200)}@example.net;tag=${'12'.repeat(200)};p=${long}`,
      `Call-ID: longreq.one${'really'.repeat(60)}longcallid`,
      'CSeq: 3882340 INVITE',
      ...Array.from({ length: 34 }, (_, hop) => `v: SIP/2.0/TCP sip${34 - hop}.example.com`),
      `Via: SIP/2.0/TCP host.example.com;branch=very${'long'.repeat(60)}branchvalue`,
      '',
      '',
    );
    expect(message?.view.kind === 'request' && message.view.vias).toHaveLength(35);
    expect(message?.view.from.tag).toBe('12'.repeat(200));
    expect(message?.view.from.user).toContain('amazinglylongcallername');
  });

  it('3.1.1.8 octets after the message are not of it: the first request is read, and no other is made', () => {
    const message = read(
      'REGISTER sip:example.com SIP/2.0',
      'To: sip:j.user@example.com',
      'From: sip:j.user@example.com;tag=43251j3j324',
      'Call-ID: dblreq.0ha0isndaksdj99sdfafnl3lk233412',
      'CSeq: 8 REGISTER',
      'Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492',
      'Content-Length: 0',
      '',
      '',
      'INVITE sip:joe@example.com SIP/2.0',
      'Call-ID: dblreq.0ha0isnda977644900765@192.0.2.15',
      'CSeq: 8 INVITE',
      '',
    );
    expect(message?.view).toMatchObject({ method: 'REGISTER', callId: 'dblreq.0ha0isndaksdj99sdfafnl3lk233412' });
  });

  it('3.1.1.9 a semicolon of the user part is no parameter of the header', () => {
    expect(
      read(
        'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0',
        'To: sip:j_user@example.com',
        'From: sip:caller@example.org;tag=33242',
        'Call-ID: semiuri.0ha0isndaksdj',
        'CSeq: 8 OPTIONS',
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw',
        '',
        '',
      )?.view,
    ).toMatchObject({ uri: 'sip:user;par=u%40example.net@example.com', from: { tag: '33242' } });
  });

  it('3.1.1.10 transports that nobody knows', () => {
    const message = read(
      'OPTIONS sip:user@example.com SIP/2.0',
      'To: sip:user@example.com',
      'From: <sip:caller@example.com>;tag=323',
      'Call-ID:  transports.kijh4akdnaqjkwendsasfdj',
      'CSeq: 60 OPTIONS',
      'Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw',
      'Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf',
      'Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en',
      '',
      '',
    );
    expect(message?.view.branch).toBe('z9hG4bKkdjuw');
  });

  it('3.1.1.12 and 3.1.1.13 a reason phrase of any script, or none', () => {
    const response = (line: string) =>
      read(
        line,
        'Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923',
        'Call-ID: unreason.1234ksdfak3j2erwedfsASdf',
        'CSeq: 35 INVITE',
        'From: sip:user@example.com;tag=11141343',
        'To: sip:user@example.edu;tag=2229',
        '',
        '',
      )?.view;
    expect(response('SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое')).toMatchObject({ status: 200 });
    expect(response('SIP/2.0 100 ')).toMatchObject({ kind: 'response', status: 100, sequence: 35 });
    expect(response('SIP/2.0 100')).toMatchObject({ status: 100 });
  });
});

/** A sound request with one thing changed. */
function sound(change: Readonly<Record<string, string>> = {}, start = 'INVITE sip:user@example.com SIP/2.0') {
  const headers: Record<string, string> = {
    To: 'sip:j.user@example.com',
    From: '<sip:caller@example.net>;tag=134161461246',
    'Call-ID': 'c0',
    CSeq: '8 INVITE',
    Via: 'SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw',
    ...change,
  };
  return read(start, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', '');
}

describe('RFC 4475 3.1.2: invalid; the two ends refuse it, the box neither fails nor invents', () => {
  it.each([
    ['3.1.2.4 a CSeq beyond any 10 digits', { CSeq: '36893488147419103232 INVITE' }],
    ['3.1.2.17 a CSeq of another method', { CSeq: '8 BYE' }],
    ['3.1.2.18 a CSeq of an unknown method', { CSeq: '8 UNKNOWN' }],
    ['no Via', { Via: '' }],
  ] as const)('%s passes unread', (_, change) => {
    expect(sound({ ...change })).toBeUndefined();
  });

  it.each([
    [
      '3.1.2.1 extraneous separators',
      { Contact: '"Joe" <sip:joe@example.org>;;;;', Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,;branch=x' },
    ],
    ['3.1.2.2 a Content-Length beyond the datagram', { 'Content-Length': '9999' }],
    ['3.1.2.3 a negative one', { 'Content-Length': '-999' }],
    ['3.1.2.6 an unterminated quote', { To: '"Mr. J. User <sip:j.user@example.com>' }],
    ['3.1.2.12 a date that is none', { Date: 'Fri, 01 Jan 2010 16:00:00 EST' }],
    [
      '3.1.2.15 spaces inside of a display name without quotes',
      { From: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=433423' },
    ],
  ])('%s: the call is still seen as the call it would be', (_, change) => {
    expect(sound(change)?.view).toMatchObject({ method: 'INVITE', callId: 'c0', sequence: 8 });
  });

  it.each([
    ['3.1.2.7 angle brackets around the URI', 'INVITE <sip:user@example.com> SIP/2.0'],
    ['3.1.2.8 white space in the URI', 'INVITE sip:user@example.com; lr SIP/2.0'],
    ['3.1.2.9 more than one space', 'INVITE  sip:user@example.com  SIP/2.0'],
    ['3.1.2.10 white space at the end', 'INVITE sip:user@example.com SIP/2.0  '],
    ['3.1.2.11 escaped headers in the URI', 'INVITE sip:user@example.com?Route=%3Csip:sip.example.com%3E SIP/2.0'],
  ])('%s: whoever accepts it would connect it, so it is read as an INVITE', (_, start) => {
    expect(sound({}, start)?.view).toMatchObject({ kind: 'request', method: 'INVITE' });
  });

  it.each([
    ['3.1.2.16 another version', 'INVITE sip:t.watson@example.org SIP/7.0'],
    ['3.1.2.19 a status that is none', 'SIP/2.0 4294967301 better not break the receiver'],
  ])('%s passes unread', (_, start) => {
    expect(sound({}, start)).toBeUndefined();
  });
});

describe('RFC 4475 3.2 and 3.3: what is for the ends to say', () => {
  it('3.2.1 a branch that is only the magic cookie', () => {
    expect(sound({ Via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' })?.view.branch).toBe('z9hG4bK');
  });

  it('3.3.1 requests that lack what makes them a message of a call pass unread', () => {
    expect(
      read(
        'INVITE sip:user@example.com SIP/2.0',
        'CSeq: 193942 INVITE',
        'Via: SIP/2.0/UDP 192.0.2.95',
        'Call-ID: x',
        '',
        '',
      ),
    ).toBeUndefined();
  });

  it('3.3.2 to 3.3.4 schemes that nobody knows are no number', () => {
    for (const uri of [
      'nobodyKnowsThisScheme:totallyopaquecontent',
      'soap.beep://192.0.2.103:3002',
      'isbn:2983792873',
    ]) {
      expect(sound({}, `OPTIONS ${uri} SIP/2.0`)).toBeUndefined();
      expect(userOf(uri)).toBe('');
    }
  });

  it('3.3.8 of headers that may stand once the first counts, in both directions alike', () => {
    const twice = read(
      'INVITE sip:company.com SIP/2.0',
      'Call-ID: multi01.98asdh@192.0.2.1',
      'Call-ID: multi01.98asdh@192.0.2.2',
      'CSeq: 5 INVITE',
      'CSeq: 59 INVITE',
      'From: sip:caller@example.com;tag=3413415',
      'From: sip:caller@example.net;tag=2923420123',
      'To: sip:user@example.com',
      'To: sip:other@example.net',
      'Via: SIP/2.0/UDP 192.0.2.25:5060;branch=z9hG4bKkdjuw4',
      '',
      '',
    );
    expect(twice?.view).toMatchObject({ callId: 'multi01.98asdh@192.0.2.1', sequence: 5, from: { tag: '3413415' } });
  });

  it('3.4.1 a request of RFC 2543, without tag and branch', () => {
    const old = read(
      'INVITE sip:UserB@example.com SIP/2.0',
      'Via: SIP/2.0/UDP iftgw.example.com',
      'From: <sip:+13035551111@ift.client.example.net;user=phone>',
      'To: sip:+16505552222@ss1.example.net;user=phone',
      'Call-ID: inv2543.1717@ift.client.example.com',
      'CSeq: 56 INVITE',
      '',
      '',
    );
    expect(old?.view).toMatchObject({ branch: '', from: { user: '+13035551111' }, to: { user: '+16505552222' } });
    expect(old?.view.from.tag).toBeUndefined();
  });
});
