import {
  startWindow,
  stepWindow,
  type Window,
  type WindowEffect,
  type WindowEvent,
  type WindowLimits,
} from '../machines/window.ts';
import { canonical } from '../model/canonical.ts';
import { CHANNELS, channelNames, topics, type Urgency } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { utf8Bytes } from '../model/utf8.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { BrokerLimits, Packet } from '../ports/uplink.ts';
import { createMachine } from './machine.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'uplink' | 'clock' | 'journal'>;
  readonly turns: Turns;
  /** The link that the connection runs over. */
  readonly link: () => string;
  /** Something went out, or its answer came in. */
  readonly passed: (sent?: Urgency) => void;
};

/**
 * Asked when there is a slot: `give` the payload, of at most `room` bytes, or nothing. What waits for a slot is this
 * question and not the message.
 */
export type Write = (room: number, give: (payload: string | Packet | undefined) => void) => void;

/** The connection that there is at the moment, if any. An answer that belongs to an earlier one is not taken for news. */
export interface Connection {
  came(limits: BrokerLimits): void;
  up(): boolean;
  /** False when there was none. */
  left(): boolean;
  /** What is under way belongs to the past, though the connection stays: a new epoch began. */
  beginAgain(): void;
  /** Counts lives: take it before asking the world, compare it when the answer comes. */
  life(): number;
  /** Nothing happens without a connection. One message waits per topic, the newest; `done(false)`: the broker refused it. */
  publish(topic: string, payload: unknown, done?: (taken: boolean) => void): void;
  offer(topic: string, write: Write, done?: (taken: boolean) => void): void;
  /** Keeps back what is less urgent than the bytes of a day allow; the whole list each time. */
  hold(urgencies: readonly Urgency[]): void;
}

/** Fewer than the 20 that Mosquitto takes by default. */
const OWN_LIMIT = 16;
/** Fixed header, length of the topic, packet identifier, no properties: at most so much beside topic and payload. */
const HEADER = 16;
const LEAST_BYTES = 16_384;
const MOST_BYTES = 262_144;

type Wish = { readonly write: Write; readonly done: (taken: boolean) => void };

export function createConnection({ config, ports, turns, link, passed }: Needs): Connection {
  const { uplink, clock, journal } = ports;
  const urgencyOf = urgencies(config);
  const wishes = new Map<string, Wish>();
  let largest = Number.POSITIVE_INFINITY;
  let life = 0;
  const window = createMachine<Window, WindowEvent, WindowEffect>({
    name: 'window',
    start: startWindow,
    step: stepWindow,
    perform: ({ channel, slot }) => write(channel, slot),
    clock,
    journal,
  });

  function write(topic: string, slot: number): void {
    const wish = wishes.get(topic);
    wishes.delete(topic);
    const room = largest - utf8Bytes(topic) - HEADER;
    const sentIn = life;
    const free = (): void => window.hear({ on: 'freed', slot });
    if (wish === undefined) return free();
    wish.write(room, (payload) => {
      if (payload === undefined || sentIn !== life) return free();
      const bytes = sizeOf(payload);
      if (bytes > room) {
        journal.fault('a message is larger than the broker takes; it was not sent', { topic, bytes, room });
        return free();
      }
      window.hear({ on: 'written', slot, bytes });
      const taken = (was: boolean): void =>
        turns(() => {
          passed();
          free();
          if (sentIn === life) wish.done(was);
        });
      if (typeof payload === 'string') uplink.publish(topic, payload, taken);
      else if (uplink.send === undefined) taken(false);
      else uplink.send(topic, payload, taken);
      passed(urgencyOf.get(topic) ?? 'support');
    });
  }

  function offer(channel: string, ask: Write, done: Wish['done'] = () => undefined): void {
    if (window.state().at === 'shut') return;
    wishes.set(channel, { write: ask, done });
    window.hear({ on: 'offered', channel, urgency: urgencyOf.get(channel) ?? 'support' });
  }

  return {
    came(limits) {
      life += 1;
      wishes.clear();
      largest = limits.maximumPacketSize ?? Number.POSITIVE_INFINITY;
      window.hear({ on: 'opened', limits: limitsOn(config, link(), limits) });
    },
    up: () => window.state().at === 'open',
    left() {
      const was = window.state().at === 'open';
      wishes.clear();
      window.hear({ on: 'shut' });
      return was;
    },
    beginAgain() {
      life += 1;
    },
    life: () => life,
    publish: (topic, payload, done) => offer(topic, (_room, give) => give(canonical(payload)), done),
    offer,
    hold: (held) => window.hear({ on: 'held', urgencies: held }),
  };
}

/** Beside its bytes a packet has the name of its content and the topic of its answer. */
const sizeOf = (payload: string | Packet): number =>
  typeof payload === 'string'
    ? utf8Bytes(payload)
    : payload.bytes.length + utf8Bytes(payload.contentType) + utf8Bytes(payload.responseTopic) + HEADER;

/** A second of the link may stand before something urgent; TCP has one queue for all. */
function limitsOn({ links }: SiteConfig, link: string, { receiveMaximum }: BrokerLimits): WindowLimits {
  const perSecond = ((links.find(({ name }) => name === link)?.upKbps ?? 0) * 1_000) / 8;
  return {
    messages: Math.max(1, Math.min(OWN_LIMIT, receiveMaximum)),
    bytes: Math.min(MOST_BYTES, Math.max(LEAST_BYTES, perSecond)),
  };
}

function urgencies({ tenant, device }: SiteConfig): ReadonlyMap<string, Urgency> {
  const on = topics(tenant, device.id);
  return new Map(
    channelNames.flatMap((name) => {
      const channel = CHANNELS[name];
      return channel.way === 'up' ? [[on[name], channel.urgency] as const] : [];
    }),
  );
}
