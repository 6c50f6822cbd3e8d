/** One MQTT control packet as it travels: its first byte and what follows the length (MQTT 5.0, 2.1). */
export type Packet = { readonly head: number; readonly body: Buffer };
export type Publish = { readonly topic: string; readonly id: number | undefined; readonly payload: string };

export const CONNECT = 1;
export const PUBLISH = 3;
export const SUBSCRIBE = 8;
export const PING = 12;

export const kindOf = ({ head }: Packet): number => head >> 4;

/** Cuts whole packets off the front; what is left waits for more bytes. */
export function cutPackets(bytes: Buffer): { readonly packets: readonly Packet[]; readonly rest: Buffer } {
  const packets: Packet[] = [];
  let at = 0;
  for (;;) {
    const head = bytes[at];
    const length = readLength(bytes, at + 1);
    if (head === undefined || length === undefined || bytes.length < length.end + length.value) break;
    packets.push({ head, body: bytes.subarray(length.end, length.end + length.value) });
    at = length.end + length.value;
  }
  return { packets, rest: bytes.subarray(at) };
}

/** MQTT 5.0, 3.3; properties are skipped. */
export function readPublish({ head, body }: Packet): Publish {
  const topicEnd = 2 + body.readUInt16BE(0);
  const acknowledged = (head & 0b110) !== 0;
  const properties = readLength(body, topicEnd + (acknowledged ? 2 : 0));
  if (properties === undefined) throw new Error('a PUBLISH without its properties');
  return {
    topic: body.toString('utf8', 2, topicEnd),
    id: acknowledged ? body.readUInt16BE(topicEnd) : undefined,
    payload: body.toString('utf8', properties.end + properties.value),
  };
}

export const packet = (head: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([head, ...lengthOf(body.length)]), body]);
};

/** QoS 0, without properties. */
export const publish = (topic: string, payload: string): Buffer => {
  const name = Buffer.from(topic);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return packet(PUBLISH << 4, length, name, Buffer.of(0), Buffer.from(payload));
};

/** MQTT 5.0, 1.5.5: seven bits a byte, the highest says that more follow. */
function readLength(bytes: Buffer, from: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let place = 0; place < 4; place += 1) {
    const byte = bytes[from + place];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** place;
    if (byte < 0x80) return { value, end: from + place + 1 };
  }
  throw new Error('a length of more than four bytes');
}

function lengthOf(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...lengthOf(Math.floor(value / 128))];
}
