import type { Logger } from 'pino';
import { modbusLamps, sysfsLamps } from '../../firmware-ts/devices/lamps.ts';
import { inputKey } from '../../firmware-ts/wires/node/input-keys.ts';
import { ledFiles } from '../../firmware-ts/wires/node/led-files.ts';
import { rememberLamps } from '../edge/front-reading.ts';
import { loadBoard } from '../edge/load-board.ts';
import type { LoadedConfig } from '../edge/load-config.ts';
import type { Fault } from '../model/fault.ts';
import { isFault } from '../model/fault.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Clock } from '../ports/clock.ts';
import { openBus } from './open-bus.ts';

type Around = { readonly clock: Clock; readonly log: Logger; readonly software: string };

/** What a box shows and hears at its own front: lamps, reset button, its face on the data LAN (G-2, M-3). */
export async function openFront(
  { box, site }: LoadedConfig,
  { clock, log, software }: Around,
): Promise<
  Pick<AgentPorts, 'button' | 'announce'> & { readonly lamps?: ReturnType<typeof rememberLamps> | undefined }
> {
  const { lamps, inventory, announce } = box.devices;
  const board = box.board === undefined ? undefined : loadBoard(box.board);
  const told = (fault: Fault): void => log.warn({ ...fault.context, code: fault.code }, 'a lamp could not be lit');
  const lit = lamps
    ? modbusLamps({ bus: await openBus(lamps), unit: lamps.unit, coils: lamps.coils }, clock, told)
    : board && sysfsLamps(board.lamps, ledFiles(), told);
  return {
    lamps: lit && rememberLamps(lit),
    button: board?.button && inputKey(board.button.input, board.button.code),
    announce:
      announce &&
      inventory &&
      ((page) => {
        const shown = { ...announce, address: inventory.address, device: site.device.id, software, page };
        const opened = import('../../firmware-ts/wires/node/ssdp-announce.ts')
          .then(({ announceOn }) => announceOn(shown))
          .catch((error: unknown) => {
            // The site works without; a port that is taken is somebody's to look at.
            if (!isFault(error)) throw error;
            log.warn({ ...error.context, code: error.code }, 'the box is not shown on the data LAN');
            return undefined;
          });
        return () => void opened.then((announcement) => announcement?.close());
      }),
  };
}
