import type { StartPointStore } from '../../agent/ports/start-point-store.ts';

/** A file that outlives the process, written at once. Left out: cuts in the middle of it, which leave the old one or none. */
export function createSimStartPoint(): StartPointStore {
  let kept: string | undefined;
  return {
    read: () => kept,
    keep(text) {
      kept = text;
    },
    forget() {
      kept = undefined;
    },
  };
}
