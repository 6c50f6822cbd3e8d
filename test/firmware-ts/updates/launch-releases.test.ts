import { setImmediate as settle } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../../agent/model/release.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import { launchReleases } from '../../../firmware-ts/updates/launch-releases.ts';
import { takeRelease } from '../../../firmware-ts/updates/take-release.ts';
import type { ChildNews, KillSignal } from '../../../firmware-ts/wires/child.ts';
import type { SlotFiles } from '../../../firmware-ts/wires/release-files.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createReleaseBox, type ReleaseBox, sourceOf } from './release-box.ts';

const URL = 'https://releases.example/relais.bundle';
let box: ReleaseBox;
let slots: SlotFiles;
let said: string[];
beforeEach(async () => {
  box = createReleaseBox();
  said = [];
  const ports = box.ports(sourceOf(box.bundle('1.1.0', { floor: '1.0.5' })));
  await takeRelease(URL, ports);
  slots = ports.slots;
  slots.keepWish({ version: '1.1.0', by: 'self::support.second' });
});
afterEach(() => box.clear());

type Life = { readonly slot: Slot; readonly news: ChildNews; readonly killed: KillSignal[] };

/** The launcher over real slots; each life is what the test makes of it. */
function createStand(canReturn: () => boolean = () => true) {
  const clock = createSimClock(millis(0));
  const lives: Life[] = [];
  const launch = launchReleases({
    ...{ slots, clock, say: (words: string) => void said.push(words), canReturn: async () => canReturn() },
    launch: (slot) => (news) => {
      const killed: KillSignal[] = [];
      lives.push({ slot, news, killed });
      return { kill: (signal) => void killed.push(signal), tellAway: () => undefined };
    },
  });
  const ends: number[] = [];
  return {
    ...{ clock, lives, ends },
    async start() {
      const child = launch({ exited: (status) => void ends.push(status), beat: () => undefined });
      for (let turn = 0; turn < 5; turn += 1) await settle();
      const life = lives.at(-1);
      if (life === undefined) throw new Error('nothing was launched');
      return { ...life, child };
    },
    settle: async () => {
      for (let turn = 0; turn < 5; turn += 1) await settle();
    },
  };
}

describe('D-3: a release on trial', () => {
  it('is started from the other slot, confirmed when it says that it is healthy, and raises the floor then', async () => {
    const stand = createStand();
    const trial = await stand.start();
    expect(trial.slot).toBe('b');
    expect(slots.wish()).toBeUndefined();
    expect(slots.book()).toMatchObject({ confirmed: 'a', floor: '1.0.0', trial: { slot: 'b', triesLeft: 1 } });
    trial.news.healthy?.();
    expect(slots.book()).toEqual({ confirmed: 'b', floor: '1.0.5' });
    stand.clock.advance(minutes(10));
    expect(trial.killed).toEqual([]);
    trial.news.exited(1);
    expect((await stand.start()).slot).toBe('b');
  });

  it('that dies before it is healthy goes back by itself, and why is kept', async () => {
    const stand = createStand();
    const trial = await stand.start();
    trial.news.exited(139);
    expect(stand.ends).toEqual([139]);
    expect((await stand.start()).slot).toBe('a');
    expect(slots.book()).toEqual({
      ...{ confirmed: 'a', floor: '1.0.0' },
      failed: { version: '1.1.0', why: 'it ended with status 139 before it was healthy' },
    });
  });

  it('that lives and is not healthy within five minutes is ended, by force if need be, and goes back', async () => {
    const stand = createStand();
    const trial = await stand.start();
    stand.clock.advance(minutes(5));
    expect(trial.killed).toEqual(['SIGTERM']);
    stand.clock.advance(seconds(5));
    expect(trial.killed).toEqual(['SIGTERM', 'SIGKILL']);
    trial.news.exited(137);
    expect((await stand.start()).slot).toBe('a');
    expect(slots.book()?.failed?.why).toBe('it was not healthy within five minutes');
  });

  it('during which the box goes down twice is given up: a release may not hang the box in a circle of restarts', async () => {
    for (const _ of ['first', 'second']) {
      const { slot } = await createStand().start();
      expect(slot).toBe('b');
    }
    expect((await createStand().start()).slot).toBe('a');
    expect(slots.book()?.failed?.why).toBe('the box went down while it was tried');
  });

  it('that is ended by an order keeps its tries: a restart says nothing of it', async () => {
    const stand = createStand();
    const { child, news } = await stand.start();
    child.kill('SIGTERM');
    news.exited(0);
    await stand.settle();
    expect(slots.book()?.trial).toEqual({ slot: 'b', version: '1.1.0', triesLeft: 1 });
  });

  it('does not go back to a release that cannot read the ledger any more, and says so', async () => {
    const stand = createStand(() => false);
    (await stand.start()).news.exited(1);
    expect((await stand.start()).slot).toBe('b');
    expect(said.join('\n')).toContain('cannot read the ledger any more');
    expect(slots.book()?.trial?.version).toBe('1.1.0');
  });

  it('is not begun by a wish for another version than the one that lies there', async () => {
    slots.keepWish({ version: '1.4.0', by: 'field' });
    expect((await createStand().start()).slot).toBe('a');
    expect(slots.wish()).toBeUndefined();
  });

  it('is not written over while it runs', async () => {
    const stand = createStand();
    await stand.start();
    const ports = box.ports(sourceOf(box.bundle('1.2.0')));
    await expect(takeRelease(URL, ports)).rejects.toMatchObject({ context: { field: 'trial' } });
  });
});
