import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import { decodePage } from '../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../agent/fax/page/page-encoder.ts';
import { readTiff } from '../../../agent/fax/page/read-tiff.ts';
import { writeTiff } from '../../../agent/fax/page/write-tiff.ts';
import { reverseBits } from '../../../agent/fax/t30/bit-order.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createLossyPath, type PathRules } from '../../fax/lossy-path.ts';
import type { MachineSide } from '../../fax/modem-works.ts';
import { createReceivingMachine } from '../../fax/receiving-machine.ts';
import { createSendingMachine, type SendingRate } from '../../fax/sending-machine.ts';
import { seededFractions } from '../../kernel/seeded-random.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';
import { createFaxSite, type FaxSite, type SiteWish } from './fax-site.ts';
import { createPlainUdptl } from './plain-udptl.ts';
import { drawnLines } from './sample-document.ts';
import { type SpandspTerminal, startTerminal, type TerminalAnswer } from './spandsp-terminal.ts';

/** A fax between a machine behind our bridge and a T.38 terminal of libspandsp, one way or the other. */
export type SpandspWish = SiteWish & {
  /** The built spandsp-terminal. */
  readonly program: string;
  readonly seed: number;
  readonly path: PathRules;
  readonly pages: number;
  readonly ecm: boolean;
  readonly machine: 'sends' | 'receives';
  readonly fastest?: SendingRate;
  /** Earlier packets on each of its datagrams, and whether key packets are sent as often as spandsp wishes. */
  readonly redundancy: number;
  readonly repeats: boolean;
};

export type SpandspOutcome = {
  /** T30_ERR_OK is 0. */
  readonly result: number;
  readonly machine: string | undefined;
  readonly pages: number;
  readonly whole: boolean;
  readonly told: number;
  readonly news: readonly BridgeNews[];
  readonly story: readonly string[];
  readonly duration: number;
};

const WIDTH = 1_728;
const LONGEST = seconds(1_800);
const STEP = millis(20);

export function faxWithSpandsp(wish: SpandspWish): SpandspOutcome {
  const folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  const documents = Array.from({ length: wish.pages }, (_, page) => drawnLines(page + 1));
  if (wish.machine === 'receives') writeFileSync(join(folder, 'page.tif'), tiffOf(documents));
  const role = wish.machine === 'receives' ? 'send' : 'receive';
  const terminal = startTerminal(wish.program, folder, role, wish.ecm);
  try {
    return converse(wish, terminal, documents, folder);
  } finally {
    terminal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Lines = ReturnType<typeof drawnLines>;

function tiffOf(documents: readonly Lines[]): Uint8Array {
  const pages = documents.map((lines) => ({
    width: WIDTH,
    height: lines.length,
    resolution: 'standard' as const,
    coding: 'mmr' as const,
    octets: encodePage({ coding: 'mmr', width: WIDTH }, lines),
  }));
  return writeTiff(pages, { sender: 'Relais', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } });
}

type Machine = MachineSide & { readonly result: () => string | undefined; readonly story: () => readonly string[] };

function converse(
  wish: SpandspWish,
  terminal: SpandspTerminal,
  documents: readonly Lines[],
  folder: string,
): SpandspOutcome {
  const clock = createSimClock(millis(0));
  let taken: () => readonly Uint8Array[] = () => [];
  const make = (say: Parameters<typeof createSendingMachine>[0]['say']): Machine => {
    if (wish.machine === 'sends') {
      const pages = documents.map((lines) =>
        reverseBits(encodePage({ coding: 'mh', width: WIDTH, leastBits: 0 }, lines)),
      );
      return createSendingMachine({ clock, say, fastest: wish.fastest ?? 145, ecm: wish.ecm, pages });
    }
    const machine = createReceivingMachine({ clock, say, ecm: wish.ecm });
    taken = machine.received;
    return machine;
  };
  const { site, last } = connect(clock, wish, terminal, make);
  const began = clock.mono();
  while (!(site.isOver() && last().result >= 0) && clock.mono() < LONGEST) clock.advance(STEP);
  clock.advance(seconds(2));
  const inOrder =
    wish.machine === 'sends' ? linesOfTiff(join(folder, 'received.tif'), last().result) : taken().map(linesOfMh);
  return {
    result: last().result,
    machine: site.machine.result(),
    pages: last().pages,
    whole: inOrder.length === documents.length && documents.every((lines, at) => wordsOf(lines) === inOrder[at]),
    told: site.news.filter(({ on }) => on === 'page-confirmed').length,
    news: site.news,
    story: site.machine.story(),
    duration: clock.mono() - began,
  };
}

/** The way there and back, and a terminal that lives as long as the clock runs. */
function connect(
  clock: SimClock,
  wish: SpandspWish,
  terminal: SpandspTerminal,
  make: Parameters<typeof createFaxSite<Machine>>[2],
): { readonly site: FaxSite<Machine>; readonly last: () => TerminalAnswer } {
  const chance = seededFractions(wish.seed);
  const [there, back] = [createLossyPath(wish.path, chance), createLossyPath(wish.path, chance)];
  let last: TerminalAnswer = { words: [], result: -1, pages: 0 };
  const peer = createPlainUdptl(wish.redundancy);
  const spoken = (answer: TerminalAnswer): void => {
    last = answer;
    for (const { octets, copies } of answer.words) {
      const datagram = peer.say(octets);
      for (let copy = 0; copy < (wish.repeats ? Math.max(1, copies) : 1); copy += 1)
        for (const time of back.carry(clock.mono())) clock.after(time, () => site.bridge.hear(datagram));
    }
  };
  const hear = (datagram: Uint8Array): void => {
    for (const { sequence, octets } of peer.hear(datagram)) spoken(terminal.hear(sequence, octets));
  };
  const site: FaxSite<Machine> = createFaxSite(clock, wish, make, {
    send(datagram) {
      for (const time of there.carry(clock.mono())) clock.after(time, () => hear(datagram));
    },
    faxHeard: () => undefined,
  });
  clock.advance(seconds(1));
  const step = (): void => {
    spoken(terminal.step());
    clock.after(STEP, step);
  };
  site.bridge.call(wish.machine === 'sends' ? { on: 'machine-called' } : { on: 'far-called', digits: '1' });
  site.bridge.call({ on: 'far-opened' });
  step();
  return { site, last: () => last };
}

const wordsOf = (lines: Lines): string => lines.map((line) => line.join()).join(';');

function linesOfMh(page: Uint8Array): string {
  const { lines, tally } = decodePage({ coding: 'mh', width: WIDTH }, reverseBits(page));
  return tally.badLines === 0 ? wordsOf(lines) : `${tally.badLines} bad lines`;
}

function linesOfTiff(path: string, result: number): readonly string[] {
  if (result < 0) return [];
  const { pages } = readTiff(readFileSync(path));
  return (pages ?? []).map(({ lines }) => wordsOf(lines));
}
