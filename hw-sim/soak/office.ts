import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Line } from '../kernel/control-socket.ts';
import { type CallAgent, openCallAgent } from '../voice/call-agent.ts';
import { type Endpoint, replyTo } from '../voice/sip-text.ts';

export const HOST = '127.0.0.1';

/** What a phone knows of a call that it made; times on the monotonic clock of this process (ms). */
export type MadeCall = {
  readonly callId: string;
  readonly box: string;
  readonly called: string;
  readonly invitedAt: number;
  readonly answeredAt: number | undefined;
  readonly endedAt: number;
};

/** Paid, in the bundle, paid, emergency. */
export const PAID = '0021620123456';
export const BUNDLED = '0199000001';
export const EMERGENCY = '112';
const NUMBERS = [PAID, BUNDLED, PAID, EMERGENCY];

const RING_MS = 200;
const SHORTEST_MS = 300;
const LONGEST_MS = 6_000;
const PAUSE_MS = 1_500;
/** Nobody waits longer for an answer; a phone whose CANCEL goes unanswered as well puts the receiver down. */
const PATIENCE_MS = 20_000;
const RECEIVER_DOWN_MS = 60_000;

/** The operator's SIP server, which answers every call. */
export async function openOperator(): Promise<{ readonly port: number; close(): void }> {
  const port = await freeUdpPort();
  const agent = await openCallAgent({
    local: { address: HOST, port },
    host: HOST,
    symmetric: true,
    incoming: () => ({ ringMs: RING_MS }),
    announce: () => undefined,
    other: (request, source, respond) => respond(replyTo(request, source, '200 OK', '')),
  });
  return { port, close: agent.close };
}

type PhoneSettings = {
  readonly box: string;
  readonly number: string;
  /** The relay's port on the box, where the kernel would have redirected the phone to. */
  readonly relay: Endpoint;
  /** The operator's server, as the phone knows it. */
  readonly server: Endpoint;
  readonly dice: () => number;
};

export interface Phone {
  /** Makes one call after the other until told to stop; answers when the last one is over. */
  stop(): Promise<readonly MadeCall[]>;
  close(): void;
}

export async function startPhone({ box, number, relay, server, dice }: PhoneSettings): Promise<Phone> {
  const heard = new Map<string, (news: Line) => void>();
  const agent = await openCallAgent({
    local: { address: HOST, port: await freeUdpPort() },
    host: HOST,
    symmetric: false,
    incoming: () => ({ refuse: '486 Busy Here' }),
    announce: (news) => heard.get(String(news.call))?.(news),
    other: (request, source, respond) => respond(replyTo(request, source, '200 OK', '')),
  });
  let over = false;
  const made: MadeCall[] = [];

  async function talk(): Promise<void> {
    while (!over) {
      const called = NUMBERS[Math.floor(dice() * NUMBERS.length)] ?? EMERGENCY;
      const order = { from: number, to: called, target: `sip:${called}@${HOST}:${server.port}`, destination: relay };
      const holdMs = SHORTEST_MS + dice() ** 2 * (LONGEST_MS - SHORTEST_MS);
      made.push({ ...(await oneCall(agent, heard, order, holdMs)), box, called });
      await pause(dice() * PAUSE_MS);
    }
  }

  const talking = talk();
  return {
    async stop() {
      over = true;
      await talking;
      return made;
    },
    close: agent.close,
  };
}

type Order = Parameters<CallAgent['call']>[0];

/** Calls, waits for an answer, talks, hangs up. A call that the box or the network ends is over then. */
async function oneCall(
  agent: CallAgent,
  heard: Map<string, (news: Line) => void>,
  order: Order,
  holdMs: number,
): Promise<Pick<MadeCall, 'callId' | 'invitedAt' | 'answeredAt' | 'endedAt'>> {
  const invitedAt = performance.now();
  const callId = await agent.call(order);
  let answeredAt: number | undefined;
  let hold: NodeJS.Timeout | undefined;
  let receiver: NodeJS.Timeout | undefined;
  const patience = setTimeout(() => agent.hangUp(callId), PATIENCE_MS);
  await new Promise<void>((done) => {
    receiver = setTimeout(done, RECEIVER_DOWN_MS);
    heard.set(callId, ({ on }) => {
      if (on === 'ended') done();
      if (on !== 'answered') return;
      clearTimeout(patience);
      answeredAt = performance.now();
      hold = setTimeout(() => agent.hangUp(callId), holdMs);
    });
  });
  clearTimeout(hold);
  clearTimeout(patience);
  clearTimeout(receiver);
  heard.delete(callId);
  return { callId, invitedAt, answeredAt, endedAt: performance.now() };
}

/** Free at the moment of asking. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
