/**
 * Where the agent writes down what its records come to, so that the next start need not read them all. A cache: what is
 * lost, old or wrong there costs time and nothing else.
 */
export interface StartPointStore {
  /** What was kept last, as it stands there now; nothing when there is none that can be read. */
  read(): string | undefined;
  /** In the place of the one before: a cut leaves one of the two, or none. A failure is no loss. */
  keep(text: string): void;
  /** What is there is wrong. */
  forget(): void;
}
