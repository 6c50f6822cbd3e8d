import { describe, expect, it } from 'vitest';
import { stepResetButton } from '../../../agent/machines/reset-button.ts';
import { millis } from '../../../agent/model/units.ts';

const held = (time: number) => {
  const [down] = stepResetButton({ at: 'up' }, { on: 'pressed', now: millis(1_000) });
  return stepResetButton(down, { on: 'released', now: millis(1_000 + time) })[1].map((effect) => effect.do);
};

describe('M-2: the reset button', () => {
  it.each<readonly [string, number, readonly string[]]>([
    ['a bounce is nothing', 49, []],
    ['a short press starts the agent anew', 50, ['restart-agent']],
    ['three seconds are still short', 3_000, ['restart-agent']],
    ['between short and long nothing happens', 3_001, []],
    ['just under ten seconds nothing happens', 9_999, []],
    ['ten seconds bring the standard configuration back', 10_000, ['restore-standard']],
    ['thirty too', 30_000, ['restore-standard']],
    ['what lies on it for longer does nothing', 30_001, []],
  ])('%s', (_, time, effects) => {
    expect(held(time)).toEqual(effects);
  });

  it('a release without a press is nothing, and a second press begins anew', () => {
    expect(stepResetButton({ at: 'up' }, { on: 'released', now: millis(9) })[1]).toEqual([]);
    const [again] = stepResetButton({ at: 'down', since: millis(0) }, { on: 'pressed', now: millis(20_000) });
    expect(stepResetButton(again, { on: 'released', now: millis(20_500) })[1]).toEqual([{ do: 'restart-agent' }]);
  });
});
