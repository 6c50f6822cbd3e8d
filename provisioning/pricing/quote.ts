import type { Deck, VoicePrice } from '../../agent/model/deck.ts';
import { callPriceOf, costOf } from '../../agent/rating/deck/call-price.ts';
import { deckAt } from '../../agent/rating/deck/deck-at.ts';
import { findVoicePrice } from '../../agent/rating/deck/find-price.ts';
import { roundTicks } from '../../agent/rating/deck/rounding.ts';
import { taxed, taxOf } from '../../agent/rating/deck/tax.ts';
import { writeEuro } from '../euro.ts';
import type { Question } from './read-question.ts';
import { selectorName } from './selector-name.ts';

type Quote = { readonly priced: boolean; readonly said: readonly string[] };

/** What a call costs without a plan, in words; `priced` is false where there is no way out. */
export function quote(deck: Deck, { destination, isIn, at, seconds }: Question): Quote {
  const { number, class: name, territory } = destination;
  const whom = `${number}: class ${name}${territory === undefined ? '' : `, territory ${territory}`}`;
  if (name === 'emergency')
    return { priced: true, said: [whom, 'an emergency call is free and always possible (V-1)'] };
  const early = deckAt([deck], at) === undefined ? [`the list is in force only from ${deck.from}`] : [];
  const price = findVoicePrice(deck, destination, at, isIn);
  if (price === undefined)
    return { priced: false, said: [whom, ...early, 'no price that day: there is no way out to it'] };
  const meant = `price "${price.name}" for ${selectorName(price.for)}${price.tier === undefined ? '' : `, tier ${price.tier}`}`;
  if (price.barred) return { priced: false, said: [whom, ...early, meant, 'barred: there is no way out to it'] };
  return { priced: true, said: [whom, ...early, meant, ...amounts(deck, price, seconds), deck.label] };
}

function amounts(deck: Deck, price: VoicePrice, seconds: number): readonly string[] {
  const tax = taxOf(deck, price);
  const exact = roundTicks(costOf(seconds, callPriceOf(price)), { mode: 'half-up', quantumMicroEuro: 1 });
  const { ht, vat, ttc } = taxed(roundTicks(costOf(seconds, callPriceOf(price)), deck.rounding), {
    tax,
    vatPerMille: deck.vatPerMille,
    rounding: deck.rounding,
  });
  const rate = [
    `${writeEuro(price.perMinuteMicroEuro)} € a minute`,
    ...(price.perCallMicroEuro > 0 ? [`${writeEuro(price.perCallMicroEuro)} € a call`] : []),
    ...(price.minimumMicroEuro > 0 ? [`at least ${writeEuro(price.minimumMicroEuro)} €`] : []),
    `counted ${price.firstSeconds}/${price.stepSeconds} s`,
  ];
  return [
    `${rate.join(', ')}, ${tax}`,
    `${seconds} s: ${writeEuro(exact)} € ${tax}; alone on an invoice ${writeEuro(ht)} € HT + ${writeEuro(vat)} € VAT = ${writeEuro(ttc)} € TTC`,
  ];
}
