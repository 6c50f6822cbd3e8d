import type { Es9Refusal } from '../es9/refusals.ts';

/** Why an operation with the eUICC or a server ended without its result. `says` is for support and names the remedy. */
export type LpaFailure =
  /** The eUICC said no. `function` as SGP.22 names it. */
  | { readonly by: 'card'; readonly function: string; readonly code: number | string; readonly says: string }
  /** The server said no. */
  | ({ readonly by: 'server' } & Es9Refusal)
  /** No answer: from the modem or card, from the server, or one that cannot be read. */
  | { readonly by: 'silence'; readonly of: 'card' | 'server'; readonly says: string }
  | { readonly by: 'unreadable'; readonly of: 'card' | 'server'; readonly says: string }
  /** The LPA's own check refused what the server said (SGP.22 3.0.1, 3.1.3). */
  | { readonly by: 'check'; readonly says: string }
  | { readonly by: 'order'; readonly says: string };

/** Whether the same order may succeed when it is only asked again: the road failed, nobody refused. */
export const isPassing = ({ by }: LpaFailure): boolean => by === 'silence';
