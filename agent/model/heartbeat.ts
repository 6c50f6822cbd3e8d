/** How often the far end beats on a link, and how long the box believes the last beat (ms). */
export type Pace = { readonly everyMs: number; readonly timeoutMs: number };

/** What the box asks of the far end, beside a probe: beats on this link, at this pace. */
export type Wish = Pace & {
  readonly device: string;
  readonly link: number;
  /** What the far end answered last: the box can be reached at the address that it speaks from. */
  readonly challenge: Uint8Array;
};

/**
 * Whether the far end hears the echoes of its beats. Only `heard` says that the link carries both ways; `unknown`, of one
 * that has only begun to listen, says nothing against it.
 */
export type Hearing = 'lost' | 'heard' | 'unknown';
const HEARINGS = ['lost', 'heard', 'unknown'] as const;
/** As nft compares them. */
export const HEARING = { lost: 0, heard: 1 } as const;

/** A timeout that is no number of ms: the far end is about to end, and its silence means nothing for so long. */
export const FAREWELL = { timeout: 65_535, ms: 10_000 } as const;

export type Beat = Pace & {
  /** Names site and link to the kernel of the box; nobody else knows it. */
  readonly cookie: Uint8Array;
  readonly hearing: Hearing;
  readonly link: number;
  readonly sequence: number;
  /** Chance, drawn by the far end for each registration: an echo can't be made up. */
  readonly proof: Uint8Array;
};

/** Makes a code of these bytes with the secret of a site. */
export type Mac = (bytes: Uint8Array) => Uint8Array;

/** HMAC-SHA-256. */
type Hmac = (key: Uint8Array, bytes: Uint8Array) => Uint8Array;

/** Both ends have the secret that the device shows the broker; the key of the beats is made of it and tells nothing of it. */
export function beatMac(secret: string, hmac: Hmac): Mac {
  const text = new TextEncoder();
  const key = hmac(text.encode(secret), text.encode('relais/beat/1'));
  return (bytes) => hmac(key, bytes);
}

/** STAMP sender packet, then one TLV of RFC 8972 4; 252 is for private use (RFC 8972 5.1). */
const TLV = { at: 44, type: 252, headerBytes: 4 } as const;
/*
 * Value of the wish:                          Value of the answer:
 *   0  interval (ms)                            0  challenge
 *   2  timeout (ms)
 *   4  number of the link
 *   5  zero
 *   8  device, 32 octets, zeros behind it
 *  40  challenge, zeros at first
 *  48  the first 16 octets of the code over everything before it
 */
const WISH = { device: 8, deviceBytes: 32, challenge: 40, mac: 48, bytes: 64 } as const;
const WISH_BYTES = TLV.at + TLV.headerBytes + WISH.bytes;
const MAC_BYTES = 16;
export const CHALLENGE_BYTES = 8;

/** A probe with a wish. `device` has 32 ASCII characters or fewer. */
export function encodeWish(probe: Uint8Array, wish: Wish, mac: Mac): Uint8Array {
  const bytes = new Uint8Array(WISH_BYTES);
  bytes.set(probe.subarray(0, TLV.at));
  const view = startTlv(bytes, WISH.bytes);
  view.setUint16(0, wish.everyMs);
  view.setUint16(2, wish.timeoutMs);
  view.setUint8(4, wish.link);
  for (const [index, letter] of [...wish.device].slice(0, WISH.deviceBytes).entries())
    view.setUint8(WISH.device + index, letter.charCodeAt(0));
  const value = bytes.subarray(TLV.at + TLV.headerBytes);
  value.set(wish.challenge.subarray(0, CHALLENGE_BYTES), WISH.challenge);
  value.set(mac(bytes.subarray(0, bytes.length - MAC_BYTES)).subarray(0, MAC_BYTES), WISH.mac);
  return bytes;
}

/** The wish beside a probe, if it is one that somebody with the site's secret made; `macOf` knows the sites. */
export function decodeWish(packet: Uint8Array, macOf: (device: string) => Mac | undefined): Wish | undefined {
  const view = tlvOf(packet, WISH.bytes);
  if (view === undefined) return undefined;
  const value = packet.subarray(TLV.at + TLV.headerBytes);
  const letters = value.subarray(WISH.device, WISH.device + WISH.deviceBytes);
  const device = String.fromCharCode(...letters).replace(/\0+$/, '');
  const mac = macOf(device);
  const expected = mac?.(packet.subarray(0, WISH_BYTES - MAC_BYTES)).subarray(0, MAC_BYTES);
  if (expected === undefined || !sameBytes(expected, value.subarray(WISH.mac, WISH.bytes))) return undefined;
  return {
    everyMs: view.getUint16(0),
    timeoutMs: view.getUint16(2),
    link: view.getUint8(4),
    device,
    challenge: value.slice(WISH.challenge, WISH.mac),
  };
}

/** A reply to a probe with a wish: never larger than the question. */
export function withChallenge(reply: Uint8Array, challenge: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TLV.at + TLV.headerBytes + CHALLENGE_BYTES);
  bytes.set(reply.subarray(0, TLV.at));
  startTlv(bytes, CHALLENGE_BYTES);
  bytes.set(challenge.subarray(0, CHALLENGE_BYTES), TLV.at + TLV.headerBytes);
  return bytes;
}

export const challengeOf = (reply: Uint8Array): Uint8Array | undefined =>
  tlvOf(reply, CHALLENGE_BYTES) === undefined ? undefined : reply.slice(TLV.at + TLV.headerBytes);

/*
 * Beat, shorter than any packet of STAMP; its echo is the same octets.
 *   0  cookie                     12  timeout (ms)
 *   8  0 lost, 1 heard, 2 unknown 14  zero
 *   9  number of the link         16  sequence
 *  10  interval (ms)              20  proof
 */
export const BEAT_BYTES = 28;
/** Offsets in bits from the UDP header, as nft's raw payload expressions count. */
export const BEAT_FIELDS = { cookie: 64, hearing: 128, timeout: 160 } as const;
export const COOKIE_BYTES = 8;
const PROOF = 20;

export function encodeBeat(beat: Beat): Uint8Array {
  const bytes = new Uint8Array(BEAT_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(beat.cookie.subarray(0, COOKIE_BYTES));
  view.setUint8(8, HEARINGS.indexOf(beat.hearing));
  view.setUint8(9, beat.link);
  view.setUint16(10, beat.everyMs);
  view.setUint16(12, beat.timeoutMs);
  view.setUint32(16, beat.sequence);
  bytes.set(beat.proof.subarray(0, BEAT_BYTES - PROOF), PROOF);
  return bytes;
}

export function decodeBeat(packet: Uint8Array): Beat | undefined {
  if (packet.length !== BEAT_BYTES) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return {
    cookie: packet.slice(0, COOKIE_BYTES),
    hearing: HEARINGS[view.getUint8(8)] ?? 'unknown',
    link: view.getUint8(9),
    everyMs: view.getUint16(10),
    timeoutMs: view.getUint16(12),
    sequence: view.getUint32(16),
    proof: packet.slice(PROOF),
  };
}

/** The cookie of a link: both ends can compute it from the secret of the site, and it outlives both. */
export const cookieOf = (link: number, mac: Mac): Uint8Array =>
  mac(new TextEncoder().encode(`relais/beat/1 link ${link}`)).slice(0, COOKIE_BYTES);

/**
 * What a box says to a concentrator before it was ever beaten: a beat that nobody sent and that proves nothing of the way
 * back. The far end takes it for an echo of nothing.
 */
export const encodeHello = (link: number, mac: Mac): Uint8Array =>
  encodeBeat({
    ...{ cookie: cookieOf(link, mac), hearing: 'unknown', link },
    ...{ everyMs: 0, timeoutMs: 0, sequence: 0, proof: new Uint8Array(BEAT_BYTES - PROOF) },
  });

export const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function startTlv(bytes: Uint8Array, length: number): DataView {
  const view = new DataView(bytes.buffer, TLV.at);
  view.setUint8(1, TLV.type);
  view.setUint16(2, length);
  return new DataView(bytes.buffer, TLV.at + TLV.headerBytes);
}

function tlvOf(packet: Uint8Array, length: number): DataView | undefined {
  if (packet.length !== TLV.at + TLV.headerBytes + length) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset + TLV.at);
  if (view.getUint8(1) !== TLV.type || view.getUint16(2) !== length) return undefined;
  return new DataView(packet.buffer, packet.byteOffset + TLV.at + TLV.headerBytes);
}

/** In a time that says nothing of where they differ. */
function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}
