export type KillSignal = 'SIGTERM' | 'SIGINT' | 'SIGKILL';

/** A child process that shares our output. */
export interface Child {
  kill(signal: KillSignal): void;
}

/** Starts the child; `exited` is called once, with the status as a shell reports it: 128 and the signal's number. */
export type Launch = (exited: (status: number) => void) => Child;
