import { describe, expect, it } from 'vitest';
import { compareBytes, type Seen } from '../../../../hw-sim/demo/peers/same-bytes.ts';

const lan = '192.168.10.10:5060';
const wan = '198.51.100.2:20001';
const up = (socket: string, payload: string): Seen => ({ upward: true, socket, payload });
const down = (socket: string, payload: string): Seen => ({ upward: false, socket, payload });

describe('Q-3: two captures held against each other', () => {
  it('finds what passed the same, in each direction, through whatever socket', () => {
    const seen = compareBytes([up(lan, 'a'), down(lan, 'b')], [up(wan, 'a'), down(wan, 'b')]);
    expect(seen).toEqual({ lanOnly: [], wanOnly: [], same: { up: 1, down: 1 }, disordered: [] });
  });

  it('counts repetitions: one of two copies that did not pass is on one side', () => {
    const seen = compareBytes([up(lan, 'a'), up(lan, 'a')], [up(wan, 'a')]);
    expect(seen.lanOnly).toEqual([up(lan, 'a')]);
    expect(seen.same.up).toBe(1);
  });

  it('a single octet that differs makes two that are on one side each, and so does the wrong direction', () => {
    expect(compareBytes([up(lan, 'a0')], [up(wan, 'a1')])).toMatchObject({
      lanOnly: [{ payload: 'a0' }],
      wanOnly: [{ payload: 'a1' }],
    });
    expect(compareBytes([up(lan, 'a')], [down(wan, 'a')])).toMatchObject({ lanOnly: [{}], wanOnly: [{}] });
  });

  it('sees two that changed places, but not what was kept back in between', () => {
    const there = [up(wan, 'a'), up(wan, 'b')];
    expect(compareBytes([up(lan, 'b'), up(lan, 'a')], there).disordered).toHaveLength(1);
    expect(compareBytes([up(lan, 'a'), up(lan, 'refused'), up(lan, 'b')], there)).toMatchObject({
      disordered: [],
      lanOnly: [{ payload: 'refused' }],
    });
  });
});
