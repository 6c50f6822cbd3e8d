/** RFC 1035, 4.1: a question for the address of a name, and what its answer says. */
export type DnsAnswer = {
  readonly code: number;
  readonly authoritative: boolean;
  readonly name: string;
  readonly addresses: readonly string[];
};

const HEADER = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
const RECURSION = 0x0100;
const RESPONSE = 0x8000;
const AUTHORITATIVE = 0x0400;
/** A name is never longer, whatever a server says. */
const MOST_LABELS = 128;

/** A question under `id`, 16 bits. */
export function writeDnsQuestion(id: number, name: string): Uint8Array {
  const labels = name.replace(/\.$/, '').split('.');
  const text = new TextEncoder();
  const encoded = labels.flatMap((label) => {
    const bytes = text.encode(label).slice(0, 63);
    return [bytes.length, ...bytes];
  });
  const bytes = new Uint8Array(HEADER + encoded.length + 5);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id);
  view.setUint16(2, RECURSION);
  view.setUint16(4, 1);
  bytes.set(encoded, HEADER);
  view.setUint16(bytes.length - 4, TYPE_A);
  view.setUint16(bytes.length - 2, CLASS_IN);
  return bytes;
}

/** Undefined where the bytes are no answer to the question of that number. */
export function readDnsAnswer(id: number, bytes: Uint8Array): DnsAnswer | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint16(0) !== id) return undefined;
  const flags = view.getUint16(2);
  if ((flags & RESPONSE) === 0) return undefined;
  try {
    let at = HEADER;
    let asked = '';
    for (let question = 0; question < view.getUint16(4); question += 1) {
      const read = readName(view, at);
      asked = read.name;
      at = read.next + 4;
    }
    const addresses: string[] = [];
    let name = asked;
    for (let record = 0; record < view.getUint16(6); record += 1) {
      const owner = readName(view, at);
      const body = owner.next + 10;
      const length = view.getUint16(owner.next + 8);
      if (view.getUint16(owner.next) === TYPE_A && length === 4) {
        name = owner.name;
        addresses.push([0, 1, 2, 3].map((index) => view.getUint8(body + index)).join('.'));
      }
      at = body + length;
    }
    return { code: flags & 0x0f, authoritative: (flags & AUTHORITATIVE) !== 0, name, addresses };
  } catch (error) {
    // Whoever wrote it ends it in the middle of something.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** RFC 1035, 4.1.4: a name may go on elsewhere, and `next` is behind where it began. */
function readName(view: DataView, start: number): { readonly name: string; readonly next: number } {
  const labels: string[] = [];
  let at = start;
  let next: number | undefined;
  for (let count = 0; count < MOST_LABELS; count += 1) {
    const length = view.getUint8(at);
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 };
    if (length >= 0xc0) {
      next ??= at + 2;
      at = ((length & 0x3f) << 8) | view.getUint8(at + 1);
      continue;
    }
    const bytes = Array.from({ length }, (_, index) => view.getUint8(at + 1 + index));
    labels.push(String.fromCharCode(...bytes));
    at += length + 1;
  }
  throw new RangeError('a name without an end');
}
