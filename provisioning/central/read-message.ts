import type { z } from 'zod';
import {
  HelloSchema,
  LeaseRequestSchema,
  RecordsSchema,
  SignedCheckpointSchema,
  TelemetrySchema,
  topics,
} from '../../agent/model/messages.ts';
import type { Book, CentralInput, CentralState, Enrolled } from './words.ts';
import { streamKey } from './words.ts';

/** A message as the broker delivered it. */
export type Delivered = { readonly topic: string; readonly payload: string; readonly now: number };

/**
 * What a message says, or why it says nothing. The topic tells who speaks, because the broker lets each device write on
 * its own topics alone; a payload that names another device is refused (D-3).
 */
export function readMessage({ topic, payload, now }: Delivered, book: Book): CentralInput {
  const site = speakerOf(topic, book);
  if (site === undefined) return { on: 'message-unreadable', topic, why: 'no enrolled device speaks here' };
  const own = topics(site.tenant, site.device);
  const from = { topic, payload, site };
  switch (topic) {
    case own.hello:
      return open(from, HelloSchema, (hello) => ({ on: 'hello-came', site, hello, now }));
    case own.records:
      return open(from, RecordsSchema, (records) => ({ on: 'records-came', site, records, held: [], now }));
    case own.leaseRequest:
      return open(from, LeaseRequestSchema, (request) => ({ on: 'lease-requested', site, request, now }));
    case own.checkpoint:
      return open(from, SignedCheckpointSchema, (checkpoint) => ({
        on: 'checkpoint-came',
        site,
        checkpoint,
        held: undefined,
        now,
      }));
    case own.telemetry:
      return open(from, TelemetrySchema, (telemetry) => ({ on: 'telemetry-came', site, telemetry, now }));
    default:
      return { on: 'message-unreadable', topic, why: 'no such topic' };
  }
}

/** Records of this message that are held already: their hashes must be read and handed to the core with it. */
export function alreadyHeld(
  state: CentralState,
  input: CentralInput,
): { readonly device: string; readonly epoch: string; readonly from: number; readonly to: number } | undefined {
  if (input.on !== 'records-came') return undefined;
  const { device, epoch, from, bodies } = input.records;
  const size = state.streams[streamKey(device, epoch)]?.size ?? 0;
  return from > size ? undefined : { device, epoch, from, to: Math.min(size, from + bodies.length - 1) };
}

/** The device that a topic belongs to, if it is a topic of ours at all: the caller compares the whole of it. */
function speakerOf(topic: string, book: Book): Enrolled | undefined {
  const [, , , device = ''] = topic.split('/');
  return book.get(device);
}

function open<T extends { device: string }>(
  { topic, payload, site }: { topic: string; payload: string; site: Enrolled },
  schema: z.ZodType<T>,
  into: (message: T) => CentralInput,
): CentralInput {
  const read = schema.safeParse(parse(payload));
  if (!read.success) {
    const why = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return { on: 'message-unreadable', topic, why };
  }
  if (read.data.device !== site.device) return { on: 'message-unreadable', topic, why: 'names another device' };
  return into(read.data);
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // Not JSON: no schema knows undefined, so this is refused like any other shape.
    return undefined;
  }
}
