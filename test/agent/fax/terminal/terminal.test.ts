import { describe, expect, it } from 'vitest';
import { decodePage } from '../../../../agent/fax/page/page-decoder.ts';
import type { CodedPage, Page, Resolution } from '../../../../agent/fax/page/page-format.ts';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { frameKindOf } from '../../../../agent/fax/t30/frame-kinds.ts';
import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { textPage } from '../page/sample-pages.ts';
import { faxBetween } from './two-terminals.ts';

const page = (seed: number, resolution: Resolution = 'fine', width = 1_728, height = 300): Page => ({
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
      station: '+33 1 23 45 67 89',
    });
  });
});
