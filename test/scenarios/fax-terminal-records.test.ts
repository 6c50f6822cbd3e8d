import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodePage } from '../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../agent/fax/page/write-tiff.ts';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { millis, minutes, seconds } from '../../agent/model/units.ts';
import type { FaxJobNote } from '../../agent/ports/fax-spool.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { type Ledger, openLedger } from '../../agent/runtime/ledger.ts';
import { openTerminal } from '../../agent/runtime/open-terminal.ts';
import { createTurns } from '../../agent/runtime/turns.ts';
import { createLife, createLifeClock } from '../../hw-sim/site/life.ts';
import type { SimClock } from '../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../hw-sim/site/sim-record-store.ts';
import { createSimStartPoint } from '../../hw-sim/site/sim-start-point.ts';
import { type End, faxWorld } from '../agent/runtime/fax-world.ts';
import { lent, siteAt, TICKS_A_PAGE } from './fax-site.ts';

const page = (every: number) => {
  const lines = Array.from({ length: 120 }, (_, row) => Uint16Array.from(row % every === 0 ? [200, 400, 900] : []));
  return {
    ...({ coding: 'mmr', resolution: 'fine', width: 1_728 } as const),
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
  };
};
const DOCUMENT = writeTiff([page(4), page(7)], {
  sender: '',
  time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 },
});

/** A box with a terminal line and its ledger on a simulated medium; `jobs` lie in its outbox. */
function box(clock: SimClock, { phones, number }: End, ticks: number, jobs: readonly string[] = []) {
  const site = siteAt(number);
  const [line] = site.fax?.lines ?? [];
  if (line === undefined) throw new Error('a fax line');
  const config = { ...site, fax: { lines: [{ ...line, mode: 'terminal' as const }] } };
  const disk = createSimDisk(clock, createSimRandom(number), { least: millis(3), most: millis(25) });
  const life = createLife(1, 'boot');
  const ports = {
    ...{ store: disk.open(life), startPoint: createSimStartPoint(), clock: createLifeClock(clock, life, millis(0)) },
    random: createSimRandom(`names/${number}`),
    sha256: (text: string) => createHash('sha256').update(text, 'utf8').digest('hex'),
    boot: { id: 'boot', software: 'test', quality: () => 'synced' as const },
    journal: { step: () => undefined, fault: () => undefined },
  };
  const turns = createTurns();
  const contract = contractOf(config);
  const kept: number[] = [];
  const notes: FaxJobNote[] = [];
  let ledger: Ledger | undefined;
  const opening = { ports, turns, device: config.device.id, contract, basis: 'test' };
  openLedger({ ...opening, changed: () => undefined, grown: () => undefined }, (opened) => {
    ledger = opened;
    for (const event of lent(ticks)) opened.append(event);
    openTerminal(
      { config, contract, ports, turns, ledger: opened },
      { byMode: { machine: phones, terminal: phones } },
      {
        inbox: {
          keep(_fax, number, _tiff, done) {
            kept.push(number);
            clock.after(millis(20), () => done(true));
          },
          end: () => undefined,
        },
        outbox: {
          onJob(hear) {
            for (const to of jobs)
              clock.after(minutes(1), () =>
                hear({ id: 'a', line: number, to, pages: 2, confirmed: 0, tries: 0, notBefore: 0 }),
              );
          },
          open: (_, done) => done(DOCUMENT),
          note: (_, note, kept = () => undefined) => kept(notes.push(note) > 0),
        },
        stop: () => undefined,
      },
    );
  });
  phones.start(new Map());
  const events = (): readonly LedgerEvent[] =>
    disk
      .rows()
      .map(({ body }) => RecordSchema.parse(JSON.parse(body)).event)
      .filter(({ kind }) => kind.startsWith('fax-'));
  return { events, kept, notes, ticks: () => ledger?.account().charged.ticks };
}

function sentWith(ticks: number) {
  const { clock, near, far } = faxWorld('records');
  const receiver = box(clock, far, 0);
  const sender = box(clock, near, ticks, ['0172890002']);
  clock.advance(minutes(6));
  return { clock, near, sender, receiver };
}

describe('X-5, U-1: faxes of a terminal line are judged, recorded and charged like those of a machine', () => {
  it('each page when it is confirmed, and the end with what the machines agreed on, on both sides', () => {
    const { sender, receiver, near } = sentWith(100 * TICKS_A_PAGE);
    expect(sender.events().map(({ kind }) => kind)).toEqual(['fax-begun', 'fax-page', 'fax-page', 'fax-ended']);
    expect(sender.events().at(-1)).toMatchObject({
      ...{ direction: 'sent', line: near.number, party: '0172890002', class: 'geographic', begun: true },
      ...{ pages: 2, rate: 14_400, ecm: true, outcome: 'all-confirmed', complete: true },
      ...{ answeredAt: expect.any(Number), sipCallId: expect.any(String) },
    });
    expect(sender.ticks()).toBe(2 * TICKS_A_PAGE);
    expect(receiver.events().map(({ kind }) => kind)).toEqual(['fax-begun', 'fax-page', 'fax-page', 'fax-ended']);
    expect(receiver.events().at(-1)).toMatchObject({ direction: 'received', pages: 2, outcome: 'all-confirmed' });
    expect(receiver.kept).toEqual([1, 2]);
    expect(receiver.ticks()).toBe(0);
  });

  it('C-1: without credit for a page nothing is dialed, and the refusal is recorded', () => {
    const { sender, near } = sentWith(0);
    expect(near.said.filter((text) => text.startsWith('INVITE'))).toEqual([]);
    expect(sender.events()).toMatchObject([{ kind: 'fax-ended', begun: false, outcome: 'cap-reached', pages: 0 }]);
    expect(sender.notes.at(-1)).toMatchObject({ state: 'failed', last: { outcome: 'cap-reached' } });
  });

  it('C-1: credit for one page sends one page and says why there is no more', () => {
    const { sender } = sentWith(TICKS_A_PAGE);
    expect(sender.events().at(-1)).toMatchObject({ kind: 'fax-ended', pages: 1, outcome: 'cap-reached' });
    expect(sender.ticks()).toBe(TICKS_A_PAGE);
    expect(sender.notes.at(-1)).toMatchObject({ state: 'failed', confirmed: 1 });
  });

  it('the begin is on the medium before the call leaves the box', () => {
    const { clock, near, far } = faxWorld('order');
    box(clock, far, 0);
    const sender = box(clock, near, 100 * TICKS_A_PAGE, ['0172890002']);
    clock.advance(minutes(1));
    let guard = 0;
    while (!near.said.some((text) => text.startsWith('INVITE')) && guard < 5_000) {
      clock.advance(millis(1));
      guard += 1;
    }
    expect(guard).toBeLessThan(5_000);
    expect(sender.events().map(({ kind }) => kind)).toEqual(['fax-begun']);
    clock.advance(seconds(1));
  });
});
