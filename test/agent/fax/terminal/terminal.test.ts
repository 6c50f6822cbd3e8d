import { describe, expect, it } from 'vitest';
import { decodePage } from '../../../../agent/fax/page/page-decoder.ts';
import type { CodedPage, Page, Resolution } from '../../../../agent/fax/page/page-format.ts';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { writeCapabilities } from '../../../../agent/fax/t30/capabilities.ts';
import { writeFrame } from '../../../../agent/fax/t30/frame.ts';
import type { FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import { frameKindOf } from '../../../../agent/fax/t30/frame-kinds.ts';
import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { pauseBeforeRetry } from '../../../../agent/fax/terminal/retry-plan.ts';
import { startReceiving, startSending } from '../../../../agent/fax/terminal/terminal-state.ts';
import { millis, seconds } from '../../../../agent/model/units.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';
import { textPage } from '../page/sample-pages.ts';
import { createSide, faxBetween, type PairWish } from './two-terminals.ts';

const page = (seed: number, resolution: Resolution = 'fine', width = 1_728, height = 120): Page => ({
  width,
  resolution,
  lines: textPage(width, height, seed),
});
const THREE = [page(1), page(2), page(3)];

const bitmap = (lines: Page['lines']): string => lines.map((line) => line.join()).join(';');
const bitmapOf = (coded: CodedPage): string => bitmap(decodePage(coded, coded.octets).lines);
const kindIn = (packet: IfpPacket): string | undefined => {
  if (packet.kind === 'indicator' || packet.data !== 'v21') return undefined;
  const data = packet.fields.find(({ type }) => type === 'hdlc-data');
  return data && frameKindOf(reverseBits(data.octets)[2] ?? 0);
};

/** The sender or the receiver says this word; so many times, counted from the first, it is lost. */
function losing(from: 'sender' | 'receiver', kind: string, times: number) {
  let left = times;
  return (packet: IfpPacket, by: 'sender' | 'receiver'): readonly IfpPacket[] => {
    if (by !== from || kindIn(packet) !== kind || left === 0) return [packet];
    left -= 1;
    return [];
  };
}

describe('X-2, X-7: a document goes from one of our terminals to another', () => {
  it.each([
    ['ECM and MMR', true],
    ['MR without ECM', false],
  ])('X-5: three pages with %s, dot for dot, each confirmed once on both sides', (_, ecm) => {
    const { sender, receiver } = faxBetween({ document: THREE, ecm });
    expect([sender.over()?.outcome, receiver.over()?.outcome]).toEqual(['all-confirmed', 'all-confirmed']);
    expect(receiver.pages.map(bitmapOf)).toEqual(THREE.map(({ lines }) => bitmap(lines)));
    expect(receiver.pages.map(({ resolution }) => resolution)).toEqual(['fine', 'fine', 'fine']);
    expect([sender.confirmed(), receiver.confirmed()]).toEqual([3, 3]);
    expect(receiver.over()?.tally).toEqual({
      pages: 3,
      rate: 'v17-14400',
      ecm,
      corrected: 0,
      mended: { ppr: 0, rtn: 0 },
      station: '+33 1 23 45 67 89',
    });
  });
});

const ONE = [page(4)];
const outcomes = (wish: PairWish) => {
  const { sender, receiver } = faxBetween(wish);
  return {
    sender: sender.over()?.outcome,
    receiver: receiver.over()?.outcome,
    pages: [sender.confirmed(), receiver.confirmed()],
    whole: receiver.pages.map(bitmapOf).join() === wish.document.map(({ lines }) => bitmap(lines)).join(),
  };
};
const GOOD = { sender: 'all-confirmed', receiver: 'all-confirmed', whole: true };

describe('X-2, X-5: words that are lost are said again, and no page is counted twice', () => {
  it.each([
    ['sender', 'DCS', true],
    ['receiver', 'DIS', true],
    ['receiver', 'CFR', true],
    ['sender', 'PPS', true],
    ['receiver', 'MCF', true],
    ['sender', 'EOP', false],
    ['sender', 'MPS', false],
    ['receiver', 'MCF', false],
  ] as const)('the %s says %s in vain twice, ECM %s', (from, kind, ecm) => {
    const document = [page(1), page(2)];
    expect(outcomes({ document, ecm, pass: losing(from, kind, 2) })).toEqual({ ...GOOD, pages: [2, 2] });
  });

  it('X-5: a page that is never confirmed is given up after three questions and counts for nobody who pays', () => {
    expect(outcomes({ document: ONE, pass: losing('receiver', 'MCF', 99) })).toMatchObject({
      sender: 'page-unanswered',
      pages: [0, 1],
    });
  });

  it('a final frame whose verdict is lost is taken as it stands', () => {
    const pass: PairWish['pass'] = (packet) => {
      // Words whose length says that they are whole.
      const fixed = ['CFR', 'PPS', 'MCF'].includes(kindIn(packet) ?? '');
      if (packet.kind === 'indicator' || !fixed) return [packet];
      return [{ ...packet, fields: packet.fields.filter(({ octets }) => octets.length > 0) }];
    };
    expect(outcomes({ document: ONE, pass })).toMatchObject({ receiver: 'all-confirmed', pages: [1, 1] });
  });
});

/** Every so many packets of an image are lost on their way, from the first to a last one. */
function losingImage(every: number, until = Number.POSITIVE_INFINITY) {
  let count = 0;
  return (packet: IfpPacket, from: 'sender' | 'receiver'): readonly IfpPacket[] => {
    const isImage = from === 'sender' && packet.kind === 'data' && packet.data !== 'v21';
    const isCheck =
      isImage && packet.fields.some(({ octets }) => octets.length > 0 && octets.every((one) => one === 0));
    if (!isImage || isCheck) return [packet];
    count += 1;
    return count % every === 0 && count < until ? [] : [packet];
  };
}

describe('X-2: images that lose something', () => {
  it('with ECM the missing frames are asked for again until the page is whole', () => {
    const { sender, receiver } = faxBetween({ document: THREE, pass: losingImage(20) });
    expect(receiver.pages.map(bitmapOf)).toEqual(THREE.map(({ lines }) => bitmap(lines)));
    expect(sender.over()?.tally.corrected).toBeGreaterThan(0);
    expect(sender.over()?.tally.mended.ppr).toBeGreaterThan(0);
    expect(receiver.over()?.tally.mended).toEqual(sender.over()?.tally.mended);
    expect(receiver.over()?.tally.corrected).toBe(sender.over()?.tally.corrected);
  });

  it('with ECM the fourth request in vain makes the sender slower (CTC)', () => {
    const { sender, receiver } = faxBetween({ document: ONE, pass: losingImage(3, 2_000) });
    expect([sender.over()?.outcome, receiver.over()?.outcome]).toEqual(['all-confirmed', 'all-confirmed']);
    expect(sender.over()?.tally.rate).not.toBe('v17-14400');
    expect(receiver.over()?.tally.rate).toBe(sender.over()?.tally.rate);
    expect(receiver.pages.map(bitmapOf)).toEqual(ONE.map(({ lines }) => bitmap(lines)));
  });

  it('with ECM it ends with EOR when the lowest rate is no better, and nothing is confirmed', () => {
    expect(outcomes({ document: ONE, pass: losingImage(2), maxBitRate: 4_800 })).toMatchObject({
      sender: 'correction-failed',
      pages: [0, 0],
    });
  });

  it('without ECM an unreadable page is refused (RTN), sent slower, and given up when it stays so', () => {
    expect(outcomes({ document: ONE, ecm: false, pass: losingImage(2, 200) })).toMatchObject({
      ...GOOD,
      pages: [1, 1],
    });
    expect(outcomes({ document: ONE, ecm: false, pass: losingImage(2) })).toMatchObject({
      sender: 'page-refused',
      pages: [0, 0],
    });
  });

  it('a training check that does not arrive is refused (FTT) until a rate goes through', () => {
    const pass: PairWish['pass'] = (packet) =>
      packet.kind === 'data' &&
      ['v17-14400', 'v17-12000'].includes(packet.data) &&
      packet.fields.some(({ octets }) => octets.length > 9)
        ? [{ ...packet, fields: packet.fields.map((one) => ({ ...one, octets: one.octets.map(() => 0xff) })) }]
        : [packet];
    const { receiver } = faxBetween({ document: ONE, pass });
    expect(receiver.over()).toMatchObject({ outcome: 'all-confirmed', tally: { rate: 'v17-9600' } });
  });
});

describe('X-2: a page is confirmed when it is kept, and no sooner', () => {
  it('with ECM a slow store makes the sender wait (RNR, RR)', () => {
    const clockless: string[] = [];
    const pass: PairWish['pass'] = (packet) => {
      const kind = kindIn(packet);
      if (kind) clockless.push(kind);
      return [packet];
    };
    let waiting: (() => void) | undefined;
    const keep: PairWish['keep'] = (number, post) => {
      waiting = () => post({ on: 'page-kept', page: number });
    };
    const counted: PairWish['pass'] = (packet, from, now) => {
      if (kindIn(packet) === 'RR' && clockless.filter((one) => one === 'RR').length === 2) waiting?.();
      return pass(packet, from, now);
    };
    expect(outcomes({ document: ONE, keep, pass: counted })).toEqual({ ...GOOD, pages: [1, 1] });
    expect(clockless.filter((one) => one === 'RNR').length).toBeGreaterThanOrEqual(2);
    expect(clockless.indexOf('MCF')).toBeGreaterThan(clockless.lastIndexOf('RNR'));
  });

  it.each([true, false])('a store that fails confirms nothing, ECM %s', (ecm) => {
    const keep: PairWish['keep'] = (number, post) => post({ on: 'page-not-kept', page: number });
    expect(outcomes({ document: ONE, ecm, keep })).toMatchObject({
      sender: 'disconnected',
      receiver: 'receiver-not-ready',
      pages: [0, 0],
    });
  });

  it('a store that never answers ends the fax after T5, unconfirmed', () => {
    expect(outcomes({ document: ONE, keep: () => undefined })).toMatchObject({
      receiver: 'receiver-not-ready',
      pages: [0, 0],
    });
  });
});

describe('X-2, X-7: sizes and resolutions', () => {
  it.each([
    ['standard', 1_728],
    ['superFine', 2_048],
    ['dots300', 2_592],
    ['dots400', 4_864],
  ] as const)('%s with %i dots a line is kept as it is', (resolution, width) => {
    const document = [page(7, resolution, width, 120)];
    const { receiver } = faxBetween({ document });
    expect(receiver.pages.map(bitmapOf)).toEqual(document.map(({ lines }) => bitmap(lines)));
    expect(receiver.pages[0]).toMatchObject({ resolution, width });
  });

  it('pages of different kinds go in one call, with a new agreement between them (EOM)', () => {
    const document = [page(1, 'standard'), page(2, 'fine'), page(3, 'fine', 2_048)];
    const { sender, receiver } = faxBetween({ document });
    expect(sender.over()?.outcome).toBe('all-confirmed');
    expect(receiver.pages.map(({ resolution, width }) => [resolution, width])).toEqual([
      ['standard', 1_728],
      ['fine', 1_728],
      ['fine', 2_048],
    ]);
    expect(receiver.pages.map(bitmapOf)).toEqual(document.map(({ lines }) => bitmap(lines)));
  });

  it('a page of more than one block of ECM', () => {
    const document = [page(9, 'fine', 1_728, 1_900)];
    const { receiver } = faxBetween({ document });
    expect(receiver.pages[0]?.octets.length).toBeGreaterThan(65_536);
    expect(receiver.pages.map(bitmapOf)).toEqual(document.map(({ lines }) => bitmap(lines)));
  });

  it('X-1: nothing goes faster than the rate that was agreed on', () => {
    let octets = 0;
    const times: number[] = [];
    const pass: PairWish['pass'] = (packet, from, now) => {
      if (from === 'sender' && packet.kind === 'data' && packet.data !== 'v21') {
        octets += packet.fields.reduce((sum, one) => sum + one.octets.length, 0);
        times.push(now);
      }
      return [packet];
    };
    faxBetween({ document: [page(5)], ecm: false, maxBitRate: 9_600, pass });
    const lasted = Math.max(...times) - Math.min(...times);
    expect((octets * 8_000) / lasted).toBeLessThan(9_600);
  });
});

/** One of our terminals, and a far end that says what the test wants. */
function alone(first: ReturnType<typeof startReceiving>) {
  const clock = createSimClock(millis(0));
  const said: (string | undefined)[] = [];
  const rules = { stationId: '1', ecm: true, maxBitRate: 14_400 };
  const side = createSide(clock, first, { rules, say: (packet) => said.push(kindIn(packet)) });
  side.post({ on: 'opened' });
  const hear = (kind: FrameKind, information: Uint8Array = new Uint8Array(0)): void => {
    const octets = reverseBits(writeFrame({ kind, final: true, x: false, information }));
    const fields = [
      { type: 'hdlc-data', octets },
      { type: 'hdlc-fcs-ok-sig-end', octets: new Uint8Array(0) },
    ] as const;
    side.post({ on: 'packet', packet: { kind: 'data', data: 'v21', fields } });
  };
  return { clock, side, hear, said };
}

const OFFER = {
  readyToSend: false,
  readyToReceive: true,
  modulations: ['v27ter-2400', 'v27ter-4800', 'v29'],
  fine: false,
  superFine: false,
  dots300: false,
  dots400: false,
  twoDimensional: false,
  mmr: false,
  ecm: false,
  width: 215,
  length: 'a4',
  scanTime: { standard: 20, fine: 20 },
  v8: false,
} as const;

describe('U-1: a fax that does not come about says why', () => {
  it('nobody speaks T.30 for T1', () => {
    const { clock, side, said } = alone(startSending(ONE));
    clock.advance(seconds(60));
    expect(side.over()?.outcome).toBe('no-fax-heard');
    expect(said).toContain('DCN');
  });

  it.each([
    ['a receiver that cannot take documents', { ...OFFER, readyToReceive: false }, page(1), 'cannot-receive'],
    ['a receiver with a narrower page', OFFER, page(1, 'standard', 2_432), 'incompatible'],
    ['a receiver without the resolution of a scan', OFFER, page(1, 'dots400', 3_456), 'incompatible'],
  ] as const)('%s', (_, offer, sheet, outcome) => {
    const { clock, side, hear } = alone(startSending([sheet]));
    clock.advance(seconds(3));
    hear('DIS', writeCapabilities(offer));
    clock.advance(seconds(5));
    expect(side.over()?.outcome).toBe(outcome);
  });

  it('a fine page goes to a receiver that has standard only, at its rates', () => {
    const { clock, side, hear, said } = alone(startSending([page(1, 'superFine')]));
    clock.advance(seconds(3));
    hear('DIS', writeCapabilities(OFFER));
    clock.advance(seconds(4));
    hear('CFR');
    for (let at = 0; at < 60 && !said.includes('EOP'); at += 1) clock.advance(seconds(1));
    expect(said).toEqual(expect.arrayContaining(['DCS', 'EOP']));
    expect(side.state().tally).toMatchObject({ rate: 'v29-9600', ecm: false });
    hear('MCF');
    clock.advance(seconds(3));
    expect(side.over()?.outcome).toBe('all-confirmed');
  });

  it('a caller that wants to fetch a document finds none (polling)', () => {
    const { clock, side, hear } = alone(startReceiving());
    clock.advance(seconds(6));
    hear('DTC', writeCapabilities(OFFER));
    clock.advance(seconds(5));
    expect(side.over()?.outcome).toBe('nothing-to-poll');
  });

  it.each([
    ['sends', startSending(ONE)],
    ['receives', startReceiving()],
  ] as const)('the call is cut off while it %s', (_, first) => {
    const { clock, side } = alone(first);
    clock.advance(seconds(3));
    side.post({ on: 'closed' });
    expect(side.over()?.outcome).toBe('hung-up');
  });

  it('busy lines are tried more often than bad ones, wrong numbers never again', () => {
    expect(pauseBeforeRetry('number-unknown', 1)).toBeUndefined();
    expect(pauseBeforeRetry('busy', 1)).toBeGreaterThanOrEqual(60);
    expect(pauseBeforeRetry('busy', 5)).toBeDefined();
    expect(pauseBeforeRetry('page-refused', 3)).toBeDefined();
    expect([pauseBeforeRetry('page-refused', 4), pauseBeforeRetry('busy', 6)]).toEqual([undefined, undefined]);
  });
});
