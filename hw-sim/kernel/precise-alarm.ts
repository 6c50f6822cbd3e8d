import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Millis, millis } from '../../agent/model/units.ts';

/** One alarm, set again and again. Node's timers are whole milliseconds late; a thread that sleeps in a futex is not. */
export interface PreciseAlarm {
  set(when: Millis): void;
  close(): void;
}

type Shared = { readonly alarm: 'precise'; readonly turn: Int32Array; readonly due: Float64Array };

/** Monotonic, in fractions of a millisecond, the same in every thread and namespace. */
export const monotonic = (): Millis => millis(Number(process.hrtime.bigint()) / 1e6);

export function createPreciseAlarm(ring: () => void): PreciseAlarm {
  const shared: Shared = {
    alarm: 'precise',
    turn: new Int32Array(new SharedArrayBuffer(4)),
    due: new Float64Array(new SharedArrayBuffer(8)),
  };
  shared.due[0] = Number.POSITIVE_INFINITY;
  const sleeper = new Worker(new URL(import.meta.url), { workerData: shared });
  sleeper.on('message', ring);
  return {
    set: (when) => {
      shared.due[0] = when;
      Atomics.add(shared.turn, 0, 1);
      Atomics.notify(shared.turn, 0);
    },
    close: () => {
      void sleeper.terminate();
    },
  };
}

/** Sleeps until the due time, or until the due time changes; `turn` says which of the two happened. */
function sleepAndRing(shared: Shared): never {
  for (;;) {
    const turn = Atomics.load(shared.turn, 0);
    const rest = (shared.due[0] ?? Number.POSITIVE_INFINITY) - monotonic();
    const woken = rest > 0 ? Atomics.wait(shared.turn, 0, turn, rest) : 'timed-out';
    if (woken !== 'timed-out') continue;
    parentPort?.postMessage('due');
    Atomics.wait(shared.turn, 0, turn);
  }
}

if (!isMainThread && isShared(workerData)) sleepAndRing(workerData);

function isShared(value: unknown): value is Shared {
  return typeof value === 'object' && value !== null && 'alarm' in value && value.alarm === 'precise';
}
