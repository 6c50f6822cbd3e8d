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
    default: 'default',
    reading: 'reading',
    setting: "operator's own setting",
  },
  fr: {
    true: 'oui',
    false: 'non',
    tax: 'HT',
    default: 'défaut',
    reading: 'lecture',
    setting: "réglage de l'opérateur",
  },
} as const;

/** A value as a person reads it: amounts in euros, periods in words, codes as they stand in the file. */
export function sayValue({ path, value }: Pick<Leaf, 'path' | 'value'>, language: Language): string {
  if (typeof value === 'boolean') return WORDS[language][value ? 'true' : 'false'];
  if (typeof value === 'number') return /microEuro$/i.test(path) ? sayAmount(value, language) : String(value);
  if (Array.isArray(value)) return value.map((item) => sayItem(item)).join(', ');
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return String(value);
  const { count, unit } = Object.fromEntries(entries);
  if (typeof count === 'number' && typeof unit === 'string') return sayPeriod(count, unit, language);
  const inner = /microEuro$/i.test(path) ? 'microEuro' : '';
  return entries.map(([name, item]) => `${name} ${sayValue({ path: inner, value: item }, language)}`).join(', ');
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
function sayAmount(microEuro: number, language: Language): string {
  const digits = String(microEuro).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
  const whole = digits.slice(0, -6);
  const { tax } = WORDS[language];
  return language === 'fr' ? `${whole},${fraction} € ${tax}` : `€${whole}.${fraction} ${tax}`;
}

function sayPeriod(count: number, unit: string, language: Language): string {
  const [one, many] = UNITS[unit]?.[language] ?? [unit, unit];
  return `${count} ${count === 1 || (language === 'fr' && count === 0) ? one : many}`;
}

/** A range of ports as "from-to", a selector by what it selects. */
function sayItem(item: unknown): string {
  if (Array.isArray(item)) return item.join('-');
  return typeof item === 'object' && item !== null ? Object.values(item).join(' ') : String(item);
}
