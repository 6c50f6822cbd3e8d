import { bookOf } from '../machines/mobile-line/book.ts';
import { firstTerms } from '../machines/mobile-line/obey.ts';
import { type LineServices, servicesOf } from '../machines/mobile-line/services.ts';
import { type LineEffect, type LineEvent, type MobileLine, startLine, stepLine } from '../machines/mobile-line.ts';
import type { LineOrder } from '../model/mobile-line.ts';
import { never } from '../model/never.ts';
import type { SimOrder } from '../model/sim-swap.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, minutes, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { NO_DATA } from '../rating/limits/data-months.ts';
import { bytesUntil } from '../rating/limits/data-signals.ts';
import { createHostMove } from './host-move.ts';
import type { Ledger } from './ledger.ts';
import { isLineSuspended, lineLimitsOf, lineRulesOf, OPTIONS, orderTermsOf } from './line-contract.ts';
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
  /** Something of the line is on or off that was not. */
  readonly servicesChanged: () => void;
  /** S-9: the card is changed. */
  readonly swap: (order: SimOrder) => void;
  /** Calls that are live on a link. */
  readonly callsOn: (link: string) => number;
};

/** The mobile line of a site: what was ordered for it and what its limits say, carried out offline too (S-3 to S-7, S-10). */
export interface LineDesk {
  readonly link: string;
  /** The number that the line has now (S-10). */
  number(): string;
  ordered(order: LineOrder): void;
  /** What of the line is on now (S-3 to S-7). */
  services(): LineServices;
  /** The records came to something else: limits, or what the central suspended. */
  changed(): void;
  /** Bytes until the next step of a limit of data is due, since the last record. */
  bytesAhead(): number | undefined;
  stop(): void;
}

/** Reports of a modem may be lost. */
const LOOK_AGAIN = minutes(5);
const AGAIN = seconds(2);

/** Nothing where no link of the site has the SIM of a line. */
export function createLineDesk(needs: Needs): LineDesk | undefined {
  const { config, contract, ports, turns, ledger } = needs;
  const { clock, journal, lineModem } = ports;
  const link = config.links.find(({ line }) => line !== undefined);
  if (link?.line === undefined) return undefined;
  const { name, sim } = link;
  const book = bookOf(ledger.line(), link.line);
  const timers = createTimers<'wait' | 'look' | 'limit'>(clock, turns);
  const rules = lineRulesOf(contract, book?.number ?? link.line);
  const now = (): number => Math.floor(clock.wall());
  let seen: readonly unknown[] = [];
  let seenAt = 0;
  /** MCC and MNC of the network, as the modem said last. */
  let network: string | undefined;
  const machine = createMachine<MobileLine, LineEvent, LineEffect>({
    name: `line ${name}`,
    start: startLine(book?.number ?? link.line, book?.terms ?? firstTerms(sim?.options ?? OPTIONS)),
    step: (state, event) => stepLine(state, event, rules),
    perform,
    clock,
    journal,
  });

  const host = createHostMove({
    ...{ clock, turns, ledger, swap: needs.swap },
    plan: () => machine.state().terms.hostChange,
    busy: () => needs.callsOn(name) > 0,
  });

  function perform(effect: LineEffect): void {
    switch (effect.do) {
      case 'record':
        return record(effect);
      case 'port':
        return port(effect);
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
        needs.servicesChanged();
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
    if (what === 'change-host') host.look();
    if (refused !== undefined) journal.fault('an order for the mobile line was refused', { order: id, what, refused });
  }

  function port({ to, at, until }: Extract<LineEffect, { do: 'port' }>): void {
    const from = ledger.line()?.number;
    if (from !== undefined) ledger.append({ kind: 'number-ported', link: name, from, to, at, until });
  }

  /** Retry by level: what is tried again is what holds by then. */
  function limit(): void {
    timers.clear('limit');
    const data = machine.state().told.data;
    ports.network.limit(data === undefined ? {} : { [name]: data }, (error) => {
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
    changed();
    lineModem?.registered((where, by) =>
      turns(() => {
        if (where === undefined) return;
        const before = machine.state().registered;
        const isElsewhere = by?.slice(0, 3) !== network?.slice(0, 3);
        network = by;
        machine.hear({ on: 'registered', registered: where, now: now() });
        if (before === where && !isElsewhere) return;
        changed();
        if (before !== undefined) needs.registeredAnew();
      }),
    );
  }

  const asked = () => {
    const { number } = machine.state();
    return { line: number, data: ledger.limits().data[number] ?? NO_DATA, contract, now: now(), network };
  };
  const abroad = (): boolean => machine.state().registered === 'roaming';

  function changed(): void {
    const { number } = machine.state();
    const { inForce, data } = ledger.limits();
    const basis = [inForce, data[number], ledger.account().suspensions, abroad(), network];
    // Each call makes records, and hardly any of them says something of this line.
    const isKnown = basis.every((part, index) => part === seen[index]) && now() < seenAt + LOOK_AGAIN;
    if (isKnown) return;
    [seen, seenAt] = [basis, now()];
    const limits = lineLimitsOf(inForce, asked(), abroad());
    if (JSON.stringify(limits) !== JSON.stringify(machine.state().limits))
      machine.hear({ on: 'limited', limits, now: now() });
    const suspended = isLineSuspended(ledger.account().suspensions, number, now());
    if (suspended !== machine.state().suspended) machine.hear({ on: 'suspended', suspended, now: now() });
  }

  const ordered = (order: LineOrder): void =>
    machine.hear({ on: 'ordered', order, contract: orderTermsOf(order, config), now: now() });

  lineModem?.listen((news) =>
    turns(() => {
      if (news === 'began') machine.hear({ on: 'modem-began', now: now() });
      look();
    }),
  );
  changed();
  machine.hear({ on: 'clock', now: now() });
  for (const order of sim?.orders ?? []) ordered(order);
  host.look();
  look();
  return {
    link: name,
    number: () => machine.state().number,
    ordered,
    services: () => servicesOf(machine.state(), rules, now()),
    changed,
    // What is cut already comes no nearer to a limit.
    bytesAhead: () => (machine.state().told.data?.bytes === 0 ? undefined : bytesUntil(asked(), abroad()).step),
    stop() {
      host.stop();
      timers.stop();
    },
  };
}
