import { canonical } from '../../agent/model/canonical.ts';
import { microEuro, ticks } from '../../agent/model/units.ts';

import { bookOf } from '../central/book.ts';
import { checkStore } from '../central/check.ts';
import { readLent } from '../central/lent.ts';
import { readOutageEvidence } from '../central/outages.ts';

import { type Report, readReport } from '../central/report.ts';
import { openCentralService, worldOf } from '../central/service.ts';
import { openStore, type StorePlace } from '../central/store/open-store.ts';
import { readUsage } from '../central/usage.ts';

import { openWitness } from '../central/witness-key.ts';
import { latestConfigs, readRegistry, WriteOffSchema, writeWriteOff } from '../registry/registry.ts';
import { DONE, FAILED, REFUSED, readArguments, readEndpoint, type Terminal } from './command.ts';
import { outagesLine } from './rate/read-outages.ts';

const HELP = `relais central: the central rating service

  relais central --directory D --broker HOST:PORT --state DIR
      Runs the service on the registry D, with its store in DIR. Logs one JSON line per event.
  relais central report --state DIR [--json]
      Shows what the store holds, beside a running service or without it.
  relais central write-off DEVICE EPOCH --by NAME --why TEXT --directory D --state DIR
      Gives up what a lost epoch still holds: a running service frees it for the other sites of the account, and keeps
      who and why. Should the box speak again, what it spends of it is beyond the cap.
  relais central usage ACCOUNT --directory D --state DIR
      The uses that the account's sites recorded, one JSON object a line: what relais rate reads.
  relais central outages ACCOUNT --directory D --state DIR
      The outages that the boxes of the account saw, one JSON object a box: relais rate statement --outages reads it.
  relais central check --directory D --state DIR
      Makes every hash and every account anew from the first record on, and holds the snapshots against them.

With DATABASE_URL (postgresql://USER:PASSWORD@HOST:5432/DATABASE) in the environment the store is that database, and
--state is not read. Then the service may be started several times, up to eight: the instances share the work.`;

const SUBCOMMANDS: ReadonlySet<string> = new Set(['usage', 'outages', 'check', 'write-off']);

type Wish = { readonly directory: string; readonly store: StorePlace };

/** @param databaseUrl the environment's DATABASE_URL; empty or undefined: the store is SQLite. */
export async function central(
  argv: readonly string[],
  terminal: Terminal,
  databaseUrl = process.env.DATABASE_URL,
): Promise<number> {
  const read = readArguments(argv, ['directory', 'broker', 'state', 'by', 'why'], ['json']);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const { directory, broker, state } = read.values;
  const [subcommand, ...words] = read.words;
  const store = placeOf(databaseUrl, state);
  if (store === undefined) return refuse(terminal, '--state is missing: where is the store?');
  if (subcommand === 'report') return report(store, read.flags.has('json'), terminal);
  if (subcommand !== undefined && !SUBCOMMANDS.has(subcommand)) {
    return refuse(terminal, `no such subcommand: ${subcommand}`);
  }
  if (directory === undefined) return refuse(terminal, '--directory is missing: where is the registry?');
  if (subcommand === 'usage' || subcommand === 'outages')
    return listOf(subcommand, words, { directory, store }, terminal);
  if (subcommand === 'check') return check({ directory, store }, terminal);
  if (subcommand === 'write-off') return writeOff(words, { ...read.values, directory, store }, terminal);
  const endpoint = broker === undefined ? undefined : readEndpoint(broker);
  if (endpoint === undefined) return refuse(terminal, `--broker ${broker ?? '(missing)'}: write HOST:PORT`);
  return serve({ directory, store }, endpoint, terminal);
}

function placeOf(url: string | undefined, directory: string | undefined): StorePlace | undefined {
  if (url !== undefined && url !== '') return { kind: 'postgres', url };
  return directory === undefined ? undefined : { kind: 'sqlite', directory };
}

async function serve(wish: Wish, broker: { host: string; port: number }, { out, stopped }: Terminal): Promise<number> {
  const service = await openCentralService({ ...wish, broker, log: { write: (line) => out(line.trimEnd()) } });
  try {
    await Promise.race([stopped(), service.failed]);
  } finally {
    await service.close();
  }
  return DONE;
}

async function report(store: StorePlace, json: boolean, terminal: Terminal): Promise<number> {
  const read = await readReport(store);
  if (read === undefined) return refuse(terminal, noStore(store));
  if (json) terminal.out(canonical(read));
  else for (const line of linesOf(read)) terminal.out(line);
  return DONE;
}

type Giving = { readonly directory: string; readonly store: StorePlace; readonly by?: string; readonly why?: string };

/** C-3: the order lies in the registry, where the running service finds it; the same words again change nothing. */
async function writeOff(
  [device, epoch, ...more]: readonly string[],
  { directory, store, by, why }: Giving,
  terminal: Terminal,
): Promise<number> {
  if (device === undefined || epoch === undefined || more.length > 0)
    return refuse(terminal, 'write-off: name one device and one epoch of it');
  if (by === undefined || why === undefined)
    return refuse(terminal, 'write-off: --by NAME and --why TEXT are kept with it; both must be there');
  const lent = await readLent(store, device, epoch);
  if (lent === undefined) return refuse(terminal, noStore(store));
  if (lent.size === 0) {
    return refuse(terminal, `${device} ${epoch}: nothing was lent to this epoch; see relais central report`);
  }
  const read = WriteOffSchema.safeParse({ id: `${device}-${epoch}-${lent.size}`, device, epoch, by, why });
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(terminal, `write-off: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  writeWriteOff(directory, read.data);
  terminal.out(`gave up what epoch ${epoch} of ${device} still holds of ${lent.size} leases, by ${by}: ${why}`);
  return DONE;
}

async function listOf(
  what: 'usage' | 'outages',
  [account, ...more]: readonly string[],
  { directory, store }: Wish,
  terminal: Terminal,
): Promise<number> {
  if (account === undefined || more.length > 0) return refuse(terminal, `${what}: name one account`);
  const registry = readRegistry(directory);
  const configs = latestConfigs(registry.configs);
  const lines =
    what === 'usage'
      ? (await readUsage(store, account, configs))?.map((use) => JSON.stringify(use))
      : (await readOutageEvidence(store, account, configs))?.map((seen) => outagesLine(...seen));
  if (lines === undefined) return refuse(terminal, noStore(store));
  if (registry.accounts[account] === undefined) {
    return refuse(
      terminal,
      `${account}: no such account; known: ${Object.keys(registry.accounts).join(', ') || 'none'}`,
    );
  }
  for (const line of lines) terminal.out(line);
  return DONE;
}

/** Takes each account for as long as it is checked: beside a running service with PostgreSQL, instead of it with SQLite. */
async function check({ directory, store: place }: Wish, { out }: Terminal): Promise<number> {
  const world = worldOf(bookOf(readRegistry(directory).configs), openWitness(directory));
  const accountOf = (device: string): string | undefined => world.book.get(device)?.account;
  const store = await openStore(place, { accountOf, lost: () => {} });
  let agree = true;
  try {
    for await (const { account, records, snapshotAgrees } of checkStore(store, world)) {
      agree &&= snapshotAgrees;
      out(`account ${account}: ${records} records hold together, snapshot ${snapshotAgrees ? 'agrees' : 'is WRONG'}`);
    }
  } finally {
    await store.close();
  }
  return agree ? DONE : FAILED;
}

const linesOf = ({ devices, accounts, charges }: Report): readonly string[] => [
  ...accounts.map(
    ({ account, capMicroEuro, cycle }) => `account ${account}: cap ${capMicroEuro} micro-euro, cycle ${cycle}`,
  ),
  ...devices.map(
    (d) =>
      `device ${d.device}: ${d.received} records, ${d.charges} charges, ${microEuro(ticks(d.ticks))} micro-euro; ` +
      `granted ${microEuro(ticks(d.grantedTicks))} micro-euro and ${d.grantedBundleSeconds} s, ` +
      `returned ${microEuro(ticks(d.returnedTicks))} micro-euro and ${d.returnedBundleSeconds} s`,
  ),
  ...charges.map(
    (c) =>
      `charge ${c.device} ${c.seq}: ${c.called} (${c.class}), ${c.bundleSeconds} s of the bundle, ${c.paidSeconds} s paid, ` +
      `${microEuro(ticks(c.ticks))} micro-euro, ${c.rule}, ${c.article}${c.held ? ', held back: disputed record' : ''}`,
  ),
];

const noStore = (store: StorePlace): string =>
  store.kind === 'sqlite'
    ? `--state ${store.directory}: no central has run there yet`
    : 'DATABASE_URL: no central has run on that database yet';

function refuse({ err }: Terminal, why: string): number {
  err(`relais central: ${why}`);
  err('See relais central --help');
  return REFUSED;
}
