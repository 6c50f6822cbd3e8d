import { readFileSync } from 'node:fs';
import { Fault } from '../../agent/model/fault.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { diffDecks } from '../pricing/diff.ts';
import { diffWords } from '../pricing/diff-words.ts';
import { findingLine, hasErrors } from '../pricing/finding.ts';
import { type Import, importDeck, type Source } from '../pricing/import-deck.ts';
import { quote } from '../pricing/quote.ts';
import { readQuestion } from '../pricing/read-question.ts';
import { DONE, REFUSED, readArguments, type Terminal } from './command.ts';

const HELP = `relais tariff: price lists

  relais tariff check FILE [--plans PLANS.json]
      Says everything that is wrong with a price list, with line and column. FILE is a CSV of prices, whose other half is
      PLANS.json, or the JSON of a whole list. docs/rating/decks.md has the format.
  relais tariff import FILE [--plans PLANS.json] --out DECK.json
      Checks and writes the list as one JSON. With one error nothing is written.
  relais tariff diff A.json B.json [--json]
      What changes for clients when B takes the place of A.
  relais tariff price DECK.json NUMBER [--at DAY|DAYThh:mm] [--seconds N] [--numbering TABLE.json]
      What a call to a number costs at a time in Paris; without --at now, without --seconds 60 seconds.`;

const OPTIONS = ['plans', 'out', 'at', 'seconds', 'numbering'] as const;

type Given = Readonly<Partial<Record<(typeof OPTIONS)[number], string>>>;

/** What the command needs of the world: the wall clock in Unix milliseconds, and the numbering table of the project. */
type World = { readonly now: () => number; readonly numbering: string };

/** Answers the exit status. */
export function tariff(argv: readonly string[], terminal: Terminal, { now, numbering }: World): number {
  const read = readArguments(argv, OPTIONS, ['json']);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const [subcommand = '', ...words] = read.words;
  switch (subcommand) {
    case 'check':
      return check(words, read.values, terminal);
    case 'import':
      return importFile(words, read.values, terminal);
    case 'diff':
      return diff(words, read.flags.has('json'), terminal);
    case 'price':
      return price(words, { now: now(), numbering, ...read.values }, terminal);
    default:
      return refuse(terminal, `no such subcommand: ${subcommand || '(none)'}; there are check, import, diff and price`);
  }
}

function check([file, ...more]: readonly string[], { plans }: Given, terminal: Terminal): number {
  if (file === undefined || more.length > 0) return refuse(terminal, 'name one price list');
  const { deck, findings } = importDeck(source(file), plans === undefined ? undefined : source(plans));
  for (const finding of findings) terminal.out(findingLine(finding));
  const errors = findings.filter((finding) => finding.level === 'error').length;
  terminal.out(`${errors} errors, ${findings.length - errors} warnings`);
  if (deck === undefined) return REFUSED;
  const prices = deck.voice.length + deck.roamingVoice.length;
  terminal.out(
    `${deck.label}: version ${deck.version} from ${deck.from}, ${prices} prices of calls, ${deck.plans.length} plans`,
  );
  return DONE;
}

function importFile([file, ...more]: readonly string[], { plans, out }: Given, terminal: Terminal): number {
  if (file === undefined || more.length > 0) return refuse(terminal, 'name one price list');
  if (out === undefined) return refuse(terminal, '--out is missing: where shall the list be written?');
  const { deck, findings } = importDeck(source(file), plans === undefined ? undefined : source(plans));
  for (const finding of findings) terminal.err(findingLine(finding));
  if (deck === undefined) {
    terminal.err(`${file} was refused; nothing was written`);
    return REFUSED;
  }
  writeAtomic(out, `${JSON.stringify(deck, null, 2)}\n`);
  terminal.out(`wrote version ${deck.version} of ${deck.id} to ${out}`);
  return DONE;
}

function diff([before, after, ...more]: readonly string[], asJson: boolean, terminal: Terminal): number {
  if (before === undefined || after === undefined || more.length > 0) return refuse(terminal, 'name two price lists');
  const [a, b] = [before, after].map((file) => importDeck(source(file)));
  if (a?.deck === undefined || b?.deck === undefined) return unusable([a, b], terminal);
  const changes = diffDecks(a.deck, b.deck);
  if (asJson) terminal.out(JSON.stringify(changes, null, 2));
  else for (const line of diffWords(changes)) terminal.out(line);
  return DONE;
}

function price(
  [file, number, ...more]: readonly string[],
  options: Given & { readonly now: number; readonly numbering: string },
  terminal: Terminal,
): number {
  if (file === undefined || number === undefined || more.length > 0)
    return refuse(terminal, 'name a list and a number');
  const question = readQuestion(number, options, readChecked(options.numbering, NumberingSchema));
  if ('remedy' in question) return refuse(terminal, question.remedy);
  const read = importDeck(source(file));
  if (read.deck === undefined) return unusable([read], terminal);
  const lines = quote(read.deck, question);
  for (const line of lines.said) terminal.out(line);
  return lines.priced ? DONE : REFUSED;
}

function unusable(imports: readonly (Import | undefined)[], terminal: Terminal): number {
  const findings = imports.flatMap((each) => (each !== undefined && hasErrors(each.findings) ? each.findings : []));
  for (const finding of findings) terminal.err(findingLine(finding));
  return REFUSED;
}

/** @throws Fault config.unreadable */
function source(file: string): Source {
  try {
    return { file, bytes: readFileSync(file) };
  } catch (cause) {
    throw new Fault('config.unreadable', { path: file }, { cause });
  }
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais tariff: ${why}`);
  err('See relais tariff --help');
  return REFUSED;
}
