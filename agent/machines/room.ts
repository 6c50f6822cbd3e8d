import { never } from '../model/never.ts';
import { type Millis, seconds } from '../model/units.ts';

/*
 *          kept-in-reserve          no-room
 *   roomy ───────────────▶ scarce ─────────▶ full
 *     ▲                     │  ▲               │
 *     └────────kept─────────┘  └kept-in-reserve┘      from full, `kept` leads straight home; from roomy, `no-room` to full
 *
 * Paid calls begin only while there is room (U-1, U-7); what comes in and emergency calls go on everywhere (V-1, C-1).
 */

export type Room = { readonly at: 'roomy' | 'scarce' | 'full' };

export type RoomEvent =
  | { readonly on: 'written'; readonly kept: 'kept' | 'kept-in-reserve' | 'no-room' }
  | { readonly on: 'waited' };

export type RoomEffect =
  | { readonly do: 'alarm'; readonly room: Room['at'] }
  | { readonly do: 'write-again' }
  | { readonly do: 'wait'; readonly for: Millis };

const PLACE = { kept: 'roomy', 'kept-in-reserve': 'scarce', 'no-room': 'full' } as const;
/** Service is back within this time of the room. */
const PATIENCE = seconds(1);

export const startRoom = (): Room => ({ at: 'roomy' });

export function stepRoom(state: Room, event: RoomEvent): readonly [Room, readonly RoomEffect[]] {
  switch (event.on) {
    case 'waited':
      return [state, state.at === 'roomy' ? [] : [{ do: 'write-again' }]];
    case 'written': {
      const at = PLACE[event.kept];
      const alarm: readonly RoomEffect[] = at === state.at ? [] : [{ do: 'alarm', room: at }];
      const wait: readonly RoomEffect[] = at === 'roomy' ? [] : [{ do: 'wait', for: PATIENCE }];
      return [{ at }, [...alarm, ...wait]];
    }
    default:
      return never(event);
  }
}
