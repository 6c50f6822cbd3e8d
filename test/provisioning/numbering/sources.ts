import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readChecked } from '../../../provisioning/json-file.ts';
import { FrenchPlanSchema } from '../../../provisioning/numbering/french-plan.ts';
import { WorldSchema } from '../../../provisioning/numbering/world.ts';

const shipped = (name: string): string =>
  fileURLToPath(new URL(`../../../provisioning/numbering/${name}`, import.meta.url));

/** ARCEP's list of 2 July 2025, byte for byte. */
export const MAJNUM = gunzipSync(readFileSync(new URL('majnum-2025-07-02.csv.gz', import.meta.url)));
export const PLAN = readChecked(shipped('french-plan.json'), FrenchPlanSchema);
export const WORLD = readChecked(shipped('world.json'), WorldSchema);
