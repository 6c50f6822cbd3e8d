import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../agent/edge/system-clock.ts';
import { millis, seconds } from '../agent/model/units.ts';
import type { Devices } from '../agent/ports/devices.ts';
import { createDevices } from './devices/box-devices.ts';
import { printReadings, type Readings } from './devices/readings.ts';
import { APC_SMART_UPS } from './devices/ups.ts';
import { openAround } from './open-around.ts';
import { runSim, SIM_USAGE } from './sim-command.ts';
import { openStraightPath } from './supervisor/fail-open.ts';
import type { Guard } from './supervisor/guard.ts';
import { supervise } from './supervisor/supervise.ts';
import { runUpdate, UPDATE_USAGE } from './update-command.ts';
import type { Launch } from './wires/child.ts';
import { launcher } from './wires/node/child.ts';
import { createCommands } from './wires/node/commands.ts';
import { modbusTcp } from './wires/node/modbus-bus.ts';
import { serialPath } from './wires/node/serial-line.ts';
import { ssdpOn } from './wires/node/ssdp.ts';

const USAGE = `usage: relais supervise -- [agent arguments]
       relais devices [--modem PATH [--baud RATE]] [--ups HOST:PORT [--unit N]] [--lan ADDRESS] [--json]
`;
const MISUSED = 64;
/** As in the log of the agent. */
const WARN = 40;

/** The straight path is two commands, and has two seconds (V-1). */
const COMMAND_PATIENCE = millis(900);

/** The subcommands of the box itself. */
export async function run(argv: readonly string[]): Promise<number> {
  const [subcommand, ...rest] = argv;
  if (subcommand === 'supervise' && rest[0] === '--') return superviseWith(openAround(frontDoor(), rest.slice(1), say));
  if (subcommand === 'devices') return runDevices(rest);
  if (subcommand === 'sim') return runSim(rest);
  if (subcommand === 'update') return runUpdate(rest);
  return misused(`${USAGE}${SIM_USAGE}${UPDATE_USAGE}`);
}

const frontDoor = (): string => fileURLToPath(new URL('../agent/main.js', import.meta.url));

type Program = { readonly command: string; readonly args: readonly string[] };

/** What the supervisor of a box has besides the agent; a simulated site has none of it. */
type Around = {
  readonly launch: Launch;
  readonly shelter: Launch;
  readonly watchdog?: Guard | undefined;
};

/** Keeps a program alive until SIGTERM or SIGINT, and answers its status. */
export const runSupervisor = (program: Program): Promise<number> => {
  const launch = launcher(program.command, program.args);
  return superviseWith({ launch, shelter: launch });
};

async function superviseWith(around: Around): Promise<number> {
  const commands = createCommands(COMMAND_PATIENCE);
  const supervision = supervise({
    ...around,
    clock: systemClock(),
    failOpen: () => openStraightPath(commands),
    say,
  });
  const onTerminate = () => supervision.stop('SIGTERM');
  const onInterrupt = () => supervision.stop('SIGINT');
  process.on('SIGTERM', onTerminate).on('SIGINT', onInterrupt);
  try {
    return await supervision.finished;
  } finally {
    process.off('SIGTERM', onTerminate).off('SIGINT', onInterrupt);
  }
}

/** A line among those of the agent's log. */
function say(msg: string): void {
  process.stdout.write(`${JSON.stringify({ level: WARN, time: Date.now(), supervisor: process.pid, msg })}\n`);
}

async function runDevices(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(`${options}\n${USAGE}`);
  const { modem, baud, ups, unit, lan, json } = options;
  const supply = ups === undefined ? undefined : /^(.+):(\d+)$/.exec(ups);
  if (supply === null) return misused(`--ups wants HOST:PORT\n${USAGE}`);
  const devices = createDevices({
    clock: systemClock(),
    modem: modem === undefined ? undefined : serialPath(modem, Number(baud)),
    ups: supply && {
      bus: modbusTcp(supply[1] ?? '', Number(supply[2]), seconds(2)),
      unit: Number(unit),
      registers: APC_SMART_UPS,
    },
    lan: lan === undefined ? undefined : ssdpOn(lan),
  });
  const readings = await read(devices);
  devices.close();
  const asked = { modem: modem !== undefined, ups: ups !== undefined, lan: lan !== undefined };
  process.stdout.write(json ? `${JSON.stringify(readings)}\n` : printReadings(readings, asked));
  const silent = (asked.modem && readings.signal === null) || (asked.ups && readings.power === null);
  return silent ? 1 : 0;
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        modem: { type: 'string' },
        baud: { type: 'string', default: '115200' },
        ups: { type: 'string' },
        unit: { type: 'string', default: '1' },
        lan: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function read(devices: Devices): Promise<Readings> {
  const [signal, power, inventory] = await Promise.all([
    new Promise<Readings['signal']>((done) => devices.signal((answer) => done(answer ?? null))),
    new Promise<Readings['power']>((done) => devices.power((answer) => done(answer ?? null))),
    new Promise<Readings['inventory']>((done) => devices.inventory(done)),
  ]);
  return { signal, power, inventory };
}

function misused(message: string): number {
  process.stderr.write(message);
  return MISUSED;
}
