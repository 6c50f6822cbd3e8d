import { describe, expect, it } from 'vitest';
import { failoverBench } from './failover-bench.ts';

type Endured = {
  readonly lines: number;
  readonly echoes: number;
  readonly connections: number;
  readonly accepted: number;
  readonly closed: number;
  readonly seenAs: string;
  readonly images: number;
  readonly imagesLost: number;
};
type Found = {
  readonly sites: {
    readonly registered: readonly string[];
    readonly registeredAfter: readonly string[];
    readonly calls: readonly { readonly state: string; readonly lost: number; readonly received: number }[];
    readonly answeredAfter: number;
    readonly phone: Endured;
    readonly box: Endured;
    readonly neighbor: Endured;
    readonly strays: { readonly sent: number; readonly refused: number; readonly arrived: number };
  };
};

describe('two sites at one concentrator, each cut at its own time, on a real kernel', () => {
  it('F-3: calls, registrations, TCP and faxes live through it in the overlay, and nothing of one site reaches the other', {
    timeout: 240_000,
  }, async () => {
    const { sites } = await failoverBench<Found>('--level', 'b', '--sites', '1');
    // Nobody registered anew: the operator knows the site by the address that no line has, and rings there again.
    expect(sites.registered).toHaveLength(1);
    expect(sites.registered[0]).toContain('100.64.0.8');
    expect(sites.registeredAfter).toEqual(sites.registered);
    expect(sites.answeredAfter).toBe(1);
    const [call] = sites.calls;
    expect(call?.state).toBe('answered');
    expect(call?.received).toBeGreaterThan(200);
    expect(call?.lost).toBeLessThan(70);
    for (const [endured, voice] of [
      [sites.phone, '100.64.0.8'],
      [sites.box, '100.64.0.8'],
      [sites.neighbor, '100.64.0.16'],
    ] as const) {
      expect(endured).toMatchObject({ connections: 1, accepted: 1, closed: 0, seenAs: voice });
      // What was said on the connection came back, but for the last words.
      expect(endured.lines - endured.echoes).toBeLessThan(40);
      expect(endured.lines).toBeGreaterThan(50);
      expect(endured.images).toBeGreaterThan(100);
      // 70 packets each way are 800 ms of silence, and a fax has 25 in a second, each with the three before it.
      expect(endured.imagesLost).toBeLessThan(20);
    }
    expect(sites.strays).toEqual({ sent: 5, refused: 5, arrived: 0 });
  });
});
