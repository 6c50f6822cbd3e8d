import { fileURLToPath } from 'node:url';
import { NumberingSchema } from '../../../../agent/model/numbering.ts';
import { readChecked } from '../../../../provisioning/json-file.ts';

/** The table that the project ships. */
export const TABLE = readChecked(
  fileURLToPath(new URL('../../../../provisioning/numbering/numbering-2025-07-02.json', import.meta.url)),
  NumberingSchema,
);
