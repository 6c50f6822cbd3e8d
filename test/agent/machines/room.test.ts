import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Room, type RoomEvent, startRoom, stepRoom } from '../../../agent/machines/room.ts';

const written = (kept: 'kept' | 'kept-in-reserve' | 'no-room'): RoomEvent => ({ on: 'written', kept });
const wait = { do: 'wait', for: 1_000 } as const;
const alarm = (room: Room['at']) => ({ do: 'alarm', room }) as const;

describe('U-7, V-1: room for records', () => {
  it.each([
    ['room is no news while there is room', 'roomy', written('kept'), 'roomy', []],
    [
      'the reserve is spent: an alarm, and a look every second',
      'roomy',
      written('kept-in-reserve'),
      'scarce',
      [alarm('scarce'), wait],
    ],
    ['nothing is left', 'scarce', written('no-room'), 'full', [alarm('full'), wait]],
    ['nothing is left at once', 'roomy', written('no-room'), 'full', [alarm('full'), wait]],
    ['it was tried again, in vain', 'full', written('no-room'), 'full', [wait]],
    ['still in the reserve', 'scarce', written('kept-in-reserve'), 'scarce', [wait]],
    ['a little room came back', 'full', written('kept-in-reserve'), 'scarce', [alarm('scarce'), wait]],
    ['room is back', 'full', written('kept'), 'roomy', [alarm('roomy')]],
    ['the second is over', 'full', { on: 'waited' }, 'full', [{ do: 'write-again' }]],
    ['a second that ends after room came back', 'roomy', { on: 'waited' }, 'roomy', []],
  ] as const)('%s', (_, from, event, to, effects) => {
    expect(stepRoom({ at: from }, event)).toEqual([{ at: to }, effects]);
  });

  it('is always looked for again while there is none, and raises an alarm for every change and for nothing else', () => {
    const event = fc.oneof(
      fc.constantFrom('kept', 'kept-in-reserve', 'no-room').map((kept) => written(kept as 'kept')),
      fc.constant<RoomEvent>({ on: 'waited' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = startRoom();
        for (const one of events) {
          const [next, effects] = stepRoom(state, one);
          expect(effects.filter((effect) => effect.do === 'alarm')).toHaveLength(next.at === state.at ? 0 : 1);
          if (next.at !== 'roomy') expect(effects.some((effect) => effect.do !== 'alarm')).toBe(true);
          state = next;
        }
      }),
    );
  });
});
