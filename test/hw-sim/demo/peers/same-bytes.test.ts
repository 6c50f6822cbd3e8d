import { describe, expect, it } from 'vitest';
import { compareBytes, type Seen } from '../../../../hw-sim/demo/peers/same-bytes.ts';

const one = 'one@192.168.10.10';
const two = 'two@192.168.10.10';
const up = (callId: string, payload: string): Seen => ({ upward: true, callId, payload, at: 0 });
const down = (callId: string, payload: string): Seen => ({ upward: false, callId, payload, at: 0 });

describe('Q-3: two captures held against each other', () => {
  it('finds what passed the same, in each direction', () => {
    const seen = compareBytes([up(one, 'a'), down(one, 'b')], [up(one, 'a'), down(one, 'b')]);
    expect(seen).toEqual({ lanOnly: [], wanOnly: [], same: { up: 1, down: 1 }, disordered: [] });
  });

  it('counts repetitions: one of two copies that did not pass is on one side', () => {
    const seen = compareBytes([up(one, 'a'), up(one, 'a')], [up(one, 'a')]);
    expect(seen.lanOnly).toEqual([up(one, 'a')]);
    expect(seen.same.up).toBe(1);
  });

  it('a single octet that differs makes two that are on one side each, and so does the wrong direction', () => {
    expect(compareBytes([up(one, 'a0')], [up(one, 'a1')])).toMatchObject({
      lanOnly: [{ payload: 'a0' }],
      wanOnly: [{ payload: 'a1' }],
    });
    expect(compareBytes([up(one, 'a')], [down(one, 'a')])).toMatchObject({ lanOnly: [{}], wanOnly: [{}] });
  });

  it('sees two that changed places, but not what was kept back in between', () => {
    const there = [up(one, 'a'), up(one, 'b')];
    expect(compareBytes([up(one, 'b'), up(one, 'a')], there).disordered).toHaveLength(1);
    expect(compareBytes([up(one, 'a'), up(one, 'refused'), up(one, 'b')], there)).toMatchObject({
      disordered: [],
      lanOnly: [{ payload: 'refused' }],
    });
  });

  it('asks for no order between two calls: one may wait for its credit to be on the medium', () => {
    const there = [up(two, 'b'), up(one, 'a')];
    expect(compareBytes([up(one, 'a'), up(two, 'b')], there).disordered).toEqual([]);
  });
});
