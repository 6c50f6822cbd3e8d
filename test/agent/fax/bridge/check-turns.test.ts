import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTurns } from '../../../../agent/fax/bridge/check-turns.ts';
import { modulationOf } from '../../../../agent/fax/bridge/rates.ts';
import { SENDER_RATES } from '../../../../agent/fax/t30/capability-bits.ts';
import { readCommand } from '../../../../agent/fax/t30/command.ts';
import { writeFrame } from '../../../../agent/fax/t30/frame.ts';
import { FRAME_KINDS, type FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import type { HearOrder } from '../../../../agent/model/fax-modem.ts';

const MODEM = [24, 48, 72, 96, 73, 74, 97, 98, 121, 122, 145, 146] as const;

/** As the modem looks for it. */
const turnBehind = (octets: Uint8Array, modulations: Parameters<typeof checkTurns>[0] = MODEM): HearOrder | undefined =>
  checkTurns(modulations).find(({ begins, under }) =>
    under.every((mask, at) => ((octets[at] ?? 0) & mask) === ((begins[at] ?? 0) & mask)),
  )?.behind;

const information = fc.uint8Array({ minLength: 3, maxLength: 12 });

describe('X-1: the training check behind a DCS', () => {
  it('has the rate of the DCS, whatever else that orders, with long training', () => {
    fc.assert(
      fc.property(information, fc.boolean(), (field, x) => {
        const octets = writeFrame({ kind: 'DCS', final: true, x, information: field });
        const { rate } = readCommand(field);
        const modulation = rate && modulationOf(rate, 'long');
        expect(turnBehind(octets)).toEqual(modulation && { do: 'hear-page', modulation });
      }),
      { seed: 6, numRuns: 300 },
    );
    expect(checkTurns(MODEM)).toHaveLength(Object.values(SENDER_RATES).filter((rate) => !rate.includes('v33')).length);
  });

  it('is waited for behind no other frame, nor where the modem has not its modulation', () => {
    const others = (Object.keys(FRAME_KINDS) as FrameKind[]).filter((kind) => kind !== 'DCS');
    fc.assert(
      fc.property(information, fc.constantFrom(...others), fc.boolean(), (field, kind, x) => {
        expect(turnBehind(writeFrame({ kind, final: true, x, information: field }))).toBeUndefined();
      }),
      { seed: 6, numRuns: 300 },
    );
    const fast = writeFrame({ kind: 'DCS', final: true, x: true, information: Uint8Array.of(0, 0x20, 0) });
    expect(turnBehind(fast)).toEqual({ do: 'hear-page', modulation: 145 });
    expect(turnBehind(fast, [24, 48, 72, 96])).toBeUndefined();
  });
});
