/** Writes RTCP as RFC 3550 6.4 and RFC 3611 4.7 draw it, field by field, for tests. */
export type Block = {
  readonly source: number;
  readonly fraction?: number;
  readonly lost?: number;
  readonly highest?: number;
  readonly jitter?: number;
  readonly lastReport?: number;
  readonly sinceReport?: number;
};

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
};

export function packet(type: number, count: number, body: Buffer): Buffer {
  const header = Buffer.from([0x80 | count, type, 0, 0]);
  header.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([header, body]);
}

const block = ({ source, fraction = 0, lost = 0, highest = 0, jitter = 0, lastReport = 0, sinceReport = 0 }: Block) =>
  words(source, (fraction << 24) | (lost & 0xff_ffff), highest, jitter, lastReport, sinceReport);

export const senderReport = (from: number, name: number, packets: number, blocks: readonly Block[] = []): Buffer => {
  const times = words(name >>> 16, name << 16, 0, packets, packets * 160);
  return packet(200, blocks.length, Buffer.concat([words(from), times, ...blocks.map(block)]));
};

export const receiverReport = (from: number, blocks: readonly Block[]): Buffer =>
  packet(201, blocks.length, Buffer.concat([words(from), ...blocks.map(block)]));

export const goodbye = (from: number): Buffer => packet(203, 1, words(from));

/** One chunk with one CNAME item, ended by zeros (RFC 3550 6.5). */
export const description = (from: number, name: string): Buffer => {
  const item = Buffer.concat([Buffer.from([1, name.length]), Buffer.from(name)]);
  return packet(202, 1, Buffer.concat([words(from), item, Buffer.alloc(4 - (item.length % 4))]));
};

export type Metrics = {
  readonly source: number;
  readonly loss: number;
  readonly discard: number;
  readonly trip: number;
  readonly end: number;
  readonly listening: number;
  readonly conversational: number;
};

/** Before the metrics stands a block of a kind that is not read (4.4, receiver reference time). */
export function extendedReport(from: number, metrics: Metrics): Buffer {
  const { source, loss, discard, trip, end, listening, conversational } = metrics;
  const other = Buffer.concat([Buffer.from([4, 0, 0, 2]), words(1, 2)]);
  const body = Buffer.alloc(32);
  body.writeUInt32BE(source, 0);
  body.set([loss, discard], 4);
  body.writeUInt16BE(trip, 12);
  body.writeUInt16BE(end, 14);
  body.set([listening, conversational], 22);
  return packet(207, 0, Buffer.concat([words(from), other, Buffer.from([7, 0, 0, 8]), body]));
}
