import { announce, der, headerIn, nodesIn } from './ber.ts';
import { aesBlock, aesCbc, cmac, type SessionKeys } from './keys.ts';

/** Where a protected row of segments is: the keys, the chaining value so far, and the number of the next segment. */
export type Protection = { readonly keys: SessionKeys; readonly chain: string; readonly count: number };

export const startProtection = (keys: SessionKeys): Protection => ({ keys, chain: keys.chain, count: 1 });

const MAC_BYTES = 8;

/**
 * SGP.22 2.6.4 (SCP03t, GlobalPlatform amendment D): one segment with 8 bytes of MAC behind it, encrypted unless its tag
 * is 88. The number counts segments that are not encrypted too.
 */
export function protect(state: Protection, tag: string, text: Uint8Array): readonly [Protection, Buffer] {
  const data = tag === '88' ? Buffer.from(text) : encrypted(state, text);
  const full = macOf(state, tag, data);
  return [after(state, full), der(tag, data, full.subarray(0, MAC_BYTES))];
}

/** What the segment holds; undefined where it was changed, or made with other keys. */
export function unprotect(state: Protection, segment: Buffer): readonly [Protection, Buffer] | undefined {
  const [node, ...more] = nodesIn(segment) ?? [];
  if (node === undefined || more.length > 0 || node.body.length < MAC_BYTES) return undefined;
  const data = node.body.subarray(0, -MAC_BYTES);
  const full = macOf(state, node.tag, data);
  if (!full.subarray(0, MAC_BYTES).equals(node.body.subarray(-MAC_BYTES))) return undefined;
  const text = node.tag === '88' ? data : decrypted(state, data);
  return text === undefined ? undefined : [after(state, full), text];
}

/** The most that fits into a segment of so many bytes, header and MAC included. */
export function roomIn(segmentBytes: number): number {
  const header = headerIn(announce('86', segmentBytes))?.size ?? 4;
  return Math.floor((segmentBytes - header - MAC_BYTES) / 16) * 16 - 1;
}

function macOf({ keys, chain }: Protection, tag: string, data: Uint8Array): Buffer {
  const head = announce(tag, data.length + MAC_BYTES);
  return cmac(Buffer.from(keys.mac, 'hex'), Buffer.concat([Buffer.from(chain, 'hex'), head, data]));
}

const after = ({ keys, count }: Protection, full: Buffer): Protection => ({
  keys,
  chain: full.toString('hex'),
  count: count + 1,
});

const startOf = ({ keys, count }: Protection): Buffer =>
  aesBlock(Buffer.from(keys.enc, 'hex'), Buffer.from(count.toString(16).padStart(32, '0'), 'hex'));

function encrypted(state: Protection, text: Uint8Array): Buffer {
  const padded = Buffer.concat([text, Buffer.from([0x80]), Buffer.alloc(15 - (text.length % 16))]);
  return aesCbc('encrypt', Buffer.from(state.keys.enc, 'hex'), startOf(state), padded);
}

function decrypted(state: Protection, data: Buffer): Buffer | undefined {
  if (data.length === 0 || data.length % 16 !== 0) return undefined;
  const padded = aesCbc('decrypt', Buffer.from(state.keys.enc, 'hex'), startOf(state), data);
  const end = padded.lastIndexOf(0x80);
  return end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0) ? undefined : padded.subarray(0, end);
}
