import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../agent/model/canonical.ts';
import { NumberingSchema } from '../../agent/model/numbering.ts';
import { classify } from '../../agent/rating/numbering/classify.ts';
import { writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { compileNumbering } from '../numbering/compile.ts';
import { FrenchPlanSchema } from '../numbering/french-plan.ts';
import { WorldSchema } from '../numbering/world.ts';
import { DONE, REFUSED, readArguments, type Terminal } from './command.ts';

const CURRENT = 'numbering-2025-07-02.json';

const HELP = `relais numbering: which class and territory a number has

  relais numbering classify NUMBER… [--table TABLE.json] [--selection DIGITS] [--json]
      Says what each number is, however it is dialled. Write -- before numbers that begin with a dash.
      --selection: the digits that the site dials for an outside line, such as 0.
  relais numbering compile MAJNUM.csv --from YYYY-MM-DD [--plan PLAN.json] [--world WORLD.json] [--write TABLE.json]
      Makes the table of ARCEP's list of that day (ISO 8859-1, as downloaded) and of the other countries' plans.

The table in use unless --table names another: ${CURRENT}, shipped with the project.`;

/** `shipped` is the folder of the project's own plan, world file and table. */
export function numbering(argv: readonly string[], terminal: Terminal, shipped: string): number {
  const read = readArguments(argv, ['table', 'selection', 'from', 'plan', 'world', 'write'], ['json']);
  if ('usage' in read) return refuse(terminal, read.usage);
  if (read.flags.has('help')) {
    terminal.out(HELP);
    return DONE;
  }
  const [subcommand = '', ...words] = read.words;
  const { table = join(shipped, CURRENT), selection, from, write } = read.values;
  const { plan = join(shipped, 'french-plan.json'), world = join(shipped, 'world.json') } = read.values;
  switch (subcommand) {
    case 'classify':
      return classifyAll(words, { table, selection, json: read.flags.has('json') }, terminal);
    case 'compile':
      return compile(words, { from, plan, world, write }, terminal);
    default:
      return refuse(terminal, `no such subcommand: ${subcommand || '(none)'}`);
  }
}

type Classifying = { readonly table: string; readonly selection: string | undefined; readonly json: boolean };

function classifyAll(numbers: readonly string[], settings: Classifying, terminal: Terminal): number {
  const { table, selection, json } = settings;
  if (numbers.length === 0) return refuse(terminal, 'name one number or more');
  if (!existsSync(table)) return refuse(terminal, `--table ${table}: there is no such file`);
  if (selection !== undefined && !/^\d{1,4}$/.test(selection)) {
    return refuse(terminal, `--selection ${selection}: write one to four digits`);
  }
  const read = readChecked(table, NumberingSchema);
  for (const dialled of numbers) {
    const destination = classify(dialled, read, selection === undefined ? [] : [selection]);
    const { number, class: of, territory } = destination;
    terminal.out(
      json
        ? canonical({ dialled, ...destination })
        : `${dialled}: ${[number, of, territory].filter(Boolean).join(' ')}`,
    );
  }
  return DONE;
}

type Compiling = {
  readonly from: string | undefined;
  readonly plan: string;
  readonly world: string;
  readonly write: string | undefined;
};

function compile([list, ...more]: readonly string[], settings: Compiling, terminal: Terminal): number {
  const { from, plan, world, write } = settings;
  if (list === undefined || more.length > 0) return refuse(terminal, "name one file: ARCEP's MAJNUM.csv");
  if (!existsSync(list)) return refuse(terminal, `${list}: there is no such file`);
  if (from === undefined) return refuse(terminal, '--from is missing: the day of the list, such as 2025-07-02');
  const compiled = compileNumbering({
    majnum: readFileSync(list),
    plan: readChecked(plan, FrenchPlanSchema),
    world: readChecked(world, WorldSchema),
    from,
  });
  if ('problems' in compiled) {
    terminal.err(`${list} was refused; nothing was written`);
    for (const problem of compiled.problems) terminal.err(`  ${problem}`);
    return REFUSED;
  }
  const { table } = compiled;
  const text = JSON.stringify(table);
  if (write === undefined) terminal.out(text);
  else {
    writeAtomic(write, `${text}\n`);
    terminal.out(
      `${write}: ${table.french.length} French rows, ${table.world.length} of the world, ${text.length} bytes`,
    );
  }
  return DONE;
}

function refuse({ err }: Terminal, why: string): number {
  err(`relais numbering: ${why}`);
  err('See relais numbering --help');
  return REFUSED;
}
