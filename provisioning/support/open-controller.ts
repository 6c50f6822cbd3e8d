import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import mqtt from 'mqtt';
import { Fault } from '../../agent/model/fault.ts';
import {
  agentEndpoint,
  controllerEndpoint,
  controllerUsername,
  managementTopics,
} from '../../agent/model/management.ts';
import {
  type Body,
  type ErrorBody,
  type Notify,
  type RequestDraft,
  type Response,
  readMessage,
  readRecord,
  type UspMessage,
  writeMessage,
} from '../../agent/usp/wire/message.ts';
import { brokerOptions, type OperatorTls } from '../broker/broker-options.ts';

type ControllerSettings = {
  readonly host: string;
  readonly port: number;
  readonly tenant: string;
  /** Of the controller, as orders say it. */
  readonly name: string;
  readonly password: string;
  /** Mutual TLS; the password is not shown then. */
  readonly secure?: OperatorTls | undefined;
  /** A device tells something. It has its answer already. */
  readonly onNotify?: (device: string, notify: Notify) => void;
};

/** What came back: an answer, an error of TR-369, or nothing in time. */
export type Reply =
  | { readonly is: 'response'; readonly response: Response }
  | { readonly is: 'error'; readonly error: ErrorBody }
  | { readonly is: 'silence' };

/** A controller of USP over MQTT 5 (TR-369 1.4), for any number of devices of one operator. */
export type OpenController = { ask(device: string, request: RequestDraft): Promise<Reply>; close(): Promise<void> };

const PATIENCE = 10_000;
/** A question that changes nothing is asked again: a broker keeps nothing for a box that is just connecting. */
const ASK_AGAIN = 2_000;
/** What changes something is said once, and therefore only to a box that has been heard. */
const GREETING: RequestDraft = { getSupportedProtocol: { controllerSupportedProtocolVersions: '1.4' } };

/** @throws Fault `uplink.refused` when the broker does not take the name, the password or the subscription. */
export async function openController(settings: ControllerSettings): Promise<OpenController> {
  const { tenant, name, onNotify, ...broker } = settings;
  const username = controllerUsername(name);
  const client = mqtt.connect({ ...brokerOptions({ ...broker, username }), reconnectPeriod: 0 });
  const waiting = new Map<string, (reply: Reply) => void>();
  const from = controllerEndpoint(name);
  const listensOn = (device: string): string => managementTopics(tenant, device, username).toController;

  function publish(device: string, msgId: string, body: Body): void {
    const bytes = writeMessage({ from, to: agentEndpoint(device) }, msgId, body);
    const properties = { contentType: 'usp.msg', responseTopic: listensOn(device) };
    client.publish(managementTopics(tenant, device, username).toAgent, Buffer.from(bytes), { qos: 1, properties });
  }

  function hear(device: string, { header, body }: UspMessage): void {
    const msgId = header?.msgId ?? '';
    const notify = body?.request?.notify;
    if (notify !== undefined) {
      const notifyResp = { subscriptionId: notify.subscriptionId };
      if (notify.sendResp) publish(device, msgId, { response: { notifyResp } });
      return onNotify?.(device, notify);
    }
    const settle = waiting.get(`${device} ${msgId}`);
    if (body?.response) settle?.({ is: 'response', response: body.response });
    else if (body?.error) settle?.({ is: 'error', error: body.error });
  }

  client.on('message', (topic, payload) => {
    const device = topic.split('/').at(-1) ?? '';
    const record = readRecord(Uint8Array.from(payload));
    // The broker lets only that device write there; a record that says otherwise is nobody's.
    if (record?.fromId !== agentEndpoint(device) || record.noSessionContext === undefined) return;
    const message = readMessage(record.noSessionContext.payload);
    if (message !== undefined) hear(device, message);
  });
  await joined(client, listensOn('+'));

  const say = (device: string, request: RequestDraft): Promise<Reply> =>
    new Promise((done) => {
      const msgId = randomUUID();
      const key = `${device} ${msgId}`;
      const settle = (reply: Reply): void => {
        clearTimeout(patience);
        clearInterval(again);
        waiting.delete(key);
        done(reply);
      };
      const ask = (): void => publish(device, msgId, { request });
      const patience = setTimeout(() => settle({ is: 'silence' }), PATIENCE);
      const again = onlyReads(request) ? setInterval(ask, ASK_AGAIN) : undefined;
      waiting.set(key, settle);
      ask();
    });

  const met = new Set<string>();
  return {
    async ask(device, request) {
      if (!met.has(device) && !onlyReads(request)) {
        const greeted = await say(device, GREETING);
        if (greeted.is === 'silence') return greeted;
      }
      const reply = await say(device, request);
      if (reply.is === 'silence') met.delete(device);
      else met.add(device);
      return reply;
    },
    close: () => client.endAsync(),
  };
}

const onlyReads = ({ get, getInstances, getSupportedDm, getSupportedProtocol }: RequestDraft): boolean =>
  [get, getInstances, getSupportedDm, getSupportedProtocol].some((one) => one !== undefined);

async function joined(client: mqtt.MqttClient, topic: string): Promise<void> {
  const refused = (error: Error): Fault => new Fault('uplink.refused', { topic, why: error.message }, { cause: error });
  await new Promise<void>((done, fail) => {
    client.once('connect', () => {
      // Without this each question waits for Nagle's timer: 40 ms.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      client.subscribe(topic, { qos: 1 }, (error) => (error ? fail(refused(error)) : done()));
    });
    client.once('error', (error) => client.end(true, {}, () => fail(refused(error))));
    client.once('close', () => fail(refused(new Error('the broker closed the connection'))));
  });
}
