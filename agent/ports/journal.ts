/** The line that a machine's step leaves: it replays to the same states. */
export type JournalLine = {
  readonly at: number;
  readonly machine: string;
  readonly event: unknown;
  readonly state: unknown;
  readonly effects: readonly unknown[];
};

export interface Journal {
  step(line: JournalLine): void;
  /** Something went wrong that somebody should read. */
  fault(message: string, fields: Readonly<Record<string, unknown>>): void;
}
