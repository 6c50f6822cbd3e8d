import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { CENTRAL_USERNAME } from '../broker/access-list.ts';
import { registryPaths } from '../registry/paths.ts';
import { type Registry, readRegistry, readSecret } from '../registry/registry.ts';
import { bookOf } from './book.ts';
import { openCentralLoop } from './central-loop.ts';
import { type LinkNews, type MqttLink, openMqttLink } from './mqtt-link.ts';
import type { NewsLine } from './news.ts';
import { readMessage } from './read-message.ts';
import { watchRegistry } from './registry-watch.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { openWitness } from './witness-key.ts';
import type { World } from './words.ts';

type ServiceSettings = {
  readonly directory: string;
  readonly broker: { readonly host: string; readonly port: number };
  readonly state: string;
  /** Where the log goes, a JSON line each. */
  readonly log: { write(line: string): void };
};

type CentralService = {
  /** Rejects when the store failed: nothing was promised that is not kept, and the process must end. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
};

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The central rating service on its broker, its store and its registry. */
export async function openCentralService({ directory, broker, state, log }: ServiceSettings): Promise<CentralService> {
  const logger = pino({ base: null }, log);
  const tell = ({ level, message, fields }: NewsLine): void => logger[level](fields, message);
  const password = readSecret(registryPaths(directory).centralSecret);
  const registry = readRegistry(directory);
  const witness = openWitness(directory);
  let world: World = { book: bookOf(registry.configs), sha256hex, witness };
  const { failed, fail } = failure();
  const store = await openSqliteStore(state);
  let link: MqttLink | undefined;
  const send = (topic: string, payload: string): void => link?.send(topic, payload);
  const loop = await openCentralLoop({ store, world: () => world, send, tell, fail });

  function learn({ configs, accounts, writeOffs }: Registry): void {
    world = { book: bookOf(configs), sha256hex, witness };
    for (const [account, entry] of Object.entries(accounts)) {
      loop.take({ on: 'account-changed', account, entry, now: Date.now() });
    }
    for (const order of writeOffs) {
      const site = world.book.get(order.device);
      if (site !== undefined) loop.take({ on: 'written-off', site, order, now: Date.now() });
    }
  }

  function hear(news: LinkNews, why: string): void {
    logger[news === 'refused' ? 'warn' : 'info']({ why }, `broker ${news}`);
    if (news === 'connected') loop.take({ on: 'link-came-up', now: Date.now() });
  }

  // Caps and cycles come first: no device is answered before they are known.
  learn(registry);
  await loop.settled();
  link = openMqttLink({
    ...broker,
    username: CENTRAL_USERNAME,
    password,
    onMessage: (topic, payload) => loop.take(readMessage({ topic, payload, now: Date.now() }, world.book)),
    onNews: hear,
  });
  const watch = watchRegistry(directory, learn, (error) =>
    logger.warn({ error: String(error) }, 'registry unreadable'),
  );
  return {
    failed,
    close: async () => {
      watch.close();
      await link?.close();
      await loop.settled();
      await store.close();
    },
  };
}

function failure(): { readonly failed: Promise<never>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_done, reject) => {
    fail = reject;
  });
  return { failed, fail };
}
