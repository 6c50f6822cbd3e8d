import type { DataPrice, Plan, RoamingVoicePrice, UnitPrice, VoicePrice } from '../../model/deck.ts';
import type { Destination } from '../../model/destination.ts';
import type { Rule } from '../../model/rule.ts';
import type { Usage, UsageOf } from '../../model/usage.ts';
import { type CallPrice, callPriceOf } from '../deck/call-price.ts';
import { findDataPrice, findRoamingVoicePrice, findUnitPrice, findVoicePrice } from '../deck/find-price.ts';
import { longestCallTo } from '../deck/long-service.ts';
import { never } from '../never.ts';
import { classify, inZone } from '../numbering/classify.ts';
import type { Holding } from './context.ts';
import { isListed, readingOf } from './selectors.ts';
import type { PriceNamed } from './words.ts';

/** How a use is charged, before bundles, allowances and limits have been looked at. */
export type Treatment =
  | { readonly is: 'nothing'; readonly rule: Rule }
  | {
      readonly is: 'call';
      readonly rule: Rule;
      readonly named: PriceNamed;
      readonly price: CallPrice;
      readonly seconds: number;
      /** seconds after which the service ends, whatever a record says of it. */
      readonly longest: number | undefined;
      /** Of the plan: a bundle pool, or the plan's unlimited list with or without the limits of R-7. */
      readonly within: 'bundle' | 'unlimited' | 'limited' | undefined;
    }
  | {
      readonly is: 'units';
      readonly rule: Rule;
      readonly named: PriceNamed;
      readonly units: number;
      readonly allowance: Plan['sms'];
    }
  | {
      readonly is: 'data';
      readonly rule: Rule;
      readonly named: PriceNamed;
      readonly price: DataPrice;
      readonly bytes: number;
      readonly allowance: number | undefined;
    };

export type Placed = {
  readonly use: Usage;
  readonly holding: Holding;
  readonly destination: Destination | undefined;
  readonly treatment: Treatment;
};

/** where a use goes, and which price of the list it falls under. */
export function place(use: Usage, holding: Holding): Placed {
  const destination = destinationOf(use, holding);
  return { use, holding, destination, treatment: treat(use, holding, destination) };
}

function destinationOf(use: Usage, { numbering, account, numbers }: Holding): Destination | undefined {
  if (use.kind === 'data' || use.kind === 'canceled') return undefined;
  const found = classify(use.party, numbering);
  if (found.class === 'emergency') return found;
  if (account.fleet.includes(found.number)) return { ...found, class: 'own-fleet' };
  return numbers.has(found.number) ? { ...found, class: 'on-net' } : found;
}

function treat(use: Usage, holding: Holding, destination: Destination | undefined): Treatment {
  if (use.kind === 'data') return treatData(use, holding);
  // A record that only takes back another one goes nowhere.
  if (use.kind === 'canceled' || destination === undefined) return nothing('no-price');
  switch (use.kind) {
    case 'call':
      return treatCall(use, holding, destination);
    case 'sms':
    case 'mms':
      return treatMessage(use, holding, destination);
    case 'fax':
      return treatFax(use, holding, destination);
    default:
      return never(use);
  }
}

const nothing = (rule: Rule): Treatment => ({ is: 'nothing', rule });

function treatCall(use: UsageOf<'call'>, holding: Holding, destination: Destination): Treatment {
  // V-1: before anything else, also for a call that came back from an emergency centre.
  if (destination.class === 'emergency') return nothing('emergency');
  if (use.seconds === null) return nothing('unanswered');
  if (isAbroad(use, holding)) return treatRoamingCall(use, use.seconds, holding, destination);
  if (use.direction === 'incoming') return nothing('incoming');
  if (destination.class === 'on-net') return nothing('on-net');
  if (destination.class === 'own-fleet' && holding.plan.fleetFree) return nothing('own-fleet');
  const found = findVoicePrice(holding.deck, destination, use.at, isIn(holding));
  if (found === undefined || found.barred) return nothing('no-price');
  const within = withinPlan(use, holding, destination);
  const terms = { seconds: use.seconds, longest: longestCallTo(destination.class, found, holding) };
  const abused = (within === 'unlimited' || within === 'limited') && isAbused(use, holding);
  if (abused) return priced(found, { ...terms, rule: 'abuse', within: undefined }, holding);
  return priced(found, { ...terms, rule: within === undefined ? 'metered' : 'bundle', within }, holding);
}

function treatRoamingCall(
  use: UsageOf<'call'>,
  seconds: number,
  holding: Holding,
  destination: Destination,
): Treatment {
  const { visited = '', direction, at } = use;
  const call = direction === 'incoming' ? { visited, direction } : { visited, direction, destination };
  const found = findRoamingVoicePrice(holding.deck, call, at, isIn(holding));
  if (found === undefined || found.barred) return nothing('no-price');
  return priced(found, { rule: 'roaming', seconds, longest: undefined, within: undefined }, holding);
}

type CallTerms = Pick<Extract<Treatment, { is: 'call' }>, 'rule' | 'seconds' | 'longest' | 'within'>;

function priced(found: VoicePrice | RoamingVoicePrice, terms: CallTerms, { deck, regime }: Holding): Treatment {
  const price = callPriceOf(found, regime.cap.setup_fee_due);
  if (price.ticksPerSecond === 0 && price.feeTicks === 0 && price.minimumTicks === 0) return nothing('free-number');
  const named: PriceNamed = {
    name: found.name,
    tax: found.tax ?? deck.tax,
    tier: 'tier' in found ? found.tier : undefined,
    perUnitMicroEuro: found.perMinuteMicroEuro,
    perCallMicroEuro: found.perCallMicroEuro,
  };
  return { is: 'call', ...terms, named, price };
}

/** what the plan of the line lists; a permanent forwarding is outside an unlimited plan. */
function withinPlan(use: UsageOf<'call'>, holding: Holding, destination: Destination) {
  const { voice } = holding.plan;
  if (voice.is === 'metered' || !isListed(voice.includes, destination, readingOf(holding.regime, holding.numbering)))
    return undefined;
  if (voice.is === 'bundle') return 'bundle';
  if (use.forwarded) return undefined;
  return voice.limits === 'regime' ? 'limited' : 'unlimited';
}

/** V-7: found abused for that time, rated as if there were no unlimited plan. */
const isAbused = ({ line, at }: Usage, { account }: Holding): boolean =>
  account.abuses.some((one) => one.line === line && one.from <= at && (one.until === undefined || at < one.until));

function treatMessage(use: UsageOf<'sms' | 'mms'>, holding: Holding, destination: Destination): Treatment {
  if (destination.class === 'emergency') return nothing('emergency');
  if (use.direction === 'incoming') return nothing('incoming');
  if (!use.sent && !holding.regime.sms.bill_failed) return nothing('not-sent');
  const abroad = isAbroad(use, holding);
  const unit = { kind: use.kind, destination, visited: abroad ? use.visited : undefined };
  const found = findUnitPrice(holding.deck, unit, use.at, isIn(holding));
  const allowance = abroad ? undefined : holding.plan[use.kind];
  const units = use.kind === 'sms' ? use.segments : 1;
  return unitsOf(found, { rule: abroad ? 'roaming' : 'metered', units, allowance }, holding);
}

function treatFax(use: UsageOf<'fax'>, holding: Holding, destination: Destination): Treatment {
  if (destination.class === 'emergency') return nothing('emergency');
  if (use.direction === 'incoming') return nothing('incoming');
  const unit = { kind: 'fax' as const, destination, visited: undefined };
  const found = findUnitPrice(holding.deck, unit, use.at, isIn(holding));
  return unitsOf(found, { rule: 'fax', units: use.pages, allowance: holding.plan.fax }, holding);
}

type UnitTerms = Pick<Extract<Treatment, { is: 'units' }>, 'rule' | 'units' | 'allowance'>;

function unitsOf(found: UnitPrice | undefined, terms: UnitTerms, { deck }: Holding): Treatment {
  if (found === undefined) return nothing('no-price');
  if (found.perUnitMicroEuro === 0) return nothing('free-number');
  const { name, perUnitMicroEuro } = found;
  const named = { name, tax: found.tax ?? deck.tax, tier: undefined, perUnitMicroEuro, perCallMicroEuro: 0 };
  return { is: 'units', ...terms, named };
}

function treatData(use: UsageOf<'data'>, holding: Holding): Treatment {
  const { data } = holding.plan;
  const abroad = isAbroad(use, holding, data?.zones);
  const found = findDataPrice(holding.deck, abroad ? use.visited : undefined, use.at, isIn(holding));
  const allowance = data === undefined || abroad ? undefined : (data.includedBytes ?? Number.MAX_SAFE_INTEGER);
  if (found === undefined && allowance !== Number.MAX_SAFE_INTEGER) return nothing('no-price');
  const price = found ?? { name: 'data', perUnitMicroEuro: 0, unitBytes: 1 };
  const { name, perUnitMicroEuro } = price;
  const tax = price.tax ?? holding.deck.tax;
  const named = { name, tax, tier: undefined, perUnitMicroEuro, perCallMicroEuro: 0 };
  return { is: 'data', rule: abroad ? 'roaming' : 'metered', named, price, bytes: use.bytes, allowance };
}

/** A line in a zone of its plan is as if at home (EU regulation 2022/612). */
function isAbroad({ visited }: Usage, holding: Holding, more: readonly string[] = []): boolean {
  if (visited === undefined || visited === 'FR') return false;
  return ![...holding.plan.likeHome, ...more].some((zone) => inZone(visited, zone, holding.numbering));
}

const isIn =
  ({ numbering }: Holding) =>
  (territory: string, zone: string): boolean =>
    inZone(territory, zone, numbering);
