import { describe, expect, it } from 'vitest';
import type { LedgerRecord } from '../../../agent/model/record.ts';
import type { BoxBooks } from '../../../hw-sim/soak/judge.ts';
import { judgeCalls } from '../../../hw-sim/soak/judge-calls.ts';
import { EMERGENCY } from '../../../hw-sim/soak/office.ts';
import type { Outage } from '../../../hw-sim/soak/victim.ts';

const CALL = 'aaaa';

/** A phone whose call of 1.75 s ended while its box was down, and what the box wrote down of it. */
function heldFor(seconds: number, outages: readonly Outage[]): boolean {
  const events = [
    {
      kind: 'call-admitted',
      call: CALL,
      dialog: { sipCallId: 'one@phone' },
      reserved: { bundleSeconds: 0, paidSeconds: 0 },
    },
    { kind: 'call-ended', call: CALL, called: EMERGENCY, answeredAt: 200, seconds, complete: true },
  ];
  const records = events.map((event, seq) => ({
    seq,
    event,
    clock: { wall: 0 },
  })) as unknown as readonly LedgerRecord[];
  const boxes = [{ box: { device: 'box' }, outages }] as unknown as readonly BoxBooks[];
  const made = { callId: 'one@phone', box: 'box', called: EMERGENCY, invitedAt: 0, answeredAt: 200, endedAt: 1_950 };
  const checks = judgeCalls([made], records, boxes, []);
  const named = checks.find(({ name }) => name.startsWith('each call has the seconds'));
  return named?.holds === true;
}

describe('U-2: what a record may say of a call whose box was down when its phone hung up', () => {
  const once = [{ from: 1_549, to: 6_937 }];

  it('it ends when the phone says BYE again, at most five seconds after the box is up', () => {
    expect(heldFor(13, once)).toBe(true);
    expect(heldFor(14, once)).toBe(false);
  });

  it('a box that is killed again before that keeps it open until the time after that', () => {
    const again = [...once, { from: 8_000, to: 10_000 }];
    expect(heldFor(17, again)).toBe(true);
    expect(heldFor(18, again)).toBe(false);
  });

  it('an outage after the BYE was said again has no part in it', () => {
    expect(heldFor(14, [...once, { from: 12_000, to: 20_000 }])).toBe(false);
  });
});
