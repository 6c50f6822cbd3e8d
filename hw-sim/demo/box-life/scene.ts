import type { LedgerRecord } from '../../../agent/model/record.ts';
import type { Stage } from '../stage.ts';
import type { Check } from '../verdict.ts';
import type { Desk } from './desk.ts';
import type { FrontPanel } from './front-panel.ts';
import type { Power } from './power.ts';
import type { Slots } from './slots.ts';

/** What every act works with. */
export type Scene = {
  readonly stage: Stage;
  readonly desk: Desk;
  readonly panel: FrontPanel;
  readonly power: Power;
  readonly slots: Slots;
};

/** What an act saw, held against what the box wrote down: that is read when the box is still. */
export type Judge = (records: readonly LedgerRecord[]) => readonly Check[];
