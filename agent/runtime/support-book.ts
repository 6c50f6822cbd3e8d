import { z } from 'zod';
import { type Book, EMPTY_BOOK, RESTART_TARGETS } from '../usp/agent/state.ts';
import { MOST_EVENTS, NO_ALARMS } from '../usp/alarms.ts';

const values = z.record(z.string().max(200), z.string().max(2_000));
const text = z.string().max(2_000);

const SEVERITIES = ['Critical', 'Major', 'Minor', 'Warning'] as const;
const count = z.int().min(0);
const said = { problem: text, text, severity: z.enum(SEVERITIES) };
const AlarmsSchema = z.strictObject({
  current: z.array(z.strictObject({ number: count, ...said, raised: count, changed: count })).max(200),
  history: z
    .array(
      z.strictObject({
        ...{ number: count, alarm: count, at: count, ...said },
        type: z.enum(['NewAlarm', 'ChangedAlarm', 'ClearedAlarm']),
        severity: z.enum([...SEVERITIES, 'Cleared']),
      }),
    )
    .max(MOST_EVENTS),
  raised: count,
  events: count,
});

/** What controllers set, as `writeBook` wrote it. */
const BookSchema = z.strictObject({
  rows: z.record(z.string().max(200), values),
  last: z.record(z.string().max(200), z.int().min(0)),
  notices: z
    .array(
      z.strictObject({
        msgId: text,
        controller: z.int().min(1),
        notify: z.looseObject({ subscriptionId: text, sendResp: z.boolean() }),
        ...{ attempts: z.int().min(0), due: z.number(), expires: z.number().optional(), keeps: z.boolean() },
      }),
    )
    .max(100),
  restart: z.strictObject({ commandKey: text, reason: text }).optional(),
  restarts: z
    .array(z.strictObject({ at: z.int().min(0), of: z.enum(RESTART_TARGETS), name: text, by: text, reason: text }))
    .max(10)
    .optional(),
  alarms: AlarmsSchema.optional(),
});

/** An empty book where none was kept; `damaged` is told of one that cannot be read, which costs subscriptions and no more. */
export function readBook(kept: string | undefined, damaged: () => void): Book {
  if (kept === undefined) return EMPTY_BOOK;
  try {
    const read = BookSchema.parse(JSON.parse(kept));
    return {
      ...{ rows: read.rows, last: read.last },
      notices: read.notices.map(({ expires, ...notice }) => ({
        ...notice,
        ...(expires === undefined ? {} : { expires }),
      })),
      ...(read.restart && { restart: read.restart }),
      ...(read.restarts && { restarts: read.restarts }),
      alarms: read.alarms ?? NO_ALARMS,
    };
  } catch {
    damaged();
    return EMPTY_BOOK;
  }
}
