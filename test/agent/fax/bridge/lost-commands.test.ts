import { describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../../../../agent/fax/bridge/bridge-state.ts';
import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { bareField } from '../../../../agent/fax/t38/ifp.ts';
import {
  CFR,
  carrier,
  DCS,
  DIS,
  data,
  done,
  following,
  hdlc,
  heard,
  indicator,
  PAGE_HEARD,
  PPS,
  play,
  said,
} from './play.ts';

const fast = (...fields: Extract<IfpPacket, { kind: 'data' }>['fields']): BridgeEvent => ({
  on: 'packet',
  packet: { kind: 'data', data: 'v17-14400', fields },
});
const LULL: BridgeEvent = { on: 'waited', name: 'lull' };
const MISSING: BridgeEvent = { on: 'packets-missing' };
const LOSING: BridgeEvent = { on: 'loss-seen', loss: { judged: 124, lost: 6, longestRun: 3 } };
const CALM: BridgeEvent = { on: 'loss-seen', loss: { judged: 124, lost: 2, longestRun: 1 } };
const CHECK: readonly BridgeEvent[] = [
  indicator('v17-14400-long-training'),
  fast({ type: 't4-non-ecm-data', octets: new Uint8Array(54) }),
];

/** The far end sends pages to our machine. */
const OFFERED: readonly BridgeEvent[] = [
  { on: 'far-called', digits: '1' },
  { on: 'far-opened' },
  ...[carrier(3), heard(...DIS), done('hear-frames')],
];
const ORDERED: readonly BridgeEvent[] = [...OFFERED, ...said(...DCS), done('send-frames')];
const IMAGE_PLAYED: readonly BridgeEvent[] = [
  ...ORDERED,
  ...CHECK,
  ...[indicator('no-signal'), done('end-page'), carrier(3), heard(...CFR), done('hear-frames')],
  indicator('v17-14400-short-training'),
  fast(hdlc(0x03, 0x06, 0, 1, 2, 3), bareField('hdlc-fcs-ok')),
  ...[indicator('no-signal'), done('end-page')],
];
/** A command without its first octets. */
const broken: readonly BridgeEvent[] = [
  indicator('v21-preamble'),
  MISSING,
  data(hdlc(0x2f, 0, 0, 5), bareField('hdlc-fcs-ok-sig-end')),
];
const ASKED = ['v21-preamble', 'says CRP', 'no-signal'];

describe('a command of the far end that does not come whole', () => {
  it('X-1: behind an image, on a path that loses runs of datagrams, no flags are played before a frame is whole', () => {
    const losing = [...IMAGE_PLAYED, LOSING];
    expect(following(losing, indicator('v21-preamble'))).toEqual(['wait lull']);
    expect(following(losing, ...said(...PPS))).toEqual([
      'wait lull',
      'wait lull',
      'stop',
      'send-frames',
      'frame PPS last',
    ]);
  });

  it('X-1: on a calm path flags are played at once, and on one that was never heard of they are not', () => {
    expect(following([...IMAGE_PLAYED, CALM], indicator('v21-preamble'))).toContain('send-frames');
    expect(following(IMAGE_PLAYED, indicator('v21-preamble'))).not.toContain('send-frames');
    const once = [...IMAGE_PLAYED, LOSING, CALM];
    expect(following(once, indicator('v21-preamble'))).not.toContain('send-frames');
  });

  it('X-1: the far end is asked for it again with CRP, twice, and then by nobody but itself', () => {
    const losing = [...IMAGE_PLAYED, LOSING];
    expect(following(losing, ...broken)).toEqual(['wait lull', 'wait lull', ...ASKED]);
    expect(following([...losing, ...broken, indicator('no-signal')], ...broken)).toEqual([
      'wait lull',
      'wait lull',
      ...ASKED,
    ]);
    expect(following([...losing, ...broken, ...broken], ...broken)).toEqual(['wait lull', 'wait lull']);
  });

  it('X-1: a frame that came whole gives the next command its two tries', () => {
    const twice = [...IMAGE_PLAYED, LOSING, ...broken, ...broken, ...said(...PPS), done('send-frames')];
    expect(following(twice, ...broken)).toEqual(expect.arrayContaining(ASKED));
  });

  it('X-1: a command that stops in its middle, or behind its preamble, is asked for when nothing more comes', () => {
    const begun = [...IMAGE_PLAYED, LOSING, indicator('v21-preamble')];
    expect(following(begun, LULL)).toEqual(ASKED);
    expect(following([...begun, data(hdlc(0x13))], LULL)).toEqual(ASKED);
  });

  it('X-1: the far end is not asked while it speaks again by itself', () => {
    const begun = [...IMAGE_PLAYED, LOSING, indicator('v21-preamble'), data(hdlc(0x13))];
    expect(following(begun, indicator('v21-preamble'))).toEqual(['wait lull']);
  });

  it('X-1: an answer that is lost behind its preamble leaves no flags on the line, or the machine would give up', () => {
    const preamble = [...PAGE_HEARD, LOSING, indicator('v21-preamble')];
    expect(play(preamble).words.at(-2)).toBe('send-frames');
    expect(following(preamble, LULL)).toEqual(['stop', 'hear-frames']);
  });
});

describe('a training check of the far end on a path that loses', () => {
  it('X-1: is not played when its DCS was lost, and what the machine says into it is said behind it', () => {
    const checking = [...OFFERED, ...CHECK];
    expect(following(OFFERED, ...CHECK)).toEqual(['wait lull']);
    const spoken = [carrier(3), heard(...DIS), done('hear-frames')];
    expect(following(checking, ...spoken)).toEqual(['hear-frames']);
    const silent = [indicator('no-signal'), { on: 'waited', name: 'replay' } as const];
    expect(following([...checking, ...spoken], ...silent)).toEqual([
      'v21-preamble',
      'wait replay',
      'says DIS',
      'no-signal',
    ]);
  });

  it('X-1: is over by the clock when its end was lost, for the machine can answer only then', () => {
    expect(following([...ORDERED, ...CHECK], LULL)).toEqual(['end-page']);
    const answered = [...ORDERED, ...CHECK, LULL, done('end-page'), carrier(3), heard(...CFR), done('hear-frames')];
    expect(play(answered).words).toContain('says CFR');
    const rest = fast({ type: 't4-non-ecm-data', octets: new Uint8Array(54) });
    expect(following(answered, rest, indicator('no-signal'))).toEqual([]);
    expect(following(answered, rest, indicator('v17-14400-short-training'))).toEqual(['stop', 'send-page 146']);
  });

  it('X-1: is a check with long training although its indicator was lost and DCS is played to its end', () => {
    const late = fast({ type: 't4-non-ecm-data', octets: new Uint8Array(54) });
    expect(following(ORDERED, late)).toEqual(['stop', 'send-page 145', 'wait lull', 'page']);
  });
});
