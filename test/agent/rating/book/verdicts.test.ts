import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decision, verdictsOf, winnerOf } from '../../../../agent/rating/book/verdicts.ts';

const decided = (id: string, verdict: Decision['verdict'], at: number): Decision => ({ id, verdict, at });
const some = fc.array(
  fc.record({ id: fc.constantFrom('s', 'h'), verdict: fc.constantFrom('charge', 'waive'), at: fc.nat(3) }),
  { maxLength: 6 },
);

describe('D-2: what somebody decided of a use that waits', () => {
  test('U-7: the newest stands, of one instant the one in favor of the client', () => {
    expect(verdictsOf([decided('s', 'waive', 1), decided('s', 'charge', 2)]).get('s')?.verdict).toBe('charge');
    expect(verdictsOf([decided('s', 'waive', 2), decided('s', 'charge', 2)]).get('s')?.verdict).toBe('waive');
  });

  test.each([
    ['nobody has looked', [], undefined],
    ['the host’s record is charged', [decided('h', 'charge', 1)], 'host'],
    ['the site’s is, by the newer words', [decided('h', 'charge', 1), decided('s', 'charge', 2)], 'site'],
    ['both of one instant: the site’s', [decided('h', 'charge', 1), decided('s', 'charge', 1)], 'site'],
    ['waived of one of them, later', [decided('s', 'charge', 1), decided('h', 'waive', 2)], 'nobody'],
    ['charged after all', [decided('h', 'waive', 1), decided('s', 'charge', 2)], 'site'],
  ] as const)('U-7: of two records of one call: %s', (_, decisions, winner) => {
    expect(winnerOf('s', 'h', verdictsOf(decisions))).toBe(winner);
  });

  test('R-10: in whatever order and however often they come', () => {
    fc.assert(
      fc.property(some, (decisions) => {
        const turned = verdictsOf([...decisions.toReversed(), ...decisions]);
        const [one, other] = [verdictsOf(decisions), turned];
        expect(Object.fromEntries(one)).toEqual(Object.fromEntries(other));
        expect(winnerOf('s', 'h', one)).toBe(winnerOf('s', 'h', other));
      }),
    );
  });
});
