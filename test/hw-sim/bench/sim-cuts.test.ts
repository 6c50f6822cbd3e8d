import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutsOf, playStory } from '../../../hw-sim/bench/sim-cuts/cut-story.ts';
import { FIRST, NEW, OLD, type PreparedEuicc, prepareEuicc } from '../../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { openTlsRoad, type TlsRoad } from '../../../hw-sim/bench/sim-cuts/profile-road.ts';
import { STORIES } from '../../../hw-sim/bench/sim-cuts/stories.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';

const prepared = prepareEuicc();
let tls: TlsRoad;
let PREPARED: PreparedEuicc;
beforeAll(async () => {
  tls = await openTlsRoad(prepared.pki);
  PREPARED = { ...prepared, tls };
});
afterAll(() => tls.close());
const LONG = 60_000;

describe('S-1, S-2: a line moves to another card, over a modem, an eUICC and a profile server', () => {
  it.each(STORIES)('$name', async (story) => {
    const isRefused = story.refuses !== undefined;
    const fate = await playStory(story, PREPARED);
    expect(fate).toMatchObject({
      wrong: [],
      outcome: isRefused ? 'returned' : 'swapped',
      inUse: !isRefused ? NEW.iccid : story.inSecond ? FIRST.iccid : OLD.iccid,
    });
    // The network says no at once, and the line is back long before twenty seconds are over.
    if (typeof story.refuses === 'number') expect(fate.took).toBeLessThan(20_000);
  });
});

describe('S-1: a choice of configuration that power broke off', () => {
  it('is made again on the way back, or the old card would find no network', async () => {
    const story = STORIES.find(({ keepsCarrier, refuses }) => keepsCarrier && refuses !== undefined);
    if (story === undefined) throw new Error('no such story');
    for (const at of [89, 90, 91, 92]) {
      for (const who of ['box', 'modem', 'both'] as const)
        expect((await playStory(story, PREPARED, { at, who, when: 'before' })).wrong, `${who} at ${at}`).toEqual([]);
    }
  });
});

describe('S-1: power is cut at what is said to the modem and at what is written down', () => {
  it.each(STORIES)(
    '$name: a card works after the next start, whoever lost power and when',
    async (story) => {
      const { points } = await playStory(story, PREPARED);
      const random = createSimRandom(`cuts of ${story.name}`);
      const pick = () => cutsOf(Math.min(points, 160)).at(Math.floor(random.fraction() * Math.min(points, 160) * 6));
      for (let n = 0; n < 6; n += 1) {
        const [first, second] = [pick(), pick()];
        if (first === undefined || second === undefined) throw new Error('no such cut');
        const cuts = n < 4 ? [first] : [first, second];
        const fate = await playStory(story, PREPARED, ...cuts);
        expect(fate.wrong, JSON.stringify(cuts)).toEqual([]);
      }
    },
    LONG,
  );
});
