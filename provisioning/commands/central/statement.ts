import { canonical } from '../../../agent/model/canonical.ts';
import type { Closed } from '../../../agent/rating/book/adjustments.ts';
import { regimeOn } from '../../../agent/rating/book/context.ts';
import { detailOf } from '../../../agent/rating/book/detail.ts';
import { close, statementOf } from '../../../agent/rating/book/statement.ts';
import { cycleOf, type Period } from '../../../agent/rating/calendar/cycles.ts';
import { accountCredits } from '../../../agent/rating/service/account-credits.ts';
import { type Desk, openDesk } from '../../central/desk.ts';
import type { IssuedStatement } from '../../central/desk-words.ts';
import { DONE, FAILED, REFUSED, type Terminal } from '../command.ts';
import { detailCsv } from '../rate/detail-csv.ts';
import { ClosedSchema } from '../rate/issued.ts';
import { periodOf } from '../rate/period.ts';
import { statementJson } from '../rate/statement-json.ts';
import { type AccountBook, readAccountBook, type WhichAccount } from './account-book.ts';
import { noStore } from './wish.ts';

export type Asked = WhichAccount & { readonly day: string | undefined; readonly now: number };

/**
 * The statement of the period that a day lies in, from the central's own store. `issue` keeps it for good: what comes later
 * for its period is an adjustment of the next one (U-5). One that was issued is shown as it was.
 */
export async function showStatement(asked: Asked, issue: boolean, terminal: Terminal): Promise<number> {
  const book = await readAccountBook(asked);
  if (book === undefined) return refuse(terminal, noStore(asked.store));
  const period = periodIn(asked, book);
  if (period === undefined) return refuse(terminal, '--period is a day of the period, such as 2026-10-01');
  const desk = await openDesk(asked.store);
  if (desk === undefined) return refuse(terminal, noStore(asked.store));
  try {
    const issued = await desk.statements(asked.account);
    const standing = issued.find(({ start }) => start === period.start);
    if (standing !== undefined) return showIssued(standing, issue, terminal);
    const later = issued.find(({ start }) => start > period.start);
    if (later !== undefined)
      return refuse(terminal, `the statement of ${later.period} was issued: none before it can be made`);
    const open = openBefore(period, issued, book);
    const why =
      open === undefined ? undefined : `the statement of ${open} was not issued; its uses would be adjustments here`;
    if (!issue) {
      if (why !== undefined) terminal.err(`relais central: ${why}`);
      terminal.out(JSON.stringify(make(period, issued, book).shown, undefined, 2));
      return DONE;
    }
    if (period.end > asked.now) return refuse(terminal, `the period ${period.key} is not over`);
    if (why !== undefined) return refuse(terminal, `${why}: issue that one first`);
    return await issueStatement(desk, { ...asked, period, issued, book }, terminal);
  } finally {
    await desk.close();
  }
}

/** U-6: the itemised communications of a period. The digits that the contract hides, unless others are asked for. */
export async function showDetail(
  asked: Asked,
  { format, mask }: { readonly format: string; readonly mask: string | undefined },
  terminal: Terminal,
): Promise<number> {
  if (format !== 'csv' && format !== 'json') return refuse(terminal, '--format is csv or json');
  if (mask !== undefined && !/^\d{1,2}$/.test(mask)) return refuse(terminal, '--mask is a number of digits, such as 4');
  const book = await readAccountBook(asked);
  if (book === undefined) return refuse(terminal, noStore(asked.store));
  const period = periodIn(asked, book);
  if (period === undefined) return refuse(terminal, '--period is a day of the period, such as 2026-10-01');
  const hidden = regimeOn(book.prepared, period.end - 1)?.records.maskedDigits.value ?? 0;
  const uses = book.rated.uses.filter(({ use }) => isIn(period, use.at));
  const rows = detailOf(uses, mask === undefined ? hidden : Number(mask));
  terminal.out(format === 'csv' ? detailCsv(rows) : JSON.stringify(rows, undefined, 2));
  return DONE;
}

const isIn = ({ start, end }: Period, at: number): boolean => start <= at && at < end;

const periodIn = ({ day }: Asked, { prepared }: AccountBook): Period | undefined =>
  day === undefined ? undefined : periodOf([day], prepared.context.account.cycle);

/** The first period before this one that has uses and no statement, where that could still be issued. */
function openBefore(
  period: Period,
  issued: readonly IssuedStatement[],
  { rated, prepared }: AccountBook,
): string | undefined {
  const last = issued.at(-1)?.start ?? Number.NEGATIVE_INFINITY;
  const of = (at: number): Period => cycleOf(at, prepared.context.account.cycle);
  const first = rated.uses.find(({ use }) => use.at < period.start && of(use.at).start > last);
  return first === undefined ? undefined : of(first.use.at).key;
}

function make(period: Period, issued: readonly IssuedStatement[], book: AccountBook) {
  const { rated, prepared, counted, disputed, decisions, evidence } = book;
  const closed = issued.map(({ closed: billed }): Closed => ClosedSchema.parse(JSON.parse(billed)));
  const credits = accountCredits(prepared, rated, evidence, period.end);
  const statement = statementOf({ ...rated, credits }, period, closed, prepared);
  const twice = counted.twice.filter(({ site }) => isIn(period, site.at));
  const shown = {
    ...Object(statementJson(statement)),
    /** Calls of which site and host operator both kept a record, and what waits for somebody to look. */
    evidence: {
      twice: twice.map(({ site, host, ...one }) => ({ site: site.id, host: host.id, ...one, wins: one.wins ?? null })),
      aside: counted.aside,
      disputed,
      decisions: decisions.map(({ account: _account, at, ...one }) => ({ ...one, at: new Date(at).toISOString() })),
    },
  };
  return { statement, shown };
}

type Issuing = Asked & {
  readonly period: Period;
  readonly issued: readonly IssuedStatement[];
  readonly book: AccountBook;
};

async function issueStatement(
  desk: Desk,
  { account, now, period, issued, book }: Issuing,
  terminal: Terminal,
): Promise<number> {
  const { statement, shown } = make(period, issued, book);
  if (statement.unratable.length > 0) {
    terminal.err(
      `relais central: ${statement.unratable.length} uses of the period could not be rated; nothing was issued:`,
    );
    for (const { use, missing } of statement.unratable) terminal.err(`  ${use.id}: no ${missing} of that day`);
    return FAILED;
  }
  const kept: IssuedStatement = {
    account,
    period: period.key,
    start: period.start,
    closed: canonical({ account, ...close(statement) }),
    statement: JSON.stringify(shown, undefined, 2),
    at: now,
  };
  const before = await desk.issue(kept);
  if (before !== undefined) return refuse(terminal, `the statement of ${before.period} was issued meanwhile`);
  terminal.out(kept.statement);
  return DONE;
}

function showIssued({ statement, at }: IssuedStatement, again: boolean, terminal: Terminal): number {
  if (again) terminal.err(`relais central: it was issued on ${new Date(at).toISOString()} and stands as it is`);
  terminal.out(statement);
  return DONE;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais central: ${why}`);
  return REFUSED;
}
