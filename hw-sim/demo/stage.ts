import { type AtModem, createAtModem } from '../devices/at-modem.ts';
import { createPty } from '../devices/pty.ts';
import { type ControlClient, openControl } from '../kernel/control-socket.ts';
import { type KernelSite, openKernelSite } from '../kernel/kernel-site.ts';
import { type Command, type Running, run, runIn, startIn } from '../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../kernel/sandbox.ts';
import { openBackOffice } from './back-office.ts';
import { createLines, type Lines } from './json-lines.ts';
import { cutBroker, healBroker } from './outage.ts';
import { relais, shippedFile } from './relais.ts';
import { type DemoOrder, linesOf, provisionSite, type SiteFiles } from './site-files.ts';

export const PEER = '203.0.113.10:5060';
export const PHONE_NUMBER = '+33172890001';
const SIPP_NUMBER = '+33172890002';
const SINK = '203.0.113.30:5001';

export type SippCall = {
  readonly scenario: string;
  readonly number: string;
  readonly address: string;
  readonly ms?: number;
  /** The Call-ID that sipp is to use; its own otherwise. */
  readonly callId?: string;
};

/** Everything that stands on the stage of a demo: the site, the operator, and who speaks on the phone. */
export interface Stage {
  readonly site: KernelSite;
  /** The modem behind the box's serial device. */
  readonly modem: AtModem;
  readonly files: SiteFiles;
  readonly phone: ControlClient;
  readonly peer: ControlClient;
  /** Log of the agent and its supervisor, and of the central. */
  readonly agentLog: Lines;
  readonly centralLog: Lines;
  agentPid(): number;
  /** A whole SIP call by sipp; true when it went as its scenario says. */
  sipp(call: SippCall): Promise<boolean>;
  bulk(direction: 'up' | 'down', seconds: number): Promise<{ readonly kbps: number }>;
  cutBroker(): Promise<void>;
  healBroker(): Promise<void>;
  centralReport(): Promise<unknown>;
  /** Stops agent and supervisor as systemd would, and reads the ledger from outside. */
  stopAgent(): Promise<void>;
  startAgent(): void;
  /** SIGKILL to the process that was started last: the agent itself where nobody supervises it. */
  killStarted(): void;
  ledgerReport(): Promise<unknown>;
  /** The records themselves, oldest first. */
  ledgerRecords(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

type StageWish = {
  /** The agent as on a box, started again by its supervisor; otherwise whoever kills it starts it again. */
  readonly supervised: boolean;
  /** What is to be there before the agent starts for the first time. */
  readonly before?: (files: SiteFiles) => Promise<void>;
};

export async function openStage(order: DemoOrder, { supervised, before }: StageWish): Promise<Stage> {
  const pty = await createPty();
  const modem = createAtModem(pty.end);
  modem.set({ rssi: 17, ber: 0 });
  const [site, files] = await Promise.all([openKernelSite(linesOf(order)), provisionSite(order, pty.path)]);
  await before?.(files);
  await site.start('office', ['office-devices', '--address', '192.168.20.10', '--ups-port', '1502']);
  const operator = await openOperator(site, files);
  const log = createLines();
  const program = supervised
    ? relais('supervise', '--', '--config', files.box)
    : relais('agent', '--config', files.box);
  const start = (): Running => startIn('gw', program, log.hear);
  let agent = start();
  const phone = await openVoice(site, 'phones', [
    'phone',
    '--address',
    '192.168.10.10',
    '--server',
    PEER,
    '--number',
    PHONE_NUMBER,
  ]);

  return {
    ...{ site, modem, files, phone },
    peer: operator.peer,
    agentLog: log,
    centralLog: operator.log,
    agentPid() {
      const started = log.all().findLast((line) => line.msg === 'agent started');
      return Number(started?.pid);
    },
    sipp,
    async bulk(direction, seconds) {
      const command = relais('site', 'bulk', direction, '--address', SINK, '--seconds', String(seconds));
      const report: unknown = JSON.parse(await runIn('office', command));
      return { kbps: Number((report as { kbps?: unknown }).kbps) };
    },
    cutBroker,
    healBroker,
    centralReport: async () =>
      JSON.parse(await run(relais('central', 'report', '--state', files.centralState, '--json'))),
    stopAgent: () => agent.end(),
    startAgent() {
      agent = start();
    },
    killStarted() {
      agent.process.kill('SIGKILL');
    },
    ledgerRecords: async () =>
      (await run(relais('ledger', 'list', '--config', files.box)))
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
    ledgerReport: async () => JSON.parse(await run(relais('ledger', 'report', '--config', files.box))),
    async close() {
      phone.close();
      operator.peer.close();
      await agent.end();
      for (const one of operator.running.toReversed()) await one.end();
      await site.close();
      await pty.close();
    },
  };
}

async function openOperator(
  site: KernelSite,
  files: SiteFiles,
): Promise<{ peer: ControlClient; log: Lines; running: Running[] }> {
  const { log, running } = await openBackOffice(files);
  await site.start('core', ['bulk', 'sink', '--address', SINK]);
  const peer = await openVoice(site, 'core', ['peer', '--address', PEER]);
  return { peer, log, running };
}

async function openVoice(site: KernelSite, namespace: string, argv: readonly string[]): Promise<ControlClient> {
  const socket = `${SANDBOX_DIRECTORY}/${argv[0]}.sock`;
  await site.start(namespace, [...argv, '--control', socket, '--ring-ms', '500']);
  return openControl(socket);
}

async function sipp({ scenario, number, address, ms = 1_000, callId }: SippCall): Promise<boolean> {
  const file = shippedFile(`hw-sim/voice/sipp/${scenario}.xml`);
  const where = ['-i', address, '-p', '5060', '-m', '1', '-nostdin', '-timeout', '25s', '-timeout_error'];
  const who = [
    '-s',
    number,
    '-key',
    'number',
    SIPP_NUMBER,
    '-d',
    String(ms),
    ...(callId === undefined ? [] : ['-cid_str', callId]),
  ];
  const command: Command = ['sipp', PEER, '-sf', file, ...where, ...who];
  return runIn('phones', command).then(
    () => true,
    () => false,
  );
}
