/** SIP text for tests, from lines; a body is separated by an empty line. */
export const sip = (...lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);

export const INVITE = sip(
  'INVITE sip:0612345678@203.0.113.10 SIP/2.0',
  'Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK-1;rport',
  'Max-Forwards: 70',
  'From: "Accueil" <sip:+33172890001@203.0.113.10>;tag=a1',
  'To: <sip:0612345678@203.0.113.10>',
  'Call-ID: c1@192.168.10.10',
  'CSeq: 7 INVITE',
  'Contact: <sip:33172890001@192.168.10.10:5060>',
  'Content-Type: application/sdp',
  '',
  'v=0',
  'o=- 1 1 IN IP4 192.168.10.10',
  's=-',
  'c=IN IP4 192.168.10.10',
  't=0 0',
  'm=audio 16384 RTP/AVP 8 101',
  'a=rtpmap:8 PCMA/8000',
);

const answer = (status: string, ...more: readonly string[]): Uint8Array =>
  sip(
    `SIP/2.0 ${status}`,
    'Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK-1;rport',
    'Record-Route: <sip:203.0.113.11;lr>, <sip:203.0.113.10;lr>',
    'From: "Accueil" <sip:+33172890001@203.0.113.10>;tag=a1',
    'To: <sip:0612345678@203.0.113.10>;tag=b1',
    'Call-ID: c1@192.168.10.10',
    'CSeq: 7 INVITE',
    ...more,
  );

export const RINGING = answer('180 Ringing');
export const OK = answer('200 OK', 'Contact: <sip:far@203.0.113.12:5080>');
export const BUSY = answer('486 Busy Here');

const inDialog = (method: string, sequence: number, from: 'phone' | 'network'): Uint8Array =>
  sip(
    `${method} sip:somewhere SIP/2.0`,
    'Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK-2;rport',
    from === 'phone' ? 'From: <sip:+33172890001@203.0.113.10>;tag=a1' : 'From: <sip:0612345678@203.0.113.10>;tag=b1',
    from === 'phone' ? 'To: <sip:0612345678@203.0.113.10>;tag=b1' : 'To: <sip:+33172890001@203.0.113.10>;tag=a1',
    'Call-ID: c1@192.168.10.10',
    `CSeq: ${sequence} ${method}`,
  );

export const ACK = inDialog('ACK', 7, 'phone');
export const BYE = inDialog('BYE', 8, 'phone');
export const FAR_BYE = inDialog('BYE', 1, 'network');
export const CANCEL = inDialog('CANCEL', 7, 'phone');
