import type { SignallingUnread } from '../model/unread-signalling.ts';

export type UnreadCount = Omit<SignallingUnread, 'kind'>;

/** What phones said and heard in signalling that the box can't read, as the kernel counts it. */
export interface UnreadSignalling {
  /** Since it was last forgotten; a restart of the agent forgets nothing. */
  read(done: (counts: readonly UnreadCount[]) => void): void;
  /** What was read has been written down. */
  forget(): void;
}
