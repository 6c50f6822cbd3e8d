import { type Numbering, NumberingSchema } from '../../agent/model/numbering.ts';
import type { FrenchPlan } from './french-plan.ts';
import { frenchRows } from './french-rows.ts';
import { readMajnum } from './majnum.ts';
import { type World, worldRows } from './world.ts';

type Sources = {
  /** ARCEP's MAJNUM list, as it was downloaded. */
  readonly majnum: Buffer;
  readonly plan: FrenchPlan;
  readonly world: World;
  /** First day on which calls are classified with the table, "2025-07-02": the day of the list. */
  readonly from: string;
};

type Compiled = { readonly table: Numbering } | { readonly problems: readonly string[] };

/** Makes the numbering table of one list, or says what is wrong with it, line by line. */
export function compileNumbering({ majnum, plan, world, from }: Sources): Compiled {
  const read = readMajnum(majnum);
  const french = frenchRows(plan, read.blocks);
  const problems = [...read.problems, ...french.problems];
  if (problems.length > 0) return { problems };
  const checked = NumberingSchema.safeParse({
    schema: 'relais/numbering/1',
    id: `numbering-${from}`,
    from,
    label: `ARCEP MAJNUM of ${from}, Licence Ouverte 2.0; ${world.label}`,
    french: french.rows,
    codes: plan.codes,
    world: worldRows(world),
    zones: world.zones,
  });
  if (checked.success) return { table: checked.data };
  return { problems: checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}
