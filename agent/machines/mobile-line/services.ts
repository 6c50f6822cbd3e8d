import type { LineService, LineTerms } from '../../model/mobile-line.ts';

/** Facts of the contract that hold for the line whatever is ordered. */
export type LineRules = {
  /** S-5 */
  readonly roamingByDefault: 'open' | 'barred';
  /** S-4: the line's plan has data, or the contract opens it without. */
  readonly dataOpen: boolean;
  /** S-7: what is left of the rate past the threshold, kbit/s. */
  readonly slowKbps: number;
};

/** Limits of the contract that are reached for this line or its account. */
export type LineLimits = {
  readonly reached: readonly { readonly rule: string; readonly action: string }[];
  /** S-6, S-7: bytes until data has to be cut, as far as the records say; undefined: nothing will. */
  readonly bytesLeft: number | undefined;
};

export type Registered = 'home' | 'roaming' | 'no';

/** Everything that the services of a line follow from. */
export type LineFacts = {
  readonly terms: LineTerms;
  readonly limits: LineLimits;
  /** C-5: the central has suspended the line, or all of them. */
  readonly suspended: boolean;
  /** As the modem said last; undefined: it never did. */
  readonly registered: Registered | undefined;
};

/** What of the line is on, and the names of what bars the rest. */
export type LineServices = {
  /** The modem looks for a network. */
  readonly network: boolean;
  readonly context: boolean;
  /** S-5: the modem may register abroad. */
  readonly roaming: boolean;
  readonly fourG: boolean;
  /** Data of the LANs: kbit/s and bytes that it may still take; undefined: as much as the link carries. */
  readonly data: { readonly kbps: number | undefined; readonly bytes: number | undefined };
  readonly voice: { readonly out: boolean; readonly international: boolean; readonly in: boolean };
  readonly messages: { readonly out: boolean; readonly in: boolean };
  readonly barredBy: readonly string[];
};

/** What bars outgoing traffic as an order to do so would (S-3): limits of the contract that say "suspend" or no outgoing calls. */
const BARS_OUTGOING = new Set(['bar-outgoing', 'suspend']);

/**
 * S-3 to S-7: a service is on if and only if nothing bars it. The box's own messages and calls keep the context at home,
 * whatever is suspended: without them nobody could reactivate the line, and emergency calls would have no way (V-1);
 * which calls pass is decided where they are admitted. Abroad there is no context without roaming.
 */
export function servicesOf(facts: LineFacts, rules: LineRules, now: number): LineServices {
  const { terms, limits } = facts;
  const service = serviceOf(facts);
  const abroad = facts.registered === 'roaming';
  const isActive = service === 'active';
  const roaming = isActive && isRoamingOpen(terms, rules, now);
  const reached = new Set(limits.reached.map(({ action }) => action));
  const stopsAbroad = abroad && (!roaming || reached.has('cut-roaming-data'));
  const isCut = !isActive || !rules.dataOpen || reached.has('cut-data') || stopsAbroad;
  const speaks = isActive || (service === 'outgoing-barred' && !abroad);
  return {
    network: service !== 'terminated',
    context: service !== 'terminated' && !stopsAbroad,
    roaming,
    fourG: terms.options.fourG,
    data: { kbps: reached.has('throttle') ? rules.slowKbps : undefined, bytes: isCut ? 0 : limits.bytesLeft },
    voice: {
      out: isActive && (!abroad || roaming),
      international: isActive && (abroad ? roaming : terms.options.international),
      in: speaks && (!abroad || roaming),
    },
    messages: { out: isActive && (!abroad || roaming), in: service === 'active' || service === 'outgoing-barred' },
    barredBy: barredBy(facts, rules, { abroad, roaming }),
  };
}

/** The strictest of what was ordered (S-3), what the central suspended (C-5) and what limits bar (C-2, C-6, V-7). */
function serviceOf({ terms, limits, suspended }: LineFacts): LineService {
  if (terms.service !== 'active') return terms.service;
  return suspended || limits.reached.some(({ action }) => BARS_OUTGOING.has(action)) ? 'outgoing-barred' : 'active';
}

export const isRoamingOpen = ({ roaming }: LineTerms, rules: Pick<LineRules, 'roamingByDefault'>, now: number) =>
  roaming.findLast(({ from }) => from <= now)?.wants === 'open' ||
  (rules.roamingByDefault === 'open' && !roaming.some(({ from }) => from <= now));

function barredBy(
  { terms, limits, suspended }: LineFacts,
  rules: LineRules,
  { abroad, roaming }: { readonly abroad: boolean; readonly roaming: boolean },
): readonly string[] {
  const bars = limits.reached.filter(
    ({ action }) =>
      BARS_OUTGOING.has(action) ||
      action === 'cut-data' ||
      action === 'throttle' ||
      (abroad && action === 'cut-roaming-data'),
  );
  return [
    ...(terms.service === 'active' ? [] : [`S-3 ${terms.service}`]),
    ...(suspended ? ['C-5 suspended'] : []),
    ...(rules.dataOpen ? [] : ['S-4 no data plan']),
    ...(abroad && !roaming ? ['S-5 roaming'] : []),
    ...bars.map(({ rule, action }) => `${rule} ${action}`),
  ];
}
