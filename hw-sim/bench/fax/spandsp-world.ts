import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import type { Line } from '../../../agent/fax/page/line.ts';
import { decodePage } from '../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../agent/fax/page/page-encoder.ts';
import { reverseBits } from '../../../agent/fax/t30/bit-order.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { MachineSide } from '../../fax/modem-works.ts';
import { createReceivingMachine } from '../../fax/receiving-machine.ts';
import { createSendingMachine, type SendingRate } from '../../fax/sending-machine.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';
import { dotsOf, dotsOfTiff, tiffOf } from './document-files.ts';
import { createFarTerminal, type FarTerminal, type FarTerminalWish } from './far-terminal.ts';
import { createFaxSite, type FaxSite, type SiteWish } from './fax-site.ts';
import { drawnLines } from './sample-document.ts';
import { type SpandspTerminal, startTerminal } from './spandsp-terminal.ts';

/** A fax between a machine behind our bridge and a T.38 terminal of libspandsp, one way or the other. */
export type SpandspWish = SiteWish &
  FarTerminalWish & {
    /** The built spandsp-terminal. */
    readonly program: string;
    readonly pages: number;
    readonly ecm: boolean;
    readonly machine: 'sends' | 'receives';
    readonly fastest?: SendingRate;
  };

export type SpandspOutcome = {
  /** T30_ERR_OK is 0. */
  readonly result: number;
  readonly machine: string | undefined;
  readonly pages: number;
  readonly whole: boolean;
  /** Packets of its images without ECM that were in no datagram that arrived. */
  readonly lost: number;
  /** What the machine received is, line for line and the bad ones among them, what is left of the images without those packets. */
  readonly explained: boolean;
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
  const terminal = startTerminal(wish.program, folder, role, wish);
  try {
    return converse(wish, terminal, documents, folder);
  } finally {
    terminal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Machine = MachineSide & { readonly result: () => string | undefined; readonly story: () => readonly string[] };

function converse(
  wish: SpandspWish,
  terminal: SpandspTerminal,
  documents: readonly (readonly Line[])[],
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
  const { site, last, images } = connect(clock, wish, terminal, make);
  const began = clock.mono();
  while (!(site.isOver() && last().result >= 0) && clock.mono() < LONGEST) clock.advance(STEP);
  clock.advance(seconds(2));
  const { lost, pages } = images();
  const inOrder = wish.machine === 'receives' ? taken().map(dotsOfMh) : dotsOfTiff(join(folder, 'received.tif'));
  return {
    result: last().result,
    machine: site.machine.result(),
    pages: last().pages,
    whole: inOrder.length === documents.length && documents.every((lines, at) => dotsOf(lines) === inOrder[at]),
    lost,
    explained: isSame(taken().map(reverseBits).map(linesOfMh), pages.map(linesOfMh)),
    told: site.news.filter(({ on }) => on === 'page-confirmed').length,
    news: site.news,
    story: site.machine.story(),
    duration: clock.mono() - began,
  };
}

/** The box with its machine at one end, the terminal at the other. */
function connect(
  clock: SimClock,
  wish: SpandspWish,
  terminal: SpandspTerminal,
  make: Parameters<typeof createFaxSite<Machine>>[2],
): { readonly site: FaxSite<Machine> } & Pick<FarTerminal, 'last' | 'images'> {
  const far = createFarTerminal(clock, wish, terminal, (datagram) => site.bridge.hear(datagram));
  const outside = { send: far.send, faxHeard: () => undefined };
  const site: FaxSite<Machine> = createFaxSite(clock, wish, make, outside);
  clock.advance(seconds(1));
  site.bridge.call(wish.machine === 'sends' ? { on: 'machine-called' } : { on: 'far-called', digits: '1' });
  site.bridge.call({ on: 'far-opened' });
  far.start();
  return { site, last: far.last, images: far.images };
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);

/** @param page in the order of T.38. */
function linesOfMh(page: Uint8Array): string {
  const { lines, tally } = decodePage({ coding: 'mh', width: WIDTH }, page);
  return `${tally.badLines} bad of ${dotsOf(lines)}`;
}

function dotsOfMh(page: Uint8Array): string {
  const { lines, tally } = decodePage({ coding: 'mh', width: WIDTH }, reverseBits(page));
  return tally.badLines === 0 ? dotsOf(lines) : `${tally.badLines} bad lines`;
}
