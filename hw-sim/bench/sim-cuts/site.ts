import { setImmediate as settle } from 'node:timers/promises';
import type { Progress } from '../../../agent/machines/swap/step.ts';
import { Fault } from '../../../agent/model/fault.ts';
import type { SimOrder, SimReport } from '../../../agent/model/sim-swap.ts';
import { millis } from '../../../agent/model/units.ts';
import type { HttpsPost } from '../../../agent/ports/https-post.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { createSwapDesk, type SwapDesk } from '../../../agent/runtime/swap-desk.ts';
import { type ApduRoute, createApduChannel } from '../../../firmware-ts/devices/apdu-channel.ts';
import { createModem, type Modem } from '../../../firmware-ts/devices/modem.ts';
import { createSimModem } from '../../../firmware-ts/devices/sim-modem.ts';
import type { FamilyName } from '../../devices/at-families.ts';
import { createAtModem } from '../../devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../devices/at-modem-state.ts';
import { createMemoryCable } from '../../devices/memory-wires.ts';
import { createLife, createLifeClock, type Life } from '../../site/life.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { createEuicc } from '../../uicc/create-euicc.ts';
import { insertEuicc } from '../../uicc/insert-euicc.ts';
import type { SimSmdp } from '../../uicc/smdp/smdp.ts';
import { createPower } from './power.ts';
import { FIRST, NEW, OLD, ORDER_OF_NEW, type PreparedEuicc, postTo, smdpWithOrders } from './prepared-euicc.ts';
import type { ProfileRoad } from './profile-road.ts';

/** What is done at a site, and what its modem, card and networks are like. */
export type Story = {
  readonly name: string;
  readonly family: FamilyName;
  /** Absent: two plain cards, OLD in holder 1 and NEW in holder 2. */
  readonly euicc?: 'one' | 'both';
  /** The eUICC is in holder 2, and a card called FIRST in holder 1. */
  readonly inSecond?: true;
  /** The modem keeps the configuration of OLD's operator. */
  readonly keepsCarrier?: true;
  /** The profile server is reached over TLS. */
  readonly tls?: true;
  readonly route?: ApduRoute;
  readonly missesRefresh?: true;
  /** The network refuses NEW with this cause, or takes it in and carries nothing. */
  readonly refuses?: number | 'carries-nothing';
  readonly order: SimOrder;
};

/** A site whose power can be cut anywhere, and comes back. */
export function createSite(story: Story, prepared: PreparedEuicc) {
  const clock = createSimClock(millis(1_780_000_000_000));
  const smdp = smdpWithOrders(prepared.pki);
  const cable = createMemoryCable();
  const power = createPower();
  const modem = createAtModem(power.through(cable.end), { family: story.family });
  const card = createEuicc(prepared.pki);
  if (story.euicc !== undefined) card.become(prepared[story.euicc]);
  const orange = { ...ORANGE, rejectsCards: { [NEW.iccid]: 15 } };
  const sfr = {
    ...SFR,
    ...(story.refuses === 'carries-nothing' ? { isClogged: true as const } : {}),
    rejectsCards: { [OLD.iccid]: 15, ...(typeof story.refuses === 'number' ? { [NEW.iccid]: story.refuses } : {}) },
  };
  modem.set({
    networks: [orange, sfr],
    slots: [createCard(story.inSecond ? FIRST : OLD), createCard(NEW)],
    ...(story.keepsCarrier && { carrier: { of: 'orange', byCard: false, dropped: false } as const }),
    contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } },
  });
  const misses = story.missesRefresh === undefined ? {} : { missesRefresh: story.missesRefresh };
  const reread =
    story.euicc === undefined ? () => undefined : insertEuicc(modem, card, { slot: story.inSecond ? 1 : 0, ...misses });
  const road = roadTo(smdp, story, prepared);
  /** Answers of the server that are under way. */
  let asked = 0;
  let journal: string | undefined;
  const records: SimReport[] = [];
  const progress: Progress[] = [];
  const keep = (write: () => void, done: () => void): void => power.writes(write, () => queueMicrotask(done));

  function boot(): Box {
    const life = createLife(1, 'one');
    const lifeClock = createLifeClock(clock, life, millis(0));
    const radio = createModem(
      () => (life.alive() ? cable.open() : Promise.reject(new Fault('modem.silent'))),
      lifeClock,
    );
    const channel = createApduChannel(radio.ask, story.route ? [story.route] : undefined);
    const watch = { consent: (_: unknown, answer: (refused: undefined) => void) => answer(undefined) };
    const https: HttpsPost = {
      post(request, done) {
        const hear = life.hears(done);
        power.writes(
          () => {
            asked += 1;
            road.https.post(request, (answer) => {
              asked -= 1;
              hear(answer);
            });
          },
          () => undefined,
        );
      },
    };
    const settings = { servers: road.servers };
    const desk = createSwapDesk({
      hands: {
        modem: createSimModem(radio),
        profiles: story.euicc && createLocalProfiles({ channel, https, clock: lifeClock }, settings),
        downloading: watch,
      },
      journal: {
        read: () => journal,
        keep: (text, done) =>
          keep(
            () => {
              journal = text;
            },
            life.hears(() => done(true)),
          ),
      },
      clock: lifeClock,
      record: (report, done) =>
        keep(
          () => records.push(report),
          life.hears(() => done('kept')),
        ),
      told: (news) => progress.push(news),
    });
    radio.channel.listen((news) => news.on === 'restarted' && life.alive() && desk.restarted());
    return { desk, life, radio };
  }

  let box = boot();
  const die = (): void => {
    box.life.end();
    box.desk.stop();
    void box.radio.close();
  };
  const modemDies = (): void => {
    card.restart();
    modem.reset();
    reread();
  };
  let isBooting = false;
  let diesAtBirth = false;
  power.cuts((who) => {
    // Power that goes with the first thing that a box does takes this box, not the one before it.
    if (who !== 'modem' && isBooting) diesAtBirth = true;
    else if (who !== 'modem') die();
    if (who !== 'box') modemDies();
  });
  return {
    ...{ clock, modem, card, smdp, records, progress, power },
    journal: () => journal,
    order: () =>
      box.desk.order(story.order, story.order.target?.by === 'download' ? { download: ORDER_OF_NEW } : undefined),
    state: () => box.desk.state(),
    /** Power comes back: the box begins a new life. */
    reboot(): void {
      die();
      isBooting = true;
      box = boot();
      isBooting = false;
      if (diesAtBirth) die();
      diesAtBirth = false;
    },
    isDead: () => !box.life.alive(),
    /** Simulated time passes until nothing is under way. @returns milliseconds that passed, undefined beyond the limit */
    async untilQuiet(limit = 2 * 86_400_000): Promise<number | undefined> {
      const began = clock.mono();
      let isQuiet = false;
      box.desk.whenQuiet(() => {
        isQuiet = true;
      });
      await settle();
      for (let step = 20; !isQuiet && box.life.alive(); step = Math.min(step * 1.1, 500)) {
        if (clock.mono() - began > limit) return undefined;
        // Simulated time stands still while real time passes on a socket.
        while (asked > 0) await settle();
        clock.advance(millis(Math.ceil(step)));
        await settle();
      }
      return clock.mono() - began;
    },
  };
}

function roadTo(smdp: SimSmdp, { tls }: Story, prepared: PreparedEuicc): ProfileRoad {
  const road = tls ? prepared.tls?.to(smdp) : { https: postTo(smdp), servers: {} };
  if (road === undefined) throw new Error('a story over TLS needs a road');
  return road;
}

type Box = { readonly desk: SwapDesk; readonly life: Life; readonly radio: Modem };
export type Site = ReturnType<typeof createSite>;
