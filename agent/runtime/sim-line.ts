import type { Progress } from '../machines/swap/step.ts';
import type { CardReading } from '../model/box-readings.ts';
import type { SimOrderMessage } from '../model/messages.ts';
import { never } from '../model/never.ts';
import type { SimOrder } from '../model/sim-swap.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts, SimPorts } from '../ports/agent-ports.ts';
import type { SimModem } from '../ports/sim-modem.ts';
import { readActivationCode } from '../uicc/activation-code.ts';
import { getProfiles } from '../uicc/es10/profiles.ts';
import type { Ledger } from './ledger.ts';
import { createLocalProfiles, type LocalProfiles } from './local-profiles.ts';
import { mobileLink } from './mobile-link.ts';
import type { shareProbes } from './shared-probes.ts';
import { createSwapDesk, type SwapDesk } from './swap-desk.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: Pick<SiteConfig, 'links'>;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'hasRoom'>;
  /** Whether anything answers over a link, beyond its first hop. */
  readonly reach: ReturnType<typeof shareProbes>['reach'];
};

/** The mobile line of the site: its card is changed on order, and what a restart broke off is finished or undone (S-1, S-2). */
export interface SimLine {
  ordered(message: Omit<SimOrderMessage, 'device'>): void;
  /** What the card in use says; undefined while it is being changed, or where the modem is silent. */
  card(done: (seen: CardReading | undefined) => void): void;
  /** An order is being carried out. */
  swapping(): boolean;
  stop(): void;
}

/** Orders of the central that this life has heard of, by name. */
type Known = { readonly known: Map<string, SimOrder> };
type Works = Needs &
  Known & {
    readonly sim: SimPorts;
    /** Orders that came while another one was being carried out. */
    readonly later: Set<string>;
  };

/** Without a modem every order ends at once, recorded: who ordered it has to know. */
export function createSimLine(needs: Needs): SimLine {
  const { config, ports, turns, ledger, reach } = needs;
  const { sim, clock, journal } = ports;
  const known = new Map<string, SimOrder>();
  if (sim === undefined)
    return {
      ordered: ({ order }) => hear(known, order, () => refuse({ ...needs, known }, order, 'no-modem')),
      ...{ card: (done) => done(undefined), swapping: () => false, stop },
    };
  const profiles = createLocalProfiles({ channel: sim.apdus, https: sim.https, clock });
  const link = mobileLink(config)?.name;
  const works: Works = { ...needs, sim, known, later: new Set() };
  const desk: SwapDesk = createSwapDesk({
    hands: {
      modem: link === undefined ? sim.modem : provenBy(sim.modem, (done) => reach(link, done)),
      profiles,
      // Nobody is there to be asked: who ordered the profile wants it.
      downloading: { consent: (_, answer) => answer(undefined) },
    },
    journal: sim.journal,
    clock,
    record: (report, done) =>
      turns(() => (ledger.hasRoom() ? ledger.append(report, () => done('kept')) : done('no-room'))),
    told: (news) => told(works, desk, news),
    damaged: () => journal.fault('the journal of card swaps could not be read; a new one begins', {}),
  });
  sim.restarted(() => desk.restarted());
  return {
    ordered: (message) => hear(known, message.order, () => take(works, desk, message)),
    card: (done) => (desk.state().at === 'resting' ? readCard(sim.modem, profiles, done) : done(undefined)),
    swapping: () => desk.state().at !== 'resting',
    stop: () => desk.stop(),
  };
}

const stop = (): void => undefined;

/** Without its profiles where the card is no eUICC, or hides it at the moment. */
function readCard(modem: SimModem, profiles: LocalProfiles, done: (seen: CardReading | undefined) => void): void {
  modem.look((seen) => {
    if (seen === undefined) return done(undefined);
    profiles.ask(getProfiles(), (heard) => {
      const listed = 'value' in heard ? heard.value : undefined;
      done({
        ...seen,
        profiles: listed?.map(({ iccid, name, nickname, isEnabled, kind }) => ({
          ...{ iccid, name: nickname || name, isEnabled },
          class: kind,
        })),
      });
    });
  });
}

/** Said again while it is known, an order is the same order. */
function hear(known: Map<string, SimOrder>, order: SimOrder, begin: () => void): void {
  if (known.has(order.id)) return;
  known.set(order.id, order);
  begin();
}

/** S-1: an address is no traffic: the card is proven by what answers from beyond the network of its operator. */
const provenBy = (modem: SimModem, reach: (done: (answered: boolean) => void) => () => void): SimModem => ({
  ...modem,
  check(accessPoint, done) {
    let giveUp = modem.check(accessPoint, (line) => {
      if (line?.carries !== true) return done(line);
      giveUp = reach((carries) => done({ ...line, carries }));
    });
    return () => giveUp();
  },
});

function take(works: Works, desk: SwapDesk, { order, download, pin, oldPin }: Omit<SimOrderMessage, 'device'>): void {
  if (order.target?.by !== 'download') return desk.order(order, { pin, oldPin });
  const code = download && readActivationCode(download.code);
  if (code === undefined || !code.ok || code.value.server === '') return refuse(works, order, 'no-activation-code');
  const { server, matchingId, serverOid } = code.value;
  works.sim.imei((imei) => {
    const device = { tac: imei?.slice(0, 8) ?? UNKNOWN_TAC, imei };
    const confirmationCode = download?.confirmation;
    const profile = { server, matchingId, serverOid, confirmationCode, device, ...TRYING };
    desk.order(order, { download: profile, pin, oldPin });
  });
}

/** A type allocation code of nobody; a server wants one. */
const UNKNOWN_TAC = '35000000';
const TRYING = { retries: 3, pause: seconds(10) } as const;

function told(works: Works, desk: SwapDesk, news: Progress): void {
  const { journal } = works.ports;
  if (news.step === 'ended' || news.step === 'foreign-card') journal.fault('the mobile line', { ...news });
  if (news.step !== 'refused') return;
  const order = works.known.get(news.order);
  switch (news.why) {
    case 'busy':
      // One at a time: it waits for the other to end.
      if (order === undefined || works.later.has(order.id)) return;
      works.later.add(order.id);
      return desk.whenQuiet(() => {
        works.later.delete(order.id);
        desk.order(order);
      });
    case 'settled-before':
      // The record has its end already.
      return;
    case 'journal':
    case 'record':
      // Nothing can be written down: the central says it again.
      works.known.delete(news.order);
      return journal.fault('an order for the mobile line was refused', { ...news });
    case 'modem-silent':
    case 'no-slots':
    case 'no-euicc':
    case 'not-on-card':
    case 'in-use':
    case 'stays-enabled':
    case 'origin-asks-pin':
    case 'barred-card':
    case 'no-target':
    case 'budget':
      journal.fault('an order for the mobile line was refused', { ...news });
      if (order !== undefined) refuse(works, order, news.why);
      return;
    default:
      return never(news);
  }
}

/** Nothing was changed, and the record says so: whoever ordered it is not left waiting. Without room it is heard again. */
function refuse({ ports, turns, ledger, known }: Needs & Known, order: SimOrder, why: string): void {
  const { id, reason, by } = order;
  turns(() => {
    if (!ledger.hasRoom()) return void known.delete(id);
    ledger.append({
      ...{ kind: 'sim-swapped', swap: id, stage: 'ended', reason, by, from: null, to: null },
      ...{ outcome: 'unchanged', why: `refused: ${why}`, at: Math.floor(ports.clock.wall()) },
    });
  });
}
