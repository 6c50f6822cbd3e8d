import { z } from 'zod';
import { E164Schema } from './e164.ts';
import { RioSchema } from './rio.ts';
import { AccessPointSchema, SimPlaceSchema } from './sim-swap.ts';
import { InstantSchema } from './usage.ts';

const id = z.string().min(1).max(200);

/** S-3 (nexis 3). A line that is terminated never comes back. */
export const LINE_SERVICES = ['active', 'outgoing-barred', 'suspended', 'terminated'] as const;
export type LineService = (typeof LINE_SERVICES)[number];

/** S-3: options of the order form; roaming has its own orders, for it is opened and closed with a delay (S-5). */
export const LineOptionsSchema = z.strictObject({
  international: z.boolean(),
  /** S-12: without it the modem keeps to 2G and 3G. */
  fourG: z.boolean(),
  iphone: z.boolean(),
});
export type LineOptions = z.infer<typeof LineOptionsSchema>;

/** S-5: what roaming may be opened by; which of them counts is a fact of the regime. */
const GROUNDS = ['signed-waiver', 'written-request', 'telephone', 'mail', 'order'] as const;

const common = {
  id,
  /** Who ordered it, as support knows them. */ by: id,
  /** The mobile line of the site. */ line: E164Schema,
};

/** What somebody wants done with the mobile line: done once under its name, from the signed configuration or over MQTT. */
export const LineOrderSchema = z.discriminatedUnion('do', [
  z.strictObject({ ...common, do: z.literal('bar-outgoing') }),
  z.strictObject({ ...common, do: z.literal('suspend') }),
  z.strictObject({ ...common, do: z.literal('reactivate') }),
  z.strictObject({ ...common, do: z.literal('terminate') }),
  /** What is left out stays as it is. */
  z.strictObject({ ...common, do: z.literal('set-options'), options: LineOptionsSchema.partial() }),
  /** S-5: `received` is when the client's request came in; `until` is the end that it asked for. */
  z.strictObject({
    ...common,
    do: z.literal('open-roaming'),
    received: InstantSchema,
    ground: z.enum(GROUNDS),
    until: InstantSchema.optional(),
  }),
  /** S-5: `from` is the end that the client asked for; absent: as soon as the delay is over. */
  z.strictObject({
    ...common,
    do: z.literal('close-roaming'),
    received: InstantSchema,
    from: InstantSchema.optional(),
  }),
  /** S-6: a signed waiver of the ceiling of roaming data. */
  z.strictObject({
    ...common,
    do: z.literal('waive-ceiling'),
    from: InstantSchema,
    until: InstantSchema.optional(),
  }),
  /** S-7: an extra pack of data, from its purchase on. */
  z.strictObject({ ...common, do: z.literal('add-pack'), at: InstantSchema, bytes: z.int().min(1) }),
  /** S-9: the line moves to a card of the new host operator between `from` and `until`; the client was told at `announced`. */
  z.strictObject({
    ...common,
    do: z.literal('change-host'),
    announced: InstantSchema,
    from: InstantSchema,
    until: InstantSchema,
    target: SimPlaceSchema,
    accessPoint: AccessPointSchema.optional(),
  }),
  /** S-10: at `at` the line, on its temporary number until then, has the number that was ported to it. */
  z.strictObject({ ...common, do: z.literal('port-number'), number: E164Schema, rio: RioSchema, at: InstantSchema }),
]);
export type LineOrder = z.infer<typeof LineOrderSchema>;

const RoamingChangeSchema = z.strictObject({ wants: z.enum(['open', 'closed']), from: InstantSchema });
export type RoamingChange = z.infer<typeof RoamingChangeSchema>;

/** S-9 */
export const HostChangeSchema = z.strictObject({
  order: id,
  by: id,
  from: InstantSchema,
  until: InstantSchema,
  target: SimPlaceSchema,
  accessPoint: AccessPointSchema.optional(),
});
export type HostChange = z.infer<typeof HostChangeSchema>;

/** Everything that was ordered for the mobile line: a state and not a history, so that one record holds all of it. */
export const LineTermsSchema = z.strictObject({
  service: z.enum(LINE_SERVICES),
  options: LineOptionsSchema,
  /** S-5: by instant; before the first, what the contract says. */
  roaming: z.array(RoamingChangeSchema).max(20),
  waivers: z.array(z.strictObject({ from: InstantSchema, until: InstantSchema.optional() })).max(20),
  packs: z.array(z.strictObject({ at: InstantSchema, bytes: z.int().min(1) })).max(50),
  hostChange: HostChangeSchema.optional(),
  /** S-10: `until` is the end of the interruption that was announced. */
  porting: z.strictObject({ number: E164Schema, at: InstantSchema, until: InstantSchema }).optional(),
  /** Names of orders that are done, the newest last. */
  done: z.array(id).max(50),
});
export type LineTerms = z.infer<typeof LineTermsSchema>;

/** What the record of a site says of its mobile line. */
export const LINE_EVENTS = [
  /** S-3, S-5, S-9, S-10: an order and what holds from now on; refused, nothing changes. The record is its answer. */
  z.strictObject({
    kind: z.literal('line-ordered'),
    line: E164Schema,
    order: id,
    by: id,
    what: z.string().max(40),
    /** Null: it was done. */
    refused: z.string().max(200).nullable(),
    /** When it has its effect, Unix ms; null: at once. */
    effective: InstantSchema.nullable(),
    terms: LineTermsSchema,
  }),
  /** S-10: the line has another number since `at`; metering goes on as one. `until`: end of the interruption announced. */
  z.strictObject({
    kind: z.literal('number-ported'),
    link: z.string(),
    from: E164Schema,
    to: E164Schema,
    at: InstantSchema,
    until: InstantSchema,
  }),
] as const;
