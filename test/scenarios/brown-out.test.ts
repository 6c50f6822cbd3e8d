import { describe, expect, it } from 'vitest';
import { RecordSchema } from '../../agent/model/record.ts';
import { millis, minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite } from '../../hw-sim/day/whole-site.ts';

/**
 * A site that carries a call of twenty minutes on its main link. So many losses in a row are no loss of the link: as where
 * heartbeats say that it is up, probes alone move nothing.
 */
function talking(seed: string) {
  const example = exampleSite();
  const pace = { activeIntervalMs: 100, patienceMs: 300, idleIntervalMs: 1_000 };
  const config = { ...example, failover: { ...example.failover, ...pace, lossesToLeave: 40 } };
  const whole = createWholeSite({ seed, config });
  whole.start();
  whole.site.clock.advance(minutes(2));
  whole.site.voice.place({
    ...{ id: 'long', direction: 'outgoing', phone: 'front', far: '112', class: 'emergency' },
    destiny: { answer: 'answers', ring: seconds(1), talk: minutes(20), hungUpBy: 'caller', patience: seconds(60) },
  });
  whole.site.clock.advance(minutes(1));
  const moves = () =>
    whole.site.disk.rows().flatMap(({ body }) => {
      const { event, clock } = RecordSchema.parse(JSON.parse(body));
      return event.kind === 'traffic-moved' ? [{ to: event.to, cause: event.cause, at: clock.mono }] : [];
    });
  return { site: whole.site, moves };
}

describe('F-3, Q-5: a whole site whose main link is up and useless for calls', () => {
  it('30 % loss: the call moves, it is written down why, and comes home when the link was good for the hold-off', () => {
    const { site, moves } = talking('brown');
    const began = site.clock.mono();
    site.links.degrade('main', { loss: 0.3 });
    site.clock.advance(seconds(20));
    const [move] = moves();
    expect(move).toMatchObject({ to: 'second', cause: 'brown-out' });
    expect((move?.at ?? Number.POSITIVE_INFINITY) - began).toBeLessThanOrEqual(5_000);
    expect(site.network.steering().voice).toBe('second');
    site.links.degrade('main', { loss: 0 });
    site.clock.advance(minutes(5));
    expect(moves().map(({ cause }) => cause)).toEqual(['brown-out', 'came-home']);
  });

  it('1 % loss moves nobody', () => {
    const { site, moves } = talking('little');
    site.links.degrade('main', { loss: 0.01, jitter: millis(3) });
    site.clock.advance(minutes(15));
    expect(moves()).toEqual([]);
  });
});
