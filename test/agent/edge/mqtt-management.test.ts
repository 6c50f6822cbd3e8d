import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMqttUplink } from '../../../agent/edge/mqtt-uplink.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import type { Uplink, UplinkNews } from '../../../agent/ports/uplink.ts';

const CONNACK = Uint8Array.from([0x20, 3, 0, 0, 0]);
const GRANTED = 1;
const NOT_AUTHORIZED = 0x87;
const CONNECT = 0x10;
const SUBSCRIBE = 0x82;
/** MQTT 5, 3.1.2.11.6: Request Response Information, 1. */
const REQUEST_RESPONSE_INFORMATION = '\x19\x01';

let server: Server;
let sockets: Socket[];
let uplink: Uplink;
let heard: Buffer[];
/** What the broker says to each SUBSCRIBE, in turn. */
let grants: number[];
let news: UplinkNews[];
let faults: Error[];

beforeEach(async () => {
  [sockets, heard, grants, news, faults] = [[], [], [], [], []];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      heard.push(bytes);
      if (bytes[0] === CONNECT) socket.write(CONNACK);
      if (bytes[0] !== SUBSCRIBE) return;
      const id = bytes.readUInt16BE(2);
      socket.write(Uint8Array.from([0x90, 4, id >> 8, id & 0xff, 0, grants.shift() ?? GRANTED]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const management = { endpoint: 'self::box', topics: ['usp/v1/t/agent/box/support.alice'] };
  const settings = {
    host: '127.0.0.1',
    port: address.port,
    username: 'u',
    password: 'p',
    clientId: 'c',
    subscribe: 'down/+',
    management,
  };
  uplink = createMqttUplink(settings, systemClock(), systemRandom(), (error) => faults.push(error));
});
afterEach(async () => {
  await new Promise<void>((closed) => uplink.close(closed));
  for (const socket of sockets) socket.destroy();
  server.close();
});

const text = (): string => heard.map((bytes) => bytes.toString('latin1')).join('');
const on = (): readonly string[] => news.map((one) => one.on);

describe('the MTP on the connection of the records (TR-369 1.4, R-MQTT)', () => {
  it('TP-469 11.2: CONNECT says who the agent is and asks for Response Information; the records come first', async () => {
    uplink.open((one) => news.push(one));
    await expect.poll(on).toEqual(['connected', 'manageable']);
    const connect = heard[0]?.toString('latin1') ?? '';
    expect(connect).toContain('usp-endpoint-id\x00\x09self::box');
    expect(connect).toContain(REQUEST_RESPONSE_INFORMATION);
    expect(text().indexOf('down/+')).toBeLessThan(text().indexOf('support.alice'));
  });

  it('TP-469 11.5: a new connection says the same ClientID, and the same of all that CONNECT says', async () => {
    uplink.open((one) => news.push(one));
    await expect.poll(on).toEqual(['connected', 'manageable']);
    uplink.renew();
    const connects = (): readonly string[] =>
      heard.filter((bytes) => bytes[0] === CONNECT).map((bytes) => bytes.toString('latin1'));
    await expect.poll(() => connects().length).toBe(2);
    expect(connects()[1]).toBe(connects()[0]);
    expect(connects()[0]).toContain('\x00\x01c');
  });

  it('TP-469 11.12, 11.15: PUBLISH names the content and the topic of the answer, with QoS 1', async () => {
    uplink.open((one) => news.push(one));
    await expect.poll(on).toContain('manageable');
    uplink.send?.(
      'usp/v1/t/controller/support.alice/box',
      { bytes: Uint8Array.from([1, 2]), contentType: 'usp.msg', responseTopic: 'reply' },
      () => undefined,
    );
    await expect.poll(text).toContain('support.alice/box');
    const publish = heard.at(-1);
    expect(((publish?.[0] ?? 0) >> 1) & 3).toBe(1);
    expect(publish?.toString('latin1')).toContain('\x03\x00\x07usp.msg');
    expect(publish?.toString('latin1')).toContain('\x08\x00\x05reply');
  });

  it('TP-469 11.11 in part: where the broker refuses the topics, nothing of USP is said and the road of the records stands', async () => {
    grants = [GRANTED, NOT_AUTHORIZED];
    uplink.open((one) => news.push(one));
    await expect.poll(() => faults.length).toBe(1);
    expect(on()).toEqual(['connected']);
  });
});
