import type { Leaf } from './leaves.ts';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

const UNITS: Readonly<Record<string, Readonly<Record<Language, readonly [one: string, many: string]>>>> = {
  hour: { en: ['hour', 'hours'], fr: ['heure', 'heures'] },
  'working-hour': { en: ['working hour', 'working hours'], fr: ['heure ouvrée', 'heures ouvrées'] },
  day: { en: ['day', 'days'], fr: ['jour', 'jours'] },
  'working-day': { en: ['working day', 'working days'], fr: ['jour ouvré', 'jours ouvrés'] },
  month: { en: ['month', 'months'], fr: ['mois', 'mois'] },
};

const WORDS = {
  en: {
    true: 'yes',
    false: 'no',
    tax: 'excl. VAT',
    taxed: 'incl. VAT',
    nothing: 'none',
    default: 'default',
    reading: 'reading',
    setting: "operator's own setting",
  },
  fr: {
    true: 'oui',
    false: 'non',
    tax: 'HT',
    taxed: 'TTC',
    nothing: 'aucun',
    default: 'défaut',
    reading: 'lecture',
    setting: "réglage de l'opérateur",
  },
} as const;

/** A value as a person reads it: amounts in euros, periods in words, codes as they stand in the file. */
export function sayValue({ path, value }: Pick<Leaf, 'path' | 'value'>, language: Language): string {
  if (typeof value === 'boolean') return WORDS[language][value ? 'true' : 'false'];
  if (typeof value === 'number') return sayNumber(path, value, language);
  if (Array.isArray(value)) return sayList(path, value, language);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return String(value);
  const { count, unit, percent } = Object.fromEntries(entries);
  if (typeof count === 'number' && typeof unit === 'string') return sayPeriod(count, unit, language);
  if (entries.length === 1 && typeof percent === 'number') return `${percent} %`;
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && BARE.includes(only[0]) && typeof only[1] !== 'object') {
    return String(only[1]);
  }
  return entries
    .map(([name, item]) => {
      const inner = isAmount(name) ? name : isAmount(path) ? path : name;
      const said = sayValue({ path: inner, value: item }, language);
      return said.includes(',') ? `${name} (${said})` : `${name} ${said}`;
    })
    .join(', ');
}

/** What a field of this name says needs no name: a selector's class, an action, a count. */
const BARE = ['name', 'value', 'class', 'prefix', 'national', 'zone'];

const isAmount = (name: string): boolean => /microEuro/i.test(name);

function sayNumber(path: string, value: number, language: Language): string {
  const name = path.split('.').at(-1) ?? path;
  if (!isAmount(name)) return String(value);
  const { tax, taxed } = WORDS[language];
  return sayAmount(value, /ttc/i.test(name) ? taxed : tax, language);
}

/** Objects one after the other, a range of ports as "from-to". */
function sayList(path: string, items: readonly unknown[], language: Language): string {
  if (items.length === 0) return WORDS[language].nothing;
  const said = items.map((item) => (Array.isArray(item) ? item.join('-') : sayValue({ path, value: item }, language)));
  return said.join(said.some((one) => one.includes(',')) ? '; ' : ', ');
}

/** Where a value comes from. */
export function saySource({ from }: Leaf, language: Language): string {
  const words = WORDS[language];
  switch (from.kind) {
    case 'contract':
      return from.article;
    case 'default':
      return from.article.replace(/^default\b/, words.default);
    case 'reading':
      return from.given
        ? `${words.reading} ${from.id}: ${from.article ?? '?'}`
        : `${words.reading} ${from.id}, ${words.default}`;
    case 'setting':
      return words.setting;
  }
}

/** Exact: cents and below are split off as digits, never divided. */
function sayAmount(microEuro: number, tax: string, language: Language): string {
  const digits = String(microEuro).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
  const whole = digits.slice(0, -6);
  return language === 'fr' ? `${whole},${fraction} € ${tax}` : `€${whole}.${fraction} ${tax}`;
}

function sayPeriod(count: number, unit: string, language: Language): string {
  const [one, many] = UNITS[unit]?.[language] ?? [unit, unit];
  return `${count} ${count === 1 || (language === 'fr' && count === 0) ? one : many}`;
}
