import { bookOf } from '../machines/mobile-line/book.ts';
import { firstTerms, type OrderTerms } from '../machines/mobile-line/obey.ts';
import type { LineRules } from '../machines/mobile-line/services.ts';
import { type LineEffect, type LineEvent, type MobileLine, startLine, stepLine } from '../machines/mobile-line.ts';
import type { LineOrder } from '../model/mobile-line.ts';
import { never } from '../model/never.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, minutes, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { after } from '../rating/calendar/after.ts';
import { inAlsaceMoselle } from '../rating/calendar/holidays.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { NO_DATA } from '../rating/limits/data-months.ts';
import { bytesUntil, planOf } from '../rating/limits/data-signals.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'journal' | 'network' | 'lineModem'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'account' | 'limits' | 'line'>;
  /** The card is registered elsewhere: what was counted until now is of another place. */
  readonly registeredAnew: () => void;
  readonly tellSupport: () => void;
};

/** The mobile line of a site: what was ordered for it and what its limits say, carried out offline too (S-3 to S-7, S-10). */
export interface LineDesk {
  readonly link: string;
  /** The number that the line has now (S-10). */
  number(): string;
  ordered(order: LineOrder): void;
  /** The records came to something else: limits, or what the central suspended. */
  changed(): void;
  /** Bytes until the next step of a limit of data is due, since the last record. */
  bytesAhead(): number | undefined;
  stop(): void;
}

/** Reports of a modem may be lost. */
const LOOK_AGAIN = minutes(5);
const AGAIN = seconds(2);
/** S-7: usual where a contract says "reduced" and no more. */
const SLOW_KBPS = 128;

/** Nothing where no link of the site has the SIM of a line. */
export function createLineDesk(needs: Needs): LineDesk | undefined {
  const { config, contract, ports, turns, ledger } = needs;
  const { clock, journal, network, lineModem } = ports;
  const link = config.links.find(({ line }) => line !== undefined);
  if (link?.line === undefined) return undefined;
  const { name, sim } = link;
  const book = bookOf(ledger.line(), link.line);
  const timers = createTimers<'wait' | 'look' | 'limit'>(clock, turns);
  const rules = rulesOf(contract, book?.number ?? link.line);
  const now = (): number => Math.floor(clock.wall());
  const machine = createMachine<MobileLine, LineEvent, LineEffect>({
    name: `line ${name}`,
    start: startLine(book?.number ?? link.line, book?.terms ?? firstTerms(sim?.options ?? OPTIONS)),
    step: (state, event) => stepLine(state, event, rules),
    perform,
    clock,
    journal,
  });

  function perform(effect: LineEffect): void {
    switch (effect.do) {
      case 'record':
        return record(effect);
      case 'port':
        ledger.append({ kind: 'number-ported', link: name, from: numberBefore(), to: effect.to, until: effect.until });
        return;
      case 'limit':
        return limit();
      case 'serve':
        return lineModem?.serve(effect.on, told('network'));
      case 'allow':
        return lineModem?.allow({ roaming: effect.roaming, fourG: effect.fourG }, told('allowed'));
      case 'carry':
        return lineModem?.carry(effect.on, told('context'));
      case 'tell': {
        const { barredBy, data, context, voice, messages } = effect.services;
        const fields = { barredBy, data, context, voice, messages };
        journal.fault(
          barredBy.length > 0 ? 'the mobile line is barred' : 'nothing bars the mobile line any more',
          fields,
        );
        return needs.tellSupport();
      }
      case 'wait':
        return timers.set('wait', millis(Math.min(minutes(15), Math.max(1, effect.until - now()))), () =>
          machine.hear({ on: 'clock', now: now() }),
        );
      default:
        return never(effect);
    }
  }

  function record({ order, refused, effective, terms }: Extract<LineEffect, { do: 'record' }>): void {
    const { id, by, do: what } = order;
    const told = { order: id, by, what, refused: refused?.slice(0, 200) ?? null, effective: effective ?? null };
    ledger.append({ kind: 'line-ordered', line: machine.state().number, ...told, terms });
    if (refused !== undefined) journal.fault('an order for the mobile line was refused', { order: id, what, refused });
  }

  const numberBefore = (): string => ledger.line()?.number ?? link?.line ?? '';

  /** Retry by level: what is tried again is what holds by then. */
  function limit(): void {
    timers.clear('limit');
    const data = machine.state().told.data;
    network.limit(data === undefined ? {} : { [name]: data }, (error) => {
      if (error === undefined) return;
      journal.fault('data of the mobile line could not be limited; tried again', { error: error.message });
      timers.set('limit', AGAIN, limit);
    });
  }

  const told = (what: 'network' | 'allowed' | 'context') => (done: boolean) =>
    turns(() => {
      if (done) return;
      journal.fault('the modem did not do what the mobile line asks; it is asked again', { what });
      machine.hear({ on: 'not-done', what, now: now() });
    });

  function look(): void {
    timers.set('look', LOOK_AGAIN, look);
    lineModem?.registered((where) =>
      turns(() => {
        if (where === undefined) return;
        const before = machine.state().registered;
        machine.hear({ on: 'registered', registered: where, now: now() });
        if (before === where) return;
        changed();
        if (before !== undefined) needs.registeredAnew();
      }),
    );
  }

  const asked = () => {
    const { number } = machine.state();
    return { line: number, data: ledger.limits().data[number] ?? NO_DATA, contract, now: now() };
  };
  const abroad = (): boolean => machine.state().registered === 'roaming';

  function changed(): void {
    const { number } = machine.state();
    const reached = ledger
      .limits()
      .inForce.filter(({ scope, subject }) => scope !== 'line' || subject === number)
      .map(({ rule, action }) => ({ rule, action: action.name }));
    const limits = { reached, bytesLeft: bytesUntil(asked(), abroad()).cut };
    if (JSON.stringify(limits) !== JSON.stringify(machine.state().limits))
      machine.hear({ on: 'limited', limits, now: now() });
    const suspended = ledger
      .account()
      .suspensions.orders.some(({ lines, from }) => from <= now() && (lines === null || lines.includes(number)));
    if (suspended !== machine.state().suspended) machine.hear({ on: 'suspended', suspended, now: now() });
  }

  const ordered = (order: LineOrder): void =>
    machine.hear({ on: 'ordered', order, contract: termsOf(order, config), now: now() });

  lineModem?.listen((news) =>
    turns(() => {
      if (news === 'began') machine.hear({ on: 'modem-began', now: now() });
      look();
    }),
  );
  changed();
  machine.hear({ on: 'clock', now: now() });
  for (const order of sim?.orders ?? []) ordered(order);
  look();
  return {
    link: name,
    number: () => machine.state().number,
    ordered,
    changed,
    bytesAhead: () => bytesUntil(asked(), abroad()).step,
    stop: () => timers.stop(),
  };
}

const OPTIONS = { international: false, fourG: true, iphone: false };

function rulesOf(contract: Contract, line: string): LineRules {
  const { sim, roaming } = contract.regime;
  const plan = planOf(contract, line);
  return {
    roamingByDefault: roaming.byDefault.value,
    // Of a plan that nobody named it is not known whether it has data; whoever ordered the link for data knows.
    dataOpen: plan === undefined || plan.data !== undefined || sim.dataByDefault.value === 'open',
    slowKbps: plan?.data?.throttledKbps ?? SLOW_KBPS,
  };
}

/** S-5, S-9, S-10: the times of the contract, counted on the calendar of the site. */
function termsOf(order: LineOrder, { regime, site }: SiteConfig): OrderTerms {
  const { effectiveAfter, openedBy } = regime.roaming;
  const { hostChangeNotice, portingInterruptionHours } = regime.sim;
  const local = inAlsaceMoselle(site.inseeCommune);
  const received = 'received' in order ? order.received : 0;
  const announced = order.do === 'change-host' ? order.announced : 0;
  const at = order.do === 'port-number' ? order.at : 0;
  return {
    roamingAt: effectiveAfter === undefined ? received : after(received, effectiveAfter.value, local),
    grounds: openedBy?.value,
    noticeOver: hostChangeNotice === undefined ? announced : after(announced, hostChangeNotice.value, local),
    portingUntil: at + (portingInterruptionHours?.value ?? 0) * 3_600_000,
  };
}
