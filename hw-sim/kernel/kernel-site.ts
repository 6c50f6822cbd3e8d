import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../agent/model/fault.ts';
import { BRIDGE_PORT_OFFSET } from './access-link-process.ts';
import { type ControlClient, openControl } from './control-socket.ts';
import { type Command, type Running, run, startIn, startReady } from './namespaces.ts';
import { insideSandbox, SANDBOX_DIRECTORY } from './sandbox.ts';
import { type AccessLine, bringUp, buildTopology, hasDevice, type Side, TOPOLOGY } from './topology.ts';

export type LineRules = {
  readonly upKbps: number;
  readonly downKbps: number;
  readonly delayMs: number;
  readonly bufferBytes: number;
};

/** An ADSL line of the kind that requirements speak of, and a mobile line behind it. */
export const USUAL_LINES: Readonly<Record<LineName, LineRules>> = {
  main: { upKbps: 1_000, downKbps: 8_000, delayMs: 15, bufferBytes: 65_536 },
  second: { upKbps: 5_000, downKbps: 20_000, delayMs: 30, bufferBytes: 131_072 },
};

export type LineName = (typeof TOPOLOGY.lines)[number]['name'];

export interface KernelSite {
  /** Orders to a line's emulator: cut, heal, rules, stats. */
  readonly lines: Readonly<Record<LineName, ControlClient>>;
  /** Starts one of our own processes (phone, peer, bulk sink) and waits until it is ready. */
  start(namespace: string, argv: readonly string[]): Promise<Running>;
  /** In the order opposite to their start. What is forgotten here ends with the sandbox. */
  close(): Promise<void>;
}

const GATEWAY_PORT = 4_001;
const OPERATOR_PORT = 4_002;

/** Our own door, compiled: this module and `main.js` are neighbors in `dist`. */
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

export const ours = (argv: readonly string[]): Command => [process.execPath, MAIN, ...argv];

/** Builds the site inside a sandbox; the box has interfaces and no agent. */
export async function openKernelSite(rules: Readonly<Record<LineName, LineRules>> = USUAL_LINES): Promise<KernelSite> {
  if (!insideSandbox()) throw new Fault('sandbox.unavailable', { problem: 'not inside a sandbox' });
  await buildTopology();
  const running: Running[] = [];
  const open = async (line: AccessLine, lineRules: LineRules) => {
    const opened = await openLine(line, lineRules);
    running.push(...opened.running);
    return opened.control;
  };
  const [first, second] = TOPOLOGY.lines;
  const [main, backup] = await Promise.all([open(first, rules.main), open(second, rules.second)]);
  return {
    lines: { main, second: backup },
    start: async (namespace, argv) => {
      const started = await startReady(namespace, ours(argv), 'ready');
      running.push(started);
      return started;
    },
    close: async () => {
      main.close();
      backup.close();
      for (const one of running.toReversed()) await one.end();
    },
  };
}

async function openLine(
  line: AccessLine,
  rules: LineRules,
): Promise<{ readonly running: readonly Running[]; readonly control: ControlClient }> {
  const socket = `${SANDBOX_DIRECTORY}/line-${line.name}.sock`;
  const ports = ['--gateway-port', String(GATEWAY_PORT), '--operator-port', String(OPERATOR_PORT)];
  const rates = ['--up-kbps', String(rules.upKbps), '--down-kbps', String(rules.downKbps)];
  const rest = ['--delay-ms', String(rules.delayMs), '--buffer-bytes', String(rules.bufferBytes)];
  const argv = ['access-link', '--control', socket, ...ports, ...rates, ...rest];
  const emulator = await startReady(line.namespace, ours(argv), 'ready');
  const control = await openControl(socket);
  // A packet for a device that is not up yet would end the socat that holds it.
  await control.ask({ do: 'cut' });
  const bridges = [
    await bridge(line.namespace, line.gateway, GATEWAY_PORT),
    await bridge(line.namespace, line.operator, OPERATOR_PORT),
  ];
  await control.ask({ do: 'heal' });
  return { running: [emulator, ...bridges], control };
}

/** The TUN is born where its socat lives, then carried to where it is used; socat keeps hold of it. */
async function bridge(namespace: string, side: Side, port: number): Promise<Running> {
  const tun = `TUN,tun-name=${side.device},tun-type=tun,iff-no-pi`;
  const udp = `UDP4:127.0.0.1:${port},bind=127.0.0.1:${port + BRIDGE_PORT_OFFSET}`;
  const socat = startIn(namespace, ['socat', tun, udp]);
  let code: number | undefined;
  void socat.ended.then((ended) => {
    code = ended;
  });
  while (!(await hasDevice(namespace, side.device))) {
    if (code !== undefined) throw new Fault('sandbox.unavailable', { command: `socat ${tun}`, code });
    await pause(10);
  }
  await run(['ip', '-n', namespace, 'link', 'set', side.device, 'netns', side.namespace]);
  await bringUp(side);
  return socat;
}
