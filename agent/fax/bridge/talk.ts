import { type PageCommand, readCommand } from '../t30/command.ts';
import type { Frame } from '../t30/frame.ts';
import type { FrameKind } from '../t30/frame-kinds.ts';
import { type AfterBlock, readAfter, readPartialPage } from '../t30/partial-page.ts';

/** The fax machine on our line, or whoever is behind T.38. */
export type Side = 'machine' | 'far';

/** What is known of a T.30 conversation from listening to both sides of it. */
export type Talk = {
  /** Who sends pages, and until that is known who called. Its words win when both speak. */
  readonly leader: Side;
  /** Of the last DCS, with the rate of a later CTC. */
  readonly command: PageCommand | undefined;
  /** What the leader sends next, if not frames: a training check or an image. */
  readonly next: 'frames' | 'check' | 'image';
  /** The next image begins with long training (T.30 Annex A 4.4, after CTR). */
  readonly long: boolean;
  /** What the leader said that its page is followed by. */
  readonly after: AfterBlock | undefined;
  /** An image passed since the last page that was confirmed or refused. */
  readonly imagePassed: boolean;
  /** Pages confirmed: MCF or RTP that answers the end of a page. */
  readonly pages: number;
  /** Pages that were asked for again, in part (PPR) and in whole (RTN). */
  readonly mended: { readonly ppr: number; readonly rtn: number };
};

export const startTalk = (leader: Side): Talk => ({
  leader,
  command: undefined,
  next: 'frames',
  long: false,
  after: undefined,
  imagePassed: false,
  pages: 0,
  mended: { ppr: 0, rtn: 0 },
});

const PAGE_ENDS: readonly FrameKind[] = ['MPS', 'EOM', 'EOP', 'EOS', 'PRI-MPS', 'PRI-EOM', 'PRI-EOP'];
/** Behind these the leader goes on with an image, and does not train anew (T.30 figure 5-2). */
const GOES_ON: readonly (AfterBlock | undefined)[] = ['NULL', 'MPS', 'PRI-MPS'];

/**
 * Counts a page when its reception is confirmed, in the direction of the leader. A repeated confirmation is of the same page:
 * it counts only when an image passed in between. PPS-NULL ends a block and no page; RTN and PIN refuse one.
 */
export function judgePage(talk: Talk, { kind }: Frame, from: Side): Talk {
  if (from === talk.leader || !talk.imagePassed) return talk;
  if (kind === 'RTN' || kind === 'PIN') return { ...talk, imagePassed: false };
  const confirms = kind === 'MCF' || kind === 'RTP' || kind === 'PIP';
  if (!confirms || talk.after === undefined || talk.after === 'NULL') return talk;
  return { ...talk, imagePassed: false, pages: talk.pages + 1 };
}

/** What a frame changes for those who go on listening, once it is passed on (T.30 5.3.6.1, Annex A). */
export function followFrame(talk: Talk, frame: Frame, from: Side): Talk {
  const { kind, information } = frame;
  const other = from === 'machine' ? 'far' : 'machine';
  switch (kind) {
    case 'DIS':
    case 'DTC':
      return { ...talk, leader: other, next: 'frames' };
    case 'DCS':
      return { ...talk, leader: from, command: readCommand(information), next: 'check', long: false, after: undefined };
    case 'CTC':
      return { ...talk, command: withRateOf(talk.command, information), next: 'frames' };
    case 'CFR':
      return { ...talk, next: 'image', long: false };
    case 'CTR':
      return { ...talk, next: 'image', long: true };
    case 'PPR':
      return { ...talk, next: 'image', mended: { ...talk.mended, ppr: talk.mended.ppr + 1 } };
    case 'RTN':
      return { ...talk, next: 'frames', mended: { ...talk.mended, rtn: talk.mended.rtn + 1 } };
    case 'MCF':
    case 'ERR':
      return { ...talk, next: GOES_ON.includes(talk.after) ? 'image' : 'frames' };
    case 'PPS':
      return { ...talk, after: readPartialPage(information)?.after, next: 'frames' };
    case 'EOR':
      return { ...talk, after: readAfter(information[0] ?? -1), next: 'frames' };
    default:
      return PAGE_ENDS.includes(kind)
        ? { ...talk, after: kind as AfterBlock, next: 'frames' }
        : withoutNext(talk, kind);
  }
}

/** Frames that only stand before others, and those that ask to wait or to repeat, leave things as they are. */
const withoutNext = (talk: Talk, kind: FrameKind): Talk =>
  ['FTT', 'RTP', 'PIN', 'PIP', 'DCN'].includes(kind) ? { ...talk, next: 'frames' } : talk;

function withRateOf(command: PageCommand | undefined, information: Uint8Array): PageCommand | undefined {
  const { rate } = readCommand(information);
  return command === undefined || rate === undefined ? command : { ...command, rate };
}

/** The image that passes now is one of a page. */
export const passImage = (talk: Talk): Talk =>
  talk.imagePassed && !talk.long ? talk : { ...talk, imagePassed: true, long: false };
