import protobuf from 'protobufjs/minimal.js';
import type { Draft, Field, Message, Shape } from './shape.ts';

/** Wire types of protocol buffers. */
const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;
/** Elements of one repeated field or map: an empty message of two bytes must not become an object of a hundred. */
const MOST = 4_096;

type Reader = protobuf.Reader;
type Writer = protobuf.Writer;
type Fields = Record<string, unknown>;

/**
 * Reads a message of protocol buffers; nothing when the bytes are none of that shape. Fields that the shape does not
 * know are skipped (proto3), nesting is as deep as the shape and no deeper. The reflection of the library would write
 * functions out of text; tables do without, so that the process may run with code generation from strings disallowed.
 */
export function decode<S extends Shape>(shape: S, bytes: Uint8Array): Message<S> | undefined {
  try {
    const reader = protobuf.Reader.create(bytes);
    return readShape(shape, reader, reader.len) as Message<S>;
  } catch (error) {
    // The library says with plain errors and RangeErrors that bytes are cut or wrong.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The bytes of a message; fields with their default and fields left out take none. */
export function encode<S extends Shape>(shape: S, message: Draft<S>): Uint8Array {
  const writer = protobuf.Writer.create();
  writeShape(shape, message, writer);
  return writer.finish();
}

const numbered = new WeakMap<Shape, ReadonlyMap<number, readonly [name: string, field: Field]>>();

function byNumber(shape: Shape): ReadonlyMap<number, readonly [string, Field]> {
  const known = numbered.get(shape);
  if (known !== undefined) return known;
  const made = new Map(Object.entries(shape).map(([name, field]) => [field.id, [name, field] as const]));
  numbered.set(shape, made);
  return made;
}

function readShape(shape: Shape, reader: Reader, end: number): Fields {
  const fields = byNumber(shape);
  const message = empty(shape);
  while (reader.pos < end) {
    const tag = reader.uint32();
    const found = fields.get(tag >>> 3);
    const wire = tag & 7;
    if (found === undefined || wire !== wireOf(found[1])) {
      reader.skipType(wire, 0, tag >>> 3);
      continue;
    }
    const [name, field] = found;
    const value = readValue(field, reader);
    if (field.times === 'many') grow(message[name], value);
    else if (field.holds === 'map') enter(message[name], value);
    else {
      // Of a choice the last one on the wire counts.
      if (field.times === 'choice') for (const other of choices(shape)) delete message[other];
      message[name] = value;
    }
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than its message');
  return message;
}

const choices = (shape: Shape): readonly string[] =>
  Object.keys(shape).filter((name) => shape[name]?.times === 'choice');

function grow(list: unknown, value: unknown): void {
  if (!Array.isArray(list) || list.length >= MOST) throw new RangeError('too many elements');
  list.push(value);
}

type Entry = readonly [key: string, value: string];

/** Defined and not assigned: a key may be `__proto__`. */
function enter(held: unknown, entry: unknown): void {
  const [key, value] = entry as Entry;
  const map = Object(held);
  if (Object.keys(map).length >= MOST) throw new RangeError('too many entries');
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function readValue({ holds }: Field, reader: Reader): unknown {
  switch (holds) {
    case 'text':
      return reader.string();
    case 'flag':
      return reader.bool();
    case 'number':
      return reader.uint32();
    case 'fixed32':
      return reader.fixed32();
    case 'bytes':
      return Uint8Array.from(reader.bytes());
    case 'map':
      return readEntry(reader);
    default: {
      const length = reader.uint32();
      const end = reader.pos + length;
      if (end > reader.len) throw new RangeError('a message is longer than its bytes');
      return readShape(holds, reader, end);
    }
  }
}

const ENTRY = { key: { id: 1, holds: 'text', times: 'one' }, value: { id: 2, holds: 'text', times: 'one' } } as const;

function readEntry(reader: Reader): Entry {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('an entry is longer than its bytes');
  const { key, value } = readShape(ENTRY, reader, end);
  return [String(key), String(value)];
}

function empty(shape: Shape): Fields {
  const message: Fields = {};
  for (const [name, { holds, times }] of Object.entries(shape)) {
    if (times === 'many') message[name] = [];
    else if (times === 'one') message[name] = defaultOf(holds);
  }
  return message;
}

function defaultOf(holds: Field['holds']): unknown {
  if (holds === 'text') return '';
  if (holds === 'flag') return false;
  if (holds === 'bytes') return new Uint8Array();
  return holds === 'map' ? {} : 0;
}

function wireOf({ holds }: Field): number {
  if (holds === 'flag' || holds === 'number') return VARINT;
  return holds === 'fixed32' ? FIXED32 : LENGTH;
}

function writeShape(shape: Shape, message: Fields, writer: Writer): void {
  for (const [name, field] of Object.entries(shape)) {
    const value = message[name];
    if (value === undefined) continue;
    if (field.holds === 'map') writeMap(field, Object(value), writer);
    else if (field.times === 'many') for (const one of value as readonly unknown[]) writeField(field, one, writer);
    else if (field.times !== 'one' || !isDefault(value)) writeField(field, value, writer);
  }
}

const isDefault = (value: unknown): boolean =>
  value === '' || value === false || value === 0 || (value instanceof Uint8Array && value.length === 0);

function writeField(field: Field, value: unknown, writer: Writer): void {
  writer.uint32(((field.id << 3) | wireOf(field)) >>> 0);
  switch (field.holds) {
    case 'text':
      return void writer.string(String(value));
    case 'flag':
      return void writer.bool(value === true);
    case 'number':
      return void writer.uint32(Number(value));
    case 'fixed32':
      return void writer.fixed32(Number(value));
    case 'bytes':
      return void writer.bytes(value as Uint8Array);
    case 'map':
      return;
    default:
      writer.fork();
      writeShape(field.holds, value as Fields, writer);
      writer.ldelim();
  }
}

function writeMap(field: Field, entries: Readonly<Record<string, unknown>>, writer: Writer): void {
  for (const [key, value] of Object.entries(entries)) {
    writer.uint32(((field.id << 3) | LENGTH) >>> 0).fork();
    writeShape(ENTRY, { key, value: String(value) }, writer);
    writer.ldelim();
  }
}
