import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { never } from '../agent/model/never.ts';
import { kbits, millis } from '../agent/model/units.ts';
import { day } from './day/day.ts';
import { backlog } from './demo/backlog.ts';
import { boxLife } from './demo/box-life.ts';
import { demo } from './demo/demo.ts';
import { killStorm } from './demo/kill-storm.ts';
import { faxPeers } from './demo/peers/fax-peers.ts';
import { sipPeers } from './demo/peers/peers.ts';
import { voiceQuality } from './demo/voice-quality.ts';
import { startOfficeDevices } from './devices/office-devices.ts';
import { startAccessLinkProcess } from './kernel/access-link-process.ts';
import { seededFractions } from './kernel/seeded-random.ts';
import { site } from './kernel/site-prompt.ts';
import { writePki } from './uicc/pki-folder.ts';
import { createTestPki } from './uicc/test-pki.ts';
import { startBulkSink, transferBulk } from './voice/bulk.ts';
import { startPeer } from './voice/peer.ts';
import { startPhone } from './voice/phone.ts';
import type { Endpoint } from './voice/sip-text.ts';

/** Simulated site on a real kernel: its parts as processes, and the whole of it. */
const SUBCOMMANDS = [
  'phone',
  'peer',
  'bulk',
  'access-link',
  'office-devices',
  'sim-keys',
  'site',
  'demo',
  'kill-storm',
  'sip-peers',
  'fax-peers',
  'backlog',
  'box-life',
  'voice-quality',
  'day',
] as const;
type Subcommand = (typeof SUBCOMMANDS)[number];
const isSubcommand = (word: string | undefined): word is Subcommand => SUBCOMMANDS.some((known) => known === word);

const USAGE = `usage:
  phone --address A[:5060] --server A:P --number +33... --control SOCKET [--ring-ms 1000]
  peer --address A[:5060] --control SOCKET [--ring-ms 1000]
  bulk sink|up|down --address A:P [--seconds 10]
  access-link --control SOCKET --gateway-port P --operator-port P [--up-kbps 1000] [--down-kbps 8000]
              [--delay-ms 10] [--loss 0] [--buffer-bytes 65536] [--seed 1]
  office-devices --address A [--ups-port 1502]   a UPS (Modbus TCP) and a UPnP device on the data LAN
  sim-keys --folder F [--host localhost]         test keys and certificates of eUICC, its maker and a profile server
  site        two access lines, a box without an agent, its operator; reads orders from standard input
  fax-peers   calls of a fax line of the box with sipp and Kamailio: T.38 both ways, refused, forbidden
  sip-peers   sipp and Kamailio on both sides of the box: every rule of SIP once, and the bytes compared
  box-life    reset button, restarts and releases of a managed box, calls going on
  backlog     days of records go up a narrow line while somebody telephones
  voice-quality  what the box sees of a call over a line that loses packets
`;

export async function run(argv: string[]): Promise<number> {
  const [subcommand, ...rest] = argv;
  if (!isSubcommand(subcommand)) {
    process.stderr.write(USAGE);
    return 2;
  }
  switch (subcommand) {
    case 'phone':
      return untilSignal(await phone(rest));
    case 'peer':
      return untilSignal(await peer(rest));
    case 'bulk':
      return bulk(rest);
    case 'access-link':
      return untilSignal(await accessLink(rest));
    case 'office-devices':
      return untilSignal(await officeDevices(rest));
    case 'sim-keys':
      return simKeys(rest);
    case 'site':
      return site();
    case 'demo':
      return demo(rest);
    case 'day':
      return day(rest);
    case 'kill-storm':
      return killStorm(rest);
    case 'sip-peers':
      return sipPeers(rest);
    case 'fax-peers':
      return faxPeers(rest);
    case 'box-life':
      return boxLife(rest);
    case 'backlog':
      return backlog(rest);
    case 'voice-quality':
      return voiceQuality(rest);
    default:
      return never(subcommand);
  }
}

const text = { type: 'string' } as const;

function phone(argv: string[]): Promise<() => void> {
  const options = { address: text, server: text, number: text, control: text, 'ring-ms': text };
  const { values } = parseArgs({ args: argv, options });
  return startPhone({
    local: endpoint(required(values.address, 'address')),
    server: endpoint(required(values.server, 'server')),
    number: required(values.number, 'number'),
    control: required(values.control, 'control'),
    ringMs: count(values['ring-ms'], 1_000),
  });
}

function peer(argv: string[]): Promise<() => void> {
  const { values } = parseArgs({ args: argv, options: { address: text, control: text, 'ring-ms': text } });
  return startPeer({
    local: endpoint(required(values.address, 'address')),
    control: required(values.control, 'control'),
    ringMs: count(values['ring-ms'], 1_000),
  });
}

async function bulk(argv: string[]): Promise<number> {
  const options = { address: text, seconds: text };
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const remote = endpoint(required(values.address, 'address'));
  const [direction] = positionals;
  if (direction === 'sink') {
    const sink = await startBulkSink(remote);
    return untilSignal(() => sink.close());
  }
  if (direction !== 'up' && direction !== 'down') throw new Error('bulk wants sink, up or down');
  const report = await transferBulk(remote, direction, count(values.seconds, 10));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 0;
}

function accessLink(argv: string[]): Promise<() => void> {
  const numbers = {
    'up-kbps': text,
    'down-kbps': text,
    'delay-ms': text,
    loss: text,
    'buffer-bytes': text,
    seed: text,
  };
  const options = { control: text, 'gateway-port': text, 'operator-port': text, ...numbers };
  const { values } = parseArgs({ args: argv, options });
  const common = {
    delay: millis(count(values['delay-ms'], 10)),
    loss: count(values.loss, 0),
    limitBytes: count(values['buffer-bytes'], 65_536),
  };
  return startAccessLinkProcess({
    control: required(values.control, 'control'),
    gatewayPort: count(values['gateway-port'], 4_001),
    operatorPort: count(values['operator-port'], 4_002),
    up: { ...common, rate: kbits(count(values['up-kbps'], 1_000)) },
    down: { ...common, rate: kbits(count(values['down-kbps'], 8_000)) },
    fraction: seededFractions(count(values.seed, 1)),
  });
}

function officeDevices(argv: string[]): Promise<() => void> {
  const { values } = parseArgs({ args: argv, options: { address: text, 'ups-port': text } });
  return startOfficeDevices({
    address: required(values.address, 'address'),
    upsPort: count(values['ups-port'], 1_502),
  });
}

function simKeys(argv: string[]): number {
  const { values } = parseArgs({ args: argv, options: { folder: text, host: text } });
  writePki(required(values.folder, 'folder'), createTestPki(values.host === undefined ? {} : { host: values.host }));
  return 0;
}

/** Says "ready" on standard output and stays until SIGTERM or SIGINT. */
function untilSignal(stop: () => void): Promise<number> {
  process.stdout.write('ready\n');
  return new Promise((settle) => {
    const end = () => {
      stop();
      settle(0);
    };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  });
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

function count(value: string | undefined, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isFinite(number) || number < 0) throw new Error(`not a number of 0 or more: ${value}`);
  return number;
}

function endpoint(written: string): Endpoint {
  const [address = '', port = '5060'] = written.split(':');
  return { address, port: Number(port) };
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1] ?? '.')).href) {
  process.exit(await run(process.argv.slice(2)));
}
