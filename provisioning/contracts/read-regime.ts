import { basename } from 'node:path';
import { type Regime, RegimeSchema } from '../../agent/model/regime.ts';
import { readJson } from '../json-file.ts';
import { nameKnownValues } from '../known-values.ts';
import { type Problem, schemaProblems } from '../orders/problem.ts';
import { leavesOf } from './leaves.ts';

type Read = {
  /** Undefined when the schema refuses the file. */
  readonly regime: Regime | undefined;
  readonly raw: unknown;
  readonly problems: readonly Problem[];
};

/**
 * A regime file with everything that is wrong with it (P-4): what the schema refuses, by field and known values, and
 * what a schema cannot see.
 * @throws Fault `config.unreadable` when there is no such file, or no JSON in it.
 */
export function readRegime(path: string): Read {
  const raw = readJson(path);
  const read = RegimeSchema.safeParse(raw, { error: nameKnownValues });
  if (!read.success) return { regime: undefined, raw, problems: schemaProblems(read.error, raw, basename(path)) };
  return { regime: read.data, raw, problems: [...nameProblems(read.data, path), ...contractProblems(read.data, raw)] };
}

function nameProblems({ id }: Regime, path: string): readonly Problem[] {
  const name = basename(path, '.json');
  return name === id
    ? []
    : [{ field: 'id', value: id, remedy: `the file is named "${name}"; correct its name or its id` }];
}

function contractProblems(regime: Regime, raw: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { path, value, from } of leavesOf(regime, raw)) {
    if (from.kind !== 'reading' || !from.given || from.article !== undefined) continue;
    const [group, name] = path.split('.');
    problems.push({ field: path, value, remedy: `cite the article of this reading in ${group}.articles.${name}` });
  }
  const { lease, credit } = regime;
  const limit = credit.limitMicroEuro?.value;
  if (limit !== undefined && lease.microEuro >= limit) {
    const remedy = `lend less at a time than the limit of ${limit} (C-3)`;
    problems.push({ field: 'lease.microEuro', value: lease.microEuro, remedy });
  }
  return [...problems, ...limitProblems(regime), ...ceilingProblems(regime)];
}

/** C-1, C-2: a limit says what follows it. */
function limitProblems({ credit, limits }: Regime): readonly Problem[] {
  const { value } = credit.kind;
  if (value === 'none') return [];
  const rule = value === 'hard-cap' ? 'outOfBundleCap' : 'creditThreshold';
  if (limits[rule] !== undefined) return [];
  const remedy = `a ${value} needs limits.${rule}: what is done when it is reached`;
  return [{ field: 'credit.kind.value', value, remedy }];
}

/** S-6: the warning comes before the cut. */
function ceilingProblems({ limits: { roamingCeiling } }: Regime): readonly Problem[] {
  const steps = roamingCeiling?.value.steps ?? [];
  const shares = (name: string): readonly number[] =>
    steps.flatMap((step) => (step.do.name === name && 'percent' in step.at ? [step.at.percent] : []));
  const cut = Math.min(...shares('cut-roaming-data'));
  const late = shares('warn').find((percent) => percent >= cut);
  if (late === undefined) return [];
  const remedy = `the warning must come before the cut at ${cut} % (S-6)`;
  return [{ field: 'limits.roamingCeiling.value.steps', value: late, remedy }];
}
