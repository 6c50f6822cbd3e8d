/** One text, replaced whole: after a power cut it is the one before or the one after. */
export interface SwapJournal {
  /** Undefined where there is none, or none that can be read. */
  read(): string | undefined;
  /** Called when it is on the medium to stay, or false when it could not be written and the one before stands. */
  keep(text: string, done: (kept: boolean) => void): void;
}
