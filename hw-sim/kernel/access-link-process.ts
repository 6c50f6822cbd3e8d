import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { never } from '../../agent/model/never.ts';
import { kbits, type Millis, millis } from '../../agent/model/units.ts';
import { type AccessLink, freshLink, type LinkEvent, type LinkRules, stepLink } from './access-link.ts';
import { type Line, numberOf, serveControl } from './control-socket.ts';
import { createPreciseAlarm, monotonic } from './precise-alarm.ts';

/** `up` is what the site sends. Ports are UDP ports on loopback, each spoken to by the socat that holds a TUN. */
export type AccessLinkOptions = {
  readonly up: LinkRules;
  readonly down: LinkRules;
  readonly control: string;
  readonly gatewayPort: number;
  readonly operatorPort: number;
  readonly fraction: () => number;
};

/** The socat of each side is bound this far above the emulator's own port of that side. */
export const BRIDGE_PORT_OFFSET = 1_000;

const LATENESS_SAMPLES = 4_096;
/** A burst of a whole socket buffer must not be lost before it reaches the model. */
const RECEIVE_BUFFER = 4_194_304;

type Tally = { packets: number; bytes: number; full: number; loss: number; cut: number; lateMicros: number[] };

interface Direction {
  put(event: LinkEvent): void;
  packet(bytes: Buffer): void;
  rules(): LinkRules;
  report(): Line;
  close(): void;
}

/** Runs until it is closed: two TUN bridges on loopback, one line between them, orders over a unix socket. */
export async function startAccessLinkProcess(options: AccessLinkOptions): Promise<() => void> {
  const gateway = await bound(options.gatewayPort);
  const operator = await bound(options.operatorPort);
  const toOperator = (bytes: Buffer) => operator.send(bytes, options.operatorPort + BRIDGE_PORT_OFFSET, '127.0.0.1');
  const toGateway = (bytes: Buffer) => gateway.send(bytes, options.gatewayPort + BRIDGE_PORT_OFFSET, '127.0.0.1');
  const up = createDirection(options.up, options.fraction, toOperator);
  const down = createDirection(options.down, options.fraction, toGateway);
  gateway.on('message', up.packet);
  operator.on('message', down.packet);
  const control = await serveControl(options.control, (order) => obey(order, up, down));
  return () => {
    for (const part of [gateway, operator, up, down, control]) part.close();
  };
}

async function bound(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER });
  // A bridge that is not there yet, or no more, refuses: the packet is lost as on any line.
  socket.on('error', () => undefined);
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function createDirection(rules: LinkRules, fraction: () => number, deliver: (bytes: Buffer) => void): Direction {
  const cargo = new Map<number, Buffer>();
  let tally = emptyTally();
  let state: AccessLink = freshLink(rules);
  let count = 0;
  const alarm = createPreciseAlarm(() => put({ on: 'time-passed', now: monotonic() }));

  function put(event: LinkEvent): void {
    const [next, effects] = stepLink(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do === 'wake') alarm.set(effect.when);
      else {
        const bytes = cargo.get(effect.packet);
        cargo.delete(effect.packet);
        if (effect.do === 'drop') tally[effect.because] += 1;
        else if (bytes) {
          deliver(bytes);
          count1(tally, bytes.length, effect.due);
        }
      }
    }
  }

  return {
    put,
    packet: (bytes) => {
      count += 1;
      cargo.set(count, bytes);
      put({ on: 'packet-arrived', now: monotonic(), packet: count, bytes: bytes.length, luck: fraction() });
    },
    rules: () => state.rules,
    report: () => {
      const { lateMicros, ...counted } = tally;
      const line = { ...counted, at: state.at, ...lateness(lateMicros), ...state.rules };
      tally = { ...tally, lateMicros: [] };
      return line;
    },
    close: alarm.close,
  };
}

const emptyTally = (): Tally => ({ packets: 0, bytes: 0, full: 0, loss: 0, cut: 0, lateMicros: [] });

function count1(tally: Tally, bytes: number, due: Millis): void {
  tally.packets += 1;
  tally.bytes += bytes;
  if (tally.lateMicros.length < LATENESS_SAMPLES) tally.lateMicros.push(Math.round((monotonic() - due) * 1_000));
}

/** How much later than the model said a packet left this process, since the last report. */
function lateness(samples: readonly number[]): Line {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    lateP50Micros: sorted[Math.floor(sorted.length / 2)] ?? 0,
    lateP99Micros: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    lateMaxMicros: sorted.at(-1) ?? 0,
  };
}

type Order = 'cut' | 'heal' | 'rules' | 'stats';
const isOrder = (value: unknown): value is Order =>
  value === 'cut' || value === 'heal' || value === 'rules' || value === 'stats';

function obey(order: Line, up: Direction, down: Direction): Line {
  const what = order.do;
  if (!isOrder(what)) throw new Error('"do" must be cut, heal, rules or stats');
  const now = monotonic();
  const chosen = directions(order, up, down);
  switch (what) {
    case 'cut':
      for (const direction of chosen) direction.put({ on: 'link-cut', now });
      return {};
    case 'heal':
      for (const direction of chosen) direction.put({ on: 'link-healed', now });
      return {};
    case 'rules':
      for (const direction of chosen)
        direction.put({ on: 'rules-changed', now, rules: changed(direction.rules(), order) });
      return {};
    case 'stats':
      return { up: up.report(), down: down.report() };
    default:
      return never(what);
  }
}

function directions(order: Line, up: Direction, down: Direction): readonly Direction[] {
  if (order.direction === 'up') return [up];
  if (order.direction === 'down') return [down];
  return [up, down];
}

const changed = (rules: LinkRules, order: Line): LinkRules => ({
  rate: kbits(Math.max(1, numberOf(order, 'kbps', rules.rate / 1_000))),
  delay: millis(numberOf(order, 'delayMs', rules.delay)),
  loss: numberOf(order, 'loss', rules.loss),
  limitBytes: numberOf(order, 'limitBytes', rules.limitBytes),
});
