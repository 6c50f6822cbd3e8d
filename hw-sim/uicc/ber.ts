/** One object of BER-TLV: its tag in hex, what stands in it, and all of it. The simulator's own coding, not the box's. */
export type Node = { readonly tag: string; readonly body: Buffer; readonly whole: Buffer };

/** Undefined where the bytes are no row of whole objects. */
export function nodesIn(bytes: Uint8Array | undefined): readonly Node[] | undefined {
  if (bytes === undefined) return undefined;
  const all = Buffer.from(bytes);
  const found: Node[] = [];
  for (let at = 0; at < all.length; ) {
    const start = headerIn(all.subarray(at));
    if (start === undefined || at + start.size + start.length > all.length) return undefined;
    const end = at + start.size + start.length;
    found.push({ tag: start.tag, body: all.subarray(at + start.size, end), whole: all.subarray(at, end) });
    at = end;
  }
  return found;
}

/** Tag, and lengths of the header and of what it announces, of which nothing needs to be there. */
export function headerIn(
  bytes: Buffer,
): { readonly tag: string; readonly size: number; readonly length: number } | undefined {
  let tagSize = 1;
  if (((bytes[0] ?? 0) & 0x1f) === 0x1f)
    do tagSize += 1;
    while (((bytes[tagSize - 1] ?? 0) & 0x80) !== 0 && tagSize < 4);
  const first = bytes[tagSize];
  if (first === undefined) return undefined;
  const tag = bytes.subarray(0, tagSize).toString('hex').toUpperCase();
  if (first < 0x80) return { tag, size: tagSize + 1, length: first };
  const more = first & 0x7f;
  if (more < 1 || more > 3 || bytes.length < tagSize + 1 + more) return undefined;
  return { tag, size: tagSize + 1 + more, length: bytes.readUIntBE(tagSize + 1, more) };
}

/** The body of the one object of this tag. */
export function bodyOf(bytes: Uint8Array | undefined, tag: string): Buffer | undefined {
  const found = nodesIn(bytes);
  return found?.length === 1 && found[0]?.tag === tag ? found[0].body : undefined;
}

export const pick = (all: readonly Node[] | undefined, tag: string): Node | undefined =>
  all?.find((one) => one.tag === tag);

export function der(tag: string, ...bodies: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(bodies);
  return Buffer.concat([announce(tag, body.length), body]);
}

/** A header without its body. */
export function announce(tag: string, length: number): Buffer {
  if (length < 0x80) return Buffer.from(`${tag}${hex(length, 2)}`, 'hex');
  const digits = length < 0x100 ? 2 : length < 0x1_0000 ? 4 : 6;
  return Buffer.from(`${tag}${hex(0x80 + digits / 2, 2)}${hex(length, digits)}`, 'hex');
}

export const bytes = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
export const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
export const upper = (value: Uint8Array): string => Buffer.from(value).toString('hex').toUpperCase();
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A whole number without sign, as an INTEGER holds it. */
export function integer(value: number): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return bytes(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even);
}

export function oid(dotted: string): Buffer {
  const [root = 0, next = 0, ...rest] = dotted.split('.').map(Number);
  const groups = [40 * root + next, ...rest].map((number) => {
    const group = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) group.unshift((left & 0x7f) | 0x80);
    return group;
  });
  return Buffer.from(groups.flat());
}
