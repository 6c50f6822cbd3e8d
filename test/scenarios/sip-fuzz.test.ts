import { describe, expect, it } from 'vitest';
import { hours, millis } from '../../agent/model/units.ts';
import { seededFractions } from '../../hw-sim/kernel/seeded-random.ts';
import { ACK, BUSY, BYE, CANCEL, FAR_BYE, INVITE, OK, RINGING } from '../agent/sip/sample.ts';
import { bench, request } from './sip-bench.ts';

/** A million by hand: SIP_FUZZ=1000000 npx vitest run test/scenarios/sip-fuzz.test.ts */
const DATAGRAMS = Number(process.env.SIP_FUZZ ?? 15_000);

const text = new TextDecoder('latin1');
const SAID = [INVITE, RINGING, OK, BUSY, ACK, BYE, FAR_BYE, CANCEL].map((bytes) => text.decode(bytes));
const NUMBERS = ['0612345678', '112', '0021620123456', '+33172890001', '3900', '0881', ''];

describe('Q-3, V-1: datagrams that are wrong in every way', () => {
  it(`${DATAGRAMS} of them: none breaks the agent, no state stays, and an emergency call passes afterwards`, {
    timeout: 1_200_000,
  }, () => {
    const { site, add, of, toNetwork, toPhone } = bench({ channels: 20 });
    const random = seededFractions(26);
    const below = (bound: number): number => Math.floor(random() * bound);
    const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
    let highest = 0;
    for (let count = 0; count < DATAGRAMS; count += 1) {
      const callId = random() < 0.8 ? `k${below(60)}` : `new${count}`;
      const whole = pick(SAID)
        .replaceAll('c1@192.168.10.10', callId)
        .replaceAll('0612345678', pick(NUMBERS))
        .replaceAll('z9hG4bK-', `z9hG4bK-${below(8)}`);
      add(random() < 0.5 ? 'phone' : 'network', damaged(whole, below, random));
      site.clock.advance(millis(below(40)));
      highest = Math.max(highest, site.clock.queued());
      toNetwork.length = 0;
      toPhone.length = 0;
    }
    // Refused calls linger for a minute, and what the network says is not policed: some thousands at most.
    expect(highest).toBeLessThan(20_000);
    site.clock.advance(hours(14));
    const admitted = of('call-admitted').map(({ call }) => call);
    const ended = new Set(of('call-ended').map(({ call }) => call));
    expect(admitted.length).toBeGreaterThan(50);
    expect(admitted.filter((call) => !ended.has(call))).toEqual([]);
    expect(site.clock.queued()).toBeLessThan(100);
    const invite = request('INVITE', 'sip:112@203.0.113.10', { callId: 'help' });
    add('phone', invite);
    expect(toNetwork).toContain(invite);
  });
});

/** Octets changed, taken out and doubled, or the whole cut short; every second datagram is left as it is. */
function damaged(whole: string, below: (bound: number) => number, random: () => number): string {
  let bytes = whole;
  for (let wounds = Math.max(0, below(16) - 8); wounds > 0; wounds -= 1) {
    const at = below(bytes.length);
    const kind = random();
    if (kind < 0.5) bytes = bytes.slice(0, at) + String.fromCharCode(below(256)) + bytes.slice(at + 1);
    else if (kind < 0.7) bytes = bytes.slice(0, at) + bytes.slice(at + below(20));
    else if (kind < 0.9) bytes = bytes.slice(0, at) + bytes.slice(Math.max(0, at - below(200)));
    else bytes = bytes.slice(0, at);
  }
  return bytes;
}
