import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { LineOrderSchema as TermsOrderSchema } from '../../agent/model/mobile-line.ts';
import { CardPinSchema, DownloadCodeSchema, SimOrderSchema } from '../../agent/model/sim-swap.ts';
import { SmsOrderSchema } from '../../agent/model/sms.ts';
import { InstantSchema } from '../../agent/model/usage.ts';
import { writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { registryPaths } from './paths.ts';

const common = {
  device: z.string().min(1).max(200),
  orderedAt: InstantSchema,
  /** Taken back before the box had done it: it is not told of it any more. */
  canceled: z.strictObject({ by: z.string().min(1).max(200), at: InstantSchema }).optional(),
};

/**
 * One order for the mobile line of a box in the operator's book: its card (S-1, S-2), a short message (S-11), or what it may do
 * (S-3, S-5 to S-7, S-9, S-10).
 */
export const LineOrderSchema = z.discriminatedUnion('is', [
  z.strictObject({
    is: z.literal('sim'),
    ...common,
    order: SimOrderSchema,
    download: DownloadCodeSchema.optional(),
    pin: CardPinSchema.optional(),
    oldPin: CardPinSchema.optional(),
  }),
  z.strictObject({ is: z.literal('sms'), ...common, order: SmsOrderSchema }),
  z.strictObject({ is: z.literal('line'), ...common, order: TermsOrderSchema }),
]);
export type LineOrder = z.infer<typeof LineOrderSchema>;

/** Oldest first. @throws Fault when a file is damaged or follows no schema. */
export function readLineOrders(directory: string): readonly LineOrder[] {
  const { lineOrders } = registryPaths(directory);
  const names = existsSync(lineOrders) ? readdirSync(lineOrders).filter((name) => name.endsWith('.json')) : [];
  return names
    .toSorted()
    .map((name) => readChecked(join(lineOrders, name), LineOrderSchema))
    .toSorted((one, other) => one.orderedAt - other.orderedAt);
}

/** Activation codes and texts of messages are for the owner of the registry alone. */
export function writeLineOrder(directory: string, order: LineOrder): void {
  const file = join(registryPaths(directory).lineOrders, `${order.order.id}.json`);
  writeAtomic(file, `${canonical(LineOrderSchema.parse(order))}\n`, 'secret');
}

export function ordersByDevice(orders: readonly LineOrder[]): ReadonlyMap<string, readonly LineOrder[]> {
  const byDevice = new Map<string, LineOrder[]>();
  for (const order of orders) byDevice.set(order.device, [...(byDevice.get(order.device) ?? []), order]);
  return byDevice;
}
