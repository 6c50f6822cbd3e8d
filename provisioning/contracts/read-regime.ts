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
  const { lease, bundleSeconds, credit } = regime;
  const limit = credit.limitMicroEuro?.value;
  if (limit !== undefined && lease.microEuro >= limit) {
    const remedy = `lend less at a time than the limit of ${limit} (C-3)`;
    problems.push({ field: 'lease.microEuro', value: lease.microEuro, remedy });
  }
  if (lease.bundleSeconds > bundleSeconds.value) {
    const remedy = `lend no more than the bundle of ${bundleSeconds.value} (C-3)`;
    problems.push({ field: 'lease.bundleSeconds', value: lease.bundleSeconds, remedy });
  }
  return [...problems, ...ceilingProblems(regime)];
}

/** S-6: the ceiling lies within the contract's bounds, and the warning comes before the cut. */
function ceilingProblems({ roaming: { dataCeiling } }: Regime): readonly Problem[] {
  if (dataCeiling === undefined) return [];
  const { microEuro, rangeMicroEuro, warnPercent, cutPercent } = dataCeiling;
  const problems: Problem[] = [];
  if (rangeMicroEuro && (microEuro.value < rangeMicroEuro.value.from || microEuro.value > rangeMicroEuro.value.to)) {
    const remedy = `must lie from ${rangeMicroEuro.value.from} to ${rangeMicroEuro.value.to} (S-6)`;
    problems.push({ field: 'roaming.dataCeiling.microEuro.value', value: microEuro.value, remedy });
  }
  if (warnPercent.value >= cutPercent.value) {
    const remedy = `must come before the cut at ${cutPercent.value} % (S-6)`;
    problems.push({ field: 'roaming.dataCeiling.warnPercent.value', value: warnPercent.value, remedy });
  }
  return problems;
}
