import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage, userOf } from '../../../agent/sip/read-message.ts';
import { BYE, INVITE, OK, sip } from './sample.ts';

describe('Q-3: reading SIP without touching it (RFC 3261 7)', () => {
  it('reads an INVITE with its media', () => {
    const message = readMessage(INVITE);
    expect(message?.view).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      callId: 'c1@192.168.10.10',
      sequence: 7,
      branch: 'z9hG4bK-1',
      from: { user: '+33172890001', tag: 'a1' },
      contact: '<sip:33172890001@192.168.10.10:5060>',
    });
    expect(message?.view.to.tag).toBeUndefined();
    expect(message?.media).toEqual({ address: '192.168.10.10', port: 16384, codec: 'PCMA' });
  });

  it('SIP quality: reads the port of RTCP where the SDP names another than the usual one (RFC 3605)', () => {
    const told = (line: string) =>
      readMessage(new TextEncoder().encode(`${new TextDecoder().decode(INVITE).trimEnd()}\r\n${line}\r\n`))?.media;
    expect(told('a=rtcp:53020 IN IP4 192.168.10.10')?.rtcpPort).toBe(53_020);
    for (const line of ['a=rtcp:16385', 'a=rtcp:0', 'a=rtcp:99999', 'a=rtcp-mux', 'a=rtcp:x'])
      expect(told(line)).toEqual({ address: '192.168.10.10', port: 16384, codec: 'PCMA' });
  });

  it('reads a response with its route set in the order written', () => {
    expect(readMessage(OK)?.view).toMatchObject({
      kind: 'response',
      status: 200,
      recordRoute: ['<sip:203.0.113.11;lr>', '<sip:203.0.113.10;lr>'],
    });
  });

  it('reads compact names, folded lines, odd white space and lone line feeds', () => {
    const folded = new TextEncoder().encode(
      'OPTIONS sip:a@b SIP/2.0\nv :  SIP/2.0/UDP h ;\n  branch = z9hG4bK-x\nf:<sip:x@y>;tag=1\nt  : <sip:a@b>\ni:id\nCSEQ:  1   OPTIONS\n\n',
    );
    expect(readMessage(folded)?.view).toMatchObject({
      callId: 'id',
      branch: 'z9hG4bK-x',
      sequence: 1,
      from: { tag: '1' },
    });
  });

  it('takes several Via headers and several in one, the first on top', () => {
    const text = sip(
      'BYE sip:a@b SIP/2.0',
      'Via: SIP/2.0/UDP one;branch=z9hG4bK-1, SIP/2.0/UDP two;branch=z9hG4bK-2',
      'Via: SIP/2.0/UDP three',
      'From: <sip:x@y>;tag=1',
      'To: <sip:a@b>;tag=2',
      'Call-ID: i',
      'CSeq: 2 BYE',
    );
    const view = readMessage(text)?.view;
    expect(view?.kind === 'request' && view.vias).toHaveLength(3);
    expect(view?.branch).toBe('z9hG4bK-1');
  });

  it.each([
    ['sip:0612345678@h', '0612345678'],
    ['"Dr, <Who>" <sip:+33612345678;phone-context=x@h:5060;user=phone>;tag=1', '+33612345678'],
    ['<tel:112;phone-context=+33>', '112'],
    ['tel:+33-6-12', '+33-6-12'],
    ['urn:service:sos', 'urn:service:sos'],
    ['<sip:%2B33612@h>', '+33612'],
    ['sip:h', ''],
  ])('finds the user part of %s', (value, user) => {
    expect(userOf(value.startsWith('"') ? value.slice(value.lastIndexOf('<')) : value)).toBe(user);
  });

  it.each([
    ['a keep-alive', '\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'a request without Call-ID',
      'BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:x@y>\r\nTo: <sip:a@b>\r\nCSeq: 1 BYE\r\n\r\n',
    ],
    [
      'a CSeq of another method',
      'BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:x@y>\r\nTo: <sip:a@b>\r\nCall-ID: i\r\nCSeq: 1 INVITE\r\n\r\n',
    ],
  ])('leaves %s alone', (_, text) => {
    expect(readMessage(new TextEncoder().encode(text))).toBeUndefined();
  });

  it('never fails on noise, and reads a message cut anywhere without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        readMessage(noise);
      }),
      { numRuns: 2_000 },
    );
    for (let end = 0; end <= INVITE.length; end += 1) readMessage(INVITE.subarray(0, end));
  });

  it('never fails on a message with octets changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(INVITE, OK, BYE),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        (message, changes) => {
          const bytes = message.slice();
          for (const [place, octet] of changes) bytes[place % bytes.length] = octet;
          readMessage(bytes);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
