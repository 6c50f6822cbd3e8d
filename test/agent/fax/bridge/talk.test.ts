import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  followFrame,
  judgePage,
  passImage,
  type Side,
  startTalk,
  type Talk,
} from '../../../../agent/fax/bridge/talk.ts';
import { writeCommand } from '../../../../agent/fax/t30/command.ts';
import type { Frame } from '../../../../agent/fax/t30/frame.ts';
import { FRAME_KINDS, type FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import { writePartialPage } from '../../../../agent/fax/t30/partial-page.ts';

const frame = (kind: FrameKind, information: Uint8Array = new Uint8Array(0)): Frame => ({
  kind,
  final: true,
  x: false,
  information,
});
const DCS = frame(
  'DCS',
  writeCommand({
    rate: 'v17-14400',
    fine: false,
    superFine: false,
    dots300: false,
    dots400: false,
    coding: 'mh',
    ecmFrame: 256,
    width: 215,
    length: 'a4',
    scanTime: 0,
  }),
);
const pps = (after: 'NULL' | 'MPS' | 'EOP'): Frame =>
  frame('PPS', writePartialPage({ after, page: 0, block: 0, frames: 256 }, false));

type Heard = Frame | 'image';
/** The machine leads: its words and the far end's by turns as given. */
function talkOf(...heard: readonly (readonly [Side, Heard])[]): Talk {
  return heard.reduce(
    (talk, [from, one]) => (one === 'image' ? passImage(talk) : followFrame(judgePage(talk, one, from), one, from)),
    startTalk('machine'),
  );
}

const BEFORE: readonly (readonly [Side, Heard])[] = [
  ['far', frame('DIS')],
  ['machine', DCS],
  ['far', frame('CFR')],
];
const IMAGE = ['machine', 'image'] as const;

describe('what comes next, from listening to T.30', () => {
  it.each<readonly [string, readonly (readonly [Side, Heard])[], Partial<Talk>]>([
    ['after DIS the other side leads', [['machine', frame('DIS')]], { leader: 'far', next: 'frames' }],
    ['after DCS a training check', BEFORE.slice(0, 2), { leader: 'machine', next: 'check' }],
    ['after CFR an image', BEFORE, { next: 'image', long: false }],
    ['after FTT frames again', [...BEFORE.slice(0, 2), ['far', frame('FTT')]], { next: 'frames' }],
    ['after the image its command', [...BEFORE, IMAGE, ['machine', pps('MPS')]], { next: 'frames', after: 'MPS' }],
    [
      'after MCF to MPS an image',
      [...BEFORE, IMAGE, ['machine', pps('MPS')], ['far', frame('MCF')]],
      { next: 'image' },
    ],
    ['after MCF to EOP frames', [...BEFORE, IMAGE, ['machine', pps('EOP')], ['far', frame('MCF')]], { next: 'frames' }],
    ['after PPR an image', [...BEFORE, IMAGE, ['machine', pps('EOP')], ['far', frame('PPR')]], { next: 'image' }],
    [
      'after CTR an image with long training',
      [...BEFORE, IMAGE, ['machine', frame('CTC', DCS.information)], ['far', frame('CTR')]],
      { next: 'image', long: true },
    ],
    [
      'after RTN a command anew',
      [...BEFORE, IMAGE, ['machine', frame('MPS')], ['far', frame('RTN')]],
      { next: 'frames' },
    ],
  ])('X-1: %s', (_, heard, expected) => {
    expect(talkOf(...heard)).toMatchObject(expected);
  });
});

describe('pages that are confirmed', () => {
  it.each<readonly [string, readonly (readonly [Side, Heard])[], number]>([
    ['MCF to MPS is a page', [IMAGE, ['machine', frame('MPS')], ['far', frame('MCF')]], 1],
    ['MCF to PPS-EOP is a page', [IMAGE, ['machine', pps('EOP')], ['far', frame('MCF')]], 1],
    ['RTP is a page', [IMAGE, ['machine', frame('MPS')], ['far', frame('RTP')]], 1],
    ['RTN is none', [IMAGE, ['machine', frame('MPS')], ['far', frame('RTN')]], 0],
    ['PPS-NULL is a block and none', [IMAGE, ['machine', pps('NULL')], ['far', frame('MCF')]], 0],
    [
      'a page of two blocks is one',
      [IMAGE, ['machine', pps('NULL')], ['far', frame('MCF')], IMAGE, ['machine', pps('MPS')], ['far', frame('MCF')]],
      1,
    ],
    ['a command that is not answered is none', [IMAGE, ['machine', frame('EOP')]], 0],
    [
      'a confirmation said twice is of one page',
      [IMAGE, ['machine', frame('MPS')], ['far', frame('MCF')], ['machine', frame('MPS')], ['far', frame('MCF')]],
      1,
    ],
    ['the sender cannot confirm its own page', [IMAGE, ['machine', frame('EOP')], ['machine', frame('MCF')]], 0],
    [
      'frames wanted again make no further page',
      [IMAGE, ['machine', pps('EOP')], ['far', frame('PPR')], IMAGE, ['machine', pps('EOP')], ['far', frame('MCF')]],
      1,
    ],
  ])('X-5: %s', (_, heard, pages) => {
    expect(talkOf(...BEFORE, ...heard).pages).toBe(pages);
  });

  it('X-5: are never more than the images that passed, whatever is said', () => {
    const kinds = Object.keys(FRAME_KINDS) as readonly FrameKind[];
    const words = fc.array(
      fc.tuple(
        fc.constantFrom<Side>('machine', 'far'),
        fc.oneof(
          fc.constant('image' as const),
          fc.record({
            kind: fc.constantFrom(...kinds),
            final: fc.boolean(),
            x: fc.boolean(),
            information: fc.uint8Array({ maxLength: 5 }),
          }),
        ),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(words, (heard) => {
        const images = heard.filter(([, one]) => one === 'image').length;
        expect(talkOf(...heard).pages).toBeLessThanOrEqual(images);
      }),
    );
  });
});
