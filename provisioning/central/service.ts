import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { centralUsername } from '../broker/access-list.ts';
import { registryPaths } from '../registry/paths.ts';
import { type Registry, readRegistry, readSecret } from '../registry/registry.ts';
import { bookOf } from './book.ts';
import { createCentralLoop } from './central-loop.ts';
import { type LinkNews, type MqttLink, openMqttLink } from './mqtt-link.ts';
import type { NewsLine } from './news.ts';
import { readMessage } from './read-message.ts';
import { registryFingerprint, watchRegistry } from './registry-watch.ts';
import { describePlace, openStore, type StorePlace } from './store/open-store.ts';
import type { Witness } from './witness.ts';
import { openWitness } from './witness-key.ts';
import type { Book, World } from './words.ts';

type ServiceSettings = {
  readonly directory: string;
  readonly broker: { readonly host: string; readonly port: number };
  readonly store: StorePlace;
  /** Where the log goes, a JSON line each. */
  readonly log: { write(line: string): void };
};

type CentralService = {
  /** Rejects when the store failed: nothing was promised that is not kept, and the process must end. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
};

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What the service and the checks of its store judge by. */
export const worldOf = (book: Book, witness: Witness): World => ({ book, sha256hex, witness });

/** The central rating service on its broker, its store and its registry; one of several when they share the store. */
export async function openCentralService(settings: ServiceSettings): Promise<CentralService> {
  const { directory, broker, log } = settings;
  const logger = pino({ base: null }, log);
  const tell = ({ level, message, fields }: NewsLine): void => logger[level](fields, message);
  const password = readSecret(registryPaths(directory).centralSecret);
  const seen = registryFingerprint(directory);
  const registry = readRegistry(directory);
  const witness = openWitness(directory);
  let world = worldOf(bookOf(registry.configs), witness);
  const { failed, fail } = failure();
  const accountOf = (device: string): string | undefined => world.book.get(device)?.account;
  const store = await openStore(settings.store, { accountOf, lost: fail });
  logger.info({ at: describePlace(settings.store), instance: store.instance }, 'store opened');
  let link: MqttLink | undefined;
  const send = (topic: string, payload: string): void => link?.send(topic, payload);
  const loop = createCentralLoop({ store, world: () => world, send, tell, fail });

  function learn({ configs, accounts, writeOffs }: Registry): void {
    world = worldOf(bookOf(configs), witness);
    loop.learn(accounts, Date.now());
    for (const order of writeOffs) {
      const site = world.book.get(order.device);
      if (site !== undefined) loop.take({ on: 'written-off', site, order, now: Date.now() });
    }
  }

  function hear(news: LinkNews, why: string): void {
    logger[news === 'refused' ? 'warn' : 'info']({ why }, `broker ${news}`);
    if (news === 'connected') loop.take({ on: 'link-came-up', greeted: [], now: Date.now() });
  }

  // Caps and cycles come first: no device is answered before they are known.
  learn(registry);
  await loop.settled();
  link = openMqttLink({
    ...broker,
    username: centralUsername(store.instance),
    password,
    onMessage: (topic, payload) => loop.take(readMessage({ topic, payload, now: Date.now() }, world.book)),
    onNews: hear,
  });
  const watch = watchRegistry(directory, seen, learn, (error) =>
    logger.warn({ error: String(error) }, 'registry unreadable'),
  );
  return {
    failed,
    close: async () => {
      watch.close();
      await link?.close();
      loop.forgetEarly();
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
