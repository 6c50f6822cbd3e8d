import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Fault } from '../../agent/model/fault.ts';

/** A command with its arguments, never a shell line. */
export type Command = readonly [command: string, ...args: string[]];

const LARGEST_ANSWER = 16_777_216;

/** @throws Fault 'sandbox.unavailable' with what the tool said. */
export async function run(command: Command, input = ''): Promise<string> {
  const [file, ...args] = command;
  try {
    const running = promisify(execFile)(file, args, { maxBuffer: LARGEST_ANSWER });
    // Most commands do not read: their end of the pipe may be gone before ours, and that is no failure.
    running.child.stdin?.on('error', () => undefined).end(input);
    return (await running).stdout;
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Fault('sandbox.unavailable', { command: command.join(' '), said }, { cause });
  }
}

/** The same command inside a network namespace; nsenter becomes the command, so its process id is the command's. */
export const inNamespace = (namespace: string, command: Command): Command => [
  'nsenter',
  `--net=/run/netns/${namespace}`,
  '--',
  ...command,
];

export const runIn = (namespace: string, command: Command, input = ''): Promise<string> =>
  run(inNamespace(namespace, command), input);

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<number>;
  /** SIGTERM, and SIGKILL when that is ignored for two seconds. */
  end(): Promise<void>;
}

const PATIENCE_MS = 2_000;

/** A process that stays. What it writes on standard output goes to `hear`, line breaks included. */
export function startIn(namespace: string, command: Command, hear: (text: string) => void = () => undefined): Running {
  const [file, ...args] = inNamespace(namespace, command);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', hear);
  const ended = new Promise<number>((settle) => {
    child.on('error', () => settle(127));
    child.on('exit', (code) => settle(code ?? 1));
  });
  return { process: child, ended, end: () => endProcess(child) };
}

/** Waits for the first line of output that contains `word`: how our processes say that they are ready. */
export async function startReady(namespace: string, command: Command, word: string): Promise<Running> {
  let heard = '';
  let announce: (ready: boolean) => void = () => undefined;
  const ready = new Promise<boolean>((settle) => {
    announce = settle;
  });
  const running = startIn(namespace, command, (text) => {
    heard += text;
    if (heard.includes(word)) announce(true);
  });
  void running.ended.then(() => announce(false));
  if (await ready) return running;
  throw new Fault('sandbox.unavailable', { command: command.join(' '), said: heard.trim() });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await gone;
  clearTimeout(impatience);
}
