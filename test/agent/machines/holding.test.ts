import { describe, expect, it } from 'vitest';
import { type Holding, type HoldingEvent, startHolding, stepHolding } from '../../../agent/machines/holding.ts';
import { minutes } from '../../../agent/model/units.ts';

const fitting = startHolding();
const idle: Holding = { at: 'idle' };

/** [sentence, from, event, orders, to] */
const table: readonly (readonly [string, Holding, HoldingEvent, readonly string[], Holding])[] = [
  ['waits when it holds too much', fitting, { on: 'account-changed', over: true }, ['wait'], idle],
  ['does not begin to wait anew', idle, { on: 'account-changed', over: true }, [], idle],
  ['forgets it when it is needed after all', idle, { on: 'account-changed', over: false }, ['stop-waiting'], fitting],
  ['keeps what fits', fitting, { on: 'account-changed', over: false }, [], fitting],
  ['gives back what lay idle', idle, { on: 'waited' }, ['give-back level'], fitting],
  ['gives nothing back when nothing lay idle', fitting, { on: 'waited' }, [], fitting],
  ['gives back at once what is recalled', fitting, { on: 'recalled' }, ['give-back share'], fitting],
  ['gives back at once what is recalled, idle or not', idle, { on: 'recalled' }, ['give-back share'], idle],
  ['C-5: lets go of what has expired', fitting, { on: 'central-silent' }, ['give-back expired'], fitting],
];

describe('C-3: giving credit back', () => {
  it.each(table)('%s', (_, from, event, orders, to) => {
    const [state, effects] = stepHolding(from, event, minutes(10));
    expect(state).toEqual(to);
    expect(effects.map((effect) => (effect.do === 'give-back' ? `give-back ${effect.downTo}` : effect.do))).toEqual(
      orders,
    );
  });

  it('waits as long as the regime says', () => {
    const [, effects] = stepHolding(fitting, { on: 'account-changed', over: true }, minutes(7));
    expect(effects).toEqual([{ do: 'wait', for: minutes(7) }]);
  });
});
