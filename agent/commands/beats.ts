import { AWAY, BEAT, HEALTHY, REST } from '../../firmware-ts/wires/child.ts';

/** The supervisor waits for four of them before it doubts (firmware-ts/supervisor/supervisor-machine.ts). */
const EVERY_MS = 250;

export type Beats = {
  /** From now on the supervisor may take silence for a hang. `wasAway`: it did, and opened the straight path (V-1). */
  begin(wasAway: () => void): void;
  /** All that the agent is for works; a release on trial is confirmed by it. */
  healthy(): void;
  /** The agent ends in order, and the supervisor begins safe mode in its place; without one it goes on. */
  rest(): void;
};

/** Tells the supervisor, where there is one, that the event loop turns; nothing here keeps the process alive. */
export function createBeats(): Beats {
  let away: () => void = () => undefined;
  let begun = false;
  return {
    begin(wasAway) {
      away = wasAway;
      if (begun || process.send === undefined) return;
      begun = true;
      const timer = setInterval(() => process.send?.(BEAT, undefined, undefined, () => undefined), EVERY_MS).unref();
      process.on('disconnect', () => clearInterval(timer));
      process.on('message', (word) => word === AWAY && away());
      process.channel?.unref();
    },
    rest() {
      process.send?.(REST, undefined, undefined, () => process.kill(process.pid, 'SIGTERM'));
    },
    healthy: () => void process.send?.(HEALTHY, undefined, undefined, () => undefined),
  };
}
