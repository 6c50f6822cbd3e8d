import type { LedgerEvent, LedgerRecord } from '../../model/record.ts';
import type { Signal } from '../../model/signal.ts';
import { useOfRecord } from '../book/use-of-record.ts';
import { dayNumber, readDay } from '../calendar/paris.ts';
import type { Charge } from '../credit/charge.ts';
import { type Contract, holdingOf } from '../credit/contract.ts';
import type { SiteAccount } from '../credit/site-account.ts';
import { classify } from '../numbering/classify.ts';
import { type DataMonths, NO_DATA, withData, withTerms } from './data-months.ts';
import { type LineHistory, withKeptCall } from './line-history.ts';
import { keyOf } from './orders.ts';
import { type KeptFax, withKeptFax } from './sent-faxes.ts';
import { NO_MONEY, type SiteMoney, siteMoney } from './site-money.ts';

/** What the records of one site come to for the limits of its contract: a fold, the same at the site and in the central. */
export type SiteLimits = {
  /** Wall clock of the first record of a box that knew the time: days before it are no past of a line (C-6). */
  readonly began: number | undefined;
  readonly lines: Readonly<Record<string, LineHistory>>;
  /** S-6, S-7, R-8: by the mobile line whose SIM is in the box. */
  readonly data: Readonly<Record<string, DataMonths>>;
  /** faxes sent in the newest month of the calendar, by their starts. */
  readonly faxes: readonly KeptFax[];
  /** C-1, C-2 */
  readonly money: SiteMoney;
  /** Day number of the last civil day that was counted (V-4); 0: none. */
  readonly counted: number;
  /** What the site carries out, as it wrote down when it began. */
  readonly inForce: readonly Signal[];
};

export const emptySiteLimits = (): SiteLimits => ({
  began: undefined,
  lines: {},
  data: {},
  faxes: [],
  money: NO_MONEY,
  counted: 0,
  inForce: [],
});

type Folded = { readonly account: SiteAccount; readonly charge: Charge | undefined };

/** The limits after one more record; `folded` is what the account came to with that record. */
export function foldLimits(before: SiteLimits, record: LedgerRecord, folded: Folded, contract: Contract): SiteLimits {
  const { event, clock } = record;
  const known = before.began === undefined && clock.quality !== 'never';
  const limits = known ? { ...before, began: clock.wall } : before;
  switch (event.kind) {
    case 'epoch-opened':
      return { ...limits, inForce: [] };
    case 'cycle-opened':
    case 'lease-received':
    case 'lease-closed':
      return { ...limits, money: moneyAfter(limits, record, folded, contract) };
    case 'call-ended':
      return {
        ...(clock.quality === 'never' ? limits : afterCall(limits, record, folded, contract)),
        money: moneyAfter(limits, record, folded, contract),
      };
    case 'data-counted':
    case 'line-ordered':
    case 'number-ported':
      return { ...limits, data: dataAfter(limits.data, record) };
    case 'fax-page':
      return { ...limits, money: moneyAfter(limits, record, folded, contract) };
    case 'fax-ended':
      return {
        ...limits,
        faxes: clock.quality === 'never' ? limits.faxes : withKeptFax(limits.faxes, record, event),
        money: moneyAfter(limits, record, folded, contract),
      };
    case 'day-counted':
      return { ...limits, counted: Math.max(limits.counted, dayNumber(readDay(event.day))) };
    case 'limit-begun':
      return { ...limits, inForce: [...without(limits.inForce, keyOf(event)), signalOf(event)] };
    case 'limit-ended':
      return { ...limits, inForce: without(limits.inForce, keyOf({ ...event, action: { name: event.action } })) };
    default:
      return limits;
  }
}

type Begun = Extract<LedgerEvent, { kind: 'limit-begun' }>;

/** What a site writes down when it begins to carry out a signal. */
export const limitBegun = ({ until: _, ...signal }: Signal): Begun => ({ kind: 'limit-begun', ...signal });

/** What it writes down when it has ended it. */
export const limitEnded = ({ rule, scope, subject, action }: Signal): LedgerEvent => ({
  kind: 'limit-ended',
  rule,
  scope,
  subject,
  action: action.name,
});

const signalOf = ({ kind: _, ...signal }: Begun): Signal => signal;

const without = (signals: readonly Signal[], key: string): readonly Signal[] =>
  signals.filter((signal) => keyOf(signal) !== key);

function moneyAfter(
  { money }: SiteLimits,
  { clock, event }: LedgerRecord,
  folded: Folded,
  contract: Contract,
): SiteMoney {
  const cause = event.kind === 'call-ended' ? event.call : 'fax' in event ? event.fax : event.kind;
  return siteMoney(money, folded.account, contract, { at: clock.wall, cause });
}

/** S-10: metering follows the line, whatever its number is. */
function dataAfter(data: SiteLimits['data'], { event, clock, device, epoch, seq }: LedgerRecord): SiteLimits['data'] {
  if (event.kind === 'number-ported') {
    const { [event.from]: moved = NO_DATA, ...others } = data;
    return { ...others, [event.to]: moved };
  }
  if (event.kind === 'line-ordered')
    return { ...data, [event.line]: withTerms(data[event.line] ?? NO_DATA, event.terms) };
  if (event.kind !== 'data-counted' || event.line === undefined) return data;
  const told = { id: `${device}/${epoch}/data/${seq}`, wall: clock.wall, clockKnown: clock.quality !== 'never' };
  return { ...data, [event.line]: withData(data[event.line] ?? NO_DATA, event, told) };
}

/** Refused by the box itself, it never came to the operator: neither an attempt (V-4) nor a sign (V-7). */
function afterCall(limits: SiteLimits, record: LedgerRecord, { charge }: Folded, contract: Contract): SiteLimits {
  const { numbering, regime } = contract;
  const use = useOfRecord(record, numbering);
  if (use?.kind !== 'call' || use.direction !== 'outgoing' || record.event.kind !== 'call-ended') return limits;
  const { event } = record;
  if (event.class === 'emergency' || event.cause.startsWith('refused-')) return limits;
  const line = holdingOf(contract, event.caller).line.number;
  const call = {
    id: use.id,
    at: use.at,
    seconds: use.seconds,
    number: charge?.called ?? classify(event.called, numbering).number,
    ticks: charge?.ticks ?? 0,
  };
  const kept = { rules: regime.limits, clearedAt: clearedAt(contract, line) };
  const history = withKeptCall(limits.lines[line], call, kept);
  return { ...limits, lines: { ...limits.lines, [line]: history } };
}

/** When support last cleared the line (Unix ms); 0: never. */
export const clearedAt = ({ cleared = [] }: Contract, line: string): number =>
  cleared.reduce((last, one) => (one.line === line ? Math.max(last, one.at) : last), 0);
