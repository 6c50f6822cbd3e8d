import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createUdptlSockets } from '../../../agent/edge/udptl-socket.ts';
import type { FaxFlow, FaxMedia } from '../../../agent/ports/fax-wires.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function peer(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  opened.push({ close: () => socket.close() });
  return socket;
}

const open = (media: FaxMedia): Promise<FaxFlow | undefined> =>
  new Promise((ready) => {
    media.open((flow) => {
      if (flow) opened.push(flow);
      ready(flow);
    });
  });

async function openOne(): Promise<{ readonly flow: FaxFlow; readonly next: () => Promise<string> }> {
  const flow = await open(createUdptlSockets((error) => expect.fail(error.message)));
  if (flow === undefined) throw new Error('no port is free');
  const heard: string[] = [];
  let wake: () => void = () => undefined;
  flow.listen((bytes) => {
    heard.push(Buffer.from(bytes).toString());
    wake();
  });
  const next = async (): Promise<string> => {
    while (heard.length === 0) await new Promise<void>((settle) => (wake = settle));
    return heard.shift() ?? '';
  };
  return { flow, next };
}

describe('UDP ports of fax calls', () => {
  it('X-1: only the peer that was agreed on is heard, and spoken to at the port that it speaks from (RFC 4961)', async () => {
    const { flow, next } = await openOne();
    const [stranger, moved, said] = [await peer('127.0.0.3'), await peer('127.0.0.2'), await peer('127.0.0.2')];
    flow.lead({ address: '127.0.0.2', port: said.address().port });
    stranger.send('stranger', flow.port, '127.0.0.1');
    moved.send('from another port', flow.port, '127.0.0.1');
    expect(await next()).toBe('from another port');
    flow.send(Buffer.from('answer'));
    expect(String((await once(moved, 'message'))[0])).toBe('answer');
    // The port that was said counts for more, as soon as it speaks.
    said.send('as said', flow.port, '127.0.0.1');
    expect(await next()).toBe('as said');
    flow.send(Buffer.from('there'));
    expect(String((await once(said, 'message'))[0])).toBe('there');
    moved.send('stray', flow.port, '127.0.0.1');
    said.send('last', flow.port, '127.0.0.1');
    expect(await next()).toBe('last');
  });

  it('X-1: when no port is free it says so, and a port that was closed is free again', async () => {
    const media = createUdptlSockets((error) => expect.fail(error.message), { first: 19_100, count: 4 });
    const flows = [await open(media), await open(media), await open(media)];
    expect(flows.map((flow) => flow?.port).toSorted()).toEqual([19_100, 19_102, undefined]);
    flows[1]?.close();
    expect((await open(media))?.port).toBe(flows[1]?.port);
  });
});
