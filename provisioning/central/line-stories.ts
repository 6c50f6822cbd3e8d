import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import type { LineOrder } from '../registry/line-orders.ts';
import type { Connection } from './store/connection.ts';

const RECORDS = 'SELECT body FROM records WHERE device = $1 ORDER BY position';

type Swapped = Extract<LedgerEvent, { kind: 'sim-swapped' }>;
type Lost = Extract<LedgerEvent, { kind: 'sim-lost' }>;
type Answered = Extract<LedgerEvent, { kind: 'line-ordered' }>;
type Counted = Extract<LedgerEvent, { kind: 'sms-counted' }>;

/** What became of an order for a mobile line, as the record of its box tells it; or a swap that was ordered at the box. */
export type LineStory = {
  readonly device: string;
  readonly order: string;
  readonly is: LineOrder['is'];
  readonly by: string;
  /** Why the card was to be changed, where a message went, or what the line was to do. */
  readonly what: string;
  /** Absent: ordered at the box itself. */
  readonly orderedAt?: number;
  /** `waiting`: its box has recorded nothing of it yet; else `under-way`, `canceled`, or how it ended. */
  readonly so: string;
  readonly why?: string;
  /** ICCIDs of the card before and after, where they are known. */
  readonly from?: string;
  readonly to?: string;
  /** S-2: the card that was lost or stolen, for its operator to bar. */
  readonly lost?: { readonly iccid: string | null; readonly imsi: string | null };
  /** The network's word on a message. */
  readonly fate?: string;
  /** Unix ms of the latest that was recorded. */
  readonly at?: number;
};

/** Every order for the mobile line of a box and every swap of its card, in the order in which they were heard of. */
export async function readLineStories(
  database: Connection,
  device: string,
  orders: readonly LineOrder[],
): Promise<readonly LineStory[]> {
  const rows = await database.all<{ body: string }>(RECORDS, [device]);
  return lineStories(
    device,
    orders.filter((one) => one.device === device),
    rows.map(({ body }) => RecordSchema.parse(JSON.parse(body)).event),
  );
}

export function lineStories(
  device: string,
  orders: readonly LineOrder[],
  events: readonly LedgerEvent[],
): readonly LineStory[] {
  const stories = new Map(orders.map((order) => [order.order.id, ordered(order)]));
  const change = (id: string, fresh: () => LineStory, part: Partial<LineStory>): void =>
    void stories.set(id, { ...(stories.get(id) ?? fresh()), ...part });
  for (const event of events) {
    if (event.kind === 'sim-swapped') change(event.swap, () => unordered(device, event), swapped(event));
    if (event.kind === 'sim-lost') change(event.swap, () => unordered(device, event), lost(event));
    if (event.kind === 'line-ordered') change(event.order, () => orderedAtBox(device, event), answered(event));
    if (event.kind === 'sms-counted' && event.direction === 'outgoing')
      change(event.message, () => sentAtBox(device, event), counted(event));
    if (event.kind === 'sms-reported' && stories.has(event.message))
      change(event.message, () => ({ ...NOTHING, device, order: event.message }), { fate: event.fate });
  }
  return [...stories.values()];
}

const NOTHING = { is: 'sms', by: '', what: '', so: 'unknown' } as const;

const ordered = (one: LineOrder): LineStory => ({
  ...{ device: one.device, order: one.order.id, is: one.is, by: one.order.by, orderedAt: one.orderedAt },
  what: one.is === 'sim' ? one.order.reason : one.is === 'sms' ? one.order.to : one.order.do,
  so: one.canceled === undefined ? 'waiting' : 'canceled',
});

const unordered = (device: string, { swap, by, reason }: Swapped | Lost): LineStory => ({
  ...{ device, order: swap, is: 'sim', by, what: reason, so: 'under-way' },
});

/** From the signed configuration. */
const orderedAtBox = (device: string, { order, by, what }: Answered): LineStory => ({
  ...{ device, order, is: 'line', by, what, so: 'done' },
});

const answered = ({ refused, effective }: Answered): Partial<LineStory> => ({
  so: refused === null ? 'done' : 'refused',
  ...(refused !== null && { why: refused }),
  ...(effective !== null && { at: effective }),
});

const sentAtBox = (device: string, { message, by, party }: Counted): LineStory => ({
  ...{ device, order: message, is: 'sms', by: by ?? 'the box', what: party, so: 'under-way' },
});

const counted = ({ outcome, at, why }: Counted): Partial<LineStory> => ({
  so: outcome,
  at,
  ...(why !== undefined && { why }),
});

const swapped = ({ stage, outcome, why, from, to, at }: Swapped): Partial<LineStory> => ({
  so: stage === 'begun' ? 'under-way' : (outcome ?? 'under-way'),
  ...(why !== null && { why }),
  ...(from !== null && { from }),
  ...(to !== null && { to }),
  at,
});

const lost = ({ iccid, imsi, at }: Lost): Partial<LineStory> => ({ so: 'under-way', lost: { iccid, imsi }, at });
