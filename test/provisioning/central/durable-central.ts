import { canonical } from '../../../agent/model/canonical.ts';
import { refoldAccount } from '../../../provisioning/central/account-state.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { type CentralLoop, createCentralLoop } from '../../../provisioning/central/central-loop.ts';
import { readMessage } from '../../../provisioning/central/read-message.ts';
import type { CentralStore } from '../../../provisioning/central/store/central-store.ts';
import { openStore, type StorePlace } from '../../../provisioning/central/store/open-store.ts';
import type { CentralState, World } from '../../../provisioning/central/words.ts';
import { account, NOW, world } from './central.ts';
import { createSite, type Site, start } from './site.ts';

export type Running = {
  readonly loop: CentralLoop;
  readonly sent: CentralMessage[];
  readonly store: CentralStore;
  readonly told: string[];
};

const fail = (error: unknown): void => {
  throw error;
};

export const open = (place: StorePlace): Promise<CentralStore> =>
  openStore(place, { accountOf: (device) => world.book.get(device)?.account, lost: fail });

export async function run(place: StorePlace): Promise<Running> {
  const store = await open(place);
  const sent: CentralMessage[] = [];
  const told: string[] = [];
  const send = (topic: string, payload: string): void => void sent.push({ topic, payload });
  const tell = ({ message }: { message: string }): void => void told.push(message);
  return { loop: createCentralLoop({ store, world: () => world, send, tell, fail }), sent, store, told };
}

/** The account from its first record on, whatever anybody remembers of it. */
export async function refolded(store: CentralStore, by: World = world, atATime?: number): Promise<CentralState> {
  return (await store.hold(account, (held) => refoldAccount(held, by, atATime))).state;
}

export const take = async ({ loop }: Running, message: CentralMessage): Promise<void> => {
  loop.take(readMessage({ ...message, now: NOW }, world.book));
  await loop.settled();
};

const openAccount = (capMicroEuro: number, cycle: number) =>
  ({ on: 'account-changed', account, entry: { capMicroEuro, cycle }, now: NOW }) as const;

/** Two sites that borrow, talk, give back and send, as the messages that they would send. */
export function story(): {
  readonly sites: readonly Site[];
  readonly steps: readonly ((running: Running) => Promise<void>)[];
} {
  const sites = [createSite('relais-0001'), createSite('relais-0002')];
  const perSite = sites.flatMap((site) => {
    const hear = async (running: Running, message: CentralMessage): Promise<void> => {
      const before = running.sent.length;
      await take(running, message);
      for (const answer of running.sent.slice(before)) site.hear(answer);
    };
    return [
      async (running: Running) => {
        start(site);
        await take(running, site.hello());
      },
      (running: Running) => hear(running, site.wish('one', 600_000_000, 1_800)),
      (running: Running) => {
        site.call('one', '0172345678', 3_000);
        site.call('two', '0612345678', 61);
        return take(running, site.records(1, 5));
      },
      (running: Running) => take(running, site.records(4, 100)),
      (running: Running) => {
        site.giveBack(site.account().leases[0]?.id ?? '');
        return take(running, site.records(1, 100));
      },
      (running: Running) => hear(running, site.wish('two', 600_000_000, 1_800)),
      (running: Running) => {
        const forged = canonical({ ...JSON.parse(site.bodies[0] ?? ''), salt: 'f'.repeat(32) });
        const message = { device: site.device, epoch: site.epoch, from: 1, bodies: [forged] };
        return take(running, { topic: site.records(1, 1).topic, payload: canonical(message) });
      },
    ];
  });
  const opened = [
    async ({ loop }: Running) => {
      loop.take(openAccount(40_000_000, 1));
      await loop.settled();
    },
  ];
  const renewed = [
    async ({ loop }: Running) => {
      loop.take(openAccount(30_000_000, 2));
      await loop.settled();
    },
  ];
  return { sites, steps: [...opened, ...perSite, ...renewed, ...perSite.slice(5, 6)] };
}
