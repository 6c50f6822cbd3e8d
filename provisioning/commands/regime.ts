import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { difference } from '../contracts/difference.ts';
import { labels } from '../contracts/json-schema.ts';
import { type Leaf, leavesOf } from '../contracts/leaves.ts';
import { readRegime } from '../contracts/read-regime.ts';
import { LANGUAGES, type Language, saySource, sayValue } from '../contracts/wording.ts';
import { problemLine } from '../orders/problem.ts';
import { DONE, REFUSED, readArguments, type Terminal } from './command.ts';

const HELP = `relais regime: what the contracts say, as data

  relais regime check FILE…
      Checks regime files; each wrong field is named with the values that are known.
  relais regime show ID [--lang fr|en] [--regimes DIR]
      Every value with its article; defaults and readings are marked.
  relais regime diff A B [--lang fr|en] [--regimes DIR]
      What two regimes say differently. A and B are ids, or files.`;

type Place = { readonly regimes: string; readonly language: Language };

/** `shipped` is the folder of the project's regimes when the operator names none. */
export function regime(argv: readonly string[], terminal: Terminal, shipped: string): number {
  const read = readArguments(argv, ['lang', 'regimes']);
  if ('usage' in read) return refuse(terminal, read.usage);
  const [subcommand = '', ...words] = read.words;
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const { lang = 'en', regimes = shipped } = read.values;
  const language = LANGUAGES.find((known) => known === lang);
  if (language === undefined) return refuse(terminal, `--lang ${lang}: not known; known: ${LANGUAGES.join(', ')}`);
  switch (subcommand) {
    case 'check':
      return check(words, terminal);
    case 'show':
      return show(words, { regimes, language }, terminal);
    case 'diff':
      return diff(words, { regimes, language }, terminal);
    default:
      return refuse(terminal, `no such subcommand: ${subcommand || '(none)'}; there are check, show and diff`);
  }
}

function check(files: readonly string[], terminal: Terminal): number {
  if (files.length === 0) return refuse(terminal, 'name one regime file or more');
  const verdicts = files.map((file) => {
    if (file.endsWith('.schema.json')) {
      terminal.out(`${file}: the schema of regimes, no regime; passed over`);
      return true;
    }
    const { regime: found, problems } = readRegime(file);
    if (found !== undefined && problems.length === 0) terminal.out(`${file}: ${found.id}@${found.version} is good`);
    else terminal.err(`${file}: refused`);
    for (const problem of problems) terminal.err(`  ${problemLine(problem)}`);
    return problems.length === 0;
  });
  return verdicts.every(Boolean) ? DONE : REFUSED;
}

function show([id, ...more]: readonly string[], place: Place, terminal: Terminal): number {
  if (id === undefined || more.length > 0) return refuse(terminal, 'name one regime');
  const found = open(id, place, terminal);
  if (found === undefined) return REFUSED;
  const known = labels(place.language);
  terminal.out(found.title);
  let group = '';
  for (const leaf of found.leaves) {
    const [first = ''] = leaf.path.split('.');
    if (first !== group) terminal.out('');
    group = first;
    terminal.out(`${leaf.path} = ${sayValue(leaf, place.language)}`);
    const label = known.get(leaf.path);
    if (label !== undefined) terminal.out(`    ${label}`);
    terminal.out(`    ${saySource(leaf, place.language)}`);
  }
  return DONE;
}

function diff([a, b, ...more]: readonly string[], place: Place, terminal: Terminal): number {
  if (a === undefined || b === undefined || more.length > 0) return refuse(terminal, 'name two regimes');
  const before = open(a, place, terminal);
  const after = open(b, place, terminal);
  if (before === undefined || after === undefined) return REFUSED;
  terminal.out(`- ${before.title}`);
  terminal.out(`+ ${after.title}`);
  const say = (sign: string, leaf: Leaf | undefined): void => {
    if (leaf === undefined) return;
    terminal.out(`  ${sign} ${sayValue(leaf, place.language)}    ${saySource(leaf, place.language)}`);
  };
  for (const changed of difference(before.leaves, after.leaves)) {
    terminal.out(changed.path);
    say('-', changed.before);
    say('+', changed.after);
  }
  return DONE;
}

type Opened = { readonly title: string; readonly leaves: readonly Leaf[] };

/** A regime by its id in the folder, or by its file; undefined after saying what is wrong. */
function open(name: string, { regimes }: Place, terminal: Terminal): Opened | undefined {
  const inFolder = join(regimes, `${name}.json`);
  const path = name.endsWith('.json') ? name : inFolder;
  if (!existsSync(path)) {
    refuse(terminal, `no such regime: ${name}; known: ${knownIn(regimes).join(', ') || 'none'}`);
    return undefined;
  }
  const { regime: found, raw, problems } = readRegime(path);
  if (found === undefined) {
    terminal.err(`${path}: refused`);
    for (const problem of problems) terminal.err(`  ${problemLine(problem)}`);
    return undefined;
  }
  return { title: `${found.operator}: ${found.id}@${found.version}`, leaves: leavesOf(found, raw) };
}

const knownIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .flatMap((file) => /^([a-z0-9-]+)\.json$/.exec(file)?.[1] ?? [])
        .toSorted()
    : [];

function refuse({ err }: Terminal, why: string): number {
  err(`relais regime: ${why}`);
  err('See relais regime --help');
  return REFUSED;
}
