import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Line } from '../../kernel/control-socket.ts';
import { runIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { asksForFax, takesFax, turnsWhenAsked } from '../../voice/sipp-fax-flows.ts';
import { sipUri } from '../../voice/sipp-flows.ts';
import { enterSandbox } from '../enter-sandbox.ts';
import type { Check } from '../verdict.ts';
import { BARRED, CALLED, FAX_LINE } from './fax-words.ts';
import { openPeerSite, type PeerSite } from './peer-site.ts';
import { carrier, OUTSIDE } from './words.ts';

const USAGE = `usage: relais site fax-peers

Calls of a fax line of the box itself: Kamailio registers it with digest authentication and challenges its calls, sipp
plays the operator's fax gateways and sends back what it hears in T.38. Prints one JSON object; exit status 0 only if all
of it holds.
`;

const AGENT = fileURLToPath(new URL('./fax-agent.js', import.meta.url));
const PATIENCE_MS = 20_000;

export async function faxPeers(argv: readonly string[]): Promise<number> {
  const { help } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', default: false } } }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['fax-peers', ...argv], live);
}

async function live(): Promise<number> {
  const secrets = `${SANDBOX_DIRECTORY}/fax-secrets.json`;
  writeFileSync(secrets, JSON.stringify({ [FAX_LINE]: 'secret' }), { mode: 0o600 });
  const numbers = [CALLED, `image:${CALLED}`, BARRED];
  const site = await openPeerSite((box) => [process.execPath, AGENT, box, secrets, ...numbers]);
  try {
    const checks = await story(site);
    const holds = checks.every((check) => check.holds);
    process.stdout.write(`${JSON.stringify({ holds, checks })}\n`);
    return holds ? 0 : 1;
  } finally {
    await site.close();
  }
}

async function story(site: PeerSite): Promise<readonly Check[]> {
  const checks = [
    ...(await dials(site, 'X-1: the far gateway asks for T.38', asksForFax(CALLED))),
    ...(await dials(site, 'X-1: T.38 in the first INVITE', takesFax)),
    ...(await forbidden(site)),
    ...(await isCalled(site, '200 OK')),
    ...(await isCalled(site, '488 Not Acceptable Here')),
    ...(await marked()),
  ];
  const calls = site.agentLog.all().filter((line) => line.msg === 'fax call' && line.on === 'over');
  const records = await site.records();
  return [...checks, ...calls.map((line) => recorded(line, records))];
}

const check = (name: string, holds: boolean, found: unknown): Check => ({ name, holds, found: JSON.stringify(found) });

const isOf =
  (on: string) =>
  (line: Line): boolean =>
    line.msg === 'fax call' && line.on === on;

async function dials(
  site: PeerSite,
  name: string,
  steps: Parameters<PeerSite['answer']>[0]['steps'],
): Promise<readonly Check[]> {
  const gateway = site.answer({ name: 'gateway', socket: `${carrier}:5080`, of: 'operator', steps, echoes: true });
  await new Promise((settle) => setTimeout(settle, 500));
  const from = site.agentLog.all().length;
  site.agent.process.kill('SIGUSR2');
  const over = await site.agentLog.until(`${name}: it ends`, isOf('over'), PATIENCE_MS, from);
  const said = site.agentLog
    .all()
    .slice(from)
    .filter((line) => line.msg === 'fax call')
    .map(({ on }) => on);
  await gateway.end();
  return [
    check(`${name}, a call that the box dials`, said.includes('fax-opened') && over.by === 'us', said),
    check(`${name}: datagrams come back`, Number(over.heard) > 10, over.heard),
  ];
}

async function forbidden(site: PeerSite): Promise<readonly Check[]> {
  const from = site.agentLog.all().length;
  site.agent.process.kill('SIGUSR2');
  const over = await site.agentLog.until('the guard refuses', isOf('over'), PATIENCE_MS, from);
  const text = 'Destination bloquée : une décharge signée est nécessaire';
  const holds = over.by === 'policy' && over.status === 403 && over.text === text;
  return [check('V-6: the guard refuses a barred number to a fax line, in French', holds, over)];
}

async function isCalled(site: PeerSite, answer: '200 OK' | '488 Not Acceptable Here'): Promise<readonly Check[]> {
  const from = site.agentLog.all().length;
  const steps = turnsWhenAsked({ uri: sipUri('0172890001'), from: OUTSIDE, talkMs: 1_500 }, answer);
  const name = answer === '200 OK' ? 'fax-caller' : 'voice-caller';
  const complaint = await site.play({
    ...{ name, shows: '', socket: `${carrier}:5090`, of: 'operator', fate: 'passes', steps, echoes: true },
  });
  const over = await site.agentLog.until('the caller hangs up', isOf('over'), PATIENCE_MS, from);
  const wanted = answer === '200 OK' ? 'fax-opened' : 'fax-refused';
  const lines = site.agentLog
    .all()
    .slice(from)
    .filter((line) => line.msg === 'fax call');
  return [
    check(
      `X-1: Kamailio finds the line where it registered with digest; T.38 is asked for: ${answer}`,
      complaint === undefined && lines.some(isOf(wanted)),
      complaint ?? lines.map(({ on }) => on),
    ),
    check(
      `X-1: the far end hangs up after ${answer}`,
      over.by === 'far' && (answer !== '200 OK' || Number(over.heard) > 5),
      over,
    ),
  ];
}

/** what the box sends of its fax is voice, and says so to whoever is on the way. */
async function marked(): Promise<readonly Check[]> {
  const rules = await runIn('gw', ['nft', 'list', 'table', 'inet', 'relais']);
  return [
    check(
      'Q-2: media of fax lines are marked as voice',
      /udp sport 19000-19031 meta mark set 0x0*10\b/.test(rules) &&
        /meta mark \{[^}]*0x0*101\b[^}]*\}.*dscp set ef/.test(rules),
      rules.length,
    ),
  ];
}

function recorded(line: Line, records: readonly unknown[]): Check {
  const kept = records.map((record) => JSON.stringify(record));
  const admitted = kept.find((text) => text.includes(`"sipCallId":"${String(line.call)}"`));
  const refused = line.by === 'policy' && kept.some((text) => text.includes('"cause":"refused-barred"'));
  return check(
    `U-1: the call ${String(line.call)} is in the ledger`,
    admitted !== undefined || refused,
    admitted ?? refused,
  );
}
