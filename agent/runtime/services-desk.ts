import { startCommitConfirm, stepCommitConfirm } from '../machines/commit-confirm.ts';
import type { CommitConfirm, CommitEffect, CommitEvent, CommitJournal, CommitTimer } from '../machines/commit-words.ts';
import { canonical } from '../model/canonical.ts';
import type { ServiceSurroundings } from '../model/judge-services.ts';
import { type ManagedServices, NOTHING_SERVED } from '../model/managed-services.ts';
import { never } from '../model/never.ts';
import type { ServicePart } from '../model/services-changed.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { surroundingsOf } from '../model/surroundings-of.ts';
import { millis, seconds } from '../model/units.ts';
import { FAX_PORTS, UPSTREAM_PORTS } from '../plans/data-plane.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { ServicesPatience, ServicesPorts } from '../ports/services-plane.ts';
import { rowsOfServices } from '../usp/model/service-rows.ts';
import type { ServicesView } from '../usp/sight.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { readServicesJournal, type ServedConfig, writeServicesJournal } from './services-journal.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'clock' | 'journal'>;
  readonly services: ServicesPorts;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append'>;
  /** The connection to the broker is made anew. */
  readonly renew: () => void;
};

/** The managed services of the site: what is wanted is tried, confirmed by its controller or taken back (M-1, M-2). */
export interface ServicesDesk {
  readonly around: ServiceSurroundings;
  sight(): ServicesView;
  /** Checked already; refused by nobody but a change that is not over. */
  want(by: string, wanted: ServedConfig): void;
  confirm(change: number): void;
  /** What is committed is put in place again, or the standard configuration takes its place. */
  restore(by: string, to: 'committed' | 'standard'): void;
  /**
   * The standard configuration, committed at once and without anybody's word: who stands before the box with a finger on
   * its button may well do so because no controller can be reached (M-2).
   */
  restoreNow(by: string): void;
  /** Controllers can be heard on a connection that is new. */
  reached(): void;
  stop(): void;
}

/** A change has 100 s for its controller's word, so that with the way back it is over within 120 s of its order. */
const PATIENCE: ServicesPatience = {
  confirmWithin: seconds(100),
  reachWithin: seconds(60),
  tryAgain: seconds(1),
  lookAfter: seconds(60),
};

type State = CommitConfirm<ServedConfig>;
type Effect = CommitEffect<ServedConfig>;

export function createServicesDesk(needs: Needs): ServicesDesk {
  const { config, ports, services: own, turns, ledger } = needs;
  const patience = { ...PATIENCE, ...own.patience };
  const around = surroundingsOf(config, { ...own.ports, upstream: UPSTREAM_PORTS, fax: FAX_PORTS });
  const standard = standardOf(config.services ?? NOTHING_SERVED, around);
  const timers = createTimers<CommitTimer | 'look'>(ports.clock, turns);
  const start = beginning(needs, standard);
  const [first, effects] = startCommitConfirm(start);
  let deadline = 0;
  let result = start.trial === undefined ? 'none' : 'interrupted';
  let byHand: readonly ServicePart[] = [];
  let puttingBack: string | undefined;

  const machine = createMachine<State, CommitEvent<ServedConfig>, Effect>({
    name: 'services',
    start: first,
    step: (state, event) => stepCommitConfirm(state, event, patience),
    perform,
    clock: ports.clock,
    journal: { ...ports.journal, step: () => undefined },
  });

  function hear(event: CommitEvent<ServedConfig>): void {
    machine.hear(event);
    const { at } = machine.state();
    if (at !== 'settled' || puttingBack === undefined) return;
    ledger.append({ kind: 'services-changed', what: 'put-back', change: 0, by: puttingBack, parts: [...byHand] });
    puttingBack = undefined;
    byHand = [];
  }

  function perform(effect: Effect): void {
    switch (effect.do) {
      case 'keep': {
        const { attempt } = effect;
        return own.journal.keep(writeServicesJournal(effect.journal, standard), (kept) =>
          turns(() => hear({ on: kept ? 'kept' : 'keep-failed', attempt })),
        );
      }
      case 'apply':
        return apply(effect);
      case 'renew':
        return needs.renew();
      case 'wait': {
        const { name } = effect;
        if (name === 'trial') deadline = ports.clock.mono() + effect.for;
        return timers.set(name, effect.for, () => hear({ on: 'waited', name }));
      }
      case 'stop-waiting':
        timers.clear('trial');
        return timers.clear('reach');
      case 'tell':
        result = effect.what;
        // Whatever was changed by hand went with the old rules.
        if (effect.what === 'committed') byHand = [];
        return ledger.append({
          kind: 'services-changed',
          what: effect.what,
          change: effect.trial.id,
          by: effect.trial.by,
        });
      case 'tell-taken-back': {
        const { trial, why } = effect;
        result = `taken-back: ${why}`;
        ports.journal.fault('a change of the managed services was taken back', { change: trial.id, by: trial.by, why });
        return ledger.append({ kind: 'services-changed', what: 'taken-back', change: trial.id, by: trial.by, why });
      }
      default:
        return never(effect);
    }
  }

  function apply({ config: wanted, attempt }: Extract<Effect, { do: 'apply' }>): void {
    own.plane.install(wanted.services, (error) =>
      turns(() => {
        if (error) ports.journal.fault('managed services could not be put in place', { error: error.message });
        hear({ on: error ? 'apply-failed' : 'applied', attempt });
      }),
    );
  }

  function look(): void {
    timers.set('look', patience.lookAfter, look);
    if (machine.state().at !== 'settled') return;
    own.plane.changed((parts) => turns(() => seen(parts)));
  }

  /** M-2: somebody has changed it by hand. Told once for each set of parts, and left as it is until support decides. */
  function seen(parts: readonly ServicePart[]): void {
    if (machine.state().at !== 'settled' || canonical([...parts]) === canonical([...byHand])) return;
    byHand = parts;
    if (parts.length === 0) return;
    ports.journal.fault('the managed services were changed by hand', { parts });
    ledger.append({ kind: 'services-changed', what: 'changed-by-hand', change: 0, by: 'unknown', parts: [...parts] });
  }

  for (const effect of effects) perform(effect);
  timers.set('look', patience.lookAfter, look);
  return {
    around,
    sight: () => viewOf(machine.state(), { deadline, now: ports.clock.mono(), result, byHand, standard }),
    want: (by, wanted) => hear({ on: 'wanted', by, wanted, cuts: canCut(machine.state().committed, wanted) }),
    confirm: (change) => hear({ on: 'confirmed', change }),
    restore(by, to) {
      const { at, committed } = machine.state();
      if (at !== 'settled') return;
      if (to === 'standard' && !same(committed, standard))
        return hear({ on: 'wanted', by, wanted: standard, cuts: canCut(committed, standard) });
      puttingBack = by;
      hear({ on: 'put-back' });
    },
    restoreNow(by) {
      if (machine.state().at === 'settled') hear({ on: 'wanted', by, wanted: standard, cuts: false });
    },
    reached: () => hear({ on: 'reached' }),
    stop: () => timers.stop(),
  };
}

const standardOf = (services: ManagedServices, around: ServiceSurroundings): ServedConfig => ({
  services,
  rows: rowsOfServices(services, around),
});

const same = (one: ServedConfig, other: ServedConfig): boolean => canonical(one.services) === canonical(other.services);

/**
 * Addresses and names for the data LAN are answered by a process of their own that the management path does not pass; all
 * else changes addresses, translation or rules of the kernel, and goes on trial.
 */
function canCut(before: ServedConfig, after: ServedConfig): boolean {
  const kernelOf = ({ services: { dhcp: _, dns: __, ...kernel } }: ServedConfig): string => canonical(kernel);
  return kernelOf(before) !== kernelOf(after);
}

/** A standard configuration that was signed anew takes the place of what controllers had made of the one before. */
function beginning({ ports, services, ledger }: Needs, standard: ServedConfig): CommitJournal<ServedConfig> {
  const kept = readServicesJournal(services.journal.read(), () =>
    ports.journal.fault('the journal of the managed services could not be read; the standard configuration holds', {}),
  );
  if (kept !== undefined && kept.standard === canonical(standard.services)) return kept.journal;
  const journal = { committed: standard, last: kept?.journal.last ?? 0 };
  services.journal.keep(writeServicesJournal(journal, standard), () => undefined);
  if (kept !== undefined) ledger.append({ kind: 'services-changed', what: 'committed', change: 0, by: 'order' });
  return journal;
}

const WORDS = {
  starting: 'Applying',
  settled: 'Committed',
  noting: 'Applying',
  applying: 'Applying',
  reaching: 'Reaching',
  'on-trial': 'OnTrial',
  confirming: 'Applying',
  undoing: 'Undoing',
  clearing: 'Undoing',
} as const;

type Around = {
  readonly deadline: number;
  readonly now: number;
  readonly result: string;
  readonly byHand: readonly ServicePart[];
  readonly standard: ServedConfig;
};

function viewOf(state: State, { deadline, now, result, byHand, standard }: Around): ServicesView {
  const trial = 'trial' in state && state.at !== 'undoing' && state.at !== 'clearing' ? state.trial : undefined;
  return {
    rows: trial?.wanted.rows ?? state.committed.rows,
    state: WORDS[state.at],
    change: trial?.id ?? 0,
    secondsLeft: trial === undefined ? 0 : Math.max(0, Math.ceil(millis(deadline - now) / 1_000)),
    lastChange: state.last,
    lastResult: result,
    changedByHand: byHand,
    standard: same(state.committed, standard),
  };
}
