import { z } from 'zod';

/** Parts of the managed services that can be changed past the agent. */
export const SERVICE_PARTS = ['rules', 'addresses', 'names'] as const;
export type ServicePart = (typeof SERVICE_PARTS)[number];

/** Why a change was taken back. */
export const TAKEN_BACK = ['refused', 'unreachable', 'not-confirmed', 'restarted', 'not-written'] as const;
export type TakenBack = (typeof TAKEN_BACK)[number];

/** One fact about the managed services, for the record (M-2, M-6). */
export const ServicesChangedSchema = z.strictObject({
  /** `changed-by-hand`: what is installed is not what was installed; `put-back`: it is again. */
  what: z.enum(['on-trial', 'committed', 'taken-back', 'changed-by-hand', 'put-back']),
  /** Number of the change on this box; 0 where none was ordered. */
  change: z.int().min(0),
  /** Endpoint of the controller, or `order` for the signed configuration. */
  by: z.string().max(200),
  why: z.enum(TAKEN_BACK).optional(),
  parts: z.array(z.enum(SERVICE_PARTS)).optional(),
});
