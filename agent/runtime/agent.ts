import type { LedgerRecord } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { FaxCalls } from '../ports/fax-calls.ts';
import type { Charge } from '../rating/credit/charge.ts';
import { contractOf } from '../rating/credit/contract.ts';
import { type Calls, createCalls } from './calls.ts';
import { endCutFaxes } from './cut-faxes.ts';
import { createDataVolumes, type DataVolumes } from './data-volumes.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { createFaxCalls } from './fax-calls.ts';
import { openFaxDesk } from './fax-desk.ts';
import { createHealth, type Health } from './health.ts';
import { createLampDesk, type LampDesk } from './lamp-desk.ts';
import { lampView, pageOf } from './lamp-view.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createLimitWatch, type LimitWatch } from './limit-watch.ts';
import { createLineDesk, type LineDesk } from './line-desk.ts';
import { createLogTail } from './log-tail.ts';
import { mobileLink } from './mobile-link.ts';
import { openTerminal } from './open-terminal.ts';
import { createPowerDesk } from './power-desk.ts';
import { createQualityWatch } from './quality-watch.ts';
import { createReadings } from './readings.ts';
import { listenToButton } from './reset-button.ts';
import { createRoad, type Road } from './road.ts';
import { createServicesDesk } from './services-desk.ts';
import { shareProbes } from './shared-probes.ts';
import { createSimLine } from './sim-line.ts';
import { createSiteSight } from './site-sight.ts';
import { createSmsLine, type SmsLine } from './sms-line.ts';
import { foldBasis } from './start-point.ts';
import { createSteering, type SiteSteering } from './steering.ts';
import { createSupport } from './support.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';
import { createTrafficWatch } from './traffic-watch.ts';
import { createTurns } from './turns.ts';
import { createUnreadWatch } from './unread-watch.ts';
import { createUpdateDesk } from './update-desk.ts';
import { createVoiceWatch } from './voice-watch.ts';

/** The agent of one site, the same on the box and in simulated time. */
export interface Agent {
  /** Calls of the site's fax lines; absent where it has none that could be opened. */
  readonly fax: FaxCalls | undefined;
  /** The straight path was opened past a hung agent (V-1): SIP comes back through the relay, and calls are looked at. */
  wasAway(): void;
  /** Ends everything; `asleep` is called when the last checkpoint is signed and kept. */
  stop(asleep?: () => void): void;
}

type Parts = {
  readonly calls: Calls;
  readonly road: Road;
  readonly steering: SiteSteering;
  readonly evidence: Evidence;
  readonly volumes: DataVolumes;
  readonly limits: LimitWatch;
  readonly mobile: LineDesk | undefined;
  readonly post: SmsLine;
};

export function startAgent(
  config: SiteConfig,
  given: AgentPorts,
  ready: (agent: Agent) => void,
  charged: (charge: Charge) => void = () => undefined,
): void {
  const turns = createTurns();
  const tail = createLogTail(given.journal, given.clock);
  const { probes, reach } = shareProbes(given.probes, given.clock);
  const journaled = { ...given, probes, journal: tail.journal };
  // Fax lines are phones like any other: the guard has them on its wire.
  const fax = given.fax && createFaxCalls({ config, ports: journaled, wires: given.fax, turns });
  const ports: AgentPorts = fax ? { ...journaled, voice: fax.voice, media: fax.media } : journaled;
  const contract = contractOf(config);
  let parts: Parts | undefined;
  let telemetry: Telemetry | undefined;
  let health: Health | undefined;
  let lamps: LampDesk | undefined;

  const changed = (charge: Charge | undefined): void => {
    if (charge) charged(charge);
    turns(() => {
      parts?.road.accountChanged();
      parts?.calls.accountChanged();
      parts?.limits.changed();
      parts?.mobile?.changed();
    });
  };

  const grown = (size: number): void => {
    parts?.road.grown(size);
    parts?.evidence.grown(size);
  };

  const leadThroughRelay = (): void =>
    ports.network.relay(true, (error) => {
      if (error)
        ports.journal.fault('SIP could not be led through the relay; it goes straight, calls are not metered', {
          error: error.message,
        });
      else health?.relayed();
    });

  const begin = (ledger: Ledger, evidence: Evidence): void => {
    const quality = createQualityWatch({ ports, turns, ledger });
    const traffic = createTrafficWatch({ ports, turns });
    const steering = createSteering({
      ...{ config, ports, turns, ledger, quality, traffic },
      calls: () => parts?.calls.live() ?? 0,
      lost: ledger.lostLinks(),
      resumeOn: lastLink(ledger.lastMove(), ports.boot.id),
      moved: ({ voice }) => {
        parts?.calls.linkChanged(voice);
        ports.voice.moved();
        parts?.road.renew();
        parts?.volumes.moved();
      },
      lamps: () => lamps?.states(),
    });
    const calls = createCalls({
      config,
      contract,
      ports,
      turns,
      ledger,
      quality,
      voiceLink: () => steering.steering().voice,
      lineVoice: (link) => (parts?.mobile?.link === link ? parts.mobile.services().voice : undefined),
      counted(codecs) {
        traffic.calls(codecs);
        steering.quicken();
      },
    });
    const line = createSimLine({ config, ports, turns, ledger, reach });
    const served =
      ports.services &&
      createServicesDesk({ ...{ config, ports, turns, ledger }, services: ports.services, renew: () => road.renew() });
    const { eyes, devices, clock } = ports;
    const readings = createReadings({ eyes, devices, card: ports.sim && line.card, clock, turns });
    const cellular = ports.sim && mobileLink(config);
    const sight = createSiteSight({
      ...{ config, ports, steering, ledger, calls: calls.live, voice, readings: readings.seen },
      services: () => served?.sight(),
      mobile: () =>
        cellular && {
          ...{ link: cellular.name, swapping: line.swapping() },
          number: mobile?.link === cellular.name ? mobile.number() : cellular.line,
        },
      limits: () => (parts?.limits.sight() ?? []).map(({ rule }) => rule),
      lamps: () => lamps?.states(),
      road: () => road,
    });
    const road: Road = createRoad({
      ...{ config, contract, ports, turns, ledger, evidence },
      dataLink: () => steering.steering().data,
      silentFor: ledger.silentFor(),
      epochBegan: () => parts?.volumes.epochBegan(),
      tellSupport: () => telemetry?.soon(),
      support: (connection) =>
        createSupport({
          ...{ config, ports, turns, ledger, connection, sight },
          ...{ log: tail.lines, services: served, readings, voice, swap: line.ordered },
        }),
      simOrdered: line.ordered,
      lineOrdered: (order) => mobile?.ordered(order),
      smsOrdered: (order) => post.ordered(order),
    });
    const mobile = createLineDesk({
      ...{ config, contract, ports, turns, ledger },
      registeredAnew: () => volumes.registeredAnew(),
      tellSupport: () => telemetry?.soon(),
      servicesChanged: () => parts?.post.servicesChanged(),
      swap: (order) => line.ordered({ order }),
      callsOn: (link) => (steering.steering().voice === link ? calls.live() : 0),
    });
    const post = createSmsLine({ config, ports, turns, ledger, services: () => mobile?.services() });
    const volumes = createDataVolumes({ config, ports, turns, ledger, line: mobile });
    evidence.grown(ledger.durable().size);
    const { regime, tariff } = config;
    ledger.append({
      kind: 'booted',
      software: ports.boot.software,
      configVersion: config.version,
      regime: `${regime.id}@${regime.version}`,
      tariff: `${tariff.id}@${tariff.version}`,
    });
    const limits = createLimitWatch({ contract, ports, turns, ledger, tellSupport: () => telemetry?.soon() });
    parts = { calls, road, steering, evidence, volumes, limits, mobile, post };
    // Taken before they are recovered: a restart of the box ends them there, and the far end is still to hear of it.
    const open = ledger.openCalls();
    calls.recover(open);
    calls.open();
    quality.open();
    endCutFaxes(ledger);
    const modem = ports.faxModem;
    const desk =
      fax && modem && openFaxDesk({ config, contract, ports, turns, ledger, calls: fax.byMode.machine, fax: modem });
    const terminal =
      fax && ports.faxSpool && openTerminal({ config, contract, ports, turns, ledger }, fax, ports.faxSpool);
    fax?.start(open);
    health = createHealth({
      ...{ clock: ports.clock, turns, joined: road.up, silentFor: ledger.silentFor() },
      tell: () => ports.boot.healthy?.(),
    });
    const quiet = (): boolean =>
      calls.live() === 0 &&
      ledger.faxes().open.length === 0 &&
      !line.swapping() &&
      (served?.sight().state ?? SETTLED) === SETTLED;
    const releases =
      ports.updates &&
      createUpdateDesk({
        ...{ clock: ports.clock, turns, updates: ports.updates, quiet },
        restart: () => ports.boot.restart?.(),
      });
    // The relay listens before the kernel leads anything to it.
    leadThroughRelay();
    steering.start();
    road.open();
    volumes.start();
    const power = createPowerDesk({ ports, turns, ledger, tellSupport: () => telemetry?.soon() });
    lamps = createLampDesk({
      ...{ clock: ports.clock, turns, lamps: ports.lamps },
      view: () => lampView({ config, steering, road, ledger, power }),
    });
    const button = listenToButton({ ports, turns, ledger, services: served });
    const hide = ports.announce?.(() => pageOf(sight()));
    const told = createTelemetry({
      config,
      ports,
      turns,
      road,
      steering,
      ledger,
      calls: calls.live,
      limits: limits.sight,
      powerSeen: power.seen,
    });
    telemetry = told;
    const unread = createUnreadWatch({ ports, turns, ledger });
    ready({
      fax,
      wasAway: () =>
        turns(() => {
          ports.journal.fault('SIP went straight while the agent hung; it comes back through the relay', {});
          leadThroughRelay();
          calls.wasAway();
        }),
      stop(asleep = () => undefined) {
        desk?.stop();
        terminal?.stop();
        fax?.stop();
        calls.stop();
        quality.stop();
        road.stop();
        line.stop();
        post.stop();
        mobile?.stop();
        served?.stop();
        steering.stop();
        traffic.stop();
        told.stop();
        limits.stop();
        unread.stop();
        health?.stop();
        releases?.stop();
        hide?.();
        power.stop();
        lamps?.stop();
        button.stop();
        volumes.sleep(() => {
          ledger.stop();
          turns(() => evidence.sleep(asleep));
        });
      },
    });
  };

  const basis = foldBasis(config, ports);
  const roomChanged = (): void => telemetry?.soon();
  const voice = createVoiceWatch(config, ports.clock);
  openLedger({ ports, turns, device: config.device.id, contract, basis, changed, grown, roomChanged }, (opened) => {
    const ledger = voice.over(opened);
    if ((config.controllers ?? []).length > 0) voice.recall(ports.store, opened.durable().size);
    const publish: Road['publish'] = (topic, payload) => parts?.road.publish(topic, payload);
    openEvidence({ config, ports, turns, ledger, publish }, (evidence) => turns(() => begin(ledger, evidence)));
  });
}

/** The managed services, when no change of them is on its way. */
const SETTLED = 'Committed';

/** After a restart of the box the kernel has forgotten where traffic was: it begins on the main link. */
function lastLink(move: LedgerRecord | undefined, boot: string): string | undefined {
  return move?.event.kind === 'traffic-moved' && move.clock.boot === boot ? move.event.to : undefined;
}
