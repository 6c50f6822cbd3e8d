import { describe, expect, test } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { ProbeAnswer } from '../../../agent/ports/probes.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimLinks } from '../../../hw-sim/site/sim-links.ts';
import { createSimProbes } from '../../../hw-sim/site/sim-probes.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';

const RULES = { name: 'main', delay: millis(10), jitter: millis(3), loss: 0, reorder: 0 };

function bench(loss = 0) {
  const clock = createSimClock(millis(0));
  const links = createSimLinks(clock, createSimRandom('links'), [{ ...RULES, loss }]);
  const life = createLife(1, 'boot');
  const probes = createSimProbes(life, links);
  const answers: (ProbeAnswer & { readonly at: number })[] = [];
  probes.open((answer) => answers.push({ ...answer, at: clock.mono() }));
  return { clock, links, life, probes, answers };
}

describe('a simulated link', () => {
  test('answers a probe after its round trip and tells the time it took', () => {
    const { clock, probes, answers } = bench();
    for (let sequence = 1; sequence <= 500; sequence += 1) probes.send('main', sequence);
    clock.advance(seconds(1));
    expect(answers).toHaveLength(500);
    for (const { rttMicros, at } of answers) {
      expect(rttMicros).toBeGreaterThanOrEqual(20_000);
      expect(rttMicros).toBeLessThan(50_000);
      expect(at).toBe(Math.ceil(rttMicros / 1_000));
    }
    const mean = answers.reduce((sum, { rttMicros }) => sum + rttMicros, 0) / 500;
    expect(mean).toBeGreaterThan(25_000);
    expect(mean).toBeLessThan(27_000);
  });

  test('loses its share of probes, out and back', () => {
    const { clock, probes, answers } = bench(0.1);
    for (let sequence = 0; sequence < 10_000; sequence += 1) probes.send('main', sequence);
    clock.advance(seconds(1));
    // 0.9² of 10 000, plus or minus four standard deviations.
    expect(Math.abs(answers.length - 8_100)).toBeLessThan(157);
  });

  test('a cut loses what is under way and all that follows; mended it carries again', () => {
    const { clock, links, probes, answers } = bench();
    probes.send('main', 1);
    clock.advance(millis(5));
    links.cut('main');
    probes.send('main', 2);
    clock.advance(millis(1));
    links.mend('main');
    probes.send('main', 3);
    clock.advance(seconds(1));
    expect(answers.map(({ sequence }) => sequence)).toEqual([3]);
  });

  test('a dead agent hears no answer and sends no probe', () => {
    const { clock, life, probes, answers } = bench();
    probes.send('main', 1);
    life.end();
    probes.send('main', 2);
    clock.advance(seconds(1));
    expect(answers).toEqual([]);
    expect(clock.fired()).toBe(1);
  });

  test('TCP is late where datagrams are lost, and undefined over a cut link', () => {
    const { links } = bench(0.3);
    const ways = Array.from({ length: 1_000 }, () => links.segment('main') ?? 0);
    const late = ways.filter((way) => way >= 200).length;
    expect(Math.abs(late - 300)).toBeLessThan(58);
    links.cut('main');
    expect(links.segment('main')).toBeUndefined();
  });

  test('a link that nobody ordered is a bug', () => {
    expect(() => bench().links.cut('third')).toThrow('no link "third"');
  });
});
