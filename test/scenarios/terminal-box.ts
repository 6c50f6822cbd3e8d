import { createHash } from 'node:crypto';
import type { FaxMail } from '../../agent/edge/fax/compose-mail.ts';
import { openFaxSpool } from '../../agent/edge/fax/fax-spool.ts';
import type { Files } from '../../agent/edge/fax/files.ts';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { millis } from '../../agent/model/units.ts';
import type { AgentPorts } from '../../agent/ports/agent-ports.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { createCalls } from '../../agent/runtime/calls.ts';
import { endCutFaxes } from '../../agent/runtime/cut-faxes.ts';
import { type Ledger, openLedger } from '../../agent/runtime/ledger.ts';
import { openTerminal } from '../../agent/runtime/open-terminal.ts';
import { createQualityWatch } from '../../agent/runtime/quality-watch.ts';
import { createTurns } from '../../agent/runtime/turns.ts';
import { seededFractions } from '../../hw-sim/kernel/seeded-random.ts';
import { createLife, createLifeClock, type Life } from '../../hw-sim/site/life.ts';
import type { SimClock } from '../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../hw-sim/site/sim-record-store.ts';
import { createSimStartPoint } from '../../hw-sim/site/sim-start-point.ts';
import { createPowerCutFiles } from '../agent/edge/fax/power-cut-files.ts';
import type { End } from '../agent/runtime/fax-world.ts';
import { lent, siteAt, TICKS_A_PAGE } from './fax-site.ts';

type Medium = Parameters<typeof createPowerCutFiles>[0];
export const SPOOL = '/state/fax';

export type TerminalBoxWish = {
  readonly clock: SimClock;
  readonly end: End;
  readonly seed: number;
  /** What lies on its medium before its first life. */
  readonly medium: Medium;
};

/** How an agent dies: the process alone, or the box, whose medium forgets what was not flushed. */
export type Death = 'killed' | 'power-cut';

/**
 * A box with a terminal line: ledger, spool, guard of SIP, line and terminal as the agent joins them, on a medium that outlives
 * them. Left out: the road to the central, steering, phones.
 */
export function createTerminalBox({ clock, end, seed, medium }: TerminalBoxWish) {
  const site = siteAt(end.number);
  const [line] = site.fax?.lines ?? [];
  if (line === undefined) throw new Error('a fax line');
  const config = { ...site, fax: { lines: [{ ...line, mode: 'terminal' as const, mail: 'client@example.fr' }] } };
  const contract = contractOf(config);
  const disk = createSimDisk(clock, createSimRandom(`${end.number}/${seed}`), { least: millis(3), most: millis(25) });
  const startPoint = createSimStartPoint();
  const mails: FaxMail[] = [];
  const faults: unknown[] = [];
  let kept = medium;
  let lives = 0;
  let boots = 1;
  let bootedAt = millis(0);
  let life: Life | undefined;
  let files: ReturnType<typeof createPowerCutFiles> | undefined;
  let ledger: Ledger | undefined;
  let dies: { readonly behind: number; readonly how: Death } | undefined;

  function die(how: Death): void {
    if (life?.alive() !== true || files === undefined) return;
    life.end();
    end.dies();
    disk.crash();
    kept = how === 'killed' ? files.there() : files.left();
    if (how === 'power-cut') {
      boots += 1;
      bootedAt = clock.mono();
    }
  }

  /** Nothing comes back to a process that is dead. */
  function mortal(now: Life, given: ReturnType<typeof createPowerCutFiles>): Files {
    const through =
      <Said extends readonly unknown[], Back>(work: (...said: Said) => Promise<Back>) =>
      async (...said: Said): Promise<Back> => {
        if (dies !== undefined && given.calls() >= dies.behind) die(dies.how);
        if (!now.alive()) return new Promise<Back>(() => undefined);
        const back = await work(...said);
        return now.alive() ? back : new Promise<Back>(() => undefined);
      };
    const { write, sync, rename, makeFolder, remove, read, list } = given;
    return {
      ...{ write: through(write), sync: through(sync), rename: through(rename), makeFolder: through(makeFolder) },
      ...{ remove: through(remove), read: through(read), list: through(list) },
    };
  }

  async function start(): Promise<void> {
    lives += 1;
    const now = createLife(lives, `boot-${boots}`);
    life = now;
    const own = createLifeClock(clock, now, bootedAt);
    const given = createPowerCutFiles(kept, Number.POSITIVE_INFINITY, seededFractions(seed + lives));
    files = given;
    const spool = await openFaxSpool({
      ...{ root: SPOOL, clock: own, lines: config.fax.lines, files: mortal(now, given) },
      mail: {
        async post(mail) {
          mails.push(mail);
          return { so: 'taken', text: '' };
        },
        ...{ from: 'fax@example.fr', limits: {} },
      },
      tell: () => undefined,
      fault: (error) => faults.push(error),
    });
    const turns = createTurns();
    const ports = {
      ...{ store: disk.open(now), startPoint, clock: own, random: createSimRandom(`${end.number}/${seed}/${lives}`) },
      sha256: (text: string) => createHash('sha256').update(text, 'utf8').digest('hex'),
      boot: { id: now.boot, software: 'test', quality: () => 'synced' as const },
      journal: { step: () => undefined, fault: () => undefined },
    };
    const phones = end.reborn(own, `${seed}/${lives}`);
    const opening = { ports, turns, device: config.device.id, contract, basis: 'test' };
    openLedger({ ...opening, changed: () => undefined, grown: () => undefined }, (opened) => {
      ledger = opened;
      if (opened.durable().size === 0) for (const event of lent(100 * TICKS_A_PAGE)) opened.append(event);
      const calls = createCalls({
        ...{ config, contract, turns, ledger: opened },
        // All that the guard takes of the ports.
        ports: { ...ports, voice: phones.voice, media: phones.media } as unknown as AgentPorts,
        quality: createQualityWatch({ ports: { clock: own, media: phones.media }, turns, ledger: opened }),
        ...{ voiceLink: () => 'main', lineVoice: () => undefined, counted: () => undefined },
      });
      const open = opened.openCalls();
      calls.recover(open);
      calls.open();
      endCutFaxes(opened);
      openTerminal(
        { config, contract, ports, turns, ledger: opened },
        { byMode: { machine: phones, terminal: phones } },
        spool,
      );
      phones.start(open);
    });
  }

  return {
    ...{ start, die, mails, faults },
    alive: () => life?.alive() === true,
    /** Dies as soon as its spool has asked so often of the file system. */
    dieBehind(behind: number, how: Death): void {
      dies = { behind, how };
    },
    /** From now on it lives. */
    spare(): void {
      dies = undefined;
    },
    calls: () => files?.calls() ?? 0,
    records: () => disk.rows().length,
    events: (): readonly LedgerEvent[] => disk.rows().map(({ body }) => RecordSchema.parse(JSON.parse(body)).event),
    ticks: () => ledger?.account().charged.ticks ?? 0,
    result(name: string): { readonly state: string; readonly confirmed: number } | undefined {
      const octets = files?.there().get(`${SPOOL}/results/${name}.json`);
      return octets instanceof Uint8Array ? JSON.parse(Buffer.from(octets).toString('utf8')) : undefined;
    },
  };
}

export type TerminalBox = ReturnType<typeof createTerminalBox>;
