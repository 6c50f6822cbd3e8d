/**
 * The box in front of a line whose rate falls, for the bench `qos`: the real plane, the real probes' pace, and the real rule that
 * follows what they tell. It must run in the namespace of the box; the far end of its probes in that of the operator.
 *
 *   node qos-follow.js echo ADDRESS
 *   node qos-follow.js box KBPS follow|stay
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { millis } from '../../agent/model/units.ts';
import type { LinkCounter } from '../../agent/ports/counters.ts';
import { createRateFollow } from '../../agent/runtime/rate-follow.ts';
import { createTurns } from '../../agent/runtime/turns.ts';
import { OPERATOR } from './qos/line.ts';
import { openBox, planeOf } from './qos/ways.ts';

const PORT = 8_700;
const PACE_MS = 20;
const PATIENCE_MS = 1_000;
const [role, first = '', second] = process.argv.slice(2);

/** Octets that passed the link, as the kernel counts them in this namespace. */
function carried(device: string): LinkCounter {
  const line = readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .find((one) => one.trim().startsWith(`${device}:`));
  const [down = 0, , , , , , , , up = 0] = (line?.split(':')[1] ?? '').trim().split(/\s+/).map(Number);
  return { life: '1', up, down };
}

async function box(kbps: number, follows: boolean): Promise<void> {
  const clock = systemClock();
  const calls = ['PCMA'];
  const plane = planeOf(kbps, 4, 'mobile');
  const links = plane.links.map(({ name, upKbps, downKbps }) => ({
    ...{ name, upKbps, downKbps, kind: 'mobile' as const, role: 'main' as const, use: 'shared' as const },
  }));
  const network = await openBox(plane, calls);
  const follow = createRateFollow({
    config: { links },
    ports: { clock, counters: { read: (done) => done(new Map([['main', carried('wan1')]])) } },
    turns: createTurns(),
    traffic: { rate: (name, rate) => network.adapt?.({ calls, rates: { [name]: rate } }, () => undefined) },
    callsOn: () => 1,
  });
  const socket = createSocket('udp4');
  const open = new Map<number, number>();
  socket.on('message', (bytes) => {
    const sequence = bytes.readUInt32BE(0);
    const asked = open.get(sequence);
    open.delete(sequence);
    if (asked !== undefined) follow.answered('main', sequence, millis(performance.now() - asked));
  });
  socket.bind(plane.links[0]?.probePort);
  let sequence = 0;
  setInterval(() => {
    if (!follows) return;
    sequence += 1;
    const asked = sequence;
    const packet = Buffer.alloc(44);
    packet.writeUInt32BE(asked, 0);
    open.set(asked, performance.now());
    follow.asked('main', asked);
    socket.send(packet, PORT, OPERATOR, () => undefined);
    setTimeout(() => open.delete(asked) && follow.lost('main', asked), PATIENCE_MS);
  }, PACE_MS);
}

function echo(address: string): void {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address, () => undefined));
  socket.bind(PORT, address);
}

if (role === 'echo') echo(first);
else await box(Number(first), second === 'follow');
process.on('message', () => undefined);
process.send?.('ready');
