import { canonical } from '../model/canonical.ts';
import type { Uplink } from '../ports/uplink.ts';
import type { Turns } from './turns.ts';

/** The connection that there is at the moment, if any. An answer that belongs to an earlier one is not taken for news. */
export interface Connection {
  came(): void;
  up(): boolean;
  /** False when there was none. */
  left(): boolean;
  /** What is under way belongs to the past, though the connection stays: a new epoch began. */
  beginAgain(): void;
  /** Counts lives: take it before asking the world, compare it when the answer comes. */
  life(): number;
  /** Nothing happens without a connection; `done(false)` when the broker did not take it. */
  publish(topic: string, payload: unknown, done?: (taken: boolean) => void): void;
}

export function createConnection(uplink: Pick<Uplink, 'publish'>, turns: Turns): Connection {
  let connected = false;
  let life = 0;
  return {
    came() {
      life += 1;
      connected = true;
    },
    up: () => connected,
    left() {
      const was = connected;
      connected = false;
      return was;
    },
    beginAgain() {
      life += 1;
    },
    life: () => life,
    publish(topic, payload, done = () => undefined) {
      if (!connected) return;
      const sentIn = life;
      uplink.publish(topic, canonical(payload), (taken) => turns(() => sentIn === life && done(taken)));
    },
  };
}
