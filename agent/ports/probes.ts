import type { Pace } from '../model/heartbeat.ts';

/** One two-way measurement over one link, beyond the first hop (STAMP, RFC 8762). */
export type ProbeAnswer = { readonly link: string; readonly sequence: number; readonly rttMicros: number };

export interface Probes {
  open(listen: (answer: ProbeAnswer) => void): void;
  /** `beats`: asks the far end for heartbeats on this link, where there is one that has them. */
  send(link: string, sequence: number, beats?: Pace): void;
  close(): void;
}
