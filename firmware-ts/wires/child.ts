export type KillSignal = 'SIGTERM' | 'SIGINT' | 'SIGKILL';

/** A child process that shares our output. */
export interface Child {
  kill(signal: KillSignal): void;
  /** The straight path was opened past it while it hung; it may lead SIP back. */
  tellAway(): void;
}

/** What its parent hears of a child. */
export type ChildNews = {
  /** Once, with the status as a shell reports it: 128 and the signal's number. */
  readonly exited: (status: number) => void;
  /** Its event loop turns: said a few times a second by a child that says it at all. */
  readonly beat: () => void;
  /** All that the agent lives for works: said once in a life. */
  readonly healthy?: () => void;
  /** It is about to end, and safe mode is to take its place. */
  readonly rests?: () => void;
};

export type Launch = (news: ChildNews) => Child;

/** The words between the agent and its supervisor, over the channel that Node gives parent and child. */
export const BEAT = 'beat';
export const AWAY = 'was-away';
export const HEALTHY = 'healthy';
export const REST = 'rest';
