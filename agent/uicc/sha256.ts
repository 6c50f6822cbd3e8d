import type { Bytes } from './bytes.ts';

/** FIPS 180-4 6.2, for the hash of a confirmation code: a pure room has no `node:crypto`. */
export function sha256(message: Bytes): Bytes {
  const state = Uint32Array.from(START);
  const padded = pad(message);
  for (let at = 0; at < padded.length; at += 64) mixBlock(state, new DataView(padded.buffer, at, 64));
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => {
    digest.setUint32(4 * at, word);
  });
  return new Uint8Array(digest.buffer);
}

function pad(message: Bytes): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
  return padded;
}

function mixBlock(state: Uint32Array, block: DataView): void {
  const words = new Uint32Array(64);
  for (let t = 0; t < 16; t += 1) words[t] = block.getUint32(4 * t);
  const word = (t: number): number => words[t] ?? 0;
  for (let t = 16; t < 64; t += 1) {
    const low = turn(word(t - 15), 7) ^ turn(word(t - 15), 18) ^ (word(t - 15) >>> 3);
    const high = turn(word(t - 2), 17) ^ turn(word(t - 2), 19) ^ (word(t - 2) >>> 10);
    words[t] = word(t - 16) + low + word(t - 7) + high;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t += 1) {
    const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[t] ?? 0) + word(t);
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => {
    state[at] = (state[at] ?? 0) + value;
  });
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** FIPS 180-4 4.2.2 and 5.3.3: the first 32 bits behind the point of the roots of the first primes. */
const PRIMES = Array.from({ length: 312 }, (_, at) => at).filter(
  (n) => n > 1 && Array.from({ length: n }, (_, d) => d).every((d) => d < 2 || n % d !== 0),
);
const ROUNDS = PRIMES.slice(0, 64).map((prime) => rootBits(prime, 3n));
const START = PRIMES.slice(0, 8).map((prime) => rootBits(prime, 2n));

/** The largest whole number whose power is not above prime * 2^(32 * power), without what stands before the point. */
function rootBits(prime: number, power: bigint): number {
  const goal = BigInt(prime) << (32n * power);
  let low = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((low + bit) ** power <= goal) low += bit;
  return Number(low & 0xffff_ffffn);
}
