import { createInterface } from 'node:readline';
import { isFault } from '../../agent/model/fault.ts';
import type { Line } from './control-socket.ts';
import { type KernelSite, type LineName, openKernelSite, ours } from './kernel-site.ts';
import { runIn } from './namespaces.ts';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from './sandbox.ts';
import { buildTopology, spoofedPackets, TOPOLOGY } from './topology.ts';

const HELP =
  'cut main|second [up|down] · heal main|second · rules main|second NAME=NUMBER... · status · rebuild · in NAMESPACE COMMAND... · quit';

/** Keeps a whole site up. One order a line on standard input, one JSON object a line on standard output. */
export async function site(): Promise<number> {
  if (insideSandbox()) return keepSite();
  try {
    await checkSandbox({ tun: true });
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 3;
  }
  const [command, ...args] = ours(['site']);
  return runInSandbox({ command, args });
}

async function keepSite(): Promise<number> {
  const built = await openKernelSite();
  const orders = createInterface({ input: process.stdin });
  holdLifeline(() => orders.close());
  say({ on: 'ready', namespaces: TOPOLOGY.namespaces, help: HELP });
  for await (const order of orders) {
    if (order.trim() === 'quit') break;
    if (order.trim() !== '') say(await obey(built, order.trim()));
  }
  await built.close();
  return 0;
}

const say = (line: Line): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const isLine = (word: string | undefined): word is LineName => TOPOLOGY.lines.some(({ name }) => name === word);

async function obey(built: KernelSite, order: string): Promise<Line> {
  try {
    return await perform(built, order.split(/\s+/));
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(built: KernelSite, [verb, ...words]: readonly string[]): Promise<Line> {
  const [first, ...more] = words;
  if (verb === 'status') return status(built);
  if (verb === 'rebuild') return buildTopology().then(() => ({}));
  if (verb === 'in') return { output: await runIn(first ?? '', ['sh', '-c', more.join(' ')]) };
  if (!isLine(first)) return { error: HELP };
  const line = built.lines[first];
  if (verb === 'cut' || verb === 'heal') return line.ask({ do: verb, direction: more[0] });
  if (verb === 'rules') return line.ask({ do: 'rules', ...assignments(more) });
  return { error: HELP };
}

async function status(built: KernelSite): Promise<Line> {
  const [main, second] = await Promise.all([
    built.lines.main.ask({ do: 'stats' }),
    built.lines.second.ask({ do: 'stats' }),
  ]);
  return { main, second, spoofed: await spoofedPackets() };
}

/** `kbps=500 direction=up` as fields; what looks like a number is one. */
const assignments = (words: readonly string[]): Line =>
  Object.fromEntries(
    words.map((word) => {
      const [name = '', value = ''] = word.split('=');
      return [name, Number.isNaN(Number(value)) ? value : Number(value)];
    }),
  );
