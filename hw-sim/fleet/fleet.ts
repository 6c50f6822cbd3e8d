import { setTimeout as pause } from 'node:timers/promises';
import { seededFractions } from '../kernel/seeded-random.ts';
import { planDay } from './day-profile.ts';
import { createFleetDevice, type FleetDevice } from './device.ts';
import type { Talk } from './device-ledger.ts';
import type { Enrolled } from './enroll.ts';
import { createMeter, type Meter } from './meter.ts';

export interface Fleet {
  readonly devices: readonly FleetDevice[];
  readonly meter: Meter;
  /** Begins to connect all, evenly over that time. */
  connect(milliseconds: number): Promise<void>;
  /** A day's calls, compressed; answers how late the busiest event was (ms). */
  day(calls: number, milliseconds: number): Promise<number>;
  /** Whole calls at once, connected or not. */
  burst(calls: number): Promise<void>;
  connected(): number;
  welcomed(): number;
  records(): number;
  /** Records that have their receipt. */
  received(): number;
  ticks(): number;
  close(): void;
}

type FleetSettings = {
  readonly enrolled: readonly Enrolled[];
  readonly host: string;
  readonly port: number;
  readonly seed: number;
};

const NUMBERS = ['0612345678', '0199000001', '0612345678', '112'];
const TICK_MS = 20;
/** So many devices work before the others' sockets are looked at again. */
const AT_A_TIME = 200;

export function createFleet({ enrolled, host, port, seed }: FleetSettings): Fleet {
  const dice = seededFractions(seed);
  const meter = createMeter();
  const devices = enrolled.map((one) =>
    createFleetDevice({ ...one, host, port, username: one.device, meter, dice: seededFractions(dice() * 2 ** 32) }),
  );
  let made = 0;
  const talkOf = (): Talk => {
    made += 1;
    return {
      call: made.toString(16).padStart(16, '0'),
      dialled: NUMBERS[Math.floor(dice() * NUMBERS.length)] ?? '112',
      seconds: 1 + Math.floor(240 * dice() ** 2),
    };
  };

  async function day(calls: number, milliseconds: number): Promise<number> {
    const events = planDay({ devices: devices.length, calls, milliseconds, dice });
    const running = new Map<string, Talk>();
    const began = performance.now();
    let latest = 0;
    let next = 0;
    while (next < events.length) {
      const now = performance.now() - began;
      for (let event = events[next]; event !== undefined && event.at <= now; event = events[next]) {
        latest = Math.max(latest, now - event.at);
        next += 1;
        play(devices[event.device], running, event.what, `${event.device} ${event.call}`);
      }
      await pause(TICK_MS);
    }
    return Math.round(latest);
  }

  function play(
    device: FleetDevice | undefined,
    running: Map<string, Talk>,
    what: 'admit' | 'answer' | 'end',
    key: string,
  ): void {
    if (device === undefined) return;
    const talk = what === 'admit' ? talkOf() : running.get(key);
    if (talk === undefined) return;
    if (what === 'admit' && device.ledger.admit(talk)) running.set(key, talk);
    if (what === 'answer') device.ledger.answer(talk);
    if (what === 'end') device.ledger.end(talk);
    if (what === 'end') running.delete(key);
    device.pump();
  }

  return {
    devices,
    meter,
    async connect(milliseconds) {
      const began = performance.now();
      for (const [index, device] of devices.entries()) {
        const due = (milliseconds * index) / devices.length - (performance.now() - began);
        if (due > TICK_MS) await pause(due);
        device.connect();
      }
    },
    day,
    async burst(calls) {
      for (const [index, device] of devices.entries()) {
        for (let call = 0; call < calls; call += 1) {
          const talk = talkOf();
          if (!device.ledger.admit(talk)) continue;
          device.ledger.answer(talk);
          device.ledger.end(talk);
        }
        device.pump();
        if (index % AT_A_TIME === 0) await pause(0);
      }
    },
    connected: () => devices.filter((device) => device.connected()).length,
    welcomed: () => devices.filter((device) => device.ready()).length,
    records: () => devices.reduce((sum, { ledger }) => sum + ledger.size(), 0),
    received: () => devices.reduce((sum, device) => sum + device.received(), 0),
    ticks: () => devices.reduce((sum, { ledger }) => sum + ledger.ticksCharged(), 0),
    close() {
      for (const device of devices) device.close();
    },
  };
}
