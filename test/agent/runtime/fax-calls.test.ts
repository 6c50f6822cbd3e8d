import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { FaxCallNews } from '../../../agent/ports/fax-calls.ts';
import { type End, faxWorld } from './fax-world.ts';

const words = (news: readonly FaxCallNews[]): readonly string[] =>
  news.filter(({ on }) => on !== 'heard').map(({ on }) => on);
const dial = ({ phones, number, news }: End, dialled: string, imageAtOnce = false) =>
  phones.dial({ line: number, dialled, imageAtOnce }, (one) => void news.push(one));

describe('calls of fax lines', () => {
  it('X-1: a call begins as audio, turns to T.38 on the word of the called side, carries datagrams both ways, and ends', () => {
    const { clock, near, far } = faxWorld('turn');
    const call = dial(near, far.number);
    clock.advance(seconds(1));
    expect(words(near.news)).toEqual(['ringing']);
    far.calls[0]?.answer();
    clock.advance(seconds(1));
    expect(words(near.news)).toEqual(['ringing', 'answered']);
    far.calls[0]?.turnToFax();
    clock.advance(seconds(1));
    expect(words(near.news).at(-1)).toBe('fax-opened');
    expect(words(far.news)).toEqual(['answered', 'fax-opened']);
    call.send(Uint8Array.of(0, 0, 1, 6, 0));
    far.calls[0]?.send(Uint8Array.of(0, 0, 1, 4, 0));
    clock.advance(millis(100));
    expect(far.news.at(-1)).toEqual({ on: 'heard', datagram: Uint8Array.of(0, 0, 1, 6, 0) });
    expect(near.news.at(-1)).toEqual({ on: 'heard', datagram: Uint8Array.of(0, 0, 1, 4, 0) });
    call.hangUp();
    clock.advance(seconds(2));
    expect(near.news.at(-1)).toEqual({ on: 'over', by: 'us', status: 0, text: '' });
    expect(far.news.at(-1)).toEqual({ on: 'over', by: 'far', status: 0, text: '' });
    expect(far.calls[0]).toMatchObject({ id: call.id, line: far.number, peer: near.number });
  });
});
