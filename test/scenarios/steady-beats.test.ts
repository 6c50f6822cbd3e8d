import { describe, expect, it } from 'vitest';
import { RecordSchema } from '../../agent/model/record.ts';
import { millis, minutes, seconds } from '../../agent/model/units.ts';
import { createBeatenSite, LONG_CALL, mostlyPunctual } from './beaten-site.ts';

type Site = ReturnType<typeof createBeatenSite>;

const movesOf = ({ site }: Site): readonly string[] =>
  site.disk.rows().flatMap(({ body }) => {
    const { event } = RecordSchema.parse(JSON.parse(body));
    return event.kind === 'traffic-moved' ? [`${event.to} (${event.cause})`] : [];
  });

/** On the box, eight hogs beside the agent make its timers late by 500 ms at the worst. */
function talking(seed: string, farEndWorstMs: number): Site {
  const beaten = createBeatenSite(seed, { farEnd: mostlyPunctual(farEndWorstMs), agent: mostlyPunctual(500) });
  beaten.site.clock.advance(seconds(30));
  beaten.site.voice.place(LONG_CALL);
  beaten.site.clock.advance(seconds(10));
  return beaten;
}

describe('F-3: a whole site that is beaten, in simulated time', () => {
  it('one hour of a call, timers of the far end late by up to 40 ms and those of the box by up to 500: no packet leaves the main link', {
    timeout: 120_000,
  }, () => {
    const beaten = talking('steady', 40);
    beaten.site.clock.advance(minutes(60));
    expect(movesOf(beaten)).toEqual([]);
    expect(beaten.packetsOn('second')).toBe(0);
    expect(beaten.packetsOn('main')).toBeGreaterThan(180_000);
  });

  it('a far end that is late by more than the timeout moves voice: the hour before was no accident', () => {
    const beaten = talking('late', 200);
    beaten.site.clock.advance(minutes(5));
    expect(movesOf(beaten)).toContain('second (heartbeat-lost)');
  });

  it('a main line that goes costs five packets at the most, and voice comes home when it was good for the hold-off', () => {
    const beaten = talking('cut', 5);
    // With the usual 12 ms of a mobile line two beats in a row are late by more than the timeout now and then.
    beaten.site.links.degrade('second', { jitter: millis(3) });
    const before = beaten.packetsOn('second');
    beaten.site.links.cut('main');
    beaten.site.clock.advance(seconds(2));
    expect(beaten.packetsOn('second') - before).toBeGreaterThanOrEqual(100 - 5);
    expect(movesOf(beaten)).toEqual(['second (heartbeat-lost)']);
    beaten.site.links.mend('main');
    beaten.site.clock.advance(minutes(3));
    expect(movesOf(beaten)).toEqual(['second (heartbeat-lost)', 'main (came-home)']);
  });
});
