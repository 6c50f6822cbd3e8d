/** What the kernel saw of RTP lately (10 s): "address:port" of each phone that sends. */
export interface Media {
  heard(done: (talkers: ReadonlySet<string>) => void): void;
}
