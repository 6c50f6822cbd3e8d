import type { Regime } from '../../model/regime.ts';
import type { RatedUse } from '../book/words.ts';
import { arithmeticOf } from './arithmetic.ts';
import type { Sentence } from './sentence.ts';
import { LIMITS, RULES } from './sentences.ts';

/** Why a use costs what it costs: versions, rule, article and arithmetic, in French for the client and in English. */
export type Explanation = {
  readonly id: string;
  readonly regime: string;
  readonly deck: string;
  readonly numbering: string;
  readonly rule: RatedUse['rule'];
  readonly article: string;
  readonly steps: readonly Sentence[];
  readonly ticks: number;
};

/** `regime` is the one that the use names, so that the articles are those of its version. */
export function explain(rated: RatedUse, regime: Regime): Explanation {
  const { rule, limit } = rated;
  return {
    id: rated.use.id,
    regime: rated.regime,
    deck: rated.deck,
    numbering: rated.numbering,
    rule,
    article: articleOf(rule, regime),
    steps: [
      ...destinationStep(rated),
      RULES[rule],
      ...arithmeticOf(rated),
      ...(limit === undefined ? [] : [cited(LIMITS[limit], articleOf(limit, regime))]),
    ],
    ticks: rated.ticks,
  };
}

const SILENT = '-';

function articleOf(rule: RatedUse['rule'] | NonNullable<RatedUse['limit']>, regime: Regime): string {
  if (rule === 'long-service') return regime.payoutTerms?.longService.article ?? SILENT;
  return regime.articles[rule] ?? SILENT;
}

const cited = ({ fr, en }: Sentence, article: string): Sentence =>
  article === SILENT ? { fr, en } : { fr: `${fr} (${article})`, en: `${en} (${article})` };

function destinationStep({ destination, use }: RatedUse): readonly Sentence[] {
  if (destination === undefined) return [];
  const written = 'party' in use ? use.party : '';
  const territory = destination.territory === undefined ? '' : `, ${destination.territory}`;
  return [
    {
      fr: `${written} est le ${destination.number}, classe « ${destination.class} »${territory}`,
      en: `${written} is ${destination.number}, class "${destination.class}"${territory}`,
    },
  ];
}
