import type { Deck, VoicePrice } from '../../agent/model/deck.ts';
import type { PriceSelector } from '../../agent/model/destination.ts';
import { taxOf } from '../../agent/rating/deck/tax.ts';
import { EMERGENCY_NUMBERS } from '../../agent/rating/numbering/dialled.ts';
import { writeEuro } from '../euro.ts';
import type { Doubt } from './doubt.ts';

/** Mixed tiers, by the call and by the minute, of cmi art. 3 (R-3, R14). */
const MIXED_TIER = /^M\d{3}$/;
const MIXED_TIERS_END = '2016-12-31';

/** Ceilings of what a service may cost, TTC in micro-euro (ARCEP decision 2018-0881 and the texts before it). */
const CEILINGS = [
  { prefix: '3381', perMinute: 60_000, perCall: 150_000 },
  { prefix: '3382', perMinute: 200_000, perCall: 500_000 },
  { prefix: '3389', perMinute: 800_000, perCall: 3_000_000 },
];

/** What may cost nothing: free by law, or inside the client's own network. */
const FREE_CLASSES: ReadonlySet<string> = new Set(['free-special', 'helpline', 'on-net', 'own-fleet', 'voicemail']);
const FREE_PREFIX = /^3380[0-5]/;
const FREE_SHORT = /^(?:30|31|116|3919)/;

const SELECTIVE = ['voice', 'roamingVoice', 'sms', 'mms', 'fax'] as const;

/** What a price may not say, or says by mistake. */
export const priceDoubts = (deck: Deck): readonly Doubt[] => [
  ...SELECTIVE.flatMap((list) =>
    deck[list].flatMap((price, at) => (price.for === undefined ? [] : unpriceable(price.for, [list, at, 'for']))),
  ),
  ...deck.voice.flatMap((price, at) => [
    ...tierDoubts(price, ['voice', at]),
    ...ceilingDoubts(deck, price, ['voice', at]),
    ...giftDoubts(price, ['voice', at]),
  ]),
];

/** V-1: no deck prices an emergency call; and an invalid number has no way out at any price. */
function unpriceable(selector: PriceSelector, path: readonly PropertyKey[]): readonly Doubt[] {
  if ('short' in selector && EMERGENCY_NUMBERS.has(selector.short)) {
    return [{ level: 'error', path: [...path, 'short'], remedy: 'an emergency number has no price (V-1); remove it' }];
  }
  if (!('class' in selector) || !['emergency', 'invalid'].includes(selector.class)) return [];
  const remedy = `${selector.class} numbers have no price${selector.class === 'emergency' ? ' (V-1)' : ''}; remove it`;
  return [{ level: 'error', path: [...path, 'class'], remedy }];
}

function tierDoubts({ tier, until }: VoicePrice, path: readonly PropertyKey[]): readonly Doubt[] {
  if (tier === undefined || !MIXED_TIER.test(tier)) return [];
  if (until !== undefined && until <= MIXED_TIERS_END) return [];
  const remedy = `mixed tiers such as ${tier} ended on ${MIXED_TIERS_END} (R-3); end it then or correct the tier`;
  return [{ level: 'error', path: [...path, 'until'], remedy }];
}

function ceilingDoubts(deck: Deck, price: VoicePrice, path: readonly PropertyKey[]): readonly Doubt[] {
  const { for: selector, barred } = price;
  if (barred || !('prefix' in selector)) return [];
  const ceiling = CEILINGS.find(({ prefix }) => selector.prefix.startsWith(prefix));
  if (ceiling === undefined) return [];
  const thousandths = taxOf(deck, price) === 'TTC' ? 1_000 : 1_000 + deck.vatPerMille;
  const over = (amount: number, limit: number): boolean => amount * thousandths > limit * 1_000;
  const doubt = (field: string, limit: number): Doubt => ({
    level: 'warning',
    path: [...path, field],
    remedy: `over the legal ceiling of 0${ceiling.prefix.slice(2)}, ${writeEuro(limit)} € TTC`,
  });
  return [
    ...(over(price.perMinuteMicroEuro, ceiling.perMinute) ? [doubt('perMinuteMicroEuro', ceiling.perMinute)] : []),
    ...(over(price.perCallMicroEuro, ceiling.perCall) ? [doubt('perCallMicroEuro', ceiling.perCall)] : []),
  ];
}

function giftDoubts(price: VoicePrice, path: readonly PropertyKey[]): readonly Doubt[] {
  const { for: selector, as } = price;
  if (price.barred || price.perMinuteMicroEuro + price.perCallMicroEuro + price.minimumMicroEuro > 0) return [];
  if ('class' in selector && FREE_CLASSES.has(selector.class)) return [];
  if ('prefix' in selector && FREE_PREFIX.test(selector.prefix)) return [];
  if ('short' in selector && FREE_SHORT.test(selector.short)) return [];
  if (as === 'free-special' || as === 'voicemail') return [];
  const remedy = 'this costs nothing, and nothing says that it is free by law; bar it or give it a price';
  return [{ level: 'warning', path: [...path, 'perMinuteMicroEuro'], remedy }];
}
