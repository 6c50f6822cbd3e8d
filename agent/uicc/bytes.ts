/** What a card and its servers say. Where state or effects hold bytes, they hold them as upper-case hex, which survives JSON. */
export type Bytes = Uint8Array;

/** What was read, or why it could not be: input never throws. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wrong: string };

export const right = <T>(value: T): Read<T> => ({ ok: true, value });
export const wrong = (why: string): { readonly ok: false; readonly wrong: string } => ({ ok: false, wrong: why });

/** Undefined for an odd number of digits, or anything that is none. */
export function bytesOf(hex: string): Bytes | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(hex)) return undefined;
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** For hex that this room wrote itself; what is none becomes nothing. */
export const ownBytes = (hex: string): Bytes => bytesOf(hex) ?? new Uint8Array();

export const hexOf = (bytes: Bytes): string => viewOf(bytes).toString('hex').toUpperCase();

export const sameBytes = (one: Bytes, other: Bytes): boolean => viewOf(one).equals(viewOf(other));

export const textBytes = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'utf8'));
export const textOf = (bytes: Bytes): string => viewOf(bytes).toString('utf8');

export const base64Of = (bytes: Bytes): string => viewOf(bytes).toString('base64');

/** Line breaks are allowed: servers put them into long fields. */
export function bytesOfBase64(text: string): Bytes | undefined {
  const bare = text.replace(/[\r\n\t ]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Uint8Array.from(Buffer.from(bare, 'base64'));
}

const viewOf = (bytes: Bytes): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
