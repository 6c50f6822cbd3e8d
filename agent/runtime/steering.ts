import {
  type Failover,
  type FailoverEffect,
  type FailoverNews,
  type FailoverTimes,
  startFailover,
  stepFailover,
} from '../machines/failover.ts';
import type { LostLinks } from '../machines/link-watch.ts';
import type { LampStates } from '../model/board.ts';
import type { Pace } from '../model/heartbeat.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, seconds } from '../model/units.ts';
import { steeringOn } from '../plans/steering.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Steering } from '../ports/network.ts';
import { createBrownWatch } from './brown-watch.ts';
import { createKernelFollow } from './kernel-follow.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createOutageEvidence } from './outage-evidence.ts';
import { createProber, type LinkSight } from './prober.ts';
import type { QualityWatch } from './quality-watch.ts';
import { createRateFollow } from './rate-follow.ts';
import { createTimers } from './timers.ts';
import type { TrafficWatch } from './traffic-watch.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  /** Calls that are live. */
  readonly calls: () => number;
  /** Links that were lost when the agent was last alive. */
  readonly lost: LostLinks;
  /** The link that voice was on before this start, where the kernel may still have it. */
  readonly resumeOn: string | undefined;
  readonly traffic: TrafficWatch;
  readonly quality: Pick<QualityWatch, 'now'>;
  /** Traffic now takes another way. */
  readonly moved: (steering: Steering) => void;
  /** What the lamps of the box show, where that is known (G-2). */
  readonly lamps?: () => LampStates | undefined;
};

export interface SiteSteering {
  /** Puts the data plane in place and begins to watch the links. */
  start(): void;
  steering(): Steering;
  quicken(): void;
  sight(link: string): LinkSight;
  stop(): void;
}

const AGAIN = seconds(1);
/** Puts the data plane in place and moves traffic between the links as the failover machine decides. */
export function createSteering(needs: Needs): SiteSteering {
  const { config, ports, turns, ledger } = needs;
  const timers = createTimers<'install' | 'steer'>(ports.clock, turns);
  const main = config.links.find((link) => link.role === 'main')?.name ?? '';
  const second = config.links.find((link) => link.role === 'second')?.name;
  const resumed = needs.resumeOn === second && config.failover.enabled;
  let wanted = steeringOn(config.links, resumed ? (second ?? main) : main);

  const install = (): void => {
    ports.network.install(wanted, (error) => {
      if (error === undefined) return;
      ports.journal.fault('the data plane could not be put in place; tried again', { error: error.message });
      timers.set('install', AGAIN, install);
    });
  };
  // Retry by level, not by edge: what is tried again is where traffic should be by then.
  const steer = (): void => {
    ports.network.steer(wanted, (error) => {
      if (error === undefined) return;
      ports.journal.fault('traffic could not be moved; tried again', { error: error.message });
      timers.set('steer', AGAIN, steer);
    });
  };
  const move = (effect: FailoverEffect): void => {
    const from = wanted.voice;
    wanted = steeringOn(config.links, effect.to === 'main' ? main : (second ?? main));
    steer();
    ledger.append({ kind: 'traffic-moved', from, to: wanted.voice, cause: effect.cause });
    needs.moved(wanted);
    prober.quicken();
  };

  const rules = config.failover;
  const times: FailoverTimes = {
    lossesToLeave: rules.lossesToLeave,
    holdOff: millis(rules.holdOffMs),
    holdOffMax: millis(rules.holdOffMaxMs),
    betweenCalls: millis(rules.heartbeat?.homeBetweenCallsMs ?? 0),
  };
  const partner = rules.enabled ? second : undefined;
  const machine =
    partner === undefined
      ? undefined
      : createMachine<Failover, FailoverNews, FailoverEffect>({
          name: 'failover',
          start: startFailover(ports.clock.mono(), resumed ? 'second' : 'main'),
          step: (state, news) => stepFailover(state, news, times),
          perform: move,
          clock: ports.clock,
          journal: ports.journal,
        });
  const witness = createOutageEvidence({
    ports,
    ledger,
    links: partner === undefined ? [main] : [main, partner],
    times,
    before: needs.lost,
    steering: () => wanted,
    calls: needs.calls,
    lamps: () => needs.lamps?.(),
  });
  const follower = createRateFollow({
    ...{ config, ports, turns, traffic: needs.traffic },
    callsOn: (link) => (link === wanted.voice ? needs.calls() : 0),
  });
  const judge = createBrownWatch({
    ports,
    roleOf: (link) => (link === main ? 'main' : 'second'),
    carries: (link) => link === wanted.voice,
    reported: (link) => (link === wanted.voice ? needs.quality.now() : undefined),
    hear: (news) => machine?.hear(news),
  });
  const prober = createProber({
    clock: ports.clock,
    probes: ports.probes,
    turns,
    links: { main, second: partner },
    pace: {
      active: millis(rules.activeIntervalMs),
      idle: millis(rules.idleIntervalMs),
      patience: millis(rules.patienceMs),
    },
    busy: (link) => link === wanted.voice && needs.calls() > 0,
    beats: (link) =>
      partner === undefined ? undefined : beatsOn(config, link, link === wanted.voice && needs.calls() > 0),
    hear(news) {
      // The loss is told before traffic moves, so that the record says what the link carried.
      witness(news.link === 'main' ? main : (partner ?? main), news);
      machine?.hear({ ...news, calls: needs.calls() });
    },
    eyes: [follower, judge],
  });
  const follow = createKernelFollow({
    ports,
    turns,
    wanted: () => wanted,
    hear: ({ voice, beaten }) => {
      const to = voice === main ? 'main' : 'second';
      machine?.hear({ on: 'kernel-led', to, beaten, now: ports.clock.mono() });
    },
    silent: () => config.links.some(({ name }) => prober.sight(name).lostInRow >= rules.lossesToLeave),
  });
  return {
    start() {
      install();
      prober.start();
      follow.start(partner !== undefined && rules.heartbeat !== undefined);
    },
    steering: () => wanted,
    quicken: prober.quicken,
    sight: prober.sight,
    stop() {
      follow.stop();
      prober.stop();
      follower.stop();
      timers.stop();
    },
  };
}

/** F-3: quick where a call is, slow where every byte is paid for. */
function beatsOn({ failover, links }: SiteConfig, link: string, carriesCalls: boolean): Pace | undefined {
  const { heartbeat } = failover;
  if (heartbeat === undefined || carriesCalls) return heartbeat?.call;
  const { metered } = links.find(({ name }) => name === link) ?? {};
  return metered ? heartbeat.standby : heartbeat.idle;
}
