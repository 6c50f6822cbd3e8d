import { setTimeout as pause } from 'node:timers/promises';
import type { UplinkSettings } from '../../../agent/edge/broker-client.ts';
import { createMqttUplink } from '../../../agent/edge/mqtt-uplink.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { ByteCounter } from './byte-counter.ts';

/** IP bytes both ways, with TCP, TLS where there is any, and acknowledgments. */
export type WireCost = {
  /** From the SYN until the box has its subscription. */
  readonly connection: number;
  readonly ping: number;
  /** A message of QoS 1 and its answer, beyond topic and payload. */
  readonly message: number;
};

const PING = seconds(2);
const PINGS = 5;
const MESSAGES = 20;
const PAYLOAD = 'x'.repeat(200);
/** The delayed acknowledgment of TCP goes by itself, as it does between messages of an idle box. */
const APART = 300;

/** The agent's own uplink on the operator's broker, and what each thing that it does takes. */
export async function measureWire(settings: UplinkSettings, topic: string, counter: ByteCounter): Promise<WireCost> {
  const uplink = createMqttUplink(settings, systemClock(), systemRandom(), (error) => {
    throw error;
  });
  uplink.keepAlive?.(PING);
  const before = counter.read();
  await new Promise<void>((joined) => uplink.open(({ on }) => on === 'connected' && joined()));
  await pause(PING / 2);
  const connected = counter.read();
  await pause(PING * PINGS);
  const pinged = counter.read();
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    const taken = await new Promise<boolean>((done) => uplink.publish(topic, PAYLOAD, done));
    if (!taken) throw new Error(`the broker refuses ${topic}`);
    await pause(APART);
  }
  const said = counter.read();
  await new Promise<void>((done) => uplink.close(done));
  return {
    connection: connected - before,
    ping: Math.ceil((pinged - connected) / PINGS),
    message: Math.ceil((said - pinged) / MESSAGES) - topic.length - PAYLOAD.length,
  };
}
