import { existsSync } from 'node:fs';
import { z } from 'zod';
import { MonthSchema } from '../../agent/model/account-services.ts';
import { regimeOn } from '../../agent/rating/book/context.ts';
import { detailOf } from '../../agent/rating/book/detail.ts';
import { statementOf } from '../../agent/rating/book/statement.ts';
import { explain } from '../../agent/rating/explain/explain.ts';
import { accountCredits } from '../../agent/rating/service/account-credits.ts';
import { DONE, FAILED, REFUSED, readArguments, type Terminal } from './command.ts';
import { type Batch, rateBatch, textOf } from './rate/batch.ts';
import type { Case } from './rate/case.ts';
import { CASES } from './rate/cases.ts';
import { asideLine, chargeLine, unratableLine } from './rate/charge-line.ts';
import { type DataFolders, readRegimeOf, withOwn } from './rate/context-files.ts';
import { detailCsv } from './rate/detail-csv.ts';
import { explainCredit } from './rate/explain-credit.ts';
import { keepIssued, readIssued } from './rate/issued.ts';
import { payoutJson } from './rate/payout.ts';
import { periodOf } from './rate/period.ts';
import { readOutages } from './rate/read-outages.ts';
import { reversalOf } from './rate/reversal.ts';
import { statementJson } from './rate/statement-json.ts';

const HELP = `relais rate: the rating core, for batches and for cases that are checked by hand

  relais rate --account FILE [--records FILE] [--data DIR]           < records.jsonl > charges.jsonl
      One charge a line. FILE is an account, or the name of a shipped one ("example").
  relais rate explain RECORD --account FILE [--records FILE] [--outages FILE] [--lang fr|en]
      Why that record costs what it costs, among all records of the account; or why a credit is what it is, by its id.
  relais rate statement DAY --account FILE [--records FILE] [--outages FILE] [--issued DIR]
      The statement of the period that a day lies in ("2026-10-01"). With --issued it is kept in DIR and never changed
      again: what comes later for its period is an adjustment of the next one (U-5). --outages is what the boxes saw, as
      relais central outages writes it: interruptions of the account's services give credits (G-1 to G-5).
  relais rate reversal MONTH --account FILE [--records FILE]
      What the account is paid for the calls that its special numbers received in a month ("2026-11"), and when (R-4).
  relais rate detail DAY --account FILE [--records FILE] [--format csv|json] [--mask DIGITS]
      The itemised communications of that period (U-6).

Cases, JSON in and JSON out (a file, or standard input); "regime": "ID" in the question takes that contract's facts
(of --data DIR first):
${Object.entries(CASES)
  .map(([name, { says }]) => `  relais rate ${name.padEnd(13)} ${says}`)
  .join('\n')}`;

const OPTIONS = ['account', 'records', 'outages', 'data', 'lang', 'format', 'mask', 'issued'] as const;
type Values = Readonly<Partial<Record<(typeof OPTIONS)[number], string>>>;
type Asked = { readonly words: readonly string[]; readonly values: Values; readonly folders: DataFolders };

/** `shipped` is where the operator data of the project lies. */
export function rate(argv: readonly string[], terminal: Terminal, shipped: DataFolders): number {
  const read = readArguments(argv, OPTIONS);
  if ('usage' in read) return refuse(terminal, read.usage);
  const { values, words } = read;
  const [subcommand = 'batch', ...rest] = words;
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const asked = { words: rest, values, folders: withOwn(shipped, values.data) };
  const chosen = CASES[subcommand];
  if (chosen !== undefined) return answerCase(chosen, asked, terminal);
  switch (subcommand) {
    case 'batch':
      return withBatch(asked, terminal, printCharges);
    case 'explain':
      return withBatch(asked, terminal, printExplanation);
    case 'statement':
      return withBatch(asked, terminal, printStatement);
    case 'reversal':
      return withBatch(asked, terminal, printReversal);
    case 'detail':
      return withBatch(asked, terminal, printDetail);
    default:
      return refuse(terminal, `no such subcommand: ${subcommand}`);
  }
}

function answerCase(chosen: Case, { words, folders }: Asked, terminal: Terminal): number {
  const [file, ...more] = words;
  if (more.length > 0) return refuse(terminal, 'name one file, or none to read standard input');
  if (file !== undefined && !existsSync(file)) return refuse(terminal, `${file}: there is no such file`);
  try {
    const answered = chosen.answer(JSON.parse(textOf(file ?? 0)), (id) => readRegimeOf(id, folders));
    terminal.out(JSON.stringify(answered, undefined, 2));
    return DONE;
  } catch (error) {
    if (error instanceof z.ZodError) {
      for (const issue of error.issues) terminal.err(`${issue.path.join('.') || '(input)'}: ${issue.message}`);
    } else if (error instanceof SyntaxError || error instanceof RangeError) terminal.err(error.message);
    else throw error;
    return REFUSED;
  }
}

type Print = (batch: Batch, asked: Asked, terminal: Terminal) => number;

/** Wrong lines are named and leave the others as they are; the status tells that there were some. */
function withBatch(asked: Asked, terminal: Terminal, print: Print): number {
  const { account, records } = asked.values;
  if (account === undefined) return refuse(terminal, '--account is missing: the file of an account, or "example"');
  const batch = rateBatch(account, records, asked.folders);
  for (const { line, problems } of batch.bad) terminal.err(`line ${line}: ${problems.join('; ')}`);
  const status = print(batch, asked, terminal);
  return batch.bad.length > 0 && status === DONE ? FAILED : status;
}

function printCharges({ rated, settled }: Batch, _asked: Asked, { out, err }: Terminal): number {
  for (const use of rated.uses) out(JSON.stringify(chargeLine(use)));
  for (const one of rated.unratable) err(JSON.stringify(unratableLine(one)));
  for (const one of settled.aside) err(JSON.stringify(asideLine(one)));
  return rated.unratable.length === 0 ? DONE : FAILED;
}

function printExplanation({ rated, prepared }: Batch, { words, values }: Asked, terminal: Terminal): number {
  const [id, ...more] = words;
  const language = values.lang ?? 'fr';
  if (id === undefined || more.length > 0) return refuse(terminal, 'explain: name the id of one record');
  if (language !== 'fr' && language !== 'en') return refuse(terminal, '--lang is fr or en');
  if (id.startsWith('credit/')) {
    const credit = explainCredit(id, language, { rated, prepared }, values.outages);
    if ('known' in credit) terminal.err(`${id}: no such credit; known: ${credit.known}`);
    else terminal.out(JSON.stringify(credit, undefined, 2));
    return 'known' in credit ? REFUSED : DONE;
  }
  const found = rated.uses.find(({ use }) => use.id === id);
  const regime = found && regimeOn(prepared, found.use.at);
  if (found === undefined || regime === undefined) {
    terminal.err(`${id}: no such record among the ${rated.uses.length} that were rated`);
    return REFUSED;
  }
  const { steps, ...explanation } = explain(found, regime);
  terminal.out(JSON.stringify({ ...explanation, steps: steps.map((step) => step[language]) }, undefined, 2));
  return DONE;
}

function printStatement({ rated, prepared }: Batch, asked: Asked, terminal: Terminal): number {
  const period = periodOf(asked.words, prepared.context.account.cycle);
  if (period === undefined) return refuse(terminal, 'name a day of the period, such as 2026-10-01');
  const { issued } = asked.values;
  const closed = issued === undefined ? [] : readIssued(issued, prepared.context.account.id, period);
  const evidence = readOutages(asked.values.outages);
  const credits = accountCredits(prepared, rated, evidence, period.end);
  const statement = statementOf({ ...rated, credits }, period, closed, prepared);
  if (issued !== undefined) keepIssued(issued, statement);
  terminal.out(JSON.stringify(statementJson(statement), undefined, 2));
  return DONE;
}

function printReversal({ settled, prepared }: Batch, { words }: Asked, terminal: Terminal): number {
  const [month, ...more] = words;
  if (month === undefined || more.length > 0 || !MonthSchema.safeParse(month).success) {
    return refuse(terminal, 'name a month, such as 2026-11');
  }
  const question = reversalOf(month, settled.uses, prepared);
  if ('missing' in question) {
    terminal.err(question.missing);
    return REFUSED;
  }
  terminal.out(JSON.stringify(payoutJson(question), undefined, 2));
  return DONE;
}

function printDetail({ rated, prepared }: Batch, asked: Asked, terminal: Terminal): number {
  const period = periodOf(asked.words, prepared.context.account.cycle);
  if (period === undefined) return refuse(terminal, 'name a day of the period, such as 2026-10-01');
  const { format = 'csv', mask = '0' } = asked.values;
  if (!/^\d{1,2}$/.test(mask)) return refuse(terminal, '--mask is a number of digits, such as 4');
  if (format !== 'csv' && format !== 'json') return refuse(terminal, '--format is csv or json');
  const uses = rated.uses.filter(({ use }) => period.start <= use.at && use.at < period.end);
  const rows = detailOf(uses, Number(mask));
  terminal.out(format === 'csv' ? detailCsv(rows) : JSON.stringify(rows, undefined, 2));
  return DONE;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais rate: ${why}`);
  err(HELP);
  return REFUSED;
}
