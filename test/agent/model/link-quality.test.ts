import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkQuality, noteProbe, type ProbeWindow } from '../../../agent/model/link-quality.ts';

const fold = (...seen: ProbeWindow) => seen.reduce<ProbeWindow>(noteProbe, []);

describe('what the last probes say of a link (F-5, Q-5)', () => {
  it('F-5, Q-5: loss, mean round trip, jitter and MOS', () => {
    expect(linkQuality([])).toBeUndefined();
    expect(linkQuality(fold('lost', 'lost'))).toEqual({ probes: 2, lossPermyriad: 10_000 });
    const well = linkQuality(fold(20_000, 22_000, 18_000, 'lost'));
    expect(well).toMatchObject({ probes: 4, lossPermyriad: 2_500, roundTripMicros: 20_000, jitterMicros: 3_000 });
    const clean = linkQuality(fold(20_000, 20_000));
    expect(clean?.mosHundredths).toBeGreaterThan(430);
    expect(clean?.mosHundredths).toBeGreaterThan(well?.mosHundredths ?? 500);
  });

  it('F-5: only the last hundred count, and more loss or delay is never better', () => {
    expect(linkQuality(fold(...Array(150).fill('lost'), ...Array(100).fill(9_000)))).toMatchObject({
      ...{ probes: 100, lossPermyriad: 0 },
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1_000, max: 400_000 }), (lost, trip) => {
        const with_ = (count: number, micros: number) =>
          linkQuality(fold(...Array(count).fill('lost'), ...Array(100 - count).fill(micros)))?.mosHundredths ?? 100;
        expect(with_(lost, trip)).toBeLessThanOrEqual(with_(lost - 1, trip));
        expect(with_(lost, trip + 50_000)).toBeLessThanOrEqual(with_(lost, trip));
      }),
    );
  });
});
