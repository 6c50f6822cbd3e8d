import { Socket } from 'node:net';
import mqtt from 'mqtt';
import { topics } from '../../agent/model/messages.ts';
import { brokerOptions, type OperatorTls } from '../broker/broker-options.ts';

export type LinkNews = 'connected' | 'disconnected' | 'refused';

type LinkSettings = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Mutual TLS; the password is not shown then. */
  readonly secure?: OperatorTls | undefined;
  readonly onMessage: (topic: string, payload: string) => void;
  readonly onNews: (news: LinkNews, why: string) => void;
};

export type MqttLink = { send(topic: string, payload: string): void; close(): Promise<void> };

/** MQTT 5, 4.8.2: each message goes to one of the centrals that share the subscription, whichever is there. */
const UP_TOPICS = `$share/relais-central/${topics('+', '+').allUp}`;
/** mqtt.js does not heed the broker's Receive Maximum when it sends; mosquitto's is 20. */
const WINDOW = 8;
/** More than this waits for nobody: each device asks again for what it misses. */
const QUEUE = 10_000;

/** MQTT 5, QoS 1, nothing kept of a session: a message is lost without harm, because only receipts count (U-7). */
export function openMqttLink({ onMessage, onNews, ...broker }: LinkSettings): MqttLink {
  const client = mqtt.connect({
    ...brokerOptions(broker),
    clean: true,
    // What goes to a central whose host died without a word is lost until the broker notices.
    keepalive: 10,
    reconnectPeriod: 1_000,
    connectTimeout: 10_000,
    queueQoSZero: false,
  });
  // Grown and shortened in place: a fleet that comes back at once makes it thousands long.
  let queue: { readonly topic: string; readonly payload: string }[] = [];
  let inFlight = 0;

  function pump(): void {
    while (client.connected && inFlight < WINDOW) {
      const next = queue.shift();
      if (next === undefined) return;
      inFlight += 1;
      client.publish(next.topic, next.payload, { qos: 1 }, () => {
        inFlight -= 1;
        pump();
      });
    }
  }

  client.on('connect', () => {
    // Without this each answer waits for Nagle's timer: 40 ms a message.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
    client.subscribe(UP_TOPICS, { qos: 1 }, (error) => {
      if (error) onNews('refused', error.message);
      else onNews('connected', UP_TOPICS);
    });
    pump();
  });
  client.on('message', (topic, payload) => onMessage(topic, payload.toString('utf8')));
  client.on('error', (error) => onNews('refused', error.message));
  client.on('close', () => {
    queue = [];
    onNews('disconnected', '');
  });

  return {
    send: (topic, payload) => {
      if (!client.connected || queue.length >= QUEUE) return;
      queue.push({ topic, payload });
      pump();
    },
    close: () => new Promise((done) => client.end(false, {}, () => done())),
  };
}
