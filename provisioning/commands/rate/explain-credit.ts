import type { Prepared } from '../../../agent/rating/book/context.ts';
import { cycleOf } from '../../../agent/rating/calendar/cycles.ts';
import { accountCredits, type EvidenceByDevice } from '../../../agent/rating/service/account-credits.ts';
import type { Credit } from '../../../agent/rating/service/credit-words.ts';
import type { Batch } from './batch.ts';
import { readOutages } from './read-outages.ts';

/** Why a credit is what it is, step by step; or the credits that there are, where none has that id. */
export function explainCredit(
  id: string,
  language: 'fr' | 'en',
  { rated, prepared }: Pick<Batch, 'rated' | 'prepared'>,
  outages: string | undefined,
): (Omit<Credit, 'steps'> & { readonly steps: readonly string[] }) | { readonly known: string } {
  const evidence = readOutages(outages);
  // A credit comes of the whole history, so it is found among all of them.
  const credits = accountCredits(prepared, rated, evidence, endOf(evidence, prepared));
  const found = credits.find((credit) => credit.id === id);
  if (found === undefined) return { known: credits.map((credit) => credit.id).join(', ') || 'none' };
  return { ...found, steps: found.steps.map((step) => step[language]) };
}

/** The end of the period that the last known outage, ticket or claim lies in: nothing becomes due after it. */
function endOf(evidence: EvidenceByDevice, { context }: Prepared): number {
  const seen = [...evidence.values()].flatMap(({ outages }) => outages.map(({ to }) => to));
  const told = context.account.tickets.flatMap(({ reported, restored, claimed }) => [
    reported,
    restored ?? 0,
    claimed ?? 0,
  ]);
  const last = [...seen, ...told].reduce((latest, at) => Math.max(latest, at), 0);
  const month = cycleOf(last, { is: 'calendar' });
  return Math.max(cycleOf(last, context.account.cycle).end, month.end);
}
