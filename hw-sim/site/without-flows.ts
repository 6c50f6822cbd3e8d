import type { Media } from '../../agent/ports/media.ts';

/** Simulated phones talk without packets: a kernel that counts none and copies none. */
export const WITHOUT_FLOWS: Pick<Media, 'counts' | 'listen' | 'close'> = {
  counts: (done) => done(undefined),
  listen: () => undefined,
  close: () => undefined,
};
