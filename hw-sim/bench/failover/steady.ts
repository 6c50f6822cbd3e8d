import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { runIn } from '../../kernel/namespaces.ts';
import { begin, end } from './cuts.ts';
import type { FailoverStage } from './stage.ts';

/**
 * Nothing happens to either line, and the machine is busy: how often does voice leave the main link all the same? With a loss,
 * that is what the main line loses at random, both ways: how much of it is heard, and what does the second line carry?
 */
export async function steady(
  stage: FailoverStage,
  wish: { readonly seconds: number; readonly hogs: number; readonly loss: number },
) {
  await stage.untilOn('main', 60_000);
  const { main, second } = stage.site.lines;
  if (wish.loss > 0) await main.ask({ do: 'rules', loss: wish.loss });
  await second.ask({ do: 'stats' });
  const hogs = Array.from({ length: wish.hogs }, startHog);
  try {
    await stage.mark();
    const before = await stage.heardOn('second');
    const from = stage.log.all().length;
    const carried = await bytesOf(second);
    await pause(wish.seconds * 1_000);
    const { up, down } = await stage.take();
    const onSecond = (await stage.heardOn('second')) - before;
    const moves = stage.log.all().slice(from).filter(isMove).length;
    const secondBytes = (await bytesOf(second)) - carried;
    const heard = { packets: up.packets + down.packets, lost: up.lost + down.lost };
    return { ...wish, ...heard, doubled: up.doubled + down.doubled, onSecond, moves, secondBytes };
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
    await main.ask({ do: 'rules', loss: 0 });
  }
}

/** The agent's failover machine did something. */
const isMove = ({ machine, do: done }: Record<string, unknown>): boolean =>
  machine === 'failover' && Array.isArray(done) && done.length > 0;

/** What a line carried, both ways, everything together. */
async function bytesOf(line: FailoverStage['site']['lines']['main']): Promise<number> {
  const { up, down } = await line.ask({ do: 'stats' });
  return [up, down].reduce((sum: number, one) => sum + (one as { readonly bytes: number }).bytes, 0);
}

const startHog = (): ChildProcess => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });

/** Each switch finds a stream that has settled on its link: longer than the slower one takes. */
const SETTLED_MS = 60;

/**
 * Voice goes from one living link to the other and back by the order that the agent gives, without an agent that would
 * object. `gone`: connections that the kernel knew at first and does not know at the end.
 */
export async function planned(stage: FailoverStage, switches: number) {
  await stage.untilOn('main', 60_000);
  const home = await steered();
  await begin(stage, 'silent');
  // Where each packet goes twice, what is heard does not tell where voice is led.
  const away = await steeredOnce((map) => map !== home);
  await end(stage, 'silent');
  await steeredOnce((map) => map === home);
  stage.agent.process.kill('SIGKILL');
  // What was held after the cut may be chosen again.
  await pause(2_000);
  const known = await connections();
  const before = await stage.heardOn('second');
  await stage.mark();
  for (let count = 1; count <= switches; count += 1) {
    await runIn('gw', [
      'nft',
      `flush map inet relais steer; add element inet relais steer { ${count % 2 ? away : home} }`,
    ]);
    await pause(SETTLED_MS);
  }
  await pause(500);
  const { up, down } = await stage.take();
  const left = await connections();
  const gone = [...known].filter((one) => !left.has(one)).length;
  const onSecond = (await stage.heardOn('second')) - before;
  return { switches, packets: up.packets + down.packets, lost: up.lost + down.lost, onSecond, known: known.size, gone };
}

async function steeredOnce(isIt: (map: string) => boolean): Promise<string> {
  for (let look = 0; look < 600; look += 1) {
    const map = await steered();
    if (isIt(map)) return map;
    await pause(100);
  }
  throw new Error('the agent never confirmed where the kernel had gone');
}

async function steered(): Promise<string> {
  const listed = await runIn('gw', ['nft', 'list', 'map', 'inet', 'relais', 'steer']);
  const elements = /elements = \{([^}]*)\}/.exec(listed)?.[1];
  if (elements === undefined) throw new Error(`nothing is steered:\n${listed}`);
  return elements.replaceAll(/\s+/g, ' ').trim();
}

/** Of the stream, each with its addresses, ports and zone. */
async function connections(): Promise<ReadonlySet<string>> {
  const listed = await runIn('gw', ['conntrack', '-L', '-p', 'udp', '--orig-port-src', '16384']);
  const lines = listed.split('\n').filter((line) => line.startsWith('udp'));
  return new Set(lines.map((line) => (line.match(/(?:src|dst|sport|dport|zone)=\S+/g) ?? []).join(' ')));
}
