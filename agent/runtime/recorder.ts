import type { LedgerEvent } from '../model/record.ts';
import type { Ledger } from './ledger.ts';
import type { Turns } from './turns.ts';

/** Writes a record; `after` comes when it is on the medium. A box without room for records waits for none of them. */
export const createRecorder =
  (ledger: Pick<Ledger, 'append' | 'hasRoom'>, turns: Turns) =>
  (event: LedgerEvent, after: () => void): void => {
    const waits = ledger.hasRoom();
    ledger.append(event, waits ? after : undefined);
    if (!waits) turns(after);
  };
