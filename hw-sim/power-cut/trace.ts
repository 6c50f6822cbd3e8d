/** What a process did to its files, in the order in which it did it. Paths are relative to the root that was watched. */
export type TraceEvent =
  | {
      readonly op: 'open';
      readonly fd: number;
      readonly path: string;
      readonly created: boolean;
      readonly emptied: boolean;
    }
  | { readonly op: 'write'; readonly fd: number; readonly at: number; readonly bytes: Buffer }
  | { readonly op: 'truncate'; readonly fd: number; readonly size: number }
  | { readonly op: 'flush' | 'flushed' | 'close'; readonly fd: number }
  | { readonly op: 'rename'; readonly from: string; readonly to: string }
  | { readonly op: 'unlink' | 'mkdir'; readonly path: string }
  /** A connection to the port that was watched, and what it took: bytes that have left the process. */
  | { readonly op: 'connect'; readonly fd: number }
  | { readonly op: 'send'; readonly fd: number; readonly bytes: Buffer };

const HEAD = 17;
/** In the order of the recorder's enumeration, from 1. */
const OPS = [
  ...(['open', 'write', 'truncate', 'flush', 'flushed', 'rename', 'unlink', 'mkdir', 'close'] as const),
  ...(['connect', 'send'] as const),
] as const;
const CREATED = 1;
const EMPTIED = 2;

/** Reads what the recorder wrote. @throws Error when the trace was cut off or is not one. */
export function readTrace(trace: Buffer, root: string): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let at = 0; at < trace.length; ) {
    const length = trace.readUInt32LE(at + 13);
    const bytes = trace.subarray(at + HEAD, at + HEAD + length);
    if (bytes.length < length) throw new Error('the trace ends in the middle of an event');
    events.push(readEvent(trace.subarray(at, at + HEAD), bytes, root));
    at += HEAD + length;
  }
  return events;
}

function readEvent(head: Buffer, bytes: Buffer, root: string): TraceEvent {
  const op = OPS[head.readUInt8(0) - 1];
  const fd = head.readInt32LE(1);
  const number = Number(head.readBigUInt64LE(5));
  const below = (path: string): string => path.slice(root.length).replace(/^\//, '');
  switch (op) {
    case 'open':
      return {
        op,
        fd,
        path: below(bytes.toString()),
        created: (number & CREATED) !== 0,
        emptied: (number & EMPTIED) !== 0,
      };
    case 'write':
      return { op, fd, at: number, bytes };
    case 'truncate':
      return { op, fd, size: number };
    case 'flush':
    case 'flushed':
    case 'close':
    case 'connect':
      return { op, fd };
    case 'send':
      return { op, fd, bytes };
    case 'rename': {
      const [from = '', to = ''] = bytes.toString().split('\0');
      return { op, from: below(from), to: below(to) };
    }
    case 'unlink':
    case 'mkdir':
      return { op, path: below(bytes.toString()) };
    default:
      throw new Error(`the trace holds an event of kind ${head.readUInt8(0)}`);
  }
}
