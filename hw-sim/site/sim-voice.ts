import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Endpoint, SipDatagram, VoiceWire } from '../../agent/ports/voice-wire.ts';
import type { CallPlan, SimCall } from './call-plan.ts';
import type { Life } from './life.ts';
import { createSimCalls, type SimCalls } from './sim-calls.ts';
import type { SimLinks } from './sim-links.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimRandom } from './sim-random.ts';
import { createSipEndpoint, type SipEndpoint } from './sip-endpoint.ts';
import { contactUri, type SipParty } from './sip-messages.ts';
import type { Destiny } from './sip-world.ts';

export type SimPhone = {
  readonly name: string;
  /** Its number in E.164. */
  readonly number: string;
  readonly address: string;
  readonly port: number;
  /** Name of its SIP server. */
  readonly server: string;
  /** Writes the short header names of RFC 3261 7.3.3. */
  readonly compact: boolean;
};

export type SimSipServer = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** A proxy stands in front and stays on the path. */
  readonly recordRoute: boolean;
};

/**
 * Phones, and the operator's SIP side for each of them, with the box in between. Left out: media, and where the operator
 * sends its datagrams: they find the link that carries voice at that moment.
 */
export type SimVoice = {
  port(life: Life): VoiceWire;
  place(plan: CallPlan): void;
  truth(): readonly SimCall[];
  /** Phones that send media, as "address:port" (the kernel would keep them 10 s longer). */
  talkers(): ReadonlySet<string>;
  /** Datagrams that reached the box from either side. */
  datagrams(): number;
};

type VoiceWorld = {
  readonly clock: Clock;
  readonly random: SimRandom;
  readonly links: SimLinks;
  readonly network: SimNetwork;
  readonly phones: readonly SimPhone[];
  readonly servers: readonly SimSipServer[];
};

/** A phone and what the operator is for it. */
type Pair = { readonly phone: SimPhone; readonly server: SimSipServer; near: SipEndpoint; far: SipEndpoint };

type Switchboard = {
  readonly world: VoiceWorld;
  readonly calls: SimCalls;
  readonly pairs: ReadonlyMap<string, Pair>;
  agent: ((datagram: SipDatagram) => void) | undefined;
  datagrams: number;
};

const LAN_DELAY = millis(1);
/** Of a call that nobody planned. */
const SURPRISE: Destiny = {
  answer: 'answers',
  ring: millis(4_000),
  talk: millis(30_000),
  hungUpBy: 'called',
  patience: millis(60_000),
};

export function createSimVoice(world: VoiceWorld): SimVoice {
  const pairs = new Map<string, Pair>();
  const board: Switchboard = { world, calls: createSimCalls(), pairs, agent: undefined, datagrams: 0 };
  for (const phone of world.phones) pairs.set(phone.name, createPair(board, phone));
  return {
    port: (life) => createPort(board, life),
    place: (plan) => place(board, plan),
    truth: () => board.calls.all(),
    talkers: () =>
      new Set(
        [...pairs.values()].flatMap(({ phone, near }) => near.talking().map((port) => `${phone.address}:${port}`)),
      ),
    datagrams: () => board.datagrams,
  };
}

function createPair(board: Switchboard, phone: SimPhone): Pair {
  const server = board.world.servers.find(({ name }) => name === phone.server);
  if (server === undefined) throw new Error(`phone "${phone.name}" knows no server "${phone.server}"`);
  const product = phone.compact ? 'Tersephone 2.1' : 'Deskphone 7.4.0';
  const route = server.recordRoute ? `<sip:${server.address}:${server.port};lr>` : undefined;
  const near = endpointAt(board, `near/${phone.name}`, { ...phone, product, recordRoute: undefined }, (bytes) => {
    board.world.clock.after(LAN_DELAY, () => atBox(board, pair, 'phone', bytes));
  });
  const operator = { ...server, product: 'Operator SBC 12', compact: false, recordRoute: route };
  const far = endpointAt(board, `far/${phone.name}`, operator, (bytes) => {
    overWan(board, () => atBox(board, pair, 'network', bytes));
  });
  const pair: Pair = { phone, server, near, far };
  return pair;
}

function endpointAt(
  board: Switchboard,
  label: string,
  party: SipParty,
  send: (bytes: Uint8Array) => void,
): SipEndpoint {
  const { clock, random } = board.world;
  return createSipEndpoint({
    party,
    clock,
    random: random.fork(label),
    send,
    tell: (news) => board.calls.hear(news, clock.mono()),
    destinyOf: (callId) => board.calls.planOf(callId)?.destiny ?? SURPRISE,
  });
}

const overWan = (board: Switchboard, arrive: () => void): void =>
  board.world.links.carry(board.world.network.steering().voice, arrive);

/** Through the agent if the relay says so, even if no agent listens; straight on if it is open; nowhere in the dark. */
function atBox(board: Switchboard, pair: Pair, from: 'phone' | 'network', bytes: Uint8Array): void {
  const relay = board.world.network.relay();
  if (relay === 'dark') return;
  board.datagrams += 1;
  const { address, port } = pair.phone;
  if (relay === 'through') board.agent?.({ from, phone: { address, port }, server: pair.server.name, bytes });
  else if (from === 'phone') overWan(board, () => pair.far.receive(bytes));
  else deliverToPhone(board, pair, bytes);
}

function deliverToPhone(board: Switchboard, pair: Pair, bytes: Uint8Array): void {
  board.world.clock.after(LAN_DELAY, () => pair.near.receive(bytes));
}

/** The port takes a copy of the bytes, as a socket does. */
function createPort(board: Switchboard, life: Life): VoiceWire {
  const release = () => {
    board.agent = undefined;
  };
  const towards = (
    phone: Endpoint,
    server: string,
    bytes: Uint8Array,
    send: (pair: Pair, copy: Uint8Array) => void,
  ) => {
    const pair = [...board.pairs.values()].find((known) => isAt(known, phone, server));
    if (life.alive() && pair !== undefined) send(pair, bytes.slice());
  };
  return {
    open: (listen) => {
      if (life.alive()) board.agent = life.hears(listen);
    },
    transport: () => 'UDP',
    moved: () => undefined,
    toPhone: (phone, server, bytes) => towards(phone, server, bytes, (pair, copy) => deliverToPhone(board, pair, copy)),
    toNetwork: (phone, server, bytes) =>
      towards(phone, server, bytes, (pair, copy) => overWan(board, () => pair.far.receive(copy))),
    close: () => {
      if (life.alive()) release();
    },
  };
}

const isAt = (pair: Pair, phone: Endpoint, server: string): boolean =>
  pair.phone.address === phone.address && pair.phone.port === phone.port && pair.server.name === server;

function place(board: Switchboard, plan: CallPlan): void {
  const { clock, random } = board.world;
  const pair = board.pairs.get(plan.phone);
  if (pair === undefined) throw new Error(`the simulated site has no phone "${plan.phone}"`);
  const { phone, server } = pair;
  const callId = `${random.fork(`call/${plan.id}`).hex(10)}@${plan.direction === 'outgoing' ? phone.address : server.address}`;
  board.calls.begin(plan, callId, clock.mono());
  const host = `${server.address}:${server.port}`;
  const uriOf = (user: string) => `sip:${user}@${host}`;
  const { destiny } = plan;
  if (plan.direction === 'outgoing') {
    const from = `"${phone.name}" <${uriOf(phone.number)}>`;
    const target = uriOf(plan.far);
    pair.near.place({ callId, from, to: `<${target}>`, target, user: phone.number.slice(1), destiny });
  } else {
    const target = contactUri({ ...phone, product: '', recordRoute: undefined }, phone.number.slice(1));
    const to = `<${uriOf(phone.number)}>`;
    pair.far.place({ callId, from: `<${uriOf(plan.far)}>`, to, target, user: plan.far, destiny });
  }
}
