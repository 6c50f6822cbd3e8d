import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { writeFrame } from '../../../../agent/fax/t30/frame.ts';
import { FRAME_KINDS, type FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import { DATA_TYPES, FIELD_TYPES, INDICATORS } from '../../../../agent/fax/t38/code-points.ts';
import type { IfpField, IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { stepTerminal } from '../../../../agent/fax/terminal/terminal.ts';
import {
  startReceiving,
  startSending,
  type Terminal,
  type TerminalTimer,
} from '../../../../agent/fax/terminal/terminal-state.ts';
import { millis } from '../../../../agent/model/units.ts';
import { textPage } from '../page/sample-pages.ts';

const RULES = { stationId: '123', ecm: true, maxBitRate: 14_400 };
const TIMERS: readonly TerminalTimer[] = ['pace', 'patience', 'limit', 'lull'];

const anyField: fc.Arbitrary<IfpField> = fc.record({
  type: fc.constantFrom(...FIELD_TYPES),
  octets: fc.uint8Array({ maxLength: 80 }),
});
/** Noise, and words of T.30 with any content. */
const anyPacket: fc.Arbitrary<IfpPacket> = fc.oneof(
  fc.constantFrom(...INDICATORS).map((indicator): IfpPacket => ({ kind: 'indicator', indicator })),
  fc.record({
    kind: fc.constant('data' as const),
    data: fc.constantFrom(...DATA_TYPES),
    fields: fc.array(anyField, { maxLength: 3 }),
  }),
  fc
    .tuple(
      fc.constantFrom(...(Object.keys(FRAME_KINDS) as FrameKind[])),
      fc.boolean(),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(
      ([kind, final, information]): IfpPacket => ({
        kind: 'data',
        data: kind === 'FCD' ? 'v17-14400' : 'v21',
        fields: [
          { type: 'hdlc-data', octets: reverseBits(writeFrame({ kind, final, x: true, information })) },
          { type: final ? 'hdlc-fcs-ok-sig-end' : 'hdlc-fcs-ok', octets: new Uint8Array(0) },
        ],
      }),
    ),
);
type Prod = { readonly packet: IfpPacket } | { readonly timer: TerminalTimer } | { readonly kept: number };
const anyProd: fc.Arbitrary<Prod> = fc.oneof(
  { weight: 6, arbitrary: anyPacket.map((packet) => ({ packet })) },
  { weight: 2, arbitrary: fc.constantFrom(...TIMERS).map((timer) => ({ timer })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }).map((kept) => ({ kept })) },
);

function live(
  first: Terminal,
  prods: readonly Prod[],
): { readonly confirmed: number; readonly overs: number; readonly kept: number } {
  let terminal = first;
  let [confirmed, overs, kept] = [0, 0, 0];
  const post = (event: Parameters<typeof stepTerminal>[1]): void => {
    const [next, effects] = stepTerminal(terminal, event, RULES);
    terminal = next;
    for (const effect of effects) {
      if (effect.do === 'tell' && effect.news.on === 'page-confirmed') confirmed = effect.news.pages;
      if (effect.do === 'tell' && effect.news.on === 'over') overs += 1;
      if (effect.do === 'keep-page') kept = Math.max(kept, effect.page);
    }
  };
  post({ on: 'opened', now: millis(0) });
  for (const [at, prod] of prods.entries()) {
    const now = millis(at * 50);
    if ('packet' in prod) post({ on: 'packet', packet: prod.packet, now });
    else if ('timer' in prod) post({ on: 'waited', name: prod.timer, now });
    else post({ on: 'page-kept', page: prod.kept, now });
  }
  post({ on: 'closed', now: millis(1e9) });
  post({ on: 'closed', now: millis(1e9) });
  return { confirmed, overs, kept };
}

it('X-2: whatever arrives, a terminal throws nothing, ends once, and confirms no page that it was not told to have kept', () => {
  fc.assert(
    fc.property(fc.array(anyProd, { maxLength: 60 }), fc.boolean(), (prods, sends) => {
      const page = { width: 1_728, resolution: 'fine' as const, lines: textPage(1_728, 10) };
      const { confirmed, overs, kept } = live(sends ? startSending([page]) : startReceiving(), prods);
      expect(overs).toBe(1);
      if (!sends) expect(confirmed).toBeLessThanOrEqual(kept);
    }),
    { numRuns: 1_500, seed: 38 },
  );
});
