import type { Diagnosis, Finding } from '../model/diagnosis.ts';

/** Tests of one link through the kernel, over the link's own route (M-1, Q-5). At most a few at once; each ends by itself. */
export interface Diagnostics {
  run(diagnosis: Diagnosis, done: (finding: Finding) => void): void;
}
