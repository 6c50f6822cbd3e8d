import { readFileSync } from 'node:fs';
import { loadBoard } from '../agent/edge/load-board.ts';
import { systemClock } from '../agent/edge/system-clock.ts';
import { isFault } from '../agent/model/fault.ts';
import type { Slot } from '../agent/model/release.ts';
import { BoxConfigSchema } from '../agent/model/site-config.ts';
import { minutes } from '../agent/model/units.ts';
import { type Guard, guardBox } from './supervisor/guard.ts';
import { launchReleases } from './updates/launch-releases.ts';
import type { Launch } from './wires/child.ts';
import { launcher } from './wires/node/child.ts';
import { createCommands } from './wires/node/commands.ts';
import { leanFlags } from './wires/node/lean-flags.ts';
import { slotFiles, updatePaths } from './wires/node/slot-files.ts';
import { openWatchdog, watchdogTime } from './wires/node/watchdog.ts';

type Around = { readonly launch: Launch; readonly shelter: Launch; readonly watchdog?: Guard | undefined };

/** A ledger of years is read in less; a release that needs longer for it is no way back. */
const READING = minutes(5);

/**
 * What the supervisor starts on a box (`own` is the front door beside it): the agent of the slot that the box lives on or tries, the program of safe mode from
 * the release that is confirmed, and the hardware's watchdog. A file that cannot be read costs the extras and never the
 * agent: what is wrong with it the agent says itself.
 */
export function openAround(own: string, agentArguments: readonly string[], say: (words: string) => void): Around {
  const box = readBox(agentArguments);
  const watchdog = openGuard(box?.board, say);
  const flags = leanFlags();
  const shelter = launcher(process.execPath, [...flags, own, 'safe', ...agentArguments]);
  const plain = launcher(process.execPath, [...flags, own, 'agent', ...agentArguments]);
  if (box?.updates === undefined) return { launch: plain, shelter, watchdog };
  const { directory, releaseKey } = box.updates;
  const slots = slotFiles(directory, readFileSync(releaseKey, 'utf8'));
  if (slots.book() === undefined) {
    say(`updates: ${directory}/current leads to no slot; the agent is started from where it lies`);
    return { launch: plain, shelter, watchdog };
  }
  const program = (slot: Slot): string => updatePaths(directory).program(slot);
  const commands = createCommands(READING);
  return {
    shelter,
    watchdog,
    launch: launchReleases({
      ...{ slots, clock: systemClock(), say },
      launch: (slot) => launcher(process.execPath, [...flags, program(slot), 'agent', ...agentArguments]),
      canReturn: async (slot) => {
        const words = [program(slot), 'ledger', 'report', ...agentArguments];
        const read = await commands.run(process.execPath, words).catch(() => undefined);
        return read?.status === 0;
      },
    }),
  };
}

/** The box's own file, as far as the supervisor needs it. */
function readBox(agentArguments: readonly string[]) {
  const at = agentArguments.indexOf('--config');
  const file = at < 0 ? undefined : agentArguments[at + 1];
  if (file === undefined) return undefined;
  try {
    return BoxConfigSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** A box without its watchdog works; that nobody would start it anew is said. */
function openGuard(board: string | undefined, say: (words: string) => void): Guard | undefined {
  try {
    const device = board === undefined ? undefined : loadBoard(board).watchdog;
    if (device === undefined) return undefined;
    const time = watchdogTime(device);
    return guardBox(openWatchdog(device), systemClock(), time ?? minutes(1));
  } catch (error) {
    if (!isFault(error)) throw error;
    say(`${error.code}: ${JSON.stringify(error.context)}`);
    return undefined;
  }
}
