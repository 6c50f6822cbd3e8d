import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis } from '../../../agent/model/units.ts';
import type { RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';
import type { Uplink } from '../../../agent/ports/uplink.ts';
import { startAgent } from '../../../agent/runtime/agent.ts';
import { createLife, type Life } from '../../site/life.ts';
import type { SimBroker } from '../../site/sim-broker.ts';
import { createSimCheckpoints } from '../../site/sim-checkpoint-store.ts';
import type { SimClock } from '../../site/sim-clock.ts';
import type { SimRandom } from '../../site/sim-random.ts';
import { createSimDisk, type SimDisk } from '../../site/sim-record-store.ts';
import { createSimStartPoint } from '../../site/sim-start-point.ts';
import { boxPorts } from './box-ports.ts';
import { createFarEnd, type FarEnd } from './far-end.ts';

/** Where a defect may be planted in a box: around its store and its connection, never inside the agent. */
export type BoxSeams = {
  readonly store?: (store: RecordStore, clock: SimClock, life: Life) => RecordStore;
  readonly uplink?: (uplink: Uplink, device: string) => Uplink;
};

/** The real agent of one box, its flash, its power, and the phone behind it. */
export type Box = {
  readonly config: SiteConfig;
  readonly disk: SimDisk;
  readonly farEnd: FarEnd;
  readonly alive: () => boolean;
  start(): void;
  /** The process dies; calls go on without it. */
  kill(): void;
  /** The box goes dark: calls end, and time is counted anew. */
  powerCut(): void;
  faults(): readonly string[];
};

export type BoxOrder = {
  readonly config: SiteConfig;
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly broker: SimBroker;
  readonly seams: BoxSeams;
  /** The flash of another box, copied: this one is a clone of it. */
  readonly image?: { readonly epoch: string; readonly rows: readonly StoredRecord[] };
};

const FLASH = { least: millis(3), most: millis(25) };

export function createBox({ config, clock, random, broker, seams, image }: BoxOrder): Box {
  const disk = createSimDisk(clock, random.fork('disk'), FLASH);
  const checkpoints = createSimCheckpoints(clock, random.fork('checkpoints'), FLASH);
  const startPoint = createSimStartPoint();
  const farEnd = createFarEnd(clock, config.lines[0]?.number ?? '');
  const faults: string[] = [];
  let life: Life | undefined;
  let lives = 0;
  let boots = 1;
  let bootedAt: Millis = clock.mono();
  let dark = false;
  if (image !== undefined) disk.load(image.epoch, image.rows);

  function kill(): void {
    if (!life?.alive()) return;
    life.end();
    disk.crash();
    checkpoints.crash();
  }

  return {
    config,
    disk,
    farEnd,
    alive: () => life?.alive() ?? false,
    start() {
      if (life?.alive()) return;
      if (dark) bootedAt = clock.mono();
      dark = false;
      lives += 1;
      const born = createLife(lives, random.fork(`boot/${boots}`).hex(16));
      life = born;
      const opened = disk.open(born);
      const store = seams.store?.(opened, clock, born) ?? opened;
      const uplink = (real: Uplink): Uplink => seams.uplink?.(real, config.device.id) ?? real;
      const fault = (message: string): void => void faults.push(message);
      const ports = boxPorts({
        ...{ clock, random, life: born, bootedAt, store, startPoint, checkpoints, broker, farEnd },
        ...{ uplink, fault },
      });
      startAgent(config, ports, () => {});
    },
    kill,
    powerCut() {
      kill();
      farEnd.dark();
      dark = true;
      boots += 1;
    },
    faults: () => faults,
  };
}
