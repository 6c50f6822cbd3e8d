import { expect, it } from 'vitest';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { minutes } from '../../../../agent/model/units.ts';
import type { FaxJobNote } from '../../../../agent/ports/fax-spool.ts';
import type { FaxAdmit, FaxFact } from '../../../../agent/runtime/fax-facts.ts';
import { createFaxTerminal } from '../../../../agent/runtime/fax-terminal.ts';
import { createTurns } from '../../../../agent/runtime/turns.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { type End, faxWorld } from '../fax-world.ts';

const lines = textPage(1_728, 150);
const TIFF = writeTiff(
  [
    {
      coding: 'mmr',
      width: 1_728,
      resolution: 'fine',
      height: lines.length,
      octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
    },
  ],
  { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
);

const letThrough: FaxAdmit = (_, done) => done({ fax: 'fax', refused: undefined });

it('X-2, X-7, U-1: a document goes from one box to another over SIP and T.38, dot for dot, and both calls end', () => {
  const { clock, near, far } = faxWorld('terminals');
  const kept: Uint8Array[] = [];
  const notes: FaxJobNote[] = [];
  const facts: FaxFact[] = [];
  const nothing = (): void => undefined;
  const common = ({ phones, number }: End) => ({
    ...{ clock, turns: createTurns(), calls: phones, pace: undefined, otherFaxes: () => [] },
    lines: [{ number, stationId: number }],
    ...{ proven: () => 0, giveUp: () => undefined, goesOn: () => true, admit: letThrough },
    report: (fact: FaxFact) => facts.push(fact),
  });
  for (const { phones } of [near, far]) phones.start(new Map());
  clock.advance(minutes(1));
  const receiver = createFaxTerminal({
    ...common(far),
    outbox: { onJob: nothing, open: nothing, note: nothing },
    inbox: {
      keep(_fax, _page, tiff, done) {
        kept.push(tiff);
        done(true);
      },
      end: nothing,
    },
  });
  far.phones.onCall(receiver.take);
  const job = { id: 'a', line: near.number, to: far.number, pages: 1, confirmed: 0, tries: 0, notBefore: 0 };
  createFaxTerminal({
    ...common(near),
    inbox: { keep: nothing, end: nothing },
    outbox: {
      onJob: (hear) => hear(job),
      open: (_, done) => done(TIFF),
      note: (_, note, kept = () => undefined) => kept(notes.push(note) > 0),
    },
  });
  clock.advance(minutes(5));
  expect(notes.at(-1)).toMatchObject({ state: 'sent', confirmed: 1, tries: 1 });
  const pages = kept.flatMap((tiff) => readTiff(tiff).pages ?? []);
  expect(pages.map((page) => page.lines)).toEqual([lines]);
  expect(facts.filter(({ on }) => on === 'ended')).toMatchObject([
    { outcome: 'all-confirmed' },
    { outcome: 'all-confirmed' },
  ]);
});
