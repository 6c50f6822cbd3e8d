import { readCheckpoint } from '../../../agent/evidence/checkpoint.ts';
import { readNote } from '../../../agent/evidence/note.ts';
import { HelloSchema, RecordsSchema, SignedCheckpointSchema, type topics } from '../../../agent/model/messages.ts';
import { RecordSchema } from '../../../agent/model/record.ts';
import type { Heard, PromiseMade } from '../../power-cut/cut-everywhere.ts';
import { cutPackets, kindOf, PUBLISH, type Publish, readPublish } from '../../power-cut/mqtt-bytes.ts';
import type { TraceEvent } from '../../power-cut/trace.ts';

export type Said = Publish & { readonly at: number };

/** Every message that has left the process whole, with the index of the event that took its last byte. */
export function publishedIn(events: readonly TraceEvent[]): readonly Said[] {
  const open = new Map<number, Buffer>();
  return events.flatMap((event, at): readonly Said[] => {
    if (event.op === 'connect') open.set(event.fd, Buffer.alloc(0));
    if (event.op !== 'send') return [];
    const { packets, rest } = cutPackets(Buffer.concat([open.get(event.fd) ?? Buffer.alloc(0), event.bytes]));
    open.set(event.fd, Buffer.from(rest));
    return packets.flatMap((one) => (kindOf(one) === PUBLISH ? [{ ...readPublish(one), at }] : []));
  });
}

type Topics = ReturnType<typeof topics>;

/** What the central may rely on after it has heard this: records, the head of the log, its root, the device's key. */
export function promisesOf(said: readonly Said[], on: Topics, sha256: (text: string) => string): readonly Heard[] {
  return said.flatMap(({ at, topic, payload }) =>
    namedIn(topic, payload, on, sha256).map(([record, hash]) => {
      const promise: PromiseMade = { said: 'sent', record, hash };
      return { at, promise };
    }),
  );
}

type Named = readonly [record: string, hash: string];

function namedIn(topic: string, payload: string, on: Topics, sha256: (text: string) => string): readonly Named[] {
  const json: unknown = JSON.parse(payload);
  if (topic === on.hello) {
    const { epoch, size, head, deviceKey } = HelloSchema.parse(json);
    const last: readonly Named[] = size > 0 ? [[`${epoch}/${size}`, head]] : [];
    return deviceKey === undefined ? last : [...last, [DEVICE_KEY, deviceKey]];
  }
  if (topic === on.checkpoint) {
    const { epoch, size, note } = SignedCheckpointSchema.parse(json);
    return [[checkpointName(epoch, size), rootIn(note)]];
  }
  if (topic !== on.records) return [];
  const { bodies } = RecordsSchema.parse(json);
  return bodies.map((body): Named => {
    const { epoch, seq } = RecordSchema.parse(JSON.parse(body));
    return [`${epoch}/${seq}`, sha256(body)];
  });
}

export const DEVICE_KEY = 'device-key';
export const checkpointName = (epoch: string, size: number): string => `checkpoint/${epoch}/${size}`;
export const callName = (sipCallId: string): string => `call/${sipCallId}`;

function rootIn(note: string): string {
  const checkpoint = readCheckpoint(readNote(note)?.text ?? '');
  if (checkpoint === undefined) throw new Error('a checkpoint was sent that is none');
  return Buffer.from(checkpoint.root).toString('hex');
}
