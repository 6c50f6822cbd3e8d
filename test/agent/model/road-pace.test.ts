import { describe, expect, it } from 'vitest';
import { METERED_PACE, roadPace } from '../../../agent/model/road-pace.ts';
import { LinkSchema } from '../../../agent/model/site-config.ts';

const pace = (metered: object | false | undefined) =>
  roadPace([{ name: 'main', ...(metered !== undefined && { metered }) } as never], 'main');

describe('U-7, D-1: the pace of a connection that has nothing to say', () => {
  it('is quick where nobody pays by the byte, or where the link is not known', () => {
    expect([pace(undefined), pace(false), roadPace([], 'gone')]).toEqual(
      [1, 2, 3].map(() => ({ keepAlive: 10_000, telemetry: 300_000 })),
    );
  });

  it('is slow on a metered link, and each part of it is what the order says', () => {
    expect(pace({ bytesPerDay: 2_000_000 })).toEqual(METERED_PACE);
    expect(pace({ bytesPerDay: 2_000_000, keepAliveSeconds: 60 })).toEqual({ ...METERED_PACE, keepAlive: 60_000 });
    expect(pace({ bytesPerDay: 2_000_000, telemetrySeconds: 900 })).toEqual({ ...METERED_PACE, telemetry: 900_000 });
  });

  it('P-1: a pace that no broker of ours would keep is refused with its field', () => {
    const metered = (more: object) =>
      LinkSchema.shape.metered.safeParse({ bytesPerDay: 2_000_000, ...more }).error?.issues.length ?? 0;
    expect([metered({ keepAliveSeconds: 1_800 }), metered({ keepAliveSeconds: 1_801 })]).toEqual([0, 1]);
    expect([metered({ telemetrySeconds: 299 }), metered({ keepAliveSeconds: 9 })]).toEqual([1, 1]);
  });
});
