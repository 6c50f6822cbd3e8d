import { describe, expect, it } from 'vitest';
import { decodePage } from '../../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import type { FaxQuirks } from '../../../../firmware-ts/devices/fax-modem/dialects.ts';
import type { ModemFaults } from '../../../../hw-sim/fax/modem-works.ts';
import { textPage } from '../../../agent/fax/page/sample-pages.ts';
import {
  CFR,
  CSI,
  createFaxBench,
  DCN,
  DCS,
  DIS,
  EOP,
  type FaxBench,
  giveFrames,
  hearFrames,
  hearPage,
  isDone,
  MCF,
  MPS,
  sendFrames,
  setUp,
  TSI,
} from './fax-bench.ts';

const LINES = textPage(1_728, 200);
const turned = (octets: Uint8Array): Uint8Array =>
  octets.map((octet) => Number.parseInt(octet.toString(2).padStart(8, '0').split('').reverse().join(''), 2));
/** A page as Class 1 has it. */
const PAGE = turned(encodePage({ coding: 'mh', width: 1_728, leastBits: 144 }, LINES));

/** What a modem may do to us, and what of it the operator has to know. */
const TROUBLES: readonly (readonly [string, Partial<ModemFaults>, Partial<FaxQuirks>, number])[] = [
  ['a modem as T.31 has it', {}, {}, 115_200],
  ['a serial line of 19,200 Bd', {}, {}, 19_200],
  ['a spare CONNECT behind the preamble, known', { spareConnect: true }, {}, 115_200],
  ['a late CONNECT', { lateConnect: 700 }, {}, 115_200],
  ['two early +FCERROR', { prematureFcerrors: 2 }, {}, 115_200],
  ['a DLE that is not doubled', { singleDle: true }, { singleDle: true }, 115_200],
  ['a small buffer with XOFF', { buffer: 300 }, {}, 115_200],
  ['no flow control', { flowControl: false }, {}, 115_200],
  ['no +FAR', { adaptive: false }, {}, 115_200],
];

describe.each(TROUBLES)('X-1: with %s', (_, faults, quirks, baudRate) => {
  it('a machine sends us two pages, octet by octet', () => {
    const bench = createFaxBench({ faults, quirks, baudRate, pages: [PAGE, PAGE] });
    setUp(bench);
    bench.modem.order({ do: 'answer' });
    giveFrames(bench, CSI, DIS);
    expect(hearFrames(bench)).toEqual([0x43, 0x83]);
    expect(hearPage(bench).every((octet) => octet === 0)).toBe(true);
    sendFrames(bench, CFR);
    expect(hearPage(bench)).toEqual(PAGE);
    expect(hearFrames(bench)).toEqual([0x4f]);
    sendFrames(bench, MCF);
    expect(hearPage(bench)).toEqual(PAGE);
    expect(hearFrames(bench)).toEqual([0x2f]);
    sendFrames(bench, MCF);
    expect(hearFrames(bench)).toEqual([0xfb]);
    expect(bench.machine.confirmed()).toBe(2);
    expect(bench.sim.tally()).toMatchObject({ dropped: 0, overrun: 0, framesLost: 0 });
  });

  it('a machine takes two pages from us, and every line is there', () => {
    const bench = createFaxBench({ faults, quirks, baudRate });
    setUp(bench);
    bench.modem.order({ do: 'dial', digits: '12' });
    const answer = bench.until(isDone('hear-frames'), 'DIS');
    expect(answer.filter(({ on }) => on === 'frame')).toHaveLength(2);
    sendFrames(bench, TSI, DCS);
    sendPage(bench, new Uint8Array(2_700), 'at once');
    expect(hearFrames(bench)).toEqual([0x84]);
    sendPage(bench, PAGE, 'at once');
    sendFrames(bench, MPS);
    expect(hearFrames(bench)).toEqual([0x8c]);
    sendPage(bench, PAGE, 'as it comes');
    sendFrames(bench, EOP);
    expect(hearFrames(bench)).toEqual([0x8c]);
    sendFrames(bench, DCN);
    expect(bench.machine.received().map(linesOf)).toEqual([LINES.length, LINES.length]);
    expect(bench.machine.received().map(isWhole)).toEqual([true, true]);
    expect(bench.sim.tally()).toMatchObject({ dropped: 0, overrun: 0, framesLost: 0 });
  });
});

const decoded = (page: Uint8Array) => decodePage({ coding: 'mh', width: 1_728 }, turned(page));
const linesOf = (page: Uint8Array): number => decoded(page).tally.lines;
const isWhole = (page: Uint8Array): boolean => `${decoded(page).lines.map(String)}` === `${LINES.map(String)}`;

/** Octets of the page all at once, or in pieces of 30 ms with a pause of two seconds in the middle. */
function sendPage(bench: FaxBench, octets: Uint8Array, how: 'at once' | 'as it comes'): void {
  bench.modem.order({ do: 'send-page', modulation: 145, filler: 'zeros' });
  if (how === 'at once') bench.modem.order({ do: 'page', octets });
  else
    for (let at = 0; at < octets.length; at += 54) {
      bench.modem.order({ do: 'page', octets: octets.subarray(at, at + 54) });
      bench.until(passed(bench, 30));
      if (at === 54 * 40) bench.until(passed(bench, 2_000));
    }
  bench.modem.order({ do: 'end-page' });
  const news = bench.until(isDone('end-page'), 'the end of our page');
  expect(news.filter(({ on }) => on === 'carrier-dropped')).toEqual([]);
}

/** News of our own making: so much time is over. */
function passed(bench: FaxBench, ms: number): (news: FaxBench['news'][number]) => boolean {
  bench.clock.after(ms as never, () => bench.news.push({ on: 'done', order: 'set-up' }));
  return isDone('set-up');
}

describe('X-1: an ECM page through the pump', () => {
  it('has flags between its blocks, and nothing else that was not given', () => {
    const bench = createFaxBench({ faults: { buffer: 600 } });
    setUp(bench);
    bench.modem.order({ do: 'send-page', modulation: 145, filler: 'flags' });
    // What a block of frames looks like to the pump: octets that may not be parted, with flags around.
    const block = Uint8Array.from({ length: 3_000 }, (_, at) => (at % 200) + 1).map((octet) =>
      octet === 0x7e ? 0 : octet,
    );
    bench.modem.order({ do: 'page', octets: block });
    bench.until(passed(bench, 5_500));
    bench.modem.order({ do: 'page', octets: block });
    bench.modem.order({ do: 'end-page' });
    bench.until(isDone('end-page'), 'the end of our page');
    const [heard = ''] = bench.machine.story().filter((one) => one.startsWith('heard'));
    expect(Number(/\d+/.exec(heard)?.[0])).toBeGreaterThan(9_000);
    expect(bench.sim.tally()).toMatchObject({ dropped: 0, padded: 0, overrun: 0 });
  });

  it('of two megabytes is sent whole, G8', () => {
    const bench = createFaxBench();
    setUp(bench);
    bench.modem.order({ do: 'send-page', modulation: 145, filler: 'zeros' });
    bench.modem.order({ do: 'page', octets: new Uint8Array(2_000_000).fill(0x55) });
    bench.modem.order({ do: 'end-page' });
    bench.until(isDone('end-page'), 'the end of our page');
    expect(bench.machine.story()).toContain('heard 2000000 octets at 145');
    expect(bench.sim.tally()).toMatchObject({ dropped: 0, overrun: 0 });
  });
});
