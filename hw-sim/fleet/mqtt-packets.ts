/** As much of MQTT 5 (OASIS, March 2019) as a device needs: CONNECT, SUBSCRIBE, PUBLISH at QoS 1, PUBACK, PINGREQ. */
export type Packet =
  | { readonly is: 'connack' | 'suback' | 'disconnect'; readonly reason: number }
  | { readonly is: 'publish'; readonly topic: string; readonly id: number; readonly payload: string }
  | { readonly is: 'puback'; readonly id: number; readonly reason: number }
  | { readonly is: 'pingresp' };

const EMPTY = Buffer.alloc(0);
const NO_PROPERTIES = Buffer.of(0);
/** 3.1.2.3: user name, password, clean start. */
const CONNECT_FLAGS = 0b1100_0010;
const QOS_1 = 1;

type Credentials = { readonly username: string; readonly password: string; readonly keepAliveSeconds: number };

/** 3.1; the client id is left to the broker, which takes the user name. */
export const connectPacket = ({ username, password, keepAliveSeconds }: Credentials): Buffer =>
  packet(
    0x10,
    text('MQTT'),
    Buffer.of(5, CONNECT_FLAGS),
    uint16(keepAliveSeconds),
    NO_PROPERTIES,
    ...[text(''), text(username), text(password)],
  );

/** 3.8; QoS 1 at most. */
export const subscribePacket = (id: number, filter: string): Buffer =>
  packet(0x82, uint16(id), NO_PROPERTIES, text(filter), Buffer.of(QOS_1));

/** 3.3; QoS 1, not retained. */
export const publishPacket = (id: number, topic: string, payload: string): Buffer =>
  packet(0x32, text(topic), uint16(id), NO_PROPERTIES, Buffer.from(payload, 'utf8'));

export const pubackPacket = (id: number): Buffer => packet(0x40, uint16(id));
export const PINGREQ = packet(0xc0);

/** 2.1: takes whole packets off the front; what is left waits for more. */
export function cutPackets(rest: Buffer, chunk: Buffer): readonly [readonly Packet[], Buffer] {
  let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  const packets: Packet[] = [];
  for (;;) {
    const length = bytes.length < 2 ? undefined : readLength(bytes, 1);
    if (length === undefined || bytes.length < length.next + length.value) return [packets, bytes];
    const end = length.next + length.value;
    const read = readPacket(bytes[0] ?? 0, bytes.subarray(length.next, end));
    if (read) packets.push(read);
    bytes = end === bytes.length ? EMPTY : bytes.subarray(end);
  }
}

function readPacket(first: number, body: Buffer): Packet | undefined {
  switch (first >> 4) {
    case 2:
      return { is: 'connack', reason: body[1] ?? 0 };
    case 3:
      return readPublish((first >> 1) & 3, body);
    case 4:
      // 3.4.2.1: without a reason it is success.
      return { is: 'puback', id: body.readUInt16BE(0), reason: body[2] ?? 0 };
    case 9:
      return { is: 'suback', reason: body.at(-1) ?? 0 };
    case 13:
      return { is: 'pingresp' };
    case 14:
      return { is: 'disconnect', reason: body[0] ?? 0 };
    default:
      return undefined;
  }
}

function readPublish(qos: number, body: Buffer): Packet | undefined {
  const topicEnd = 2 + body.readUInt16BE(0);
  const afterId = qos > 0 ? topicEnd + 2 : topicEnd;
  const properties = readLength(body, afterId);
  if (properties === undefined) return undefined;
  return {
    is: 'publish',
    topic: body.toString('utf8', 2, topicEnd),
    id: qos > 0 ? body.readUInt16BE(topicEnd) : 0,
    payload: body.toString('utf8', properties.next + properties.value),
  };
}

/** 1.5.5: variable byte integer, four bytes at most. */
function readLength(bytes: Buffer, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return undefined;
}

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(first), lengthOf(body.length), body]);
}

function lengthOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint16(bytes.length), bytes]);
}
