import { setImmediate as settle } from 'node:timers/promises';
import type { Progress } from '../../../agent/machines/swap/step.ts';
import { Fault } from '../../../agent/model/fault.ts';
import type { SimOrder, SimReport } from '../../../agent/model/sim-swap.ts';
import { millis } from '../../../agent/model/units.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { createSwapDesk, type SwapDesk } from '../../../agent/runtime/swap-desk.ts';
import { type ApduRoute, createApduChannel } from '../../../firmware-ts/devices/apdu-channel.ts';
import { createModem, type Modem } from '../../../firmware-ts/devices/modem.ts';
import { createSimModem } from '../../../firmware-ts/devices/sim-modem.ts';
import type { FamilyName } from '../../devices/at-families.ts';
import { createAtModem } from '../../devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../devices/at-modem-state.ts';
import type { ByteEnd } from '../../devices/byte-end.ts';
import { createMemoryCable } from '../../devices/memory-wires.ts';
import { createLife, createLifeClock, type Life } from '../../site/life.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { createEuicc } from '../../uicc/create-euicc.ts';
import { insertEuicc } from '../../uicc/insert-euicc.ts';
import { NEW, OLD, ORDER_OF_NEW, type PreparedEuicc, postTo, smdpWithOrders } from './prepared-euicc.ts';

/** What is done at a site, and what its modem, card and networks are like. */
export type Story = {
  readonly name: string;
  readonly family: FamilyName;
  /** Absent: two plain cards, OLD in holder 1 and NEW in holder 2. */
  readonly euicc?: 'one' | 'both';
  readonly route?: ApduRoute;
  readonly missesRefresh?: true;
  /** The network refuses NEW with this cause, or takes it in and carries nothing. */
  readonly refuses?: number | 'carries-nothing';
  readonly order: SimOrder;
};

/** Where power goes: at the n-th thing that is said to the modem or written down; before it, or before its answer. */
export type Cut = {
  readonly at: number;
  readonly who: 'box' | 'modem' | 'both';
  readonly when: 'before' | 'after';
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
    slots: [createCard(OLD), createCard(NEW)],
    contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } },
  });
  const misses = story.missesRefresh === undefined ? {} : { missesRefresh: story.missesRefresh };
  const reread = story.euicc === undefined ? () => undefined : insertEuicc(modem, card, { slot: 0, ...misses });
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
    const https = postTo(smdp);
    const desk = createSwapDesk({
      hands: {
        modem: createSimModem(radio),
        profiles: story.euicc && createLocalProfiles({ channel, https, clock: lifeClock }),
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
  power.cuts((who) => {
    if (who !== 'modem') die();
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
      box = boot();
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
        clock.advance(millis(Math.ceil(step)));
        await settle();
      }
      return clock.mono() - began;
    },
  };
}

type Box = { readonly desk: SwapDesk; readonly life: Life; readonly radio: Modem };
export type Site = ReturnType<typeof createSite>;

/** The mains: counts what is done, and fails at one of them. */
function createPower() {
  let count = 0;
  let cut: Cut | undefined;
  let fail: (who: Cut['who']) => void = () => undefined;
  let isMute = false;
  /** Does it, then lets its answer be heard, unless power fails before or in between. */
  function point(does: () => void, heard: () => void): void {
    count += 1;
    if (count !== cut?.at) {
      does();
      return heard();
    }
    const { who, when } = cut;
    isMute = true;
    if (when === 'after') does();
    isMute = false;
    fail(who);
  }
  /** The box lives on where only the modem loses power: what it writes down is written. */
  function writes(does: () => void, heard: () => void): void {
    if (cut?.at !== count + 1 || cut.who !== 'modem') return point(does, heard);
    count += 1;
    does();
    fail('modem');
    heard();
  }
  return {
    writes,
    count: () => count,
    cutAt(where: Cut | undefined): void {
      cut = where;
      count = 0;
    },
    cuts(then: typeof fail): void {
      fail = then;
    },
    /** Every line that the box says to the modem is such a thing. */
    through: (end: ByteEnd): ByteEnd => ({
      say: (bytes) => (isMute ? undefined : end.say(bytes)),
      hear(listener) {
        let typed: number[] = [];
        end.hear((bytes) => {
          for (const byte of bytes) {
            typed.push(byte);
            if (byte !== 0x0d) continue;
            const line = Uint8Array.from(typed);
            typed = [];
            point(
              () => listener(line),
              () => undefined,
            );
          }
        });
      },
    }),
  };
}
