import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { openIssuer } from '../authority/authority.ts';
import { centralUsername } from '../broker/access-list.ts';
import { createInbox } from '../hosts/inbox.ts';
import { type LineOrder, ordersByDevice, readLineOrders } from '../registry/line-orders.ts';
import { operatorTls } from '../registry/operator-tls.ts';
import { registryPaths } from '../registry/paths.ts';
import { latestConfigs, type Registry, readRegistry, readSecret } from '../registry/registry.ts';
import { suspensionsByAccount } from '../registry/suspensions.ts';
import { bookOf } from './book.ts';
import { createCentralLoop } from './central-loop.ts';
import { createCertificateDesk } from './certificate-desk.ts';
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
  /** `tls`: by the certificate of this central, else by its password in clear. */
  readonly broker: { readonly host: string; readonly port: number; readonly tls?: boolean };
  /** File with the key that signs boxes' next certificates, where the operator gives it to the central. */
  readonly issuingKey?: string | undefined;
  readonly store: StorePlace;
  /** Where files of host operators are put, a folder for each (U-5), and the folders of their formats. */
  readonly inbox: { readonly folder: string; readonly formats: readonly string[] } | undefined;
  /** Where the log goes, a JSON line each. */
  readonly log: { write(line: string): void };
};

type CentralService = {
  /** Rejects when the store failed: nothing was promised that is not kept, and the process must end. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
};

const INBOX_PACE = 2_000;

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What the service and the checks of its store judge by. */
export const worldOf = (book: Book, witness: Witness, orders: readonly LineOrder[] = []): World => ({
  ...{ book, sha256hex, witness },
  lineOrders: ordersByDevice(orders),
});

/** The central rating service on its broker, its store and its registry; one of several when they share the store. */
export async function openCentralService(settings: ServiceSettings): Promise<CentralService> {
  const { directory, broker, log } = settings;
  const logger = pino({ base: null }, log);
  const tell = ({ level, message, fields }: NewsLine): void => logger[level](fields, message);
  const password = readSecret(registryPaths(directory).centralSecret);
  const seen = registryFingerprint(directory);
  const registry = readRegistry(directory);
  const witness = openWitness(directory);
  const worldNow = ({ configs }: Registry): World => worldOf(bookOf(configs), witness, readLineOrders(directory));
  let world = worldNow(registry);
  const { failed, fail } = failure();
  const accountOf = (device: string): string | undefined => world.book.get(device)?.account;
  const store = await openStore(settings.store, { accountOf, lost: fail });
  logger.info({ at: describePlace(settings.store), instance: store.instance }, 'store opened');
  let link: MqttLink | undefined;
  const send = (topic: string, payload: string): void => link?.send(topic, payload);
  const loop = createCentralLoop({ store, world: () => world, send, tell, fail });

  const certificates = createCertificateDesk({
    ...{ directory, send, tell, book: () => world.book, now: () => Date.now() },
    issuer: settings.issuingKey === undefined ? undefined : openIssuer(directory, 'issuing', settings.issuingKey),
  });

  function learn(read: Registry): void {
    world = worldNow(read);
    loop.learn(read.accounts, Date.now());
    for (const order of read.writeOffs) {
      const site = world.book.get(order.device);
      if (site !== undefined) loop.take({ on: 'written-off', site, order, now: Date.now() });
    }
    tellAgain();
  }

  /** C-5, S-1, S-11: also what was ordered before, for a site that does not carry it out yet is told again. */
  function tellAgain(): void {
    const ofAccount = Object.entries(suspensionsByAccount(directory));
    for (const [account, suspensions] of ofAccount) {
      loop.take({ on: 'suspensions-changed', account, suspensions, now: Date.now() });
    }
    const withOrders = [...(world.lineOrders?.keys() ?? [])].flatMap((device) => accountOf(device) ?? []);
    for (const account of new Set(withOrders)) loop.take({ on: 'line-orders-changed', account, now: Date.now() });
  }

  function hear(news: LinkNews, why: string): void {
    logger[news === 'refused' ? 'warn' : 'info']({ why }, `broker ${news}`);
    if (news !== 'connected') return;
    loop.take({ on: 'link-came-up', greeted: [], now: Date.now() });
    // What was sent in between is lost.
    tellAgain();
  }

  // Caps and cycles come first: no device is answered before they are known.
  learn(registry);
  await loop.settled();
  const username = centralUsername(store.instance);
  link = openMqttLink({
    ...{ host: broker.host, port: broker.port, username, password },
    ...(broker.tls && { secure: operatorTls(directory, username, servernameAt(broker, registry)) }),
    onMessage: (topic, payload) =>
      certificates.hear(topic, payload) || loop.take(readMessage({ topic, payload, now: Date.now() }, world.book)),
    onNews: hear,
  });
  const watch = watchRegistry(directory, seen, learn, (error) =>
    logger.warn({ error: String(error) }, 'registry unreadable'),
  );
  const inbox = openInbox(settings, tell);
  return {
    failed,
    close: async () => {
      watch.close();
      await inbox?.close();
      await link?.close();
      loop.forgetEarly();
      await loop.settled();
      await store.close();
    },
  };
}

/** What the boxes were told that the broker on that port is called. */
const servernameAt = ({ host, port }: ServiceSettings['broker'], { configs }: Registry): string =>
  latestConfigs(configs).find(({ central }) => central.port === port && central.tls)?.central.tls?.servername ?? host;

/** Looks again and again, never twice at once. A fault of the store is told: the next look may go well. */
function openInbox(
  { inbox: wanted, store }: ServiceSettings,
  tell: (line: NewsLine) => void,
): { close(): Promise<void> } | undefined {
  if (wanted === undefined) return undefined;
  const inbox = createInbox({ ...wanted, store, tell, now: () => Date.now() });
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = last
      .then(() => inbox.look())
      .catch((error: unknown) =>
        tell({ level: 'warn', message: 'inbox unreadable', fields: { error: String(error) } }),
      );
  }, INBOX_PACE);
  return {
    close: () => {
      clearInterval(timer);
      return last;
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
