import { writeFileSync } from 'node:fs';
import { createAtModem } from '../../devices/at-modem.ts';
import { createPty } from '../../devices/pty.ts';
import { type KernelSite, openKernelSite } from '../../kernel/kernel-site.ts';
import { type Command, type Running, run, runIn, startIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { writeScenario } from '../../voice/sipp-scenario.ts';
import { openBackOffice, quietly } from '../back-office.ts';
import { createLines, type Lines } from '../json-lines.ts';
import { relais, shippedFile } from '../relais.ts';
import { asObject, type DemoOrder, linesOf, provisionSite } from '../site-files.ts';
import type { Role } from './role.ts';

export const CHANNELS = 6;
/** longest time of a service, so short that a test can wait for it; the ceiling of all calls (V-2) is a minute at least. */
export const LONGEST_SECONDS = 6;
/** C-1: what the account may spend, in micro-euro: some seconds of the dearer numbers. */
const CAP_EURO = '0.13';

/** A site of the contract mie with the barring and the flood limits of imesit, and the longest service of cmi. */
const ORDER: DemoOrder = {
  holdOffMs: 60_000,
  leaseMicroEuro: 150_000,
  leaseBundleSeconds: 600,
  order: {
    account: { id: 'boulangerie-martin', capEuro: CAP_EURO },
    voice: {
      networks: ['203.0.113.0/28'],
      sipServers: [{ name: 'voice', address: '203.0.113.10', port: 5060 }],
      channels: CHANNELS,
    },
    waivers: [{ for: { prefix: '33892' }, from: '2020-01-01' }],
  },
  regime(shipped) {
    const { barring, signalling } = shipped('imesit.json');
    const terms = asObject(shipped('cmi.json').payoutTerms);
    const longService = asObject(terms.longService);
    const value = { ...asObject(longService.value), maximumSeconds: LONGEST_SECONDS };
    return { barring, signalling, payoutTerms: { ...terms, longService: { ...longService, value } } };
  },
};

/** The box between real phones and a real operator: sipp on either side, Kamailio between the box and the carriers. */
export interface PeerSite {
  readonly kernel: KernelSite;
  readonly agentLog: Lines;
  readonly agent: Running;
  /** Plays a role to its end; undefined when all went as its scenario says, else what sipp complained of. */
  play(role: Role): Promise<string | undefined>;
  /** Takes calls on an address of the operator's side, or of the site, for as long as the site stands. */
  answer(role: Pick<Role, 'name' | 'steps' | 'socket' | 'of' | 'echoes'>): Running;
  /** Stops the agent, and reads its records, oldest first. */
  records(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** `agentOf`: the command that runs the agent of a box file, unless it is the one that is shipped. */
export async function openPeerSite(agentOf: (box: string) => Command = shipped): Promise<PeerSite> {
  const pty = await createPty();
  createAtModem(pty.end);
  const [kernel, files] = await Promise.all([openKernelSite(linesOf(ORDER)), provisionSite(ORDER, pty.path)]);
  const running: Running[] = [];
  const office = await openBackOffice(files);
  running.push(...office.running, await openKamailio());
  const agentLog = createLines();
  const agent = startIn('gw', agentOf(files.box), agentLog.hear);
  await agentLog.until('the agent starts', (line) => line.msg === 'agent started', 20_000);
  await office.log.until('a lease is granted', (line) => line.msg === 'lease granted', 20_000);
  let runs = 0;
  const commandOf = (role: Pick<Role, 'name' | 'steps' | 'socket'>, more: readonly string[]): Command => {
    runs += 1;
    return sippCommand(role, runs, more);
  };
  return {
    kernel,
    agentLog,
    agent,
    async play(role) {
      const calls = String(role.calls ?? 1);
      const limits = ['-m', calls, '-l', calls, '-r', calls, '-timeout', '25s', '-timeout_error'];
      const echo = role.echoes ? ['-rtp_echo'] : [];
      const command = commandOf(role, [...limits, ...echo, '-t', role.transport === 'tcp' ? 't1' : 'u1']);
      return runIn(namespaceOf(role), command).then(
        () => undefined,
        (error: unknown) => complaintOf(role.name, error),
      );
    },
    answer(role) {
      const started = startIn(namespaceOf(role), quietly(commandOf(role, role.echoes ? ['-rtp_echo'] : [])));
      running.push(started);
      return started;
    },
    async records() {
      await agent.end();
      const listed = await run(relais('ledger', 'list', '--config', files.box));
      return listed.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
    },
    async close() {
      await agent.end();
      for (const one of running.toReversed()) await one.end();
      await kernel.close();
      await pty.close();
    },
  };
}

const shipped = (box: string): Command => relais('supervise', '--', '--config', box);

const namespaceOf = ({ of }: Pick<Role, 'of'>): string => (of === 'site' ? 'phones' : 'core');

const SERVER = '203.0.113.10:5060';
/** RTP of each run on ports of its own, inside what the contracts call voice. */
const FIRST_MEDIA_PORT = 16_400;

function sippCommand(
  { name, steps, socket }: Pick<Role, 'name' | 'steps' | 'socket'>,
  run: number,
  more: readonly string[],
): Command {
  const scenario = `${SANDBOX_DIRECTORY}/${name}.xml`;
  writeFileSync(scenario, writeScenario(name, steps));
  const [address = '', port = ''] = socket.split(':');
  const where = ['-i', address, '-p', port, '-mi', address, '-mp', String(FIRST_MEDIA_PORT + run * 20)];
  const said = ['-trace_err', '-error_file', errorsOf(name), '-nostdin', '-cid_str', `${name}.%u-%p@%s`];
  return ['sipp', SERVER, '-sf', scenario, ...where, ...said, ...more];
}

const errorsOf = (name: string): string => `${SANDBOX_DIRECTORY}/${name}.errors`;

async function complaintOf(name: string, error: unknown): Promise<string> {
  const said = await run(['sh', '-c', 'head -c 1500 "$0" 2>/dev/null; true', errorsOf(name)]);
  return said.trim() || String(error).slice(0, 500);
}

async function openKamailio(): Promise<Running> {
  const config = shippedFile('hw-sim/voice/kamailio.cfg');
  const place = `${SANDBOX_DIRECTORY}/kamailio`;
  await run(['mkdir', '-p', place]);
  // 16 MB shared and 4 MB of its own are plenty for a few phones.
  const memory = ['-m', '16', '-M', '4'];
  const started = startIn('core', quietly(['kamailio', '-DD', '-E', '-f', config, '-Y', place, ...memory]));
  for (let tries = 0; tries < 100; tries += 1) {
    const listed = await runIn('core', ['ss', '-Hltun', 'src', SERVER]);
    if (listed.includes('udp') && listed.includes('tcp')) return started;
    await new Promise((settle) => setTimeout(settle, 50));
  }
  throw new Error('Kamailio did not start');
}
