import type { GuaranteedService, Ticket } from '../../../../agent/model/account-services.ts';
import { hoursBetween } from '../calendar/intl-calendar.ts';
import { minutesOf, TABLE_FROM, TABLE_MINUTES } from '../calendar/minute-table.ts';
import type { Down, Story } from './chance.ts';
import { CMI_GTR, IMESIT_GTR } from './contract-terms.ts';

export type Operator = 'imesit' | 'cmi' | 'nexis';
export type NaiveCredit = {
  readonly rule: string;
  readonly service: string;
  readonly from: number;
  readonly microEuro: number;
  readonly due: boolean;
};

const OPEN = new Map<string, Uint8Array>();
function isOpen(operator: 'imesit' | 'cmi', local: boolean): Uint8Array {
  const key = `${operator} ${local}`;
  const known =
    OPEN.get(key) ?? minutesOf((operator === 'imesit' ? IMESIT_GTR : CMI_GTR).terms.weeklyHours.value, local);
  OPEN.set(key, known);
  return known;
}

/** The calendar month in Paris of each hour of the table, by what Intl says. */
const MONTHS = hoursBetween(TABLE_FROM, TABLE_FROM + TABLE_MINUTES * 60_000).map(({ date }) => date.slice(0, 7));
const HOURS_OF = new Map<string, number>();
for (const month of MONTHS) HOURS_OF.set(month, (HOURS_OF.get(month) ?? 0) + 1);
const minuteOf = (instant: number): number => (instant - TABLE_FROM) / 60_000;

type Run = {
  readonly from: number;
  readonly to: number;
  readonly open: boolean;
  readonly reported: number;
  readonly tickets: readonly Ticket[];
  /** The box was off while the service was out. */
  readonly dark: Down | undefined;
};

/** The clauses once more, a minute at a time. */
export function naiveCredits(operator: Operator, story: Story, unpaid: readonly Down[]): readonly NaiveCredit[] {
  return story.services.flatMap((service) => {
    const runs = runsOf(service, story);
    return operator === 'nexis' ? monthly(service, runs) : each(operator, service, runs, unpaid);
  });
}

/** Minutes in which the service was out or a ticket says so, as runs; a report without an end belongs to the run it touches. */
function runsOf(service: GuaranteedService, { downs, dark, tickets, open }: Story): readonly Run[] {
  const out = new Map<number, boolean>();
  const mark = ({ from, to }: Down): void => {
    for (let minute = from; minute < to; minute += 1) out.set(minute, true);
  };
  const isDown = (all: readonly Down[], minute: number): boolean =>
    all.some(({ from, to }) => from <= minute && minute < to);
  for (const { from, to } of downs.main) {
    for (let minute = from; minute < to; minute += 1) {
      if (service.link === 'main' || isDown(downs.second, minute)) out.set(minute, true);
    }
  }
  const seen = new Map(out);
  const own = tickets.filter((ticket) => ticket.service === service.id);
  for (const { reported, restored } of own) mark({ from: minuteOf(reported), to: minuteOf(restored ?? reported) });
  const minutes = [...out.keys()].toSorted((a, b) => a - b);
  const runs: Run[] = [];
  for (let index = 0; index < minutes.length; ) {
    const from = minutes[index] ?? 0;
    let to = from;
    while (minutes[index] === to) [index, to] = [index + 1, to + 1];
    const touching = own.filter(({ reported }) => from <= minuteOf(reported) && minuteOf(reported) <= to);
    const stillOut = open && seen.has(to - 1) && to === downs.main.at(-1)?.to;
    const ended = touching.some(({ restored }) => restored !== undefined && minuteOf(restored) >= to);
    let told = to;
    for (let minute = from; minute < to && told === to; minute += 1) if (seen.has(minute)) told = minute;
    const reported = Math.min(told, ...touching.map((ticket) => minuteOf(ticket.reported)));
    runs.push({
      from,
      to,
      open: stillOut && !ended,
      reported,
      tickets: touching,
      dark: dark !== undefined && seen.has(dark.from) ? dark : undefined,
    });
  }
  return runs;
}

function excusedAt(run: Run, causes: (cause: string) => boolean): (minute: number) => boolean {
  const { dark } = run;
  const all = run.tickets.flatMap(({ excused }) => excused).filter(({ cause }) => causes(cause));
  return (minute) =>
    (dark !== undefined && dark.from <= minute && minute < dark.to) ||
    all.some(({ from, to }) => minuteOf(from) <= minute && minute < minuteOf(to));
}

const percentOf = (operator: 'imesit' | 'cmi', lost: number): number => {
  if (operator === 'imesit') return lost > 480 ? 100 : lost >= 240 ? 50 : 0;
  if (lost > 600) return 100;
  return lost > 510 ? 30 : lost > 390 ? 20 : lost > 240 ? 10 : 0;
};

function each(operator: 'imesit' | 'cmi', service: GuaranteedService, runs: readonly Run[], unpaid: readonly Down[]) {
  const credits: NaiveCredit[] = [];
  const paid = new Map<string, number>();
  const open = isOpen(operator, service.commune !== undefined);
  for (const run of runs.filter((one) => !one.open)) {
    const excused = excusedAt(run, (cause) => cause !== 'overload');
    const claimed = run.tickets.some((ticket) => ticket.claimed !== undefined);
    const total = run.tickets.every((ticket) => ticket.total);
    const restarts = run.tickets.flatMap(({ restarted }) => (restarted === undefined ? [] : [minuteOf(restarted)]));
    const waits = operator === 'cmi' && ['sdsl', 'fibre'].includes(service.access);
    const start = !waits
      ? run.reported
      : restarts.length === 0
        ? run.to
        : Math.max(run.reported, Math.min(...restarts));
    let lost = 0;
    for (let minute = start; minute < run.to; minute += 1) if (open[minute] === 1 && !excused(minute)) lost += 1;
    const owing = unpaid.some(({ from, to }) => from < run.to && run.reported < to);
    const percent = owing || (operator === 'cmi' && !total) ? 0 : percentOf(operator, lost);
    const year = MONTHS[Math.floor(run.to / 60)]?.slice(0, 4) ?? '';
    const full = Math.floor((service.monthlyMicroEuro * percent + 50) / 100);
    const room = operator === 'cmi' ? Math.max(0, service.monthlyMicroEuro - (paid.get(year) ?? 0)) : full;
    const amount = Math.min(full, room);
    const due = operator === 'imesit' || claimed;
    if (due) paid.set(year, (paid.get(year) ?? 0) + amount);
    const common = { service: service.id, from: run.from };
    if (amount > 0) credits.push({ rule: 'gtr', ...common, microEuro: amount, due });
    const clause = operator === 'imesit' || service.access === 'mobile';
    let without = 0;
    for (let minute = run.from; minute < run.to; minute += 1) if (!excused(minute)) without += 1;
    if (clause && total && without >= 2 * 1_440 && service.monthlyMicroEuro > 0) {
      credits.push({ rule: 'long-outage', ...common, microEuro: service.monthlyMicroEuro, due: claimed });
    }
  }
  return credits;
}

function monthly(service: GuaranteedService, runs: readonly Run[]): readonly NaiveCredit[] {
  const down = new Map<string, number>();
  const claimed = new Set<string>();
  const taken = runs.filter((run) => run.tickets.every((ticket) => ticket.total));
  const monthAt = (minute: number): string => MONTHS[Math.floor(minute / 60)] ?? '';
  const touches = (run: Run, month: string): boolean => monthAt(run.from) <= month && month <= monthAt(run.to - 1);
  const excusesIn = new Map<string, readonly ((minute: number) => boolean)[]>();
  for (const run of taken) {
    for (let minute = run.from; minute < run.to; minute += 1) {
      const month = monthAt(minute);
      const known = excusesIn.get(month);
      const excuses = known ?? taken.filter((one) => touches(one, month)).map((one) => excusedAt(one, () => true));
      if (known === undefined) excusesIn.set(month, excuses);
      if (run.tickets.some((ticket) => ticket.claimed !== undefined)) claimed.add(month);
      if (!excuses.some((excused) => excused(minute))) down.set(month, (down.get(month) ?? 0) + 1);
    }
  }
  let last = { month: '', microEuro: 0 };
  return [...down].flatMap(([month, minutes]) => {
    const before = last;
    const length = (HOURS_OF.get(month) ?? 0) * 60;
    const up = length - minutes;
    const percent =
      up * 10_000 >= length * 9_985 ? 0 : up * 1_000 >= length * 995 ? 5 : up * 100 >= length * 97 ? 10 : 20;
    const from = MONTHS.indexOf(month) * 60;
    // A February ends within thirty days of January: what January gave is part of the same twenty percent.
    const given = length < 30 * 1_440 && monthAt(from - 60) === before.month ? before.microEuro : 0;
    const microEuro = Math.min(
      Math.floor((service.monthlyMicroEuro * percent + 50) / 100),
      Math.max(0, Math.floor((service.monthlyMicroEuro * 20) / 100) - given),
    );
    last = { month, microEuro: claimed.has(month) ? microEuro : 0 };
    return microEuro === 0
      ? []
      : [{ rule: 'availability', service: service.id, from, microEuro, due: claimed.has(month) }];
  });
}
