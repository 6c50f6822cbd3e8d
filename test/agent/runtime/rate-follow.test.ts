import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { LinkCounter } from '../../../agent/ports/counters.ts';
import type { LinkRate, Network, Traffic } from '../../../agent/ports/network.ts';
import { createRateFollow } from '../../../agent/runtime/rate-follow.ts';
import { createTrafficWatch } from '../../../agent/runtime/traffic-watch.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimJournal } from '../../../hw-sim/site/sim-journal.ts';
import { siteConfig } from '../../example-site.ts';

/** A mobile second link of 2,000 kbit/s up, whose probes come back after `roundTrip`, and whose data goes up at `carries`. */
function mobile() {
  const clock = createSimClock(millis(0));
  const rates: LinkRate[] = [];
  const world = { roundTrip: 40, kbps: 0, calls: 1, counted: 0 };
  const config = siteConfig();
  const links = config.links.map((link) =>
    link.role === 'second' ? { ...link, kind: 'mobile' as const, upKbps: 2_000, downKbps: 4_000 } : link,
  );
  const name = links.find(({ role }) => role === 'second')?.name ?? '';
  const follow = createRateFollow({
    config: { links },
    ports: {
      clock,
      counters: {
        read(done) {
          const up = Math.round(world.counted);
          done(new Map<string, LinkCounter>([[name, { life: '1', up, down: 0 }]]));
        },
      },
    },
    turns: createTurns(),
    traffic: { rate: (_, rate) => rates.push(rate) },
    callsOn: () => world.calls,
  });
  let sequence = 0;
  const run = (ms: number): void => {
    for (let now = 0; now < ms; now += 20) {
      sequence += 1;
      const asked = sequence;
      follow.asked(name, asked);
      const { roundTrip } = world;
      clock.after(millis(roundTrip), () => follow.answered(name, asked, millis(roundTrip)));
      world.counted += (world.kbps * 20) / 8;
      clock.advance(millis(20));
    }
  };
  return { world, rates, run, last: () => rates.at(-1) };
}

describe('Q-1: the ceiling of a mobile link while a call runs on it', () => {
  it('data that fills the line is braked in the direction in which it flows, as soon as a probe is overdue', () => {
    const { world, rates, run, last } = mobile();
    world.kbps = 1_900;
    run(2_000);
    expect(rates).toEqual([]);
    world.roundTrip = 400;
    // 20 ms above the 40 of the quiet line, long before the answer is there.
    run(100);
    expect(last()).toEqual({ upKbps: 64, downKbps: 4_000 });
    world.roundTrip = 40;
    run(1_500);
    expect(last()?.upKbps).toBeGreaterThan(64);
    expect(last()?.downKbps).toBe(4_000);
  });

  it('without a call data has what was ordered, and nothing is measured', () => {
    const { world, rates, run, last } = mobile();
    world.calls = 0;
    world.roundTrip = 900;
    run(3_000);
    expect(rates).toEqual([]);
    world.calls = 1;
    world.roundTrip = 40;
    run(1_000);
    world.roundTrip = 400;
    run(200);
    expect(last()?.upKbps).toBe(64);
    world.calls = 0;
    run(500);
    expect(last()).toEqual({ upKbps: 2_000, downKbps: 4_000 });
  });

  it('a line that has become longer for good is learned, and data goes on', () => {
    const { world, run, last } = mobile();
    run(2_000);
    world.roundTrip = 120;
    run(6_000);
    expect(last()?.upKbps).toBeGreaterThan(1_000);
  });
});

describe('Q-1: what runs on the links is told to the data plane', () => {
  it('when it changes and only then, and again when it was refused', () => {
    const clock = createSimClock(millis(0));
    const told: Traffic[] = [];
    let refused = false;
    const adapt: Network['adapt'] = (traffic, done) => {
      told.push(traffic);
      done(refused ? new Error('no') : undefined);
    };
    const nothing = () => undefined;
    const network: Network = {
      install: nothing,
      steer: nothing,
      limit: nothing,
      relay: nothing,
      close: nothing,
      adapt,
    };
    const journal = createSimJournal(10).port({ alive: () => true } as never);
    const watch = createTrafficWatch({ ports: { clock, network, journal }, turns: createTurns() });
    watch.calls(['PCMA', 'G729']);
    watch.calls(['G729', 'PCMA']);
    expect(told.map(({ calls }) => calls)).toEqual([['G729', 'PCMA']]);
    refused = true;
    watch.calls([undefined]);
    refused = false;
    clock.advance(seconds(2));
    expect(told.slice(1).map(({ calls }) => calls)).toEqual([[undefined], [undefined]]);
    watch.calls([]);
    expect(told.at(-1)).toEqual({ calls: [], rates: {} });
  });
});
