import { createHash } from 'node:crypto';
import { type LedgerEvent, RecordSchema } from '../../../agent/model/record.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, seconds } from '../../../agent/model/units.ts';
import type { AgentPorts } from '../../../agent/ports/agent-ports.ts';
import type { FaxCalls } from '../../../agent/ports/fax-calls.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { endCutFaxes } from '../../../agent/runtime/cut-faxes.ts';
import { type FaxDesk, openFaxDesk } from '../../../agent/runtime/fax-desk.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { createTurns, type Turns } from '../../../agent/runtime/turns.ts';
import { createFaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import type { ByteEnd } from '../../devices/byte-end.ts';
import { type Class1Modem, createClass1Modem } from '../../fax/class1-modem.ts';
import { createHandset, type Handset } from '../../fax/handset.ts';
import type { MachineSide, ModemFaults } from '../../fax/modem-works.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import { createSimFaxCalls, type FarEnd, type SimFaxCalls } from '../../fax/sim-fax-calls.ts';
import { createTimedCable, type TimedCable } from '../../fax/timed-cable.ts';
import { createLife, createLifeClock, type Life } from '../../site/life.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';
import { createSimRandom } from '../../site/sim-random.ts';
import { createSimDisk } from '../../site/sim-record-store.ts';
import { createSimStartPoint } from '../../site/sim-start-point.ts';

export type DeskWish = {
  readonly seed: string;
  /** Unix ms at the beginning. */
  readonly wall: Millis;
  readonly config: SiteConfig;
  /** Who answers under a number, or the status that ends the attempt. */
  readonly reached?: (dialled: string, clock: SimClock) => FarEnd | number;
  /** The calls of the box in place of the simulated network, on the clock that is given with them. */
  readonly real?: { readonly clock: SimClock; readonly calls: FaxCalls };
  /** What else lives on the ledger of the box, from each start on. */
  readonly beside?: (parts: { readonly ledger: Ledger; readonly turns: Turns; readonly ports: DeskPorts }) => void;
  /** Before anything else is written. */
  readonly given?: readonly LedgerEvent[];
  readonly faults?: Partial<ModemFaults>;
};

export type DeskPorts = Pick<AgentPorts, 'clock' | 'random' | 'boot' | 'journal' | 'sha256'>;

type Make<M> = (say: (signal: PhoneSignal) => number) => M;

/** A box with its ledger on a simulated medium, its fax modem, a machine that may be exchanged, and the operator's network. */
export type DeskWorld = {
  readonly clock: SimClock;
  readonly network: SimFaxCalls;
  /** Puts a machine at the pair. */
  readonly connect: <M extends MachineSide>(make: Make<M>) => M;
  readonly handset: Handset;
  readonly desk: () => FaxDesk;
  readonly ledger: () => Ledger;
  readonly events: () => readonly LedgerEvent[];
  readonly faults: readonly string[];
  /** The process dies between two instructions, and comes back on what survived; the modem is reset by its control lines. */
  readonly kill: () => void;
  readonly start: () => void;
  /** The modem is pulled out; or put back, and has forgotten everything. */
  readonly unplug: () => void;
  readonly plug: () => void;
};

const EMMC = { least: millis(3), most: millis(25) };
const HANDFUL = 62;
const NO_MACHINE: MachineSide = {
  ...{ dialed: () => undefined, answered: () => undefined, hungUp: () => undefined },
  ...{ frame: () => undefined, page: () => undefined },
};

export function createDeskWorld(wish: DeskWish): DeskWorld {
  const clock = wish.real?.clock ?? createSimClock(wish.wall);
  const random = createSimRandom(wish.seed);
  const disk = createSimDisk(clock, random.fork('disk'), EMMC);
  const startPoint = createSimStartPoint();
  const faults: string[] = [];
  let machine = NO_MACHINE;
  let life: Life | undefined;
  let lives = 0;
  let running: { readonly ledger: Ledger; readonly desk: FaxDesk } | undefined;
  let modem: Class1Modem | undefined;
  let cable: TimedCable | undefined;

  const key = (code: string): void => modem?.key(code);
  const handset = createHandset(clock, { lift: () => key('H'), replace: () => key('h'), key });
  const network = createSimFaxCalls(clock, (dialled) => wish.reached?.(dialled, clock) ?? 404);
  // What the modem says to the machine, whichever that is now.
  const side: MachineSide = {
    dialed: (digits) => machine.dialed(digits),
    answered: () => machine.answered(),
    hungUp() {
      machine.hungUp();
      handset.hangUp();
    },
    begins: (what) => machine.begins?.(what),
    breaksOff: () => machine.breaksOff?.(),
    frame: (octets, last) => machine.frame(octets, last),
    page: (octets, modulation) => machine.page(octets, modulation),
    hears: (tones) => handset.hear(tones),
  };

  const simulated = (end: ByteEnd): Class1Modem =>
    createClass1Modem({ cable: end, clock, machine: side, ...(wish.faults ? { faults: wish.faults } : {}) });
  const leave = (): void => {
    machine.hungUp();
    handset.hangUp();
    modem = undefined;
  };

  function start(): void {
    lives += 1;
    const now = createLife(lives, 'boot');
    life = now;
    const ports = {
      ...{ store: disk.open(now), startPoint, clock: createLifeClock(clock, now, millis(0)) },
      random: random.fork(`life/${lives}`),
      sha256: (text: string) => createHash('sha256').update(text, 'utf8').digest('hex'),
      boot: { id: 'boot', software: 'relais bench', quality: () => 'synced' as const },
      journal: { step: () => undefined, fault: (message: string) => void faults.push(message) },
    };
    const turns = createTurns();
    const contract = contractOf(wish.config);
    cable = createTimedCable(clock, 115_200, HANDFUL);
    modem = simulated(cable.end);
    const driver = createFaxModem(cable.line, ports.clock, { lead: millis(800) });
    const calls = wish.real?.calls ?? network.calls;
    const needs = { ports, turns, device: wish.config.device.id, contract, basis: 'bench' };
    openLedger({ ...needs, changed: () => undefined, grown: () => undefined }, (ledger) => {
      if (ledger.durable().size === 0) for (const event of wish.given ?? []) ledger.append(event);
      wish.beside?.({ ledger, turns, ports });
      endCutFaxes(ledger);
      const desk = openFaxDesk({
        ...{ config: wish.config, contract, ports, turns, ledger, calls, fax: { line: driver } },
      });
      running = { ledger, desk };
    });
    clock.advance(seconds(1));
  }

  const alive = () => {
    if (running === undefined) throw new Error('the agent is not alive');
    return running;
  };
  const world: DeskWorld = {
    ...{ clock, network, handset, faults, start },
    connect(make) {
      const made = make((signal) => modem?.hear(signal) ?? 0);
      machine = made;
      return made;
    },
    desk: () => alive().desk,
    ledger: () => alive().ledger,
    events: () => disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event),
    kill() {
      life?.end();
      disk.crash();
      network.forget();
      running = undefined;
      leave();
    },
    unplug() {
      cable?.unplug();
      leave();
    },
    plug() {
      modem = cable && simulated(cable.plug());
    },
  };
  start();
  return world;
}
