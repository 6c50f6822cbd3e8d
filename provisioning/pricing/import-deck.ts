import { z } from 'zod';
import { type Deck, DeckSchema, VoicePriceSchema } from '../../agent/model/deck.ts';
import { planDoubts } from './check-plans.ts';
import { priceDoubts } from './check-prices.ts';
import { validityDoubts } from './check-validity.ts';
import { decodeText } from './decode-text.ts';
import type { Doubt } from './doubt.ts';
import { type Finding, hasErrors, inOrder, type Locate } from './finding.ts';
import { type PlacedJson, readPlacedJson } from './placed-json.ts';
import { readPriceCsv } from './read-price-csv.ts';
import { schemaDoubts } from './schema-doubts.ts';

/** A file as it was read. */
export type Source = { readonly file: string; readonly bytes: Uint8Array };
/** There is a deck only where there is no error. */
export type Import = { readonly deck?: Deck; readonly findings: readonly Finding[] };

const PRICES = { voice: true, roamingVoice: true, sms: true, mms: true, fax: true, data: true } as const;
/** What the JSON beside a CSV of prices holds: everything else of the deck. */
const PlansSchema = DeckSchema.omit(PRICES);
const ListsSchema = DeckSchema.pick(PRICES).extend({ voice: z.array(VoicePriceSchema) });

/**
 * P-4: a price list from the operator's files: one JSON with all of it, or a CSV of prices and a JSON with the rest.
 * Everything wrong is said, each with its place and a remedy; with one error there is no deck.
 */
export function importDeck(prices: Source, plans?: Source): Import {
  const read = decodeText(prices.bytes);
  if ('remedy' in read) return { findings: [atTop(prices.file, 'file', read.remedy)] };
  const isJson = /^\s*[{[]/.test(read.text);
  if (isJson && plans === undefined) return importJson(prices.file, read.text);
  if (isJson) {
    const remedy = 'a JSON of prices holds the plans as well; leave this file out';
    return { findings: [atTop(plans?.file ?? '', 'file', remedy), ...importJson(prices.file, read.text).findings] };
  }
  return importCsv(prices.file, read.text, plans);
}

function importJson(file: string, text: string): Import {
  const json = readPlacedJson(file, text);
  if ('wrong' in json) return { findings: [json.wrong] };
  const read = DeckSchema.safeParse(json.value);
  if (!read.success) return { findings: said(schemaDoubts(read.error), json.locate) };
  const { data } = read;
  return finished(data, said([...validityDoubts(data), ...priceDoubts(data), ...planDoubts(data)], json.locate));
}

function importCsv(file: string, text: string, plans: Source | undefined): Import {
  const csv = readPriceCsv(file, text);
  const lists = ListsSchema.parse(csv.lists);
  const inCsv: Locate = (path) => csv.locate(path) ?? atTop(file, String(path[0]), '');
  const validity = said(validityDoubts(lists), inCsv);
  const known = [...csv.findings, ...validity];
  const json = plansOf(file, plans);
  if ('wrong' in json) return { findings: inOrder([...known, json.wrong]) };
  const rest = PlansSchema.safeParse(json.value);
  if (!rest.success) return { findings: inOrder([...known, ...said(schemaDoubts(rest.error), json.locate)]) };
  const unlisted: Deck = { ...rest.data, ...lists };
  const inPrices = said(priceDoubts(unlisted), inCsv);
  // With a price missing that could not be read, a plan would be told of an error that is not its own.
  if (hasErrors(csv.findings)) return { findings: inOrder([...known, ...inPrices]) };
  const whole = DeckSchema.safeParse(unlisted);
  if (!whole.success) return { findings: inOrder([...known, ...said(schemaDoubts(whole.error), inCsv)]) };
  return finished(whole.data, [...known, ...inPrices, ...said(planDoubts(whole.data), json.locate)]);
}

function plansOf(file: string, plans: Source | undefined): PlacedJson | { readonly wrong: Finding } {
  if (plans === undefined) {
    return {
      wrong: atTop(file, 'plans', 'a CSV holds prices alone; name the JSON with the rest of the list by --plans'),
    };
  }
  const read = decodeText(plans.bytes);
  return 'remedy' in read ? { wrong: atTop(plans.file, 'file', read.remedy) } : readPlacedJson(plans.file, read.text);
}

const finished = (deck: Deck, findings: readonly Finding[]): Import =>
  hasErrors(findings) ? { findings: inOrder(findings) } : { deck, findings: inOrder(findings) };

const said = (doubts: readonly Doubt[], locate: Locate): readonly Finding[] =>
  doubts.map(({ level, path, remedy, other }) => ({
    level,
    ...locate(path),
    remedy: other === undefined ? remedy : `${remedy} (see line ${locate(other).line})`,
  }));

const atTop = (file: string, field: string, remedy: string): Finding => ({
  level: 'error',
  file,
  line: 1,
  column: 1,
  field,
  value: '"the file"',
  remedy,
});
