import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { seconds } from '../../agent/model/units.ts';
import type { Commands } from '../../firmware-ts/wires/commands.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';

export type Namespace = {
  /** The commands of the machine, inside. */
  readonly commands: Commands;
  /** For what is started otherwise: the program and arguments that go in front. */
  readonly prefix: readonly string[];
  /** Names it to `ip link … netns`. */
  readonly pid: number;
  readonly close: () => void;
};

const isRoot = process.getuid?.() === 0;

/** A network namespace that lives as long as a process of ours: no name, no trace. */
export async function createNamespace(): Promise<Namespace> {
  const spaces = isRoot ? ['--net'] : ['-Urn'];
  const holder = spawn('unshare', [...spaces, 'sh', '-c', 'ip link set lo up && echo ready && exec cat']);
  await once(holder.stdout, 'data');
  if (holder.pid === undefined) throw new Error('a process that spoke has a number');
  const user = isRoot ? [] : ['--user', '--preserve-credentials'];
  const prefix = ['nsenter', '--target', String(holder.pid), ...user, '--net'];
  const outside = createCommands(seconds(10));
  const [enter = '', ...args] = prefix;
  return {
    prefix,
    pid: holder.pid,
    commands: {
      run: (program, rest, stdin) => outside.run(enter, [...args, program, ...rest], stdin),
      session: (program, rest) => outside.session(enter, [...args, program, ...rest]),
    },
    close: () => {
      holder.stdin.end();
    },
  };
}
