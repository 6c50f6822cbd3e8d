import type { KeptDecision } from './desk-words.ts';
import type { Connection } from './store/connection.ts';

const DECISIONS = `
  SELECT account, use_id AS id, verdict, given_by AS by, why, at FROM decisions WHERE account = $1 ORDER BY at, use_id`;

/** What was ever decided of uses of an account that waited, oldest first. */
export const readDecisions = (database: Connection, account: string): Promise<readonly KeptDecision[]> =>
  database.all<KeptDecision>(DECISIONS, [account]);
