import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '../../agent/model/messages.ts';
import { openWire } from './mqtt-wire.ts';

type Witness = {
  readonly tenant: string;
  readonly device: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
};

const PACE_MS = 10;
const BEFORE = 100;
const AFTER = 400;

/**
 * Publishes again and again and waits for each acknowledgment: the longest wait before something is done to the broker,
 * and the longest afterwards, in ms.
 */
export async function probeBroker(
  witness: Witness,
  act: () => void,
): Promise<{ readonly usualMs: number; readonly deafMs: number }> {
  const { tenant, device, host, port, password } = witness;
  const on = topics(tenant, device);
  let taken: () => void = () => undefined;
  let up: () => void = () => undefined;
  const ready = new Promise<void>((done) => {
    up = done;
  });
  const settings = { host, port, username: device, password, filter: on.allDown, keepAliveSeconds: 60 };
  const wire = openWire(settings, (news) => {
    if (news.on === 'up') up();
    if (news.on === 'taken') taken();
  });
  await ready;
  const slowest = async (count: number): Promise<number> => {
    let most = 0;
    for (let index = 0; index < count; index += 1) {
      const began = performance.now();
      await new Promise<void>((done) => {
        taken = done;
        // Not a message that the central reads: it is the broker that is asked.
        wire.publish(on.telemetry, '{}');
      });
      most = Math.max(most, performance.now() - began);
      await pause(PACE_MS);
    }
    return Math.round(most);
  };
  const usualMs = await slowest(BEFORE);
  act();
  const deafMs = await slowest(AFTER);
  wire.close();
  return { usualMs, deafMs };
}
