import { describe, expect, it } from 'vitest';
import { readIfp } from '../../../../agent/fax/t38/read-ifp.ts';
import { stepReceiver } from '../../../../agent/fax/t38/receiver.ts';
import { startReceiver } from '../../../../agent/fax/t38/receiver-state.ts';
import { millis } from '../../../../agent/model/units.ts';
import { unhex } from './hex.ts';

const PACKETS = 1_000_000;

/** True datagrams to begin from: redundancy, parity, long and short packets. */
const SEEDS = [
  '0000 01 06 00 00',
  '0005 09 c0 01 80 0003 01080f16 00 02 01 06 01 00',
  '0009 01 06 80 01 03 02 01 02 01 06',
  `0100 3b d0 01 e0 0035 ${'a5'.repeat(54)} 00 01 3b d0 01 e0 0035 ${'5a'.repeat(54)}`,
  'fffe 03 c0 01 40 00 03 01 06 02 2000 01 00',
  `2000 80 85 d0 01 80 0080 ${'11'.repeat(129)} 00 00`,
].map(unhex);

/** Cheap uniform octets, the same each time (linear congruence; its high bits). */
function createDice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 8) * sides) >>> 24;
  };
}

/** Random octets one time in four, else a true datagram with a few octets changed, cut or lengthened. */
function nextPacket(dice: (sides: number) => number, count: number): Uint8Array {
  if (dice(4) === 0) {
    const noise = new Uint8Array(dice(48));
    for (let at = 0; at < noise.length; at += 1) noise[at] = dice(256);
    return noise;
  }
  const packet = (SEEDS[dice(SEEDS.length)] ?? SEEDS[0] ?? unhex('00')).slice();
  packet.set([(count >> 8) & 0xff, count & 0xff]);
  for (let changes = dice(4); changes > 0; changes -= 1) packet[dice(packet.length)] = dice(256);
  const cut = dice(8);
  if (cut === 0) return packet.subarray(0, dice(packet.length));
  return cut === 1 ? Uint8Array.of(...packet, dice(256), dice(3)) : packet;
}

describe('a million packets of noise (X-1)', () => {
  it('X-1: crash nothing, stop nothing and fill nothing', () => {
    const dice = createDice(20_261_122);
    const rules = { version: 0, patience: millis(100) } as const;
    let receiver = startReceiver();
    let delivered = 0;
    let unread = 0;
    let most = 0;
    for (let count = 0; count < PACKETS; count += 1) {
      const octets = nextPacket(dice, count >> 2);
      const [after, effects] = stepReceiver(receiver, { on: 'datagram-heard', octets, now: millis(count * 5) }, rules);
      receiver = after;
      for (const effect of effects) {
        if (effect.do !== 'deliver') continue;
        delivered += 1;
        if (readIfp(effect.octets, count & 1 ? 3 : 0).packet === undefined) unread += 1;
      }
      most = Math.max(most, receiver.held.length + receiver.recent.length + receiver.groups.length);
    }
    expect(most).toBeLessThanOrEqual(256 + 64 + 32);
    expect(delivered).toBeGreaterThan(100_000);
    expect(unread).toBeGreaterThan(1_000);
    expect(receiver.counts.ignored).toBeGreaterThan(100_000);
    expect(receiver.counts.delivered).toBeGreaterThanOrEqual(delivered);
  }, 120_000);
});
