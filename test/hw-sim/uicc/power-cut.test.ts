import { describe, expect, it } from 'vitest';
import { hours } from '../../../agent/model/units.ts';
import { createLocalProfiles, type LocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { enableProfile, getProfiles, type InstalledProfile } from '../../../agent/uicc/es10/profiles.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import type { Card } from '../../../hw-sim/uicc/card.ts';
import { channelToCard } from '../../../hw-sim/uicc/card-channel.ts';
import { type CardState, cut } from '../../../hw-sim/uicc/card-state.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import type { SimSmdp } from '../../../hw-sim/uicc/smdp/smdp.ts';
import { ADDRESS, createWorld, download, ICCIDS, PKI, postTo } from './world.ts';

const [OLD, TARGET] = ICCIDS;

/** Who loses power: the card alone, the box alone, or both; before the card acts, or before its answer is heard. */
const WHO = ['card', 'box', 'both'] as const;
const WHEN = ['before', 'after'] as const;
type Cut = { readonly at: number; readonly who: (typeof WHO)[number]; readonly when: (typeof WHEN)[number] };

/** The card behind a cable that is cut at one APDU; `sent` counts them, channels opened and closed included. */
function cuttable(card: Card, where?: Cut) {
  let sent = 0;
  let isDead = false;
  const transmit = (apdu: string): string => {
    sent += 1;
    if (isDead || sent !== where?.at) return isDead ? '' : card.transmit(apdu);
    if (where.when === 'after') card.transmit(apdu);
    if (where.who !== 'box') card.restart();
    isDead = where.who !== 'card';
    return '';
  };
  return { transmit, sent: () => sent };
}

/** A site with the old profile at work, and the order TWO waiting; the state is made once and copied. */
const START: CardState = (() => {
  const world = createWorld();
  expect(download(world)).toMatchObject({ is: 'installed' });
  world.profiles.deliver(() => undefined);
  world.profiles.ask(enableProfile({ iccid: OLD }, true), () => undefined);
  world.profiles.deliver(() => undefined);
  return cut(world.card.state());
})();

function listed(profiles: LocalProfiles): readonly InstalledProfile[] {
  let found: readonly InstalledProfile[] = [];
  profiles.ask(getProfiles(), (heard) => {
    if ('value' in heard) found = heard.value;
  });
  return found;
}

/** What a box does whenever it starts: it reads, and does what is missing. It may be run at any time, and twice. */
function settle(profiles: LocalProfiles): void {
  profiles.deliver(() => undefined);
  const clock = createSimClock(hours(0));
  if (!listed(profiles).some(({ iccid }) => iccid === TARGET)) download({ profiles, clock }, { matchingId: 'TWO' });
  profiles.deliver(() => undefined);
  if (listed(profiles).some(({ iccid, isEnabled }) => iccid === TARGET && !isEnabled))
    profiles.ask(enableProfile({ iccid: TARGET }, true), () => undefined);
  profiles.deliver(() => undefined);
}

const boxAt = (card: Pick<Card, 'transmit'>, smdp: SimSmdp): LocalProfiles =>
  createLocalProfiles({ channel: channelToCard(card), https: postTo(smdp), clock: createSimClock(hours(0)) });

/** The ICCID that the modem reads after power comes back; what stands in EF IMSI with the PIN. */
function whatTheModemReads(card: Card): string {
  card.restart();
  card.transmit('00A40004022FE2');
  const iccid = card.transmit('00B000000A');
  card.transmit('0020000108 31323334FFFFFFFF'.replace(' ', ''));
  card.transmit('00A40804047FFF6F07');
  const imsi = card.transmit('00B0000009');
  expect(iccid).toMatch(/9000$/);
  expect(imsi).toMatch(/^08.*9000$/);
  return iccid
    .slice(0, -4)
    .replace(/(.)(.)/g, '$2$1')
    .replace(/F+$/, '');
}

function startedAgain(): { readonly card: Card; readonly smdp: SimSmdp } {
  const card = createEuicc(PKI);
  card.become(START);
  return { card, smdp: createWorld({ address: ADDRESS, segmentBytes: 1_020 }, card).smdp };
}

describe('S-1: power is cut at every APDU of a download and a switch', () => {
  const whole = startedAgain();
  const cable = cuttable(whole.card);
  settle(boxAt(cable, whole.smdp));
  const apdus = cable.sent();

  it('switches without a cut', () => {
    expect(whatTheModemReads(whole.card)).toBe(TARGET);
    expect(whole.smdp.told.map(({ sequence, event }) => [sequence, event])).toEqual([
      [3, 'install'],
      [4, 'disable'],
      [5, 'enable'],
    ]);
  });

  it.each(WHO.flatMap((who) => WHEN.map((when) => [who, when] as const)))(
    'cuts %s %s each of them acts or is heard: the old or the new profile works, and the next start finishes',
    (who, when) => {
      const outcomes = { [OLD]: 0, [TARGET]: 0 };
      for (let at = 1; at <= apdus; at += 1) {
        const { card, smdp } = startedAgain();
        settle(boxAt(cuttable(card, { at, who, when }), smdp));
        const enabled = card.state().kept.euicc?.profiles.filter(({ isEnabled }) => isEnabled);
        expect(enabled, `two or none enabled after APDU ${at}`).toHaveLength(1);
        const read = whatTheModemReads(card);
        expect([OLD, TARGET]).toContain(read);
        outcomes[read as keyof typeof outcomes] += 1;
        settle(boxAt(card, smdp));
        expect(whatTheModemReads(card), `not finished after APDU ${at}`).toBe(TARGET);
        expect(card.state().kept.euicc?.notifications).toEqual([]);
        // In order, none left out; one whose removal was cut is told twice.
        const told = smdp.told.map(({ sequence }) => sequence);
        expect(told).toEqual(told.toSorted((a, b) => a - b));
        expect(new Set(told)).toEqual(new Set([3, 4, 5]));
      }
      expect(outcomes[OLD] + outcomes[TARGET]).toBe(apdus);
      if (who !== 'card') expect(outcomes[OLD]).toBeGreaterThan(70);
    },
    120_000,
  );

  it('has tried more than 500 points', () => {
    expect(apdus * WHO.length * WHEN.length).toBeGreaterThan(500);
  });
});
