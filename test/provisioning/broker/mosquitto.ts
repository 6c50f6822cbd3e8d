import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import mqtt, { type MqttClient } from 'mqtt';

export type Broker = { stop(): Promise<void>; reload(): void; readonly said: () => string };

/** A real Mosquitto on the given configuration; answers once it says that it runs. */
export async function startMosquitto(configuration: string): Promise<Broker> {
  const child = spawn('mosquitto', ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8');
  await new Promise<void>((done, fail) => {
    child.stderr.on('data', (text: string) => {
      said += text;
      if (said.includes('running')) done();
    });
    child.once('exit', (code) => fail(new Error(`mosquitto ended with ${code}: ${said}`)));
  });
  child.removeAllListeners('exit');
  return { stop: () => stop(child), reload: () => child.kill('SIGHUP'), said: () => said };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export type Peer = {
  readonly client: MqttClient;
  readonly heard: readonly { readonly topic: string; readonly payload: string }[];
  /** Publishes with QoS 1 and answers the broker's reason code; 0 is success. */
  publish(topic: string, payload: string): Promise<number>;
  subscribe(filter: string): Promise<void>;
  /** Answers when `count` messages have come. */
  hears(count: number): Promise<void>;
  end(): Promise<void>;
};

type Credentials = {
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
  /** Mutual TLS: the certificate and its key, and whom to believe. */
  readonly secure?: {
    readonly roots: string;
    readonly identity?: string;
    readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';
    readonly ciphers?: string;
  };
  readonly will?: { readonly topic: string; readonly payload: string };
};

/** Rejects with the broker's own words when the connection is refused. */
export async function connectPeer({ port, secure, will, ...credentials }: Credentials): Promise<Peer> {
  const client = mqtt.connect({
    ...{ host: '127.0.0.1', port, protocolVersion: 5, reconnectPeriod: 0, ...credentials },
    ...(secure && tlsOf(secure)),
    ...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: false } }),
  });
  await new Promise<void>((done, fail) => {
    client.once('connect', () => done());
    client.once('error', (error) => client.end(true, {}, () => fail(error)));
    // With TLS 1.3 a client has finished before the broker has looked at its certificate.
    client.once('close', () => client.end(true, {}, () => fail(new Error('the broker ended the connection'))));
  });
  const heard: { topic: string; payload: string }[] = [];
  const listeners = new Set<() => void>();
  client.on('message', (topic, payload) => {
    heard.push({ topic, payload: payload.toString('utf8') });
    for (const listener of listeners) listener();
  });
  return {
    client,
    heard,
    publish: (topic, payload) =>
      new Promise((done) => {
        client.publish(topic, payload, { qos: 1 }, (error) => done(reasonOf(error)));
      }),
    subscribe: async (filter) => {
      await client.subscribeAsync(filter, { qos: 1 });
    },
    hears: (count) =>
      new Promise((done) => {
        const look = (): void => {
          if (heard.length < count) return;
          listeners.delete(look);
          done();
        };
        listeners.add(look);
        look();
      }),
    end: () => client.endAsync(),
  };
}

const tlsOf = ({ roots, identity, ...more }: NonNullable<Credentials['secure']>) => ({
  ...{ protocol: 'mqtts' as const, ca: roots, ...more },
  ...(identity === undefined ? {} : { key: identity, cert: identity }),
  ...(more.maxVersion === undefined ? {} : { minVersion: more.maxVersion }),
});

function reasonOf(error: unknown): number {
  if (error === undefined || error === null) return 0;
  if (typeof error === 'object' && 'code' in error && typeof error.code === 'number') return error.code;
  throw error;
}
