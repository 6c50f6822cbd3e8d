import { joined } from '../model/joined.ts';
import { type Bytes, bytesOf, hexOf, type Read, right, wrong } from './bytes.ts';

/** A command of short length (ISO/IEC 7816-4 5.1): up to 255 bytes of data; `expects` 1 to 256 bytes of answer. */
export type Apdu = {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data?: Bytes;
  readonly expects?: number;
};

/** The answer to a command: its bytes, and the status word behind them. */
export type ApduReply = { readonly bytes: Bytes; readonly word: number };

/** Hex, as both AT commands carry it. @throws RangeError naming the field that does not fit. */
export function writeApdu({ cla, ins, p1, p2, data = new Uint8Array(), expects }: Apdu): string {
  for (const [name, value] of Object.entries({ cla, ins, p1, p2 }))
    if (!Number.isInteger(value) || value < 0 || value > 255) throw new RangeError(`${name}: no byte: ${value}`);
  if (data.length > 255) throw new RangeError(`data: ${data.length} bytes, 255 fit`);
  if (expects !== undefined && (expects < 1 || expects > 256)) throw new RangeError(`expects: 1 to 256: ${expects}`);
  const head = Uint8Array.from([cla, ins, p1, p2]);
  const body = data.length === 0 ? data : joined(Uint8Array.from([data.length]), data);
  // ISO/IEC 7816-4 5.1: a Le of 00 asks for 256.
  const tail = expects === undefined ? new Uint8Array() : Uint8Array.from([expects % 256]);
  return hexOf(joined(head, body, tail));
}

/** Of what was written by `writeApdu`, or met on a wire. */
export function readApdu(hex: string): Read<Apdu> {
  const all = bytesOf(hex);
  if (all === undefined) return wrong('not hexadecimal');
  const [cla, ins, p1, p2, length, ...rest] = all;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined)
    return wrong('fewer than 4 bytes');
  const head = { cla, ins, p1, p2 };
  if (length === undefined) return right(head);
  if (rest.length === 0) return right({ ...head, expects: length === 0 ? 256 : length });
  if (length === 0 || rest.length < length || rest.length > length + 1)
    return wrong(`Lc says ${length}, ${rest.length} bytes follow`);
  const data = all.subarray(5, 5 + length);
  const expects = rest[length];
  return right({ ...head, data, ...(expects === undefined ? {} : { expects: expects === 0 ? 256 : expects }) });
}

/** Bytes and status word of what a card answered. */
export function readReply(hex: string): Read<ApduReply> {
  const all = bytesOf(hex);
  if (all === undefined) return wrong('not hexadecimal');
  if (all.length < 2) return wrong('no status word');
  const word = (all[all.length - 2] ?? 0) * 256 + (all[all.length - 1] ?? 0);
  return right({ bytes: all.subarray(0, -2), word });
}

/** ETSI TS 102 221 10.1.1: where a class byte bears the logical channel, 1 to 3 and 4 to 19. @throws RangeError beyond. */
export function classOnChannel(cla: number, channel: number): number {
  if (!Number.isInteger(channel) || channel < 0 || channel > 19) throw new RangeError(`no logical channel: ${channel}`);
  return channel < 4 ? (cla & 0xfc) | channel : (cla & 0xf0) | 0x40 | (channel - 4);
}

/** ETSI TS 102 221 11.1.17: the card names the channel that it opened. */
export const OPEN_CHANNEL: Apdu = { cla: 0, ins: 0x70, p1: 0, p2: 0, expects: 1 };
export const closeChannel = (channel: number): Apdu => ({ cla: 0, ins: 0x70, p1: 0x80, p2: channel });
/** ETSI TS 102 221 11.1.1: an application by its name, the first of that name. */
export const selectApplication = (application: Bytes): Apdu => ({
  cla: 0,
  ins: 0xa4,
  p1: 4,
  p2: 0,
  data: application,
});
