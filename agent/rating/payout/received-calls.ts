import type { SpecialNumber } from '../../model/account-services.ts';
import type { Class } from '../../model/destination.ts';
import type { Numbering } from '../../model/numbering.ts';
import type { Usage } from '../../model/usage.ts';
import { classify } from '../numbering/classify.ts';
import type { Origin, ReceivedCall } from './received-call.ts';

/** Where a caller of that class calls from; what is not here shows no origin, and earns nothing until somebody says it. */
const ORIGINS: Partial<Readonly<Record<Class, Origin>>> = {
  geographic: 'geographic',
  'nomadic-09': 'geographic',
  'platform-09': 'geographic',
  mobile: 'mobile',
  'overseas-fixed': 'overseas',
  'overseas-mobile': 'overseas',
  'overseas-09': 'overseas',
  'international-fixed': 'international',
  'international-mobile': 'international',
  satellite: 'international',
  universal: 'international',
};

/**
 * The calls that a special number received, from the records of its line. The origin is that of the caller's number
 * unless the account says otherwise; a caller who withholds the number is held against nobody (R2).
 */
export function receivedCalls(
  special: Pick<SpecialNumber, 'number' | 'origins'>,
  uses: readonly Usage[],
  numberingAt: (at: number) => Numbering | undefined,
): readonly ReceivedCall[] {
  const said = new Map(special.origins.map((one) => [one.call, one]));
  return uses.flatMap((use): readonly ReceivedCall[] => {
    if (use.kind !== 'call' || use.direction !== 'incoming' || use.line !== special.number) return [];
    const numbering = numberingAt(use.at);
    const from = numbering === undefined ? undefined : classify(use.party, numbering);
    const known = said.get(use.id);
    return [
      {
        id: use.id,
        at: use.at,
        seconds: use.seconds ?? undefined,
        caller: from === undefined || from.class === 'invalid' ? undefined : from.number,
        origin: known?.origin ?? (from === undefined ? undefined : ORIGINS[from.class]) ?? 'no-agreement',
        automaticCallback: known?.automaticCallback ?? false,
      },
    ];
  });
}
