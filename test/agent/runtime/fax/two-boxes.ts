import { millis } from '../../../../agent/model/units.ts';
import type { FaxCall, FaxCallNews, FaxCalls } from '../../../../agent/ports/fax-calls.ts';
import type { FaxEnding, FaxJob, FaxJobNote, IncomingFax } from '../../../../agent/ports/fax-spool.ts';
import type { FaxAdmit, FaxFact } from '../../../../agent/runtime/fax-facts.ts';
import { createFaxTerminal, type FaxTerminal } from '../../../../agent/runtime/fax-terminal.ts';
import { createTurns } from '../../../../agent/runtime/turns.ts';
import { createLossyPath, type LossyPath, type PathRules } from '../../../../hw-sim/fax/lossy-path.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { createSimClock, type SimClock } from '../../../../hw-sim/site/sim-clock.ts';

export const OUR_LINE = '+33123456789';
export const THEIR_LINE = '+33400000001';

export type BoxWish = {
  readonly path: PathRules;
  readonly seed: number;
  readonly ecm?: boolean;
  readonly pace?: { readonly perMinute: number; readonly atOnce?: number };
  /** What becomes of a call: the final response that refuses it, or undefined for one that is put through. */
  readonly refuse?: (attempt: number) => number | undefined;
  readonly jobs: readonly (Partial<FaxJob> & { readonly id: string; readonly tiff: Uint8Array })[];
};

export type Boxes = {
  readonly clock: SimClock;
  /** Pages that the other box has kept, by call; the notes that the job's box has made; both boxes' facts. */
  readonly kept: Map<string, Map<number, Uint8Array>>;
  readonly ended: { readonly fax: IncomingFax; readonly ending: FaxEnding }[];
  readonly notes: Map<string, FaxJobNote[]>;
  readonly sent: FaxFact[];
  readonly received: FaxFact[];
  readonly dialed: number[];
};

/** Two boxes with a terminal line each, and calls between them whose datagrams take a bad path; no SIP. */
export function twoBoxes(wish: BoxWish): Boxes {
  const clock = createSimClock(millis(Date.UTC(2026, 10, 22, 12)));
  const chance = seededFractions(wish.seed);
  const paths = [createLossyPath(wish.path, chance), createLossyPath(wish.path, chance)] as const;
  const boxes: Boxes = { clock, kept: new Map(), ended: [], notes: new Map(), sent: [], received: [], dialed: [] };
  const ecm = wish.ecm ?? true;
  const common = {
    clock,
    pace: wish.pace,
    otherFaxes: () => [],
    proven: () => 0,
    giveUp: () => undefined,
    goesOn: () => true,
    admit: letThrough,
  };
  const nothing = (): void => undefined;
  const other: FaxTerminal = createFaxTerminal({
    ...common,
    turns: createTurns(),
    calls: { dial: () => idle(OUR_LINE) },
    lines: [{ number: THEIR_LINE, stationId: '+33 4 00 00 00 01', ecm }],
    inbox: {
      keep(fax, page, tiff, done) {
        const pages = boxes.kept.get(fax.id) ?? new Map<number, Uint8Array>();
        boxes.kept.set(fax.id, pages.set(page, tiff));
        clock.after(millis(30), () => done(true));
      },
      end: (fax, ending) => boxes.ended.push({ fax, ending }),
    },
    outbox: { onJob: nothing, open: (_, done) => done(undefined), note: nothing },
    report: (fact) => boxes.received.push(fact),
  });
  createFaxTerminal({
    ...common,
    turns: createTurns(),
    calls: { dial: connect(wish, boxes, paths, other) },
    lines: [{ number: OUR_LINE, stationId: '+33 1 23 45 67 89', ecm }],
    inbox: { keep: nothing, end: nothing },
    outbox: {
      onJob: (hear) => {
        for (const { tiff: _, ...job } of wish.jobs)
          hear({ line: OUR_LINE, to: THEIR_LINE, pages: 1, confirmed: 0, tries: 0, notBefore: 0, ...job });
      },
      open: (id, done) => done(wish.jobs.find((job) => job.id === id)?.tiff),
      note(id, note, kept) {
        boxes.notes.set(id, [...(boxes.notes.get(id) ?? []), note]);
        kept?.(true);
      },
    },
    report: (fact) => boxes.sent.push(fact),
  });
  return boxes;
}

const letThrough: FaxAdmit = (_, done) => done({ fax: 'fax', refused: undefined });

const TERMS = { version: 0, maxBitRate: 14_400, largest: 1_400, repair: 'secondaries' } as const;

function connect(
  { refuse }: BoxWish,
  { clock, dialed }: Boxes,
  [there, back]: readonly [LossyPath, LossyPath],
  other: FaxTerminal,
): FaxCalls['dial'] {
  return ({ line }, listen) => {
    const id = `call-${dialed.push(clock.wall())}@box`;
    const status = refuse?.(dialed.length);
    if (status !== undefined) {
      clock.after(millis(300), () => listen({ on: 'over', by: 'far', status, text: '' }));
      return idle(line);
    }
    let hearThere: ((news: FaxCallNews) => void) | undefined;
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      clock.after(millis(50), () => {
        for (const one of [listen, hearThere]) one?.({ on: 'over', by: 'far', status: 0, text: '' });
      });
    };
    const carry = (path: LossyPath, datagram: Uint8Array, to: () => typeof hearThere): void => {
      for (const time of path.carry(clock.mono())) clock.after(time, () => !over && to()?.({ on: 'heard', datagram }));
    };
    const open = (): void => {
      for (const one of [listen, hearThere]) {
        one?.({ on: 'answered' });
        one?.({ on: 'fax-opened', terms: TERMS });
      }
    };
    const call: FaxCall = { ...idle(line), id, hangUp: end, send: (one) => carry(there, one, () => hearThere) };
    clock.after(millis(200), () => {
      hearThere = other.take({
        ...idle(THEIR_LINE),
        id,
        peer: line,
        answer: () => clock.after(millis(80), open),
        hangUp: end,
        send: (one) => carry(back, one, () => listen),
      });
    });
    return call;
  };
}

function idle(line: string): FaxCall {
  const nothing = (): void => undefined;
  return {
    id: 'idle',
    line,
    peer: undefined,
    answer: nothing,
    refuse: nothing,
    turnToFax: nothing,
    send: nothing,
    hangUp: nothing,
  };
}
