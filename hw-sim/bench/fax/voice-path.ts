import { fileURLToPath } from 'node:url';
import { run, runIn } from '../../kernel/namespaces.ts';
import { startHelper } from '../sip/helper-process.ts';
import { type VoiceHeard, type VoiceNotes, voiceHeard } from './voice-heard.ts';

export type VoicePath = {
  /** What was heard is forgotten. */
  readonly mark: () => Promise<void>;
  readonly take: () => Promise<VoiceHeard>;
  readonly close: () => Promise<void>;
};

const [PHONE, BOX, FAR] = ['voice-phone', 'voice-box', 'voice-far'] as const;
const PORT = '16384';
const END = fileURLToPath(new URL('../voice-end.js', import.meta.url));

/**
 * A call through the kernel of a box: phone and far end in namespaces of their own and on a core of their own, what the kernel does for them
 * in the middle on the first core, with whatever else runs there. Only inside a sandbox.
 */
export async function openVoicePath(): Promise<VoicePath> {
  for (const namespace of [PHONE, BOX, FAR]) await run(['ip', 'netns', 'add', namespace]);
  await plug(PHONE, '10.9.1');
  await plug(FAR, '10.9.2');
  await runIn(BOX, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  const seat = { core: (await coresOf()) - 1, greedy: true };
  const ends = await Promise.all([
    startHelper({ namespace: PHONE, ...seat }, [END, '10.9.1.2', PORT, '10.9.2.2', PORT], isReady),
    startHelper({ namespace: FAR, ...seat }, [END, '10.9.2.2', PORT, '10.9.1.2', PORT], isReady),
  ]);
  return {
    async mark() {
      await Promise.all(ends.map((end) => end.ask('mark', 'marked')));
    },
    take: async () => voiceHeard(await Promise.all(ends.map((end) => end.ask<VoiceNotes>('take', 'heard')))),
    async close() {
      await Promise.all(ends.map((end) => end.end()));
      for (const namespace of [PHONE, BOX, FAR]) await run(['ip', 'netns', 'delete', namespace]);
    },
  };
}

/** What of this process and of those that it starts is there from now on stays on the first core. */
export const stayOnFirstCore = (): Promise<string> => run(['taskset', '-a', '-c', '-p', '0', String(process.pid)]);

const isReady = (word: unknown): boolean => word === 'ready';

const coresOf = async (): Promise<number> => Number(await run(['nproc', '--all']));

/** A cable from the box to one end; what comes in by it is carried on by the first core (RPS, the kernel's scaling.rst). */
async function plug(end: string, net: string): Promise<void> {
  const device = end.slice(-4);
  await run(['ip', '-n', BOX, 'link', 'add', device, 'type', 'veth', 'peer', 'name', 'cable', 'netns', end]);
  await run(['ip', '-n', BOX, 'address', 'add', `${net}.1/24`, 'dev', device]);
  await run(['ip', '-n', end, 'address', 'add', `${net}.2/24`, 'dev', 'cable']);
  for (const [namespace, name] of [
    [BOX, device],
    [end, 'cable'],
  ] as const)
    await run(['ip', '-n', namespace, 'link', 'set', name, 'up']);
  await run(['ip', '-n', end, 'route', 'add', 'default', 'via', `${net}.1`]);
  const queue = `/sys/class/net/${device}/queues/rx-0/rps_cpus`;
  await run(['ip', 'netns', 'exec', BOX, 'sh', '-c', `echo 1 > ${queue}`]);
}
