import { AccountSchema } from '../../../../agent/model/account.ts';
import { DeckSchema, type Plan } from '../../../../agent/model/deck.ts';
import { type Numbering, NumberingSchema } from '../../../../agent/model/numbering.ts';
import { type Regime, RegimeSchema } from '../../../../agent/model/regime.ts';
import { type Usage, UsageSchema } from '../../../../agent/model/usage.ts';
import { type Prepared, prepare } from '../../../../agent/rating/book/context.ts';
import { type Rated, rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import type { RatedUse } from '../../../../agent/rating/book/words.ts';

/** A plan of numbers that a reader can hold in mind. */
export const NUMBERING: Numbering = NumberingSchema.parse({
  schema: 'relais/numbering/1',
  id: 'sample',
  from: '2020-01-01',
  label: 'sample',
  french: [
    ['01 02', 'geographic', 'FR', 10],
    ['0262', 'overseas-fixed', 'RE', 10],
    ['06', 'mobile', 'FR', 10],
    ['0800', 'free-special', 'FR', 10],
    ['0899', 'premium-special', 'FR', 10],
    ['39', 'premium-special', '', 4],
  ],
  codes: { FR: '33', RE: '262' },
  world: [
    ['49', 'international-fixed', 'DE', 6, 15],
    ['4915', 'international-mobile', 'DE', 6, 15],
    ['1', 'international-fixed', 'US', 11, 11],
    ['881', 'satellite', '', 6, 15],
  ],
  zones: { eea: ['DE', 'FR', 'RE'], world: ['US'] },
});

const NATIONAL = [{ national: true }] as const;
const plan = (id: string, voice: unknown, more: Record<string, unknown> = {}): unknown => ({
  id,
  name: id,
  service: 'fixed',
  monthlyMicroEuro: 10_000_000,
  voice,
  ...more,
});

/** Prices in micro-euro per minute, hence in ticks per second: 10 at home, 30 to mobiles, 50 to Germany. */
export const DECK = DeckSchema.parse({
  schema: 'relais/deck/1',
  id: 'sample',
  version: 1,
  label: 'sample',
  from: '2020-01-01',
  vatPerMille: 200,
  voice: [
    { name: 'geographic', for: { class: 'geographic' }, perMinuteMicroEuro: 10 },
    { name: 'mobile', for: { class: 'mobile' }, perMinuteMicroEuro: 30, perCallMicroEuro: 2 },
    { name: 'Réunion', for: { class: 'overseas-fixed' }, perMinuteMicroEuro: 40 },
    { name: 'free', for: { class: 'free-special' }, perMinuteMicroEuro: 0 },
    { name: '0899', for: { class: 'premium-special' }, perMinuteMicroEuro: 80, tax: 'TTC', tier: 'D080' },
    {
      name: 'Germany',
      for: { class: 'international-fixed', territory: 'DE' },
      perMinuteMicroEuro: 50,
      firstSeconds: 60,
      stepSeconds: 60,
    },
    { name: 'Germany mobile', for: { class: 'international-mobile', zone: 'eea' }, perMinuteMicroEuro: 70 },
    { name: 'satellite', for: { class: 'satellite' }, perMinuteMicroEuro: 5_000, barred: true },
  ],
  roamingVoice: [
    { name: 'from the USA', visited: { territory: 'US' }, direction: 'outgoing', perMinuteMicroEuro: 900 },
    { name: 'in the USA', visited: { zone: 'world' }, direction: 'incoming', perMinuteMicroEuro: 300 },
  ],
  sms: [
    { name: 'SMS', for: { class: 'mobile' }, perUnitMicroEuro: 70_000 },
    { name: 'SMS from the USA', for: { class: 'mobile' }, visited: { zone: 'world' }, perUnitMicroEuro: 300_000 },
  ],
  mms: [{ name: 'MMS', for: { class: 'mobile' }, perUnitMicroEuro: 200_000 }],
  fax: [{ name: 'fax', for: { class: 'geographic' }, perUnitMicroEuro: 100_000 }],
  data: [
    { name: 'data', perUnitMicroEuro: 1_000, unitBytes: 1_000 },
    { name: 'roaming data', visited: { zone: 'world' }, perUnitMicroEuro: 1_000_000, unitBytes: 1_000_000 },
  ],
  plans: [
    plan('metered', { is: 'metered' }),
    plan(
      'bundle',
      { is: 'bundle', seconds: 100, includes: [{ class: 'geographic' }, { class: 'mobile' }] },
      { connectionMicroEuro: 50_000_000 },
    ),
    plan('own-bundle', { is: 'bundle', seconds: 60, shared: 'line', includes: [{ class: 'geographic' }] }),
    plan('unlimited', { is: 'unlimited', includes: NATIONAL, limits: 'none' }),
    plan('limited', { is: 'unlimited', includes: NATIONAL }, { sms: 'unlimited' }),
    plan(
      'mobile',
      { is: 'metered' },
      {
        service: 'mobile',
        fleetFree: true,
        likeHome: ['eea'],
        sms: { units: 5 },
        mms: { units: 1 },
        data: { includedBytes: 10_000 },
      },
    ),
  ],
});

export type Twist = {
  readonly plan?: Plan['id'];
  readonly lines?: readonly Record<string, unknown>[];
  readonly account?: Record<string, unknown>;
  readonly regime?: Record<string, unknown>;
  readonly decks?: Prepared['context']['decks'];
};

export const LINE = '+33155550001';
export const OTHER = '+33155550002';

const cited = (value: unknown) => ({ value, article: 'sample' });

export const regimeOf = (more: Record<string, unknown> = {}): Regime =>
  RegimeSchema.parse({
    id: 'sample',
    version: 1,
    operator: 'sample',
    voice: { udpPorts: cited([5060]) },
    lease: { microEuro: 1_000, bundleSeconds: 0 },
    credit: {
      kind: cited('hard-cap'),
      limitMicroEuro: cited(1_000_000_000),
      cut_running_calls: cited(true),
    },
    cap: { reset: 'calendar_month' },
    ...more,
  });

export function contextOf({
  plan: of = 'metered',
  lines,
  account = {},
  regime = {},
  decks = [DECK],
}: Twist = {}): Prepared {
  const line = { number: LINE, label: 'line', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: of }] };
  return prepare({
    account: AccountSchema.parse({
      schema: 'relais/account/1',
      id: 'sample',
      client: 'sample',
      regimes: [{ from: '2020-01-01', regime: 'sample' }],
      decks: ['sample'],
      numberings: ['sample'],
      cycle: { is: 'calendar' },
      lines: lines ?? [line, { ...line, number: OTHER }],
      fleet: ['+33699999999'],
      ...account,
    }),
    regimes: [{ from: '2020-01-01', is: regimeOf(regime) }],
    decks,
    numberings: [NUMBERING],
  });
}

/** Noon in Paris on the 10th of October 2026, a working day of summer time. */
export const NOON = Date.UTC(2026, 9, 10, 10);

export const use = (kind: Usage['kind'], fields: Record<string, unknown>): Usage =>
  UsageSchema.parse({
    kind,
    id: 'u',
    line: LINE,
    at: NOON,
    ...(kind === 'data' ? { bytes: 0 } : {}),
    ...(kind === 'data' || kind === 'canceled' ? {} : { direction: 'outgoing', party: '0123456789' }),
    ...fields,
  });
export const call = (seconds: number | null, fields: Record<string, unknown> = {}): Usage =>
  use('call', { seconds, ...fields });

export const rated = (uses: readonly Usage[], twist: Twist = {}): Rated => rateUses(uses, contextOf(twist));

/** The one charge of one use. */
export function charge(one: Usage, twist: Twist = {}): RatedUse {
  const [first] = rated([one], twist).uses;
  if (first === undefined) throw new Error('the use could not be rated');
  return first;
}
