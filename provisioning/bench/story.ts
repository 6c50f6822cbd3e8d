import type { Usage } from '../../agent/model/usage.ts';

/** A small generator of whole numbers (Lehmer, 48,271 modulo 2^31 − 1): the same on every machine and engine. */
export function dice(seed: number): (sides: number) => number {
  let state = seed % 2_147_483_647 || 1;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

const PARTIES = [
  ...['0143000000', '0243112233', '0972334455', '0612345678', '0745678901', '0262123456', '0692123456'],
  ...['0800123456', '0806123456', '0899123456', '118218', '3900', '112', '15', '#31#0143000000'],
  ...['+4930123456', '+491512345678', '+12125550100', '+21620123456', '+442079460000', '+33172890002'],
];

/** One use of a day of a business: mostly calls, some messages, data and faxes, some of them abroad. */
export function useOf(index: number, line: string, at: number, roll: (sides: number) => number): Usage {
  const party = PARTIES[roll(PARTIES.length)] ?? '112';
  const common = { id: `u${index}`, line, at, ...(roll(20) === 0 ? { visited: 'US' } : {}) };
  const direction = roll(4) === 0 ? 'incoming' : 'outgoing';
  switch (roll(10)) {
    case 0:
      return { kind: 'sms', ...common, direction, party, segments: 1 + roll(3), sent: roll(50) > 0 };
    case 1:
      return { kind: 'data', ...common, bytes: roll(5_000_000) };
    case 2:
      return { kind: 'fax', ...common, direction, party, pages: roll(4) };
    default: {
      const seconds = roll(5) === 0 ? null : roll(600);
      return { kind: 'call', ...common, direction, party, seconds, forwarded: false };
    }
  }
}
