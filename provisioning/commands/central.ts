import { join } from 'node:path';
import { canonical } from '../../agent/model/canonical.ts';
import { readReport } from '../central/report.ts';
import { openCentralService } from '../central/service.ts';
import { check } from './central/check.ts';
import { decide } from './central/decide.ts';
import { cancelOrder, lineOrder, simOrder, smsOrder } from './central/line-order.ts';
import { ACCOUNT_COMMANDS, ofAccount } from './central/of-account.ts';
import { reportLines } from './central/report-lines.ts';
import { sims } from './central/sims.ts';
import { takeCdr } from './central/take-cdr.ts';
import { takeExportFile } from './central/take-export.ts';
import {
  type CentralData,
  FLAGS,
  formatsOf,
  noStore,
  OPTIONS,
  placeOf,
  refuse,
  type Wish,
  type WithRegistry,
} from './central/wish.ts';
import { writeOff } from './central/write-off.ts';
import { DONE, readArguments, readBroker, type Terminal } from './command.ts';

const HELP = `relais central: the central rating service

  relais central --directory D --broker [mqtts://]HOST:PORT --state DIR [--data DIR] [--issuing-key FILE]
      Runs the service on the registry D, with its store in DIR. Logs one JSON line per event. Files of host operators
      that are put into DIR/inbox/HOST are taken as by take-cdr. With mqtts:// it shows the broker its certificate. With the
      issuing key of the registry it signs the next certificates of boxes; without it they wait for relais provision sign.
  relais central report --state DIR [--json]
      Shows what the store holds, beside a running service or without it.
  relais central write-off DEVICE EPOCH --by NAME --why TEXT --directory D --state DIR
      Gives up what a lost epoch still holds: a running service frees it for the other sites of the account, and keeps
      who and why. Should the box speak again, what it spends of it is beyond the cap.
  relais central usage ACCOUNT --directory D --state DIR
      The uses that the account's sites and host operators recorded, one JSON object a line: what relais rate reads.
  relais central outages ACCOUNT --directory D --state DIR
      The outages that the boxes of the account saw, one JSON object a box: relais rate statement --outages reads it.
  relais central limits ACCOUNT --directory D --state DIR
      Which limits of the contract the boxes of the account carry out and why (C-1, C-2, C-6, V-4, V-7), what is due by
      the central's own count of the same records, and the figures of each day; one JSON object a box.
  relais central faxes ACCOUNT --directory D --state DIR [--json]
      Every fax of the account's sites, for the client, in French: when, with whom, pages confirmed, rate, what was mended,
      and how it ended (U-1, X-5). With --json the same, one object a line.
  relais central take-cdr FILE --host NAME --state DIR [--format FILE|NAME] [--set-aside] [--data DIR]
      Takes a file of call records of a host operator (U-5), by the format of its name. The same file is taken once. A
      wrong line refuses the whole file, or with --set-aside is set aside.
  relais central take-export FILE --directory D --state DIR [--dry-run] [--json] [--central-key KEY]
      Takes over the ledger of a box that can't send it any more, out of a file of relais ledger export or salvage (U-7): all
      of it is proved (docs/evidence.md), or nothing is taken. Status 1: a fork, or records are missing; 2: refused.
  relais central statement ACCOUNT --period DAY --directory D --state DIR [--account FILE] [--data DIR] [--issue]
      The statement of the period that a day lies in, from the store. With --issue it is kept and never changed again.
  relais central detail ACCOUNT --period DAY --directory D --state DIR [--account FILE] [--data DIR]
                 [--format csv|json] [--mask DIGITS]
      The itemised communications of that period (U-6).
  relais central decide ACCOUNT [USE charge|waive --by NAME --why TEXT] --directory D --state DIR [--account FILE] [--data DIR]
      Without a use: what waits for somebody to look, a JSON line each. With one: charges or waives it (D-2, U-7); the
      words are kept for good and stand in the statement, a later decision stands before them.
  relais central sim-order DEVICE --slot 1|2 [--iccid ICCID]|--profile ICCID [--slot 1|2]|--code FILE --reason WHY --by NAME
                 [--apn NAME] [--id NAME] [--pin FILE] [--old-pin FILE] --directory D --state DIR
      Moves the mobile line of a box to another card (S-1); the box hears of it when it is back. FILE holds the activation
      code of a profile to download, and its confirmation code on a second line; that of --pin holds the PIN of the new
      card, which is entered once and then asked for no more; --old-pin the same of a locked card that is left (S-8). --slot
      beside --profile: of the eUICC in that holder. Without a card: --reason loss|theft takes
      the line out of service (S-2), found brings it back. Under the same --id it is done once.
  relais central sms-order DEVICE --to NUMBER --text TEXT --by NAME [--report] [--id NAME] --directory D --state DIR
      A short message from the mobile line of a box (S-11), a second and ten a minute at the most.
  relais central line-order DEVICE --do WHAT [--line NUMBER] [--order FILE] --by NAME [--id NAME] --directory D --state DIR
      What the mobile line may do (S-3, S-5 to S-7, S-9, S-10): bar-outgoing, suspend, reactivate, terminate; set-options,
      open-roaming, close-roaming, waive-ceiling, add-pack, change-host, port-number want a JSON FILE with their members.
  relais central cancel-order ORDER --by NAME --directory D --state DIR
      Takes back an order of those three that its box has not carried out yet.
  relais central sims ACCOUNT|DEVICE --directory D --state DIR [--json]
      What became of them, as the box recorded it, and of the swaps that were ordered at the box.
  relais central check --directory D --state DIR
      Makes every hash and every account anew from the first record on, and holds the snapshots against them.

With DATABASE_URL (postgresql://USER:PASSWORD@HOST:5432/DATABASE) in the environment the store is that database, and
--state says only where the inbox is; without it no inbox is looked at. Then the service may be started several times,
up to eight: the instances share the work. Give one of them the inbox.`;

type Command = (wish: Wish) => number | Promise<number>;

const NOTHING_SHIPPED = {
  ...{ accounts: [], regimes: [], decks: [], numbering: [], hosts: [] },
  now: () => Date.now(),
};

export async function central(
  argv: readonly string[],
  terminal: Terminal,
  given: Partial<CentralData> = {},
): Promise<number> {
  const shipped: CentralData = { ...NOTHING_SHIPPED, databaseUrl: process.env.DATABASE_URL, ...given };
  const read = readArguments(argv, OPTIONS, FLAGS);
  if ('usage' in read) return refuse(terminal, read.usage);
  const { values, flags } = read;
  if (flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const [subcommand, ...words] = read.words;
  const store = placeOf(shipped.databaseUrl, values.state);
  if (store === undefined) return refuse(terminal, '--state is missing: where is the store?');
  const command = subcommand === undefined ? withRegistry(serve) : COMMANDS.get(subcommand);
  if (command === undefined) return refuse(terminal, `no such subcommand: ${subcommand}`);
  return command({ words, values, flags, store, shipped, terminal });
}

const withRegistry =
  (command: (wish: WithRegistry) => number | Promise<number>): Command =>
  (wish) => {
    const { directory } = wish.values;
    if (directory === undefined) return refuse(wish.terminal, '--directory is missing: where is the registry?');
    return command({ ...wish, directory });
  };

async function serve(wish: WithRegistry): Promise<number> {
  const { values, directory, store, terminal } = wish;
  const { out, stopped } = terminal;
  const broker = values.broker === undefined ? undefined : readBroker(values.broker);
  if (broker === undefined) {
    return refuse(terminal, `--broker ${values.broker ?? '(missing)'}: write HOST:PORT or mqtts://HOST:PORT`);
  }
  const { state } = values;
  const inbox = state === undefined ? undefined : { folder: join(state, 'inbox'), formats: formatsOf(wish) };
  const log = { write: (line: string) => out(line.trimEnd()) };
  const issuingKey = values['issuing-key'];
  const service = await openCentralService({ directory, broker, store, inbox, log, issuingKey });
  try {
    await Promise.race([stopped(), service.failed]);
  } finally {
    await service.close();
  }
  return DONE;
}

async function report({ words, flags, store, shipped, terminal }: Wish): Promise<number> {
  if (words.length > 0) return refuse(terminal, `report: ${words.join(' ')} is too much`);
  const read = await readReport(store);
  if (read === undefined) return refuse(terminal, noStore(store));
  if (flags.has('json')) terminal.out(canonical(read));
  else for (const line of reportLines(read, shipped.now())) terminal.out(line);
  return DONE;
}

function cdr(wish: Wish): number | Promise<number> {
  const { words, values, flags, store, shipped, terminal } = wish;
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) return refuse(terminal, 'take-cdr: name one file');
  const { host, format = host } = values;
  if (host === undefined || format === undefined) return refuse(terminal, '--host is missing: whose file is it?');
  const asked = { file, host, format, formats: formatsOf(wish), setAside: flags.has('set-aside') };
  return takeCdr({ ...asked, store, now: shipped.now() }, terminal);
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['report', report],
  ['take-cdr', cdr],
  ['check', withRegistry(check)],
  ['decide', withRegistry(decide)],
  ['take-export', withRegistry(takeExportFile)],
  ['write-off', withRegistry(writeOff)],
  ['sim-order', withRegistry(simOrder)],
  ['sms-order', withRegistry(smsOrder)],
  ['line-order', withRegistry(lineOrder)],
  ['cancel-order', withRegistry(cancelOrder)],
  ['sims', withRegistry(sims)],
  ...ACCOUNT_COMMANDS.map((what) => [what, withRegistry((wish) => ofAccount(what, wish))] as const),
]);
