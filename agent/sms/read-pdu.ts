import { readAddress, type SmsAddress } from './address.ts';
import { type OctetReader, octetsOf, readOctets } from './octets.ts';
import { readServiceTime, type ServiceTime } from './service-time.ts';
import { readUserText, type UserText } from './user-text.ts';

export type Delivered = {
  readonly is: 'deliver';
  readonly from: SmsAddress;
  /** Undefined where the center stamped no moment. */
  readonly sent: ServiceTime | undefined;
  readonly user: UserText;
};

/** TS 23.040 9.2.3.15: what became of a message that was sent. */
export type ReportedFate = 'delivered' | 'trying' | 'failed';

export type StatusReport = {
  readonly is: 'report';
  /** TP-MR of the message. */
  readonly reference: number;
  readonly to: SmsAddress;
  readonly done: ServiceTime | undefined;
  readonly fate: ReportedFate;
  readonly status: number;
};

/** A message of our own that lies in the storage, sent or not. */
type Submitted = { readonly is: 'submit'; readonly to: SmsAddress; readonly user: UserText };

type ReadPdu = Delivered | StatusReport | Submitted;

/**
 * TS 23.040 9.2.2: a stored or received PDU, the service center's address before it. Undefined when it is none: garbage,
 * cut off before its text, or of a reserved kind. A text that is cut off is read as far as it goes.
 */
export function readPdu(hex: string): ReadPdu | undefined {
  const octets = octetsOf(hex);
  if (octets === undefined || octets.length < 2) return undefined;
  const reader = readOctets(octets);
  reader.octets(reader.octet());
  const first = reader.octet();
  switch (first & 0x03) {
    case 0x00:
      return readDeliver(reader, first);
    case 0x01:
      return readSubmit(reader, first);
    case 0x02:
      return readReport(reader);
    default:
      return undefined;
  }
}

const hasHeader = (first: number): boolean => (first & 0x40) !== 0;

function readDeliver(reader: OctetReader, first: number): Delivered | undefined {
  const from = readAddress(reader);
  reader.octet(); // TP-PID
  const scheme = reader.octet();
  const sent = readServiceTime(reader.octets(7));
  const length = reader.octet();
  if (reader.isShort()) return undefined;
  return { is: 'deliver', from, sent, user: readUserText(reader.rest(), length, scheme, hasHeader(first)) };
}

function readSubmit(reader: OctetReader, first: number): Submitted | undefined {
  reader.octet(); // TP-MR
  const to = readAddress(reader);
  reader.octet(); // TP-PID
  const scheme = reader.octet();
  // TP-VPF (TS 23.040 9.2.3.3): none, enhanced, relative, absolute.
  reader.octets([0, 7, 1, 7][(first >> 3) & 3] ?? 0);
  const length = reader.octet();
  if (reader.isShort()) return undefined;
  return { is: 'submit', to, user: readUserText(reader.rest(), length, scheme, hasHeader(first)) };
}

function readReport(reader: OctetReader): StatusReport | undefined {
  const reference = reader.octet();
  const to = readAddress(reader);
  reader.octets(7); // when the center received it
  const done = readServiceTime(reader.octets(7));
  const status = reader.octet();
  if (reader.isShort()) return undefined;
  // TS 23.040 9.2.3.15: 0 to 1F done, 20 to 3F still trying, everything above given up, reserved values included.
  const fate = status < 0x20 ? (status <= 0x02 ? 'delivered' : 'failed') : status < 0x40 ? 'trying' : 'failed';
  return { is: 'report', reference, to, done, fate, status };
}
