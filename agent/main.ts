#!/usr/bin/env node
import process from 'node:process';
import { AGENT_USAGE, runAgentCommand } from './commands/agent-command.ts';
import { ENROLL_USAGE, runEnrollCommand } from './commands/enroll-command.ts';
import { runFaxCommand } from './commands/fax-command.ts';
import { LEDGER_USAGE, runLedgerCommand } from './commands/ledger-command.ts';

type Door = (argv: string[]) => Promise<number>;

/** The subcommands, in the order in which a newcomer meets them. Doors of other rooms are opened only when asked for. */
const DOORS: Readonly<Record<string, { readonly says: string; readonly open: () => Promise<Door> }>> = {
  demo: {
    says: 'one day of a customer site on a simulated site with a real kernel',
    open: async () => withName('demo', (await import('../hw-sim/main.ts')).run),
  },
  day: {
    says: 'the same agent through a day in simulated time',
    open: async () => withName('day', (await import('../hw-sim/main.ts')).run),
  },
  site: {
    says: 'parts of the simulated site: site, phone, peer, bulk, access-link',
    open: async () => (await import('../hw-sim/main.ts')).run,
  },
  provision: {
    says: "the operator's side: keys, orders, caps",
    open: async () => withName('provision', (await import('../provisioning/main.ts')).run),
  },
  regime: {
    says: 'the contracts as data: check, show, diff',
    open: async () => withName('regime', (await import('../provisioning/main.ts')).run),
  },
  central: {
    says: 'the central rating service, and its report',
    open: async () => withName('central', (await import('../provisioning/main.ts')).run),
  },
  reflector: {
    says: 'STAMP session-reflector that the links are measured against',
    open: async () => withName('reflector', (await import('../provisioning/main.ts')).run),
  },
  numbering: {
    says: "which class and territory a number has; the table of that, from ARCEP's list",
    open: async () => withName('numbering', (await import('../provisioning/main.ts')).run),
  },
  tariff: {
    says: 'price lists: check, import, diff, price',
    open: async () => withName('tariff', (await import('../provisioning/main.ts')).run),
  },
  rate: {
    says: 'the rating core: batches of records, explanations, statements, cases checked by hand',
    open: async () => withName('rate', (await import('../provisioning/main.ts')).run),
  },
  support: {
    says: 'look at boxes, change and follow them over the broker (USP)',
    open: async () => withName('support', (await import('../provisioning/main.ts')).run),
  },
  agent: { says: 'the agent of this box', open: async () => runAgentCommand },
  enroll: { says: "this box's key, and the request for its certificate", open: async () => runEnrollCommand },
  supervise: {
    says: 'the agent under its supervisor: started again when it dies, SIP goes straight meanwhile',
    open: async () => withName('supervise', (await import('../firmware-ts/main.ts')).run),
  },
  safe: {
    says: 'safe mode of this box, begun by its supervisor: both links and calls without the agent',
    open: async () => (await import('./commands/safe-command.ts')).runSafeCommand,
  },
  update: {
    says: 'releases of this box: show, take, activate, cancel',
    open: async () => withName('update', (await import('../firmware-ts/main.ts')).run),
  },
  ledger: {
    says: "the box's unalterable record: list, report, status, export, verify",
    open: async () => runLedgerCommand,
  },
  reset: {
    says: 'everything of its client and operator is taken from this box before it changes hands',
    open: async () => (await import('./commands/reset-command.ts')).runResetCommand,
  },
  fax: { says: 'faxes of this box: send a document, look at the queue', open: async () => runFaxCommand },
  sim: {
    says: 'the SIM card of this box: info, list, swap, pin',
    open: async () => withName('sim', (await import('../firmware-ts/main.ts')).run),
  },
  sms: {
    says: 'short messages that came to the mobile line of this box',
    open: async () => (await import('./commands/sms-command.ts')).runSmsCommand,
  },
  devices: {
    says: 'what hangs on this box: modem, UPS, devices of the data LAN',
    open: async () => withName('devices', (await import('../firmware-ts/main.ts')).run),
  },
};

const withName =
  (name: string, run: Door): Door =>
  (argv) =>
    run([name, ...argv]);

function usage(): string {
  const lines = Object.entries(DOORS).map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`);
  return ['usage: relais SUBCOMMAND [--help] …', '', ...lines, '', AGENT_USAGE, ENROLL_USAGE, LEDGER_USAGE].join('\n');
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(usage());
    return name === undefined ? 64 : 0;
  }
  const door = DOORS[name];
  if (door === undefined) {
    process.stderr.write(`relais: there is no subcommand "${name}"; relais --help lists them\n`);
    return 64;
  }
  return (await door.open())(rest);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 70;
  },
);
