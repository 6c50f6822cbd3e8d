import type { Deck, Plan } from '../../agent/model/deck.ts';
import type { Class, PriceSelector, Selector } from '../../agent/model/destination.ts';
import type { Doubt } from './doubt.ts';
import { selectorName } from './selector-name.ts';

type Path = readonly PropertyKey[];

/** What a plan promises must be something that the deck knows and can bill once the promise is used up. */
export function planDoubts(deck: Deck): readonly Doubt[] {
  const zones = zonesOf(deck);
  return deck.plans.flatMap((plan, at) => [
    ...twice(deck, plan, at),
    ...included(plan).flatMap((selector, each) =>
      selectorDoubts(deck, selector, ['plans', at, 'voice', 'includes', each], zones),
    ),
    ...(plan.data?.zones ?? []).flatMap((zone, each) => zoneDoubts(zone, ['plans', at, 'data', 'zones', each], zones)),
    ...dataDoubts(deck, plan, ['plans', at, 'data']),
    ...listDoubts(deck, plan, at),
  ]);
}

const included = ({ voice }: Plan): readonly Selector[] => (voice.is === 'metered' ? [] : voice.includes);

function twice(deck: Deck, { id }: Plan, at: number): readonly Doubt[] {
  const before = deck.plans.findIndex((plan) => plan.id === id);
  if (before === at) return [];
  return [{ level: 'error', path: ['plans', at, 'id'], remedy: 'another plan has this id', other: ['plans', before] }];
}

function selectorDoubts(deck: Deck, selector: Selector, path: Path, zones: ReadonlySet<string>): readonly Doubt[] {
  if ('national' in selector) return [];
  if ('class' in selector && ['emergency', 'invalid'].includes(selector.class)) {
    return [{ level: 'error', path, remedy: `${selector.class} numbers are in no plan; remove it` }];
  }
  if ('class' in selector && selector.zone !== undefined && !zones.has(selector.zone)) {
    return zoneDoubts(selector.zone, [...path, 'zone'], zones);
  }
  if (deck.voice.some((price) => meets(price.for, selector))) return [];
  const remedy = `no price of the list is for ${selectorName(selector)}: correct it, or add the price that holds after the plan`;
  return [{ level: 'error', path, remedy }];
}

const FRENCH = /^(?:geographic|nomadic-09|platform-09|mobile|m2m|(?:free|ordinary|premium)-special)$/;
const SHORT = /^(?:short|directory|helpline|(?:free|premium)-special)$/;
const OVERSEAS_CODE = /^(?:262|508|590|594|596)/;

/** Could a number that begins so be of this class? Only the numbering table knows; this sees what cannot be. */
function mayHold(price: Exclude<PriceSelector, { class: Class }>, name: Class): boolean {
  if ('short' in price) return SHORT.test(name);
  if (FRENCH.test(name)) return related(price.prefix, '33');
  return name.startsWith('overseas') ? OVERSEAS_CODE.test(price.prefix) : !price.prefix.startsWith('33');
}

/** Could one number be meant by both? */
function meets(price: PriceSelector, wanted: Exclude<Selector, { national: true }>): boolean {
  if ('class' in wanted) {
    if (!('class' in price)) return mayHold(price, wanted.class);
    if (price.class !== wanted.class) return false;
    return price.territory === undefined || wanted.territory === undefined || price.territory === wanted.territory;
  }
  // The class of a prefix is known to the numbering table alone, so any class may hold it.
  if ('prefix' in wanted) return !('prefix' in price) ? 'class' in price : related(price.prefix, wanted.prefix);
  return 'short' in price ? related(price.short, wanted.short) : 'class' in price;
}

const related = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

function zoneDoubts(zone: string, path: Path, zones: ReadonlySet<string>): readonly Doubt[] {
  if (zones.has(zone)) return [];
  const known = [...zones].join(', ') || 'none';
  return [{ level: 'error', path, remedy: `no price of the list knows this zone; it knows ${known}` }];
}

function zonesOf(deck: Deck): ReadonlySet<string> {
  const prices = [...deck.voice, ...deck.roamingVoice, ...deck.sms, ...deck.mms, ...deck.fax, ...deck.data];
  const named = prices.flatMap((price) => [
    'for' in price && price.for !== undefined && 'class' in price.for ? price.for.zone : undefined,
    'visited' in price && price.visited !== undefined && 'zone' in price.visited ? price.visited.zone : undefined,
  ]);
  return new Set(named.filter((zone) => zone !== undefined));
}

function dataDoubts(deck: Deck, { data }: Plan, path: Path): readonly Doubt[] {
  if (data === undefined) return [];
  if (data.includedBytes !== null && data.fairUseBytes !== undefined && data.fairUseBytes > data.includedBytes) {
    const remedy = 'fair use beyond what is included never begins; lower it, or include null for an unlimited plan';
    return [{ level: 'warning', path: [...path, 'fairUseBytes'], remedy }];
  }
  if (data.includedBytes === null || deck.data.length > 0) return [];
  return [{ level: 'error', path, remedy: 'the list has no price for data beyond what is included' }];
}

function listDoubts(deck: Deck, plan: Plan, at: number): readonly Doubt[] {
  return (['sms', 'mms', 'fax'] as const).flatMap((kind) => {
    const allowed = plan[kind];
    if (allowed === undefined || allowed === 'unlimited' || deck[kind].length > 0) return [];
    return [{ level: 'error', path: ['plans', at, kind], remedy: `the list has no price for ${kind} beyond the plan` }];
  });
}
