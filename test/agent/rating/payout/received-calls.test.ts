import { describe, expect, test } from 'vitest';
import { type Numbering, NumberingSchema } from '../../../../agent/model/numbering.ts';
import { type Usage, UsageSchema } from '../../../../agent/model/usage.ts';
import { receivedCalls } from '../../../../agent/rating/payout/received-calls.ts';

const NUMBERING: Numbering = NumberingSchema.parse({
  ...{ schema: 'relais/numbering/1', id: 'sample', from: '2020-01-01', label: 'sample' },
  french: [
    ['01', 'geographic', 'FR', 10],
    ['08', 'premium-special', 'FR', 10],
    ['09', 'nomadic-09', 'FR', 10],
    ['098', 'platform-09', 'FR', 10],
    ['0937', 'overseas-09', 'RE', 10],
    ['0262', 'overseas-fixed', 'RE', 10],
    ['06', 'mobile', 'FR', 10],
    ['0692', 'overseas-mobile', 'RE', 10],
  ],
  codes: { FR: '33', RE: '262' },
  world: [
    ['49', 'international-fixed', 'DE', 6, 15],
    ['4915', 'international-mobile', 'DE', 6, 15],
    ['881', 'satellite', '', 6, 15],
    ['800', 'universal', '', 6, 15],
  ],
  zones: { eea: ['DE', 'FR', 'RE'], world: ['US'] },
});

const SPECIAL = '+33899123456';
const received = (party: string, more: Record<string, unknown> = {}): Usage =>
  UsageSchema.parse({
    ...{ kind: 'call', id: 'a', line: SPECIAL, at: 1_000, seconds: 60, direction: 'incoming', party },
    ...more,
  });
const calls = (uses: readonly Usage[], origins: Parameters<typeof receivedCalls>[0]['origins'] = []) =>
  receivedCalls({ number: SPECIAL, origins }, uses, () => NUMBERING);
const origin = (party: string) => calls([received(party)])[0]?.origin;

describe('R-4, R2: calls that a special number received', () => {
  test('are those of its line that came in, with when, how long, and from whom', () => {
    expect(
      calls([
        received('0123456789'),
        received('0123456789', { id: 'out', direction: 'outgoing' }),
        received('0123456789', { id: 'other', line: '+33155550001' }),
        UsageSchema.parse({
          kind: 'sms',
          id: 's',
          line: SPECIAL,
          at: 1,
          direction: 'incoming',
          party: '0612345678',
          segments: 1,
        }),
      ]),
    ).toEqual([
      {
        ...{ id: 'a', at: 1_000, seconds: 60, caller: '+33123456789' },
        ...{ origin: 'geographic', automaticCallback: false },
      },
    ]);
    expect(calls([received('0123456789', { seconds: null })])).toMatchObject([{ seconds: undefined }]);
  });

  test('by where a number of that kind calls from', () => {
    expect(['0912345678', '0981234567'].map(origin)).toEqual(['geographic', 'geographic']);
    expect(origin('0612345678')).toBe('mobile');
    expect(['0262123456', '0692123456', '0937123456'].map(origin)).toEqual(['overseas', 'overseas', 'overseas']);
    expect(['+4930123456', '+4915112345678', '+881612345678', '+80012345678'].map(origin)).toEqual(
      Array(4).fill('international'),
    );
    expect(origin('0812345678')).toBe('no-agreement');
  });

  test('from a number that is withheld or none at all show no caller and no origin', () => {
    expect(calls([received('anonymous')])).toMatchObject([{ caller: undefined, origin: 'no-agreement' }]);
    const silent = receivedCalls({ number: SPECIAL, origins: [] }, [received('0123456789')], () => undefined);
    expect(silent).toMatchObject([{ caller: undefined, origin: 'no-agreement' }]);
  });

  test('by the numbering that was in force', () => {
    const at: number[] = [];
    receivedCalls({ number: SPECIAL, origins: [] }, [received('0123456789', { at: 77 })], (instant) => {
      at.push(instant);
      return NUMBERING;
    });
    expect(at).toEqual([77]);
  });

  test('unless the account says otherwise of that call', () => {
    const said = [{ call: 'a', origin: 'overseas', automaticCallback: true } as const];
    expect(calls([received('0123456789'), received('0123456789', { id: 'b' })], said)).toMatchObject([
      { origin: 'overseas', automaticCallback: true },
      { origin: 'geographic', automaticCallback: false },
    ]);
    expect(calls([received('anonymous')], said)).toMatchObject([{ origin: 'overseas' }]);
  });
});
