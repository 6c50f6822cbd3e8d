import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Slot } from '../../../agent/model/release.ts';
import { launchReleases } from '../../../firmware-ts/updates/launch-releases.ts';
import { type ReleasePorts, takeRelease } from '../../../firmware-ts/updates/take-release.ts';
import { otherSlot } from '../../../firmware-ts/updates/update-book.ts';
import { updatePaths } from '../../../firmware-ts/wires/node/slot-files.ts';
import type { BundleFiles, SlotFiles } from '../../../firmware-ts/wires/release-files.ts';
import { createReleaseBox, type ReleaseBox, sourceOf } from './release-box.ts';

const CUT = new Error('the power is cut');
let bundles: { readonly good: Buffer; readonly bad: Buffer };
let box: ReleaseBox;
beforeAll(() => {
  box = createReleaseBox();
  bundles = { good: box.bundle('1.1.0'), bad: box.bundle('1.2.0') };
});
afterAll(() => box.clear());

/** Every write of the box is one step; before step `at`, or in the middle of it, nothing more happens. */
function cutting(
  ports: ReleasePorts,
  at: number,
  middle: boolean,
): { readonly ports: ReleasePorts; readonly steps: () => number } {
  let steps = 0;
  let dead = false;
  const step = <T>(work: () => T, half: () => void = () => undefined): T => {
    steps += 1;
    if (dead) throw CUT;
    if (steps === at) {
      dead = true;
      if (middle) half();
      throw CUT;
    }
    return work();
  };
  const { slots, bundle } = ports;
  const wrappedSlots: SlotFiles = {
    ...slots,
    // The file is written beside first: half of it is no file. In the middle means: done, and not reported.
    keepBook: (book) =>
      step(
        () => slots.keepBook(book),
        () => slots.keepBook(book),
      ),
    keepWish: (wish) =>
      step(
        () => slots.keepWish(wish),
        () => slots.keepWish(wish),
      ),
    pointAt: (slot) =>
      step(
        () => slots.pointAt(slot),
        () => slots.pointAt(slot),
      ),
  };
  const wrappedBundle: BundleFiles = {
    ...bundle,
    append: (bytes) =>
      step(
        () => bundle.append(bytes),
        () => bundle.append(bytes.subarray(0, bytes.length >> 1)),
      ),
    keepOf: (url) => step(() => bundle.keepOf(url)),
    // The worst middle: files are there, the line that says that they are whole is not.
    unpack: (slot) =>
      step(
        () => bundle.unpack(slot),
        () => rmSync(updatePaths(box.directory).release(slot), { force: true }),
      ),
  };
  return { ports: { ...ports, slots: wrappedSlots, bundle: wrappedBundle }, steps: () => steps };
}

type Fate = 'healthy' | 'dies';

/** From the bundle to the end of the trial, by the real code on real files. */
async function wholeUpdate(ports: ReleasePorts, version: string, fate: Fate): Promise<void> {
  await takeRelease('https://releases.example/one', ports);
  ports.slots.keepWish({ version, by: 'test' });
  await oneLife(ports, fate);
}

/** One life under the supervisor; answers the slot that was started. A cut comes out of it as it would: it ends. */
function oneLife(ports: ReleasePorts, fate: Fate): Promise<Slot | undefined> {
  return new Promise((done) => {
    const launch = launchReleases({
      ...{ slots: ports.slots, clock: ports.clock, say: () => undefined, canReturn: async () => true },
      launch: (slot) => (news) => {
        setImmediate(() => {
          try {
            if (fate === 'healthy') news.healthy?.();
            else news.exited(1);
          } catch (error) {
            if (error !== CUT) throw error;
          }
          setImmediate(() => done(slot));
        });
        return { kill: () => undefined, tellAway: () => undefined };
      },
    });
    launch({ exited: (status) => status === 127 && done(undefined), beat: () => undefined });
  });
}

/** After the power is back: what does the box start, and is it whole? */
async function startAgain(): Promise<{ readonly slot: Slot | undefined; readonly version: string | undefined }> {
  const ports = box.ports(sourceOf(bundles.good, { chunk: 900 }));
  const slot = await oneLife(ports, 'healthy');
  const program = slot && readFileSync(updatePaths(box.directory).program(slot), 'utf8');
  return { slot, version: /^\/\/ (\S+)/.exec(program ?? '')?.[1] };
}

async function stepsOf(fate: Fate): Promise<number> {
  box.install();
  const { ports, steps } = cutting(box.ports(sourceOf(bundles.good, { chunk: 900 })), Number.POSITIVE_INFINITY, false);
  await wholeUpdate(ports, '1.1.0', fate);
  return steps();
}

describe('D-3: the power is cut in the middle of an update', () => {
  it('at every step, before it or in it: the box starts a whole release, its own or the new one', {
    timeout: 60_000,
  }, async () => {
    const steps = { healthy: await stepsOf('healthy'), dies: await stepsOf('dies') };
    expect(steps.healthy).toBeGreaterThanOrEqual(8);
    const everywhere = (['healthy', 'dies'] as const).flatMap((fate) =>
      Array.from({ length: steps[fate] }, (_, i) =>
        [false, true].map((middle) => ({ fate, at: i + 1, middle })),
      ).flat(),
    );
    for (const { fate, at, middle } of everywhere) {
      box.install();
      const { ports } = cutting(box.ports(sourceOf(bundles.good, { chunk: 900 })), at, middle);
      await wholeUpdate(ports, '1.1.0', fate).catch((error: unknown) => {
        if (error !== CUT) throw error;
      });
      const { slot, version } = await startAgain();
      expect([fate, at, middle, slot === 'a' ? '1.0.0' : '1.1.0']).toEqual([fate, at, middle, version]);
      // Whatever it was, the update can be made from there.
      const later = box.ports(sourceOf(bundles.bad));
      if (at % 4 === 0 && later.slots.book()?.trial === undefined) {
        await takeRelease('https://releases.example/two', later);
        expect(later.slots.manifestIn(otherSlot(later.slots.book()?.confirmed ?? 'a'))?.version).toBe('1.2.0');
      }
    }
  });

  it('again and again, at random: there is always a whole release, and the floor never falls', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 1, max: 12 }), middle: fc.boolean(), dies: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (cuts) => {
          box.install();
          let floor = '1.0.0';
          for (const { at, middle, dies } of cuts) {
            const { ports } = cutting(box.ports(sourceOf(bundles.good, { chunk: 900 })), at, middle);
            await wholeUpdate(ports, '1.1.0', dies ? 'dies' : 'healthy').catch(() => undefined);
            const { version } = await startAgain();
            expect(['1.0.0', '1.1.0']).toContain(version);
            const now = box.ports(sourceOf(bundles.good, { chunk: 900 })).slots.book()?.floor ?? '';
            expect(now >= floor).toBe(true);
            floor = now;
          }
        },
      ),
      { numRuns: 8, seed: 7 },
    );
  });

  it('a slot whose line is missing is not started, whatever the book says', async () => {
    box.install();
    const ports = box.ports(sourceOf(bundles.good, { chunk: 900 }));
    await takeRelease('https://releases.example/one', ports);
    ports.slots.keepWish({ version: '1.1.0', by: 'test' });
    rmSync(join(box.directory, 'slots', 'b', 'release.json'));
    expect(await oneLife(ports, 'healthy')).toBe('a');
  });
});
