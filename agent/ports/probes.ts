/** One two-way measurement over one link, beyond the first hop (STAMP, RFC 8762). */
export type ProbeAnswer = { readonly link: string; readonly sequence: number; readonly rttMicros: number };

export interface Probes {
  open(listen: (answer: ProbeAnswer) => void): void;
  send(link: string, sequence: number): void;
  close(): void;
}
