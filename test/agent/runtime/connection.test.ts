import { describe, expect, it } from 'vitest';
import { CHANNELS, channelNames, topics } from '../../../agent/model/messages.ts';
import { millis } from '../../../agent/model/units.ts';
import type { Uplink } from '../../../agent/ports/uplink.ts';
import { type Connection, createConnection } from '../../../agent/runtime/connection.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { siteConfig } from '../../example-site.ts';

const config = siteConfig();
const on = topics(config.tenant, config.device.id);

/** A broker that answers when it is told to. */
function world(limits: { receiveMaximum: number; maximumPacketSize?: number }) {
  const sent: { topic: string; payload: string; done: (taken: boolean) => void }[] = [];
  const faults: unknown[] = [];
  const uplink: Pick<Uplink, 'publish'> = {
    publish: (topic, payload, done) => void sent.push({ topic, payload, done }),
  };
  const nothing = (): void => undefined;
  const connection: Connection = createConnection({
    config,
    turns: createTurns(),
    link: () => 'main',
    passed: nothing,
    ports: {
      uplink: {
        ...uplink,
        open: nothing,
        renew: nothing,
        close: nothing,
        use: () => ({ bytes: 0, packets: 0, connections: 0 }),
      },
      clock: { wall: () => millis(0), mono: () => millis(0), after: () => nothing },
      journal: { step: nothing, fault: (message, fields) => faults.push([message, fields]) },
    },
  });
  connection.came(limits);
  return { connection, sent, faults };
}

describe('U-7: what the broker takes is counted over all topics', () => {
  it('never has more without an answer than Receive Maximum, and sends the rest as answers come, the urgent first', () => {
    const { connection, sent } = world({ receiveMaximum: 2 });
    for (const name of [...channelNames].reverse())
      if (CHANNELS[name].way === 'up') connection.publish(on[name], { device: name });
    const order = (): readonly string[] => sent.map(({ topic }) => topic.split('/').at(-1) ?? '');
    // The request came when nothing else was there; the last slot is kept for what is urgent.
    expect(order()).toEqual(['certificate-request', 'lease-request']);
    for (let answered = 0; answered < 5; answered += 1) sent[answered]?.done(true);
    expect(order()).toEqual(['certificate-request', 'lease-request', 'hello', 'records', 'checkpoint', 'telemetry']);
  });

  it('D-3: the management plane goes last, whatever is offered first, and is held back by nothing', () => {
    const { connection, sent } = world({ receiveMaximum: 1 });
    const support = 'usp/v1/example/controller/support.alice/relais-0001';
    connection.publish(on.hello, {});
    connection.offer(support, (_room, give) => give('a record of USP'));
    connection.publish(on.telemetry, {});
    connection.publish(on.records, {});
    connection.hold(['telemetry', 'checkpoint']);
    for (let answered = 0; answered < 3; answered += 1) sent[answered]?.done(true);
    expect(sent.map(({ topic }) => topic)).toEqual([on.hello, on.records, support]);
  });

  it('keeps a limit of its own where the broker names none', () => {
    const { connection, sent } = world({ receiveMaximum: 65_535 });
    for (let n = 0; n < 100; n += 1) connection.publish(on.leaseRequest, { n });
    expect(sent).toHaveLength(16);
  });

  it('asks for a message when its slot comes: what is sent is what was true then', () => {
    const { connection, sent } = world({ receiveMaximum: 1 });
    let size = 1;
    connection.publish(on.hello, {});
    connection.offer(on.records, (_room, give) => give(`records up to ${size}`));
    size = 500;
    sent[0]?.done(true);
    expect(sent[1]?.payload).toBe('records up to 500');
  });

  it('gives a slot back that nothing was written into', () => {
    const { connection, sent } = world({ receiveMaximum: 1 });
    connection.offer(on.records, (_room, give) => give(undefined));
    connection.publish(on.hello, {});
    expect(sent).toHaveLength(1);
  });

  it('names the room that Maximum Packet Size leaves, and refuses aloud what is larger', () => {
    const { connection, sent, faults } = world({ receiveMaximum: 5, maximumPacketSize: 1_000 });
    let room = 0;
    connection.offer(on.records, (given, give) => {
      room = given;
      give('é'.repeat(given / 2));
    });
    expect(room).toBe(1_000 - on.records.length - 16);
    expect(sent).toHaveLength(1);
    connection.publish(on.telemetry, { text: 'x'.repeat(1_000) });
    expect(sent).toHaveLength(1);
    expect(faults).toHaveLength(1);
  });

  it('an answer of an earlier connection is no news', () => {
    const { connection, sent } = world({ receiveMaximum: 5 });
    const heard: boolean[] = [];
    connection.publish(on.hello, {}, (taken) => heard.push(taken));
    connection.left();
    connection.came({ receiveMaximum: 5 });
    sent[0]?.done(true);
    expect(heard).toEqual([]);
  });
});
