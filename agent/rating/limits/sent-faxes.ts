import type { FaxEnded } from '../../model/fax-events.ts';
import type { LimitUse } from '../../model/limit-use.ts';
import type { LedgerRecord } from '../../model/record.ts';
import type { Signal } from '../../model/signal.ts';
import { type Contract, holdingOf } from '../credit/contract.ts';
import { classify } from '../numbering/classify.ts';
import { monthOf } from './line-history.ts';
import { massFax } from './mass-fax.ts';

/** A fax that went out, as mass fax is judged by. */
export type KeptFax = {
  readonly id: string;
  /** Start, Unix ms. */
  readonly at: number;
  readonly line: string;
  readonly party: string;
  readonly pages: number;
  /** Seconds that it kept its line. */
  readonly lasted: number;
};

/** One a minute would come to 44,640 in a month; who sends so many has shown every sign long before. */
const MOST_KEPT = 5_000;

/** The faxes of the month after one more record; those that the box refused never went out. */
export function withKeptFax(
  faxes: readonly KeptFax[],
  { device, epoch }: LedgerRecord,
  ended: FaxEnded,
): readonly KeptFax[] {
  if (ended.direction === 'received' || !ended.begun || ended.class === 'emergency') return faxes;
  const { startedAt, line, party, pages, seconds } = ended;
  const id = `${device}/${epoch}/fax/${ended.fax}`;
  const all = [...faxes, { id, at: startedAt, line, party, pages, lasted: seconds }].toSorted(byStart);
  const { start } = monthOf(all.at(-1)?.at ?? startedAt);
  return all.filter(({ at }) => at >= start).slice(-MOST_KEPT);
}

const byStart = (a: KeptFax, b: KeptFax): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** what is due at a site by its own records; support that cleared a line of its site has lifted it. */
export function massFaxSignals(faxes: readonly KeptFax[], contract: Contract, now: number): readonly Signal[] {
  const rule = contract.regime.limits.massFax;
  if (rule === undefined) return [];
  const lifted = (contract.cleared ?? []).map(({ at }) => at);
  const uses = faxes.map((fax) => useOf(fax, contract));
  return massFax({ account: contract.account.id, period: monthOf(now), uses, lifted, now }, rule).inForce;
}

function useOf({ id, at, line, party, pages, lasted }: KeptFax, contract: Contract): LimitUse {
  const number = holdingOf(contract, line).line.number;
  return {
    use: { kind: 'fax', id, line: number, at, direction: 'outgoing', party, pages },
    number: classify(party, contract.numbering).number,
    lasted,
    ticks: 0,
    option: false,
  };
}
