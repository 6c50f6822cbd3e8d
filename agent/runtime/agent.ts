import { noteOpenCall, type OpenCalls } from '../machines/call/recover.ts';
import type { LedgerRecord } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Charge } from '../rating/credit/charge.ts';
import { contractOf } from '../rating/credit/contract.ts';
import { NOT_RUN, runUntil } from '../rating/credit/running-time.ts';
import { type Calls, createCalls } from './calls.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { readClock } from './read-clock.ts';
import { createRoad, type Road } from './road.ts';
import { createSteering, type SiteSteering } from './steering.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';
import { createTurns } from './turns.ts';

/** The agent of one site, the same on the box and in simulated time. */
export interface Agent {
  /** Ends everything; `asleep` is called when the last checkpoint is signed and kept. */
  stop(asleep?: () => void): void;
}

type Parts = {
  readonly calls: Calls;
  readonly road: Road;
  readonly steering: SiteSteering;
  readonly evidence: Evidence;
};

export function startAgent(
  config: SiteConfig,
  ports: AgentPorts,
  ready: (agent: Agent) => void,
  charged: (charge: Charge) => void = () => undefined,
): void {
  const turns = createTurns();
  const contract = contractOf(config);
  let parts: Parts | undefined;
  let telemetry: Telemetry | undefined;
  let open: OpenCalls = new Map();
  let lastMove: LedgerRecord | undefined;
  let silence = NOT_RUN;

  const changed = (charge: Charge | undefined): void => {
    if (charge) charged(charge);
    turns(() => {
      parts?.road.accountChanged();
      parts?.calls.accountChanged();
    });
  };

  const grown = (size: number): void => {
    parts?.road.grown(size);
    parts?.evidence.grown(size);
  };

  const begin = (ledger: Ledger, evidence: Evidence): void => {
    const steering = createSteering({
      config,
      ports,
      turns,
      ledger,
      busy: () => (parts?.calls.live() ?? 0) > 0,
      resumeOn: lastLink(lastMove, ports.boot.id),
      moved: ({ voice }) => {
        parts?.calls.linkChanged(voice);
        parts?.road.renew();
      },
    });
    const calls = createCalls({
      config,
      contract,
      ports,
      turns,
      ledger,
      voiceLink: () => steering.steering().voice,
      counted: steering.quicken,
    });
    const silentFor = runUntil(silence, readClock(ports)).ran;
    const road = createRoad({ config, contract, ports, turns, ledger, evidence, silentFor });
    parts = { calls, road, steering, evidence };
    evidence.grown(ledger.durable().size);
    const { regime, tariff } = config;
    ledger.append({
      kind: 'booted',
      software: ports.boot.software,
      configVersion: config.version,
      regime: `${regime.id}@${regime.version}`,
      tariff: `${tariff.id}@${tariff.version}`,
    });
    calls.recover(open);
    calls.open();
    // The relay listens before the kernel leads anything to it.
    ports.network.relay(true, (error) => {
      if (error)
        ports.journal.fault('SIP could not be led through the relay; it goes straight, calls are not metered', {
          error: error.message,
        });
    });
    steering.start();
    road.open();
    const told = createTelemetry({ config, ports, turns, road, steering, ledger, calls: calls.live });
    telemetry = told;
    ready({
      stop(asleep = () => undefined) {
        calls.stop();
        road.stop();
        steering.stop();
        told.stop();
        ledger.stop();
        turns(() => evidence.sleep(asleep));
      },
    });
  };

  openLedger(
    { ports, turns, device: config.device.id, contract, changed, grown, roomChanged: () => telemetry?.soon() },
    (record) => {
      if (record.event.kind === 'epoch-opened') open = new Map();
      if (record.event.kind === 'epoch-opened') lastMove = undefined;
      open = noteOpenCall(open, record);
      // What the central had received by its last receipt was written before it was last heard.
      const { ran, ...at } = runUntil(silence, record.clock);
      silence = { ...at, ran: record.seq <= ports.store.state().released ? 0 : ran };
      if (record.event.kind === 'traffic-moved') lastMove = record;
    },
    (ledger) => {
      const publish: Road['publish'] = (topic, payload) => parts?.road.publish(topic, payload);
      openEvidence({ config, ports, turns, ledger, publish }, (evidence) => turns(() => begin(ledger, evidence)));
    },
  );
}

/** After a restart of the box the kernel has forgotten where traffic was: it begins on the main link. */
function lastLink(move: LedgerRecord | undefined, boot: string): string | undefined {
  return move?.event.kind === 'traffic-moved' && move.clock.boot === boot ? move.event.to : undefined;
}
