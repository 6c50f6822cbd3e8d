import type { Diagnosis, PingFinding, TraceFinding, Unfinished } from '../../agent/model/diagnosis.ts';
import type { Commands } from '../wires/commands.ts';

/** How a link of the site is named to the kernel: its interface, and the mark by which its packets are routed. */
export type TestedLink = { readonly interface: string; readonly mark: number };

type Ping = Extract<Diagnosis, { test: 'ping' }>;
type Trace = Extract<Diagnosis, { test: 'trace' }>;

/** Echo requests over one link, by `ping` of iputils; it needs no right beyond that of marking its packets. */
export async function pingOver(commands: Commands, link: TestedLink, order: Ping): Promise<PingFinding> {
  const { host, repetitions, timeout, block, dscp } = order;
  const words = [
    ...['-n', '-4', '-c', `${repetitions}`, '-i', '0.2', '-W', seconds(timeout), '-s', `${block}`],
    ...['-Q', `${dscp << 2}`, '-m', `${link.mark}`, '-I', link.interface, host],
  ];
  const outcome = await run(commands, 'ping', words);
  if (typeof outcome === 'string') return { test: 'ping', failed: outcome, answers: [], lost: repetitions };
  return readPing(outcome, repetitions);
}

type Said = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** What `ping` printed; an answer that came twice counts once. */
export function readPing({ status, stdout, stderr }: Said, repetitions: number): PingFinding {
  const address = /^PING .* from ([0-9.]+)/m.exec(stdout)?.[1];
  const times = [...stdout.matchAll(/icmp_seq=(\d+) .*time=([0-9.]+) ms(?! \(DUP)/g)];
  const answers = times.map(([, , time]) => micros(time));
  if (status > 1 && answers.length === 0)
    return { test: 'ping', failed: whyOf(stderr), answers: [], lost: repetitions };
  return { test: 'ping', address, answers, lost: Math.max(0, repetitions - answers.length) };
}

/** The hops of one link's way, by `traceroute` over UDP, which the kernel lets anybody do. */
export async function traceOver(commands: Commands, link: TestedLink, order: Trace): Promise<TraceFinding> {
  const { host, tries, timeout, block, dscp, hops } = order;
  const words = [
    ...['-n', '-4', '-q', `${tries}`, '-w', seconds(timeout), '-m', `${hops}`, '-t', `${dscp << 2}`],
    ...['-i', link.interface, `--fwmark=${link.mark}`, host, `${block + IP_AND_UDP}`],
  ];
  const outcome = await run(commands, 'traceroute', words);
  return typeof outcome === 'string' ? { test: 'trace', failed: outcome, hops: [] } : readTrace(outcome);
}

/** `traceroute` counts the headers into the length of its packets. */
const IP_AND_UDP = 28;

/** What `traceroute` printed: a line for each hop, its address once, an asterisk for each silence. */
export function readTrace({ stdout, stderr }: Pick<Said, 'stdout' | 'stderr'>): TraceFinding {
  const target = /^traceroute to .* \(([0-9.]+)\)/m.exec(stdout)?.[1];
  const hops = [...stdout.matchAll(/^ *\d+ {2}(.+)$/gm)].map(([, line = '']) => ({
    address: /(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1],
    times: [...line.matchAll(/([0-9.]+) ms/g)].map(([, time]) => micros(time)),
  }));
  if (target === undefined || hops.length === 0) return { test: 'trace', failed: whyOf(stderr), hops: [] };
  const isThere = hops.at(-1)?.address === target;
  return { test: 'trace', address: target, hops, ...(isThere ? {} : { failed: 'too-far' as const }) };
}

const seconds = (milliseconds: number): string => `${milliseconds / 1_000}`;
const micros = (milliseconds = '0'): number => Math.round(Number(milliseconds) * 1_000);

async function run(commands: Commands, program: string, words: readonly string[]): Promise<Said | Unfinished> {
  try {
    return await commands.run(program, words);
  } catch {
    return 'no-tool';
  }
}

function whyOf(says: string): Unfinished {
  if (/not known|unknown host|resolution|resolve/i.test(says)) return 'unresolved';
  return /unreachable|no route/i.test(says) ? 'no-route' : 'failed';
}
