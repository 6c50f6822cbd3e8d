import { describe, expect, test } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimNetwork } from '../../../hw-sim/site/sim-network.ts';

function bench() {
  const clock = createSimClock(millis(0));
  const plane = createSimNetwork(clock, ['main', 'second']);
  const life = createLife(1, 'boot');
  const told: (string | undefined)[] = [];
  const done = (error: Error | undefined) => told.push(error?.message.slice(0, 15));
  return { clock, plane, life, port: plane.port(life), told, done };
}

const MAIN = { voice: 'main', data: 'main' };
const SPLIT = { voice: 'second', data: 'main' };

describe('the simulated data plane', () => {
  test('carries out orders one after the other and remembers them with their times', () => {
    const { clock, plane, port, told, done } = bench();
    port.install(MAIN, done);
    port.steer(SPLIT, done);
    port.relay(true, done);
    expect(plane.installed()).toBe(false);
    clock.advance(seconds(1));
    expect(told).toEqual([undefined, undefined, undefined]);
    expect(plane.history()).toEqual([
      { at: 40, did: 'install', steering: MAIN, relay: 'straight', refused: false },
      { at: 42, did: 'steer', steering: SPLIT, relay: 'straight', refused: false },
      { at: 44, did: 'relay', steering: SPLIT, relay: 'through', refused: false },
    ]);
  });

  test('refuses once when taught to, and changes nothing by it', () => {
    const { clock, plane, port, told, done } = bench();
    port.install(MAIN, done);
    clock.advance(seconds(1));
    plane.refuseNext();
    port.steer(SPLIT, done);
    clock.advance(seconds(1));
    expect(plane.steering()).toEqual(MAIN);
    port.steer(SPLIT, done);
    clock.advance(seconds(1));
    expect(plane.steering()).toEqual(SPLIT);
    expect(told).toEqual([undefined, 'network.refused', undefined]);
  });

  test('refuses to steer without a plan, and onto a link that is not there', () => {
    const { clock, port, told, done } = bench();
    port.steer(MAIN, done);
    port.install({ voice: 'main', data: 'third' }, done);
    clock.advance(seconds(1));
    expect(told).toEqual(['network.refused', 'network.refused']);
  });

  test('stands by itself when the agent dies, and what was ordered still happens, unheard', () => {
    const { clock, plane, life, port, told, done } = bench();
    port.install(SPLIT, done);
    life.end();
    port.steer(MAIN, done);
    clock.advance(seconds(1));
    expect(plane.steering()).toEqual(SPLIT);
    expect(told).toEqual([]);
  });

  test('an order of a dead agent does not close the way that the supervisor opened', () => {
    const { clock, plane, life, port, done } = bench();
    port.install(MAIN, done);
    port.relay(true, done);
    life.end();
    plane.failOpen();
    clock.advance(seconds(1));
    expect(plane.relay()).toBe('straight');
  });

  test('loses everything with the power, orders under way included', () => {
    const { clock, plane, port, done } = bench();
    port.install(SPLIT, done);
    clock.advance(seconds(1));
    port.install({ voice: 'second', data: 'second' }, done);
    plane.losePower();
    clock.advance(seconds(1));
    expect([plane.installed(), plane.relay(), plane.steering()]).toEqual([false, 'dark', MAIN]);
    plane.powerBack();
    expect(plane.relay()).toBe('straight');
  });
});
