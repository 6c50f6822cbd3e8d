import { closeSync, constants, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../../kernel/namespaces.ts';

export interface FrontPanel {
  /** The description of the board, to be named in the file of the box. */
  readonly board: string;
  /** Somebody's finger: down, and up again after so long. */
  press(ms: number): Promise<void>;
  close(): void;
}

const INPUT = 'relais-bench-keys';
/** KEY_RESTART of linux/input-event-codes.h, as the boards send it. */
const CODE = 408;
const EV_KEY = 1;
const BOARD = 'bench-board';

/**
 * A board with a reset button, as the kernel shows one: an input device by its name below /sys/class/input, and its events
 * below /dev/input. Both are the sandbox's own: mounts that nobody else sees. Left out: repeats of a key that is held.
 */
export async function createFrontPanel(directory: string): Promise<FrontPanel> {
  // This machine may have no folder /dev/input to mount over: the devices that are there are led to, and one is added.
  const script = `mkdir -p ${directory}/dev && mount --rbind /dev ${directory}/dev && mount -t tmpfs dev /dev
    for name in $(ls -A ${directory}/dev); do [ "$name" = input ] || ln -s ${directory}/dev/"$name" /dev/"$name"; done
    mkdir /dev/input && mkfifo /dev/input/event0 && mount -t tmpfs classes /sys/class/input`;
  await run(['sh', '-e', '-c', script]);
  mkdirSync('/sys/class/input/event0/device', { recursive: true });
  writeFileSync('/sys/class/input/event0/device/name', `${INPUT}\n`);
  const board = `${directory}/${BOARD}.json`;
  const button = { input: INPUT, code: CODE };
  writeFileSync(board, JSON.stringify({ name: BOARD, label: 'Bench', source: 'hw-sim', button }));
  // Open for both ways, so that neither the box nor this side waits for the other.
  const events = openSync('/dev/input/event0', constants.O_RDWR);
  return {
    board,
    async press(ms) {
      writeSync(events, keyEvent(1));
      await pause(ms);
      writeSync(events, keyEvent(0));
    },
    close: () => closeSync(events),
  };
}

/** struct input_event of 64-bit Linux, at a time that nobody reads. */
function keyEvent(value: 0 | 1): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt16LE(EV_KEY, 16);
  bytes.writeUInt16LE(CODE, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}
