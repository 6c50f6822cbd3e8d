import { z } from 'zod';

/** Why an outage is not held against the operator (G-7); which of them a contract knows is a fact of its regime. */
export const ExcuseSchema = z.enum([
  'maintenance',
  'client',
  'third-party',
  'other-operator',
  'suspension',
  'public-authority',
  'force-majeure',
  'mains',
  'porting',
  'overload',
]);
export type Excuse = z.infer<typeof ExcuseSchema>;
