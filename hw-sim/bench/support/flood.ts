import mqtt from 'mqtt';
import {
  agentEndpoint,
  controllerEndpoint,
  controllerUsername,
  managementTopics,
} from '../../../agent/model/management.ts';
import { writeMessage } from '../../../agent/usp/wire/message.ts';
import type { ManagedBox } from './managed-box.ts';

export type Flood = { end(): Promise<{ readonly sent: number; readonly answers: number }> };

const TICK = 10;
const REQUESTS = [
  { get: { paramPaths: ['Device.'], maxDepth: 0 } },
  { set: { allowPartial: false, updateObjs: [setName('a')] } },
  { set: { allowPartial: false, updateObjs: [setName('b')] } },
  { get: { paramPaths: ['Device.Cellular.'], maxDepth: 0 } },
] as const;

/** A controller that waits for nothing: `rate` messages a second, the whole model and changes by turns. */
export async function openFlood(box: ManagedBox, name: string, rate: number): Promise<Flood> {
  const { tenant, device } = box.config;
  const username = controllerUsername(name);
  const { toAgent, toController } = managementTopics(tenant, device.id, username);
  const broker = { host: '127.0.0.1', port: box.uplink.port, protocolVersion: 5, reconnectPeriod: 0 } as const;
  const client = mqtt.connect({ ...broker, username, clientId: username, password: box.secretOf(name) });
  await new Promise<void>((done, fail) => client.once('connect', () => done()).once('error', fail));
  let [sent, answers] = [0, 0];
  client.on('message', () => {
    answers += 1;
  });
  await client.subscribeAsync(toController, { qos: 0 });
  const ends = { from: controllerEndpoint(name), to: agentEndpoint(device.id) };
  const began = performance.now();
  const timer = setInterval(() => {
    for (const due = ((performance.now() - began) * rate) / 1_000; sent < due; sent += 1) {
      const request = REQUESTS[sent % REQUESTS.length];
      if (request === undefined) continue;
      const bytes = Buffer.from(writeMessage(ends, `flood-${sent}`, { request }));
      client.publish(toAgent, bytes, {
        ...{ qos: 0, properties: { contentType: 'usp.msg', responseTopic: toController } },
      });
    }
  }, TICK);
  return {
    async end() {
      clearInterval(timer);
      await client.endAsync(true);
      return { sent, answers };
    },
  };
}

function setName(value: string) {
  const paramSettings = [{ param: 'FriendlyName', value, required: true }];
  return { objPath: 'Device.DeviceInfo.', paramSettings };
}
