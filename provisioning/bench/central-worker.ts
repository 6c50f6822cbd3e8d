import { createCentralLoop } from '../central/central-loop.ts';
import { readMessage } from '../central/read-message.ts';
import { openStore, type StorePlace } from '../central/store/open-store.ts';
import { benchConfigs, benchWorld, ENTRY } from './central-world.ts';

/** One central in a process of its own; the parent is its broker. Started by central.ts with an IPC channel. */
type Order = { readonly place: StorePlace; readonly accounts: number };
type Delivered = { readonly topic: string; readonly payload: string };

const fail = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
};
const tell = (said: object): void => void process.send?.(said);

async function main({ place, accounts }: Order): Promise<void> {
  const configs = benchConfigs(accounts);
  const world = benchWorld(configs);
  const store = await openStore(place, { accountOf: (device) => world.book.get(device)?.account, lost: fail });
  const send = (topic: string, payload: string): void => tell({ topic, payload });
  const refused = { count: 0 };
  const loop = createCentralLoop({
    store,
    world: () => world,
    send,
    tell: ({ message }) => {
      if (message === 'record refused') refused.count += 1;
    },
    fail,
  });
  process.on('message', (message: Delivered | 'stop') => {
    if (message !== 'stop') return loop.take(readMessage({ ...message, now: Date.now() }, world.book));
    loop.forgetEarly();
    void loop
      .settled()
      .then(() => store.close())
      .then(() => process.send?.({ refused: refused.count }, () => process.exit(0)));
  });
  loop.learn(Object.fromEntries(configs.map(({ account }) => [account.id, ENTRY])), 1);
  await loop.settled();
  tell({ ready: true });
}

main(JSON.parse(process.argv[2] ?? '{}')).catch(fail);
