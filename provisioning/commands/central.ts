import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../agent/model/canonical.ts';
import { microEuro, ticks } from '../../agent/model/units.ts';
import { readLent } from '../central/lent.ts';
import { type Report, readReport } from '../central/report.ts';
import { openCentralService } from '../central/service.ts';
import { CENTRAL_FILE } from '../central/sqlite-schema.ts';
import { readUsage } from '../central/usage.ts';
import { latestConfigs, readRegistry, WriteOffSchema, writeWriteOff } from '../registry/registry.ts';
import { DONE, REFUSED, readArguments, readEndpoint, type Terminal } from './command.ts';

const HELP = `relais central: the central rating service

  relais central --directory D --broker HOST:PORT --state DIR
      Runs the service on the registry D, with its store in DIR. Logs one JSON line per event.
  relais central report --state DIR [--json]
      Shows what the store holds, beside a running service or without it.
  relais central write-off DEVICE EPOCH --by NAME --why TEXT --directory D --state DIR
      Gives up what a lost epoch still holds: a running service frees it for the other sites of the account, and keeps
      who and why. Should the box speak again, what it spends of it is beyond the cap.
  relais central usage ACCOUNT --directory D --state DIR
      The uses that the account's sites recorded, one JSON object a line: what relais rate reads.`;

export async function central(argv: readonly string[], terminal: Terminal): Promise<number> {
  const read = readArguments(argv, ['directory', 'broker', 'state', 'by', 'why'], ['json']);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const { directory, broker, state } = read.values;
  if (state === undefined) return refuse(terminal, '--state is missing: where is the store?');
  if (read.words[0] === 'report') return report(state, read.flags.has('json'), terminal);
  if (read.words.length > 0 && read.words[0] !== 'usage' && read.words[0] !== 'write-off') {
    return refuse(terminal, `no such subcommand: ${read.words[0]}`);
  }
  if (directory === undefined) return refuse(terminal, '--directory is missing: where is the registry?');
  if (read.words[0] === 'write-off')
    return writeOff(read.words.slice(1), { ...read.values, directory, state }, terminal);
  if (read.words[0] === 'usage') return usage(read.words.slice(1), { directory, state }, terminal);
  const endpoint = broker === undefined ? undefined : readEndpoint(broker);
  if (endpoint === undefined) return refuse(terminal, `--broker ${broker ?? '(missing)'}: write HOST:PORT`);
  return serve({ directory, broker: endpoint, state }, terminal);
}

type Serving = { readonly directory: string; readonly broker: { host: string; port: number }; readonly state: string };

async function serve(settings: Serving, { out, stopped }: Terminal): Promise<number> {
  const service = await openCentralService({ ...settings, log: { write: (line) => out(line.trimEnd()) } });
  try {
    await Promise.race([stopped(), service.failed]);
  } finally {
    await service.close();
  }
  return DONE;
}

async function report(state: string, json: boolean, terminal: Terminal): Promise<number> {
  if (!existsSync(join(state, CENTRAL_FILE))) return refuse(terminal, `--state ${state}: no central has run there yet`);
  const { out } = terminal;
  const read = await readReport(state);
  if (json) out(canonical(read));
  else for (const line of linesOf(read)) out(line);
  return DONE;
}

type Giving = { readonly directory: string; readonly state: string; readonly by?: string; readonly why?: string };

/** C-3: the order lies in the registry, where the running service finds it; the same words again change nothing. */
async function writeOff(
  [device, epoch, ...more]: readonly string[],
  { directory, state, by, why }: Giving,
  terminal: Terminal,
): Promise<number> {
  if (device === undefined || epoch === undefined || more.length > 0)
    return refuse(terminal, 'write-off: name one device and one epoch of it');
  if (by === undefined || why === undefined)
    return refuse(terminal, 'write-off: --by NAME and --why TEXT are kept with it; both must be there');
  if (!existsSync(join(state, CENTRAL_FILE))) return refuse(terminal, `--state ${state}: no central has run there yet`);
  const lent = await readLent(state, device, epoch);
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

async function usage(
  [account, ...more]: readonly string[],
  { directory, state }: Pick<Serving, 'directory' | 'state'>,
  terminal: Terminal,
): Promise<number> {
  if (account === undefined || more.length > 0) return refuse(terminal, 'usage: name one account');
  if (!existsSync(join(state, CENTRAL_FILE))) return refuse(terminal, `--state ${state}: no central has run there yet`);
  const registry = readRegistry(directory);
  if (registry.accounts[account] === undefined) {
    return refuse(
      terminal,
      `${account}: no such account; known: ${Object.keys(registry.accounts).join(', ') || 'none'}`,
    );
  }
  for (const use of await readUsage(state, account, latestConfigs(registry.configs))) terminal.out(JSON.stringify(use));
  return DONE;
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

function refuse({ err }: Terminal, why: string): number {
  err(`relais central: ${why}`);
  err('See relais central --help');
  return REFUSED;
}
