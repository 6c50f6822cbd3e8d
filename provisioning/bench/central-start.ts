import { performance } from 'node:perf_hooks';
import { refoldAccount } from '../central/account-state.ts';
import { createCentralLoop } from '../central/central-loop.ts';
import { readMessage } from '../central/read-message.ts';
import { openStore, type StorePlace } from '../central/store/open-store.ts';
import type { World } from '../central/words.ts';
import { fail, freshPlace, leave } from './central-place.ts';
import { benchConfigs, benchWorld, busyBox, ENTRY } from './central-world.ts';

type Message = { readonly topic: string; readonly payload: string };
const ACCOUNTS = 60;
const LARGEST_ENVELOPE = 100;
/** The loop turns away what waits beyond a thousand messages. */
const AT_A_TIME = 500;

/** How long a central takes until it answers, with so many records held; `keep` leaves the store for another look. */
export async function measureStart(url: string, held: number, keep = false): Promise<readonly string[]> {
  const configs = benchConfigs(ACCOUNTS);
  const world = benchWorld(configs);
  const place = await freshPlace(url);
  const hellos = await fill(place, configs, world, Math.floor(held / ACCOUNTS));
  let answers = 0;
  const send = (): void => {
    answers += 1;
  };
  const began = performance.now();
  const store = await openStore(place, { accountOf: () => undefined, lost: fail });
  const opened = performance.now();
  const loop = createCentralLoop({ store, world: () => world, send, tell: () => {}, fail });
  const greet = async (some: readonly Message[]): Promise<number> => {
    for (const hello of some) loop.take(readMessage({ ...hello, now: 2 }, world.book));
    await loop.settled();
    return performance.now();
  };
  const answered = await greet(hellos.slice(0, 1));
  const all = await greet(hellos.slice(1));
  const folding = performance.now();
  for (const { account } of configs) await store.hold(account.id, (held) => refoldAccount(held, world));
  const folded = (performance.now() - folding).toFixed(0);
  await store.close();
  if (!keep) leave(place);
  const ms = (to: number): string => `${(to - began).toFixed(0)} ms`;
  return [
    `start with ${held} records in ${ACCOUNTS} accounts: open ${ms(opened)}, first box answered ${ms(answered)},`,
    `  folding all records from the first on, as every start did before there were snapshots: ${folded} ms`,
    `  every account loaded ${ms(all)} (${answers} answers)${keep ? `; kept: ${JSON.stringify(place)}` : ''}`,
  ];
}

async function fill(
  place: StorePlace,
  configs: ReturnType<typeof benchConfigs>,
  world: World,
  each: number,
): Promise<readonly Message[]> {
  const store = await openStore(place, { accountOf: () => undefined, lost: fail });
  const loop = createCentralLoop({ store, world: () => world, send: () => {}, tell: () => {}, fail });
  const hellos: Message[] = [];
  for (const config of configs) {
    loop.take({ on: 'account-changed', account: config.account.id, entry: ENTRY, now: 1 });
    const box = busyBox(config, world, each);
    loop.take(readMessage({ ...box.wish(), now: 1 }, world.book));
    for (let envelope = 0; envelope * LARGEST_ENVELOPE < box.bodies.length; envelope += 1) {
      const records = box.records(envelope * LARGEST_ENVELOPE + 1, LARGEST_ENVELOPE);
      loop.take(readMessage({ ...records, now: 1 }, world.book));
      if (envelope % AT_A_TIME === 0) await loop.settled();
    }
    await loop.settled();
    hellos.push(box.hello());
  }
  await store.close();
  return hellos;
}
