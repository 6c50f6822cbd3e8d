import {
  type DataCount,
  type DataRead,
  type DataTold,
  PAID_GRAIN,
  startDataCount,
  stepDataCount,
  toldOf,
  UNPAID_GRAIN,
} from '../machines/data-count.ts';
import type { Card } from '../model/data-counted.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, minutes, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Ledger } from './ledger.ts';
import { createMachine, type Machine } from './machine.ts';
import { mobileLink } from './mobile-link.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: Pick<SiteConfig, 'links'>;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'journal' | 'counters' | 'devices'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'dataCounts'>;
  /** The mobile line of a link: its number now (S-10), and the bytes until a limit of its data is due (S-6, S-7). */
  readonly line?: { readonly link: string; number(): string; bytesAhead(): number | undefined } | undefined;
};

/** Writes into the unalterable record what each link carried (U-1, U-7). */
export interface DataVolumes {
  start(): void;
  /** Traffic takes another way: what went the old one is counted now. */
  moved(): void;
  /** The card is registered elsewhere: it is asked now. */
  registeredAnew(): void;
  /** The ledger has set its store aside: totals begin anew, with what the counters show now. */
  epochBegan(): void;
  /** Counts for the last time; `asleep` is called when that is on the medium, or can't be brought there. */
  sleep(asleep: () => void): void;
}

const EVERY = minutes(5);
/** Close to a limit; data that must not pass is cut by the kernel at its byte. */
const CLOSE = seconds(5);
/** A kernel that does not answer, or a medium without room, must not keep the agent awake. */
const PATIENCE = seconds(2);

export function createDataVolumes({ config, ports, turns, ledger, line: mobileLine }: Needs): DataVolumes {
  const { clock, boot, journal } = ports;
  const timers = createTimers<'look' | 'close'>(clock, turns);
  const machines = new Map<string, Machine<DataCount, DataRead>>();
  const mobile = mobileLink(config)?.name;
  let card: Card | undefined;
  /** Records that are not on the medium yet. */
  let pending = 0;
  let settled: (() => void) | undefined;
  let over = false;

  function machineOf(link: SiteConfig['links'][number]): Machine<DataCount, DataRead> {
    const known = machines.get(link.name);
    if (known !== undefined) return known;
    const machine = createMachine<DataCount, DataRead, DataTold>({
      name: `data ${link.name}`,
      start: startDataCount(ledger.dataCounts().get(link.name)),
      step: (state, news) => stepDataCount(state, news, grainOf(link)),
      perform: (effect) => record(link, effect),
      clock,
      journal,
    });
    machines.set(link.name, machine);
    return machine;
  }

  /** A record is due at the byte at which a limit is. */
  function grainOf({ name, line }: SiteConfig['links'][number]): number {
    const ahead = name === mobileLine?.link ? mobileLine.bytesAhead() : undefined;
    return Math.min(line === undefined ? UNPAID_GRAIN : PAID_GRAIN, ahead ?? Number.POSITIVE_INFINITY);
  }

  function record({ name, ...link }: SiteConfig['links'][number], { do: _, ...told }: DataTold): void {
    const line = name === mobileLine?.link ? mobileLine.number() : link.line;
    pending += 1;
    const before = toldOf(ledger.dataCounts().get(name));
    ledger.append({ kind: 'data-counted', link: name, ...(line !== undefined && { line }), ...told, before }, () => {
      pending -= 1;
      if (pending === 0) settled?.();
    });
  }

  function read(atOnce: boolean, then: () => void = () => undefined): void {
    const now = clock.mono();
    ports.counters.read((counters) =>
      turns(() => {
        if (over) return;
        for (const link of config.links) {
          const counter = counters.get(link.name);
          if (counter === undefined) continue;
          const seen = link.name === mobile ? card : undefined;
          machineOf(link).hear({ on: 'read', counter, boot: boot.id, now, atOnce, card: seen });
        }
        lookCloser();
        then();
      }),
    );
  }

  /** No later than a full link could reach the next limit. */
  function lookCloser(): void {
    const link = config.links.find(({ name }) => name === mobileLine?.link);
    const ahead = mobileLine?.bytesAhead();
    if (link === undefined || ahead === undefined) return timers.clear('close');
    const inMillis =
      (Math.max(0, ahead - unrecorded(machines.get(link.name)?.state())) * 8) / (link.upKbps + link.downKbps);
    if (inMillis >= EVERY) return timers.clear('close');
    timers.set('close', millis(Math.max(CLOSE, Math.floor(inMillis))), () => read(false));
  }

  function look(): void {
    timers.set('look', EVERY, look);
    if (mobile === undefined) return read(false);
    ports.devices.card((seen) =>
      turns(() => {
        card = seen;
        read(false);
      }),
    );
  }

  return {
    start() {
      // What passes while a modem thinks is counted.
      if (mobile !== undefined) read(false);
      look();
    },
    moved: () => read(true),
    registeredAnew: look,
    epochBegan() {
      machines.clear();
      read(true);
    },
    sleep(asleep) {
      timers.stop();
      const end = (): void => {
        if (over) return;
        over = true;
        cancel();
        asleep();
      };
      const cancel = clock.after(PATIENCE, () => turns(end));
      read(true, () => {
        settled = end;
        if (pending === 0) end();
      });
    },
  };
}

const unrecorded = (count: DataCount | undefined): number =>
  count?.at === 'counting' ? count.up.total - count.told.up + count.down.total - count.told.down : 0;
