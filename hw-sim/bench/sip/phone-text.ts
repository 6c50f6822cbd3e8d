import { nowMicros, STAMP } from './delays.ts';

export type Phone = { readonly address: string; readonly port: number };

/** The operator's server, as phones know it. */
export const SERVER = '203.0.113.10';
/** Of the lines that the bench orders. */
const NUMBER = '+33172890001';
/** Abroad: paid, so that each call waits for its credit to be on the medium. */
const CALLED = '0021620123456';

type Request = {
  readonly method: 'OPTIONS' | 'INVITE' | 'ACK' | 'BYE';
  readonly phone: Phone;
  readonly id: string;
  readonly sequence: number;
  /** Of the far end, inside a dialog. */
  readonly tag?: string;
};

export function writeRequest({ method, phone, id, sequence, tag }: Request): Buffer {
  const local = `${phone.address}:${phone.port}`;
  const body = method === 'INVITE' ? offer(phone) : '';
  const head = [
    `${method} sip:${CALLED}@${SERVER} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};rport;branch=z9hG4bK-${id}-${sequence}-${method}`,
    'Max-Forwards: 70',
    `From: "Front desk" <sip:${NUMBER}@${SERVER}>;tag=${id}`,
    `To: <sip:${CALLED}@${SERVER}>${tag === undefined ? '' : `;tag=${tag}`}`,
    `Call-ID: ${id}@${phone.address}`,
    `CSeq: ${sequence} ${method}`,
    `Contact: <sip:desk@${local}>`,
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE, INFO, NOTIFY, REFER, MESSAGE, SUBSCRIBE, PRACK',
    'Supported: timer, path, replaces, 100rel',
    'User-Agent: Desk phone 1.0',
    `${STAMP}: ${nowMicros()}`,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

const offer = ({ address, port }: Phone): string =>
  [
    'v=0',
    `o=desk 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port + 10_000} RTP/AVP 8 0 18 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:18 G729/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=sendrecv',
    '',
  ].join('\r\n');
