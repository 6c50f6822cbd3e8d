import type { LineOrder, LineService, LineTerms } from '../model/mobile-line.ts';
import { never } from '../model/never.ts';
import { type Obeyed, type OrderTerms, obey } from './mobile-line/obey.ts';
import {
  type LineFacts,
  type LineLimits,
  type LineRules,
  type LineServices,
  type Registered,
  servicesOf,
} from './mobile-line/services.ts';

/*
 *                 bar-outgoing                   suspend
 *     active ─────────────────▶ outgoing-barred ─────────▶ suspended        any of them ──terminate──▶ terminated
 *       │  ▲◀── reactivate ─────────────┘                     │  ▲
 *       │  └──────────────── reactivate ──────────────────────┘  │
 *       └─────────────────── suspend ────────────────────────────┘
 *
 * S-3: the mobile line of a site as it was ordered, and beside it what else bars it: limits of the contract (S-6, S-7,
 * C-2 …), the central (C-5), roaming (S-5). What is told to modem and kernel is the difference to what they were told.
 */

export type MobileLine = LineFacts & {
  readonly at: LineService;
  readonly number: string;
  /** What modem and kernel were told; left out where nobody knows what they do. */
  readonly told: Told;
  /** What barred the line when it was last told. */
  readonly shown: readonly string[];
};

type Told = { readonly [Name in 'network' | 'context' | 'data']?: LineServices[Name] | undefined } & {
  readonly allowed?: Allowed | undefined;
};
type Allowed = Pick<LineServices, 'roaming' | 'fourG'>;

export type LineEvent = { readonly now: number } & (
  | { readonly on: 'ordered'; readonly order: LineOrder; readonly contract: OrderTerms }
  | { readonly on: 'limited'; readonly limits: LineLimits }
  | { readonly on: 'suspended'; readonly suspended: boolean }
  | { readonly on: 'registered'; readonly registered: Registered }
  /** The modem has started anew, or another card is in use: it has forgotten what it was told. */
  | { readonly on: 'modem-began' }
  /** It did not do what it was told. */
  | { readonly on: 'not-done'; readonly what: keyof Told }
  | { readonly on: 'clock' }
);

export type LineEffect =
  | {
      readonly do: 'record';
      readonly order: LineOrder;
      readonly refused: string | undefined;
      readonly effective: number | undefined;
      readonly terms: LineTerms;
    }
  | { readonly do: 'serve'; readonly on: boolean }
  | ({ readonly do: 'allow' } & Allowed)
  | { readonly do: 'carry'; readonly on: boolean }
  | ({ readonly do: 'limit' } & LineServices['data'])
  /** S-10: the line has its own number from now on. */
  | { readonly do: 'port'; readonly to: string; readonly at: number; readonly until: number }
  | { readonly do: 'tell'; readonly services: LineServices }
  /** Post 'clock' then: something begins or ends by itself, or is said again. Takes the place of the wait before. */
  | { readonly do: 'wait'; readonly until: number };

type Answer = readonly [MobileLine, readonly LineEffect[]];

/** What a modem refused is said again after so long, ms. */
const AGAIN = 60_000;

export const startLine = (number: string, terms: LineTerms): MobileLine => ({
  at: terms.service,
  number,
  terms,
  limits: { reached: [], bytesLeft: undefined },
  suspended: false,
  registered: undefined,
  told: {},
  shown: [],
});

export function stepLine(state: MobileLine, event: LineEvent, rules: LineRules): Answer {
  const [heard, effects] = hear(state, event);
  const [ported, porting] = port(heard, event.now);
  const services = servicesOf(ported, rules, event.now);
  const [next, orders] = carryOut(ported, services, event);
  const shown = services.barredBy;
  const tell: readonly LineEffect[] = same(state.shown, shown) ? [] : [{ do: 'tell', services }];
  return [{ ...next, shown }, [...effects, ...porting, ...orders, ...tell, ...wait(next, event)]];
}

function hear(state: MobileLine, event: LineEvent): Answer {
  switch (event.on) {
    case 'ordered':
      return ordered(state, event.order, event.contract);
    case 'limited':
      return [{ ...state, limits: event.limits }, []];
    case 'suspended':
      return [{ ...state, suspended: event.suspended }, []];
    case 'registered':
      return [{ ...state, registered: event.registered }, []];
    case 'modem-began':
      return [{ ...state, told: { data: state.told.data } }, []];
    case 'not-done':
    case 'clock':
      return [state, []];
    default:
      return never(event);
  }
}

/** Done once under its name; heard again it says nothing new. */
function ordered(state: MobileLine, order: LineOrder, contract: OrderTerms): Answer {
  if (state.terms.done.includes(order.id)) return [state, []];
  const obeyed = judge(state, order, contract);
  const kept = 'refused' in obeyed ? state.terms : obeyed.terms;
  const terms = { ...kept, done: [...kept.done, order.id].slice(-50) };
  const refused = 'refused' in obeyed ? obeyed.refused : undefined;
  const effective = 'refused' in obeyed ? undefined : obeyed.effective;
  return [{ ...state, at: terms.service, terms }, [{ do: 'record', order, refused, effective, terms }]];
}

function judge({ number, terms }: MobileLine, order: LineOrder, contract: OrderTerms): Obeyed {
  if (order.line === number) return obey(terms, order, contract);
  return { refused: `line: the mobile line of this site is ${number}` };
}

function port(state: MobileLine, now: number): Answer {
  const { porting, service } = state.terms;
  if (porting === undefined || service === 'terminated' || porting.number === state.number || now < porting.at)
    return [state, []];
  return [
    { ...state, number: porting.number },
    [{ do: 'port', to: porting.number, at: porting.at, until: porting.until }],
  ];
}

/** What modem and kernel have to be told. Off the network nothing else is worth a word. */
function carryOut(state: MobileLine, services: LineServices, event: LineEvent): Answer {
  const { network, context, roaming, fourG, data } = services;
  const known: Told = event.on === 'not-done' ? { ...state.told, [event.what]: undefined } : state.told;
  // A modem that just refused is given time; the wait brings the next try.
  const isPatient = event.on === 'not-done';
  const effects: LineEffect[] = [];
  let told = known;
  if (!same(told.data, data)) {
    effects.push({ do: 'limit', ...data });
    told = { ...told, data };
  }
  if (isPatient) return [{ ...state, told }, effects];
  if (network !== (told.network ?? true)) effects.push({ do: 'serve', on: network });
  told = { ...told, network };
  if (!network) return [{ ...state, told }, effects];
  if (!same(told.allowed, { roaming, fourG })) effects.push({ do: 'allow', roaming, fourG });
  told = { ...told, allowed: { roaming, fourG } };
  // Without a network no context comes up, and on one that nobody knows yet it may be barred: it is said when it is known.
  const isServed = state.registered === 'home' || state.registered === 'roaming';
  if (told.context === context || (context && !isServed)) return [{ ...state, told }, effects];
  return [{ ...state, told: { ...told, context } }, [...effects, { do: 'carry', on: context }]];
}

const same = (one: object | undefined, other: object): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** The next instant at which something begins or ends by itself. */
function wait({ terms, number }: MobileLine, { on, now }: LineEvent): readonly LineEffect[] {
  const { roaming, waivers, porting } = terms;
  const ahead = [
    ...(on === 'not-done' ? [now + AGAIN] : []),
    ...roaming.map(({ from }) => from),
    ...waivers.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])),
    ...(porting === undefined || porting.number === number ? [] : [porting.at]),
  ].filter((at) => at > now);
  return ahead.length === 0 ? [] : [{ do: 'wait', until: Math.min(...ahead) }];
}
