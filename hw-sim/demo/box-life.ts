import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RecordSchema } from '../../agent/model/record.ts';
import type { Line } from '../kernel/control-socket.ts';
import { SANDBOX_DIRECTORY } from '../kernel/sandbox.ts';
import { CONTROLLERS, openDesk } from './box-life/desk.ts';
import { createFrontPanel } from './box-life/front-panel.ts';
import { createPower } from './box-life/power.ts';
import { heldButton, shortPress } from './box-life/pressed.ts';
import { reboot } from './box-life/reboot.ts';
import type { Judge, Scene } from './box-life/scene.ts';
import { installSlots, type Slots } from './box-life/slots.ts';
import { forced, waited } from './box-life/updated.ts';
import { enterSandbox } from './enter-sandbox.ts';
import { openStage } from './stage.ts';

const USAGE = `usage: relais site box-life

A box with slots, a reset button and a modem, managed over its broker: a harmful configuration and the held button; restarts
of modem, link, agent and box; a release that waits for the end of a call, and one that is forced into the middle of one.
Prints one JSON object; exit status 0 only if all of it holds.
`;

export async function boxLife(argv: readonly string[]): Promise<number> {
  const { help } = parseArgs({ args: [...argv], options: { help: { type: 'boolean', default: false } } }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['box-life', ...argv], live);
}

async function live(): Promise<number> {
  const began = performance.now();
  const power = createPower(SANDBOX_DIRECTORY);
  const panel = await createFrontPanel(SANDBOX_DIRECTORY);
  let slots: Slots | undefined;
  const order = { holdOffMs: 4_000, leaseMicroEuro: 2_000_000, leaseBundleSeconds: 600 };
  const stage = await openStage(
    // Not the two seconds of the demo: what is reserved for a call must outlast the agent's way into another release.
    { ...order, order: { controllers: CONTROLLERS, reservationSeconds: 60 } },
    {
      supervised: true,
      async before({ box, registry }) {
        slots = await installSlots(SANDBOX_DIRECTORY, registry);
        const { directory, releaseKey } = slots;
        const file: object = JSON.parse(readFileSync(box, 'utf8'));
        writeFileSync(box, JSON.stringify({ ...file, board: panel.board, updates: { directory, releaseKey } }));
      },
    },
  );
  const desk = openDesk(stage.files);
  try {
    if (slots === undefined) throw new Error('the box was not installed');
    const judges = await story({ stage, desk, panel, power, slots });
    await stage.stopAgent();
    const records = (await stage.ledgerRecords()).map((record) => RecordSchema.parse(record));
    const checks = judges.flatMap((judge) => judge(records));
    const holds = checks.every((check) => check.holds);
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(`${JSON.stringify({ holds, seconds, checks })}\n`);
    return holds ? 0 : 1;
  } catch (error) {
    // What broke off is understood by what box and supervisor said last.
    for (const line of stage.agentLog.all().filter(isWord).slice(-40))
      process.stderr.write(`${JSON.stringify(line)}\n`);
    throw error;
  } finally {
    await desk.close();
    await stage.close();
    panel.close();
  }
}

const isWord = ({ level, supervisor, msg }: Line): boolean =>
  supervisor !== undefined || Number(level) >= 40 || String(msg).startsWith('agent ');

async function story(scene: Scene): Promise<readonly Judge[]> {
  const { stage, desk, slots } = scene;
  await stage.agentLog.until('the agent starts', (line) => line.msg === 'agent started', 90_000);
  const [next, last] = [slots.bundle('1.1.0'), slots.bundle('1.2.0')];
  await desk.insist('get', 'Device.DeviceInfo.SerialNumber');
  await desk.follow('Device.Boot!');
  // While the button is held, a call and what support orders go on beside it.
  const held = await heldButton(scene);
  const update = await waited(scene, next, held.over);
  const first = [...(await held.over), ...update];
  return [...first, await forced(scene, last), await shortPress(scene), await reboot(scene)];
}
