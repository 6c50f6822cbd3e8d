import type { Beat, Pace } from '../../agent/model/heartbeat.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { BoxConfigSchema } from '../../agent/model/site-config.ts';
import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import { DATA, VOICE } from '../../agent/plans/data-plane.ts';
import { type Liveness, ledBy } from '../../agent/plans/living-links.ts';
import { planeOf } from '../../agent/plans/plane-of.ts';
import type { Network, Steering } from '../../agent/ports/network.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite } from '../../hw-sim/day/whole-site.ts';
import type { CallPlan } from '../../hw-sim/site/call-plan.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { beatOf, type Session, takeEcho, takeWish } from '../../provisioning/reflector/sessions.ts';

const BOX = BoxConfigSchema.parse({
  ...{ stateDirectory: 's', siteConfig: 's', operatorKey: 'k', uplinkSecret: 'u' },
  interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
});
const NUMBERS = { main: 1, second: 2 } as const;
const PACKET = millis(20);

export type Lateness = {
  /** How late timers of the far end are, which beats (ms). */
  readonly farEnd: (luck: number) => number;
  /** And those of the agent on its busy box. */
  readonly agent: (luck: number) => number;
};

/**
 * A whole site in simulated time whose links are beaten: the real agent, the real sessions of the far end, and the kernel's sets
 * by the rule that the real kernel is compared with. A call runs all the time, and each of its packets is led.
 */
export function createBeatenSite(seed: string, late: Lateness) {
  const example = exampleSite();
  const heartbeat = {
    ...{ call: pace(20, 75), idle: pace(50, 150), standby: pace(1_000, 3_000) },
    ...{ holdMs: 30_000, homeBetweenCallsMs: 0 },
  };
  const config: SiteConfig = { ...example, failover: { ...example.failover, heartbeat } };
  const whole = createWholeSite({ seed, config });
  const { clock, links } = whole.site;
  const dice = createSimRandom(`${seed}/lateness`);
  const kernel = createKernel(config, clock.mono);
  const farEnd = createFarEnd({
    now: clock.mono,
    after: (wait, work) => void clock.after(millis(wait + late.farEnd(dice.fraction())), work),
    beat: (link, beat, echo) =>
      links.carry(link, () => {
        kernel.hear(link, beat);
        links.carry(link, echo);
      }),
  });
  const life = whole.site.start();
  const { network, probes, clock: own } = life.ports;
  const ports = {
    ...life.ports,
    network: kernel.lead(network),
    clock: {
      ...own,
      after: (wait: Millis, work: () => void) => own.after(millis(wait + late.agent(dice.fraction())), work),
    },
    probes: {
      ...probes,
      send(link: string, sequence: number, beats?: Pace) {
        probes.send(link, sequence, beats);
        if (beats !== undefined) links.carry(link, () => farEnd.asked(link, beats));
      },
    },
  };
  whole.adopt({ ...life, ports });
  const speak = (): void => {
    kernel.voice();
    clock.after(PACKET, speak);
  };
  speak();
  return { site: whole.site, packetsOn: kernel.packetsOn };
}

const pace = (everyMs: number, timeoutMs: number): Pace => ({ everyMs, timeoutMs });

function createKernel(config: SiteConfig, now: () => Millis) {
  const plane = planeOf(config, BOX, (link) => `000000000000000${link}`);
  const holdMs = config.failover.heartbeat?.holdMs ?? 0;
  const armed = new Set<number>();
  const until = { alive: new Map<number, number>(), held: new Map<number, number>() };
  const packets = new Map<string, number>();
  let wanted: Steering = { voice: 'main', data: 'main' };
  const valid = (marks: ReadonlyMap<number, number>): ReadonlySet<number> =>
    new Set([...marks].filter(([, end]) => end > now()).map(([mark]) => mark));
  const liveness = (): Liveness => ({ armed, alive: valid(until.alive), held: valid(until.held) });
  const marksOf = (link: string): readonly number[] => {
    const number = link === 'main' ? NUMBERS.main : NUMBERS.second;
    return [VOICE | number, DATA | number];
  };
  return {
    hear(link: string, { hearing, timeoutMs }: Beat): void {
      for (const mark of marksOf(link)) {
        if (hearing === 'lost') until.alive.delete(mark);
        if (hearing !== 'heard') continue;
        armed.add(mark);
        until.alive.set(mark, now() + timeoutMs);
      }
    },
    voice(): void {
      const known = liveness();
      for (const mark of marksOf(wanted.voice))
        if (armed.has(mark) && !known.alive.has(mark)) until.held.set(mark, now() + holdMs);
      const { voice } = ledBy(plane, wanted, known);
      packets.set(voice, (packets.get(voice) ?? 0) + 1);
    },
    packetsOn: (link: string): number => packets.get(link) ?? 0,
    lead: (network: Network): Network => ({
      ...network,
      steer(steering, done) {
        wanted = steering;
        until.held.clear();
        network.steer(steering, done);
      },
      led(asked, done) {
        done({ ...ledBy(plane, asked, liveness()), beaten: armed.has(marksOf(asked.voice)[0] ?? 0) });
      },
    }),
  };
}

type World = {
  readonly now: () => Millis;
  readonly after: (wait: number, work: () => void) => void;
  /** Sends a beat; `echo` is to be called when it has come back. */
  readonly beat: (link: string, beat: Beat, echo: () => void) => void;
};

/** The reflector's sessions on their own clock; that a wish proves its address is shown elsewhere. */
function createFarEnd({ now, after, beat }: World) {
  const sessions = new Map<string, Session>();
  const waiting = new Set<string>();
  const cookie = new Uint8Array(8);
  const wait = (link: string): void => {
    const session = sessions.get(link);
    if (session === undefined || waiting.has(link)) return;
    waiting.add(link);
    after(Math.max(0, session.due - now()), () => {
      waiting.delete(link);
      send(link);
    });
  };
  const send = (link: string): void => {
    const session = sessions.get(link);
    const due = session && beatOf(session, now());
    if (due === undefined) return;
    const [next, bytes] = due;
    sessions.set(link, next);
    beat(link, bytes, () => {
      const heard = sessions.get(link);
      if (heard !== undefined) sessions.set(link, takeEcho(heard, bytes, now()));
    });
    wait(link);
  };
  return {
    asked(link: string, wanted: Pace): void {
      const number = link === 'main' ? NUMBERS.main : NUMBERS.second;
      const wish = { ...wanted, device: 'relais-0001', link: number, challenge: cookie };
      const asked = { wish, cookie, address: link, port: 1, wishedAt: now() };
      sessions.set(link, takeWish(sessions.get(link), asked, cookie, now()));
      wait(link);
    },
  };
}

/** Mostly on time, one in a hundred up to a third of the worst, one in a thousand up to the worst. */
export const mostlyPunctual =
  (worstMs: number) =>
  (luck: number): number => {
    if (luck < 0.001) return worstMs * luck * 1_000;
    if (luck < 0.01) return (worstMs / 3) * luck * 100;
    return luck;
  };

/** The call that runs all the time. */
export const LONG_CALL: CallPlan = {
  ...({ id: 'long', direction: 'outgoing', phone: 'front', far: '112', class: 'emergency' } as const),
  destiny: { answer: 'answers', ring: seconds(1), talk: seconds(4_200), hungUpBy: 'caller', patience: seconds(60) },
};
