import { describe, expect, it } from 'vitest';
import type { LineOrder } from '../../agent/model/mobile-line.ts';
import type { LedgerEvent } from '../../agent/model/record.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SimOrder } from '../../agent/model/sim-swap.ts';
import { hours, minutes } from '../../agent/model/units.ts';
import { ADDRESS, NEW, OLD, prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { cardOf, ORANGE, SFR, servedBy } from '../../hw-sim/devices/at-modem-state.ts';
import { letPass } from '../firmware-ts/let-pass.ts';
import { CONFIG, LINE, openMobileSite } from './mobile-site.ts';

const prepared = prepareEuicc();
const notice = { value: { count: 1, unit: 'month' }, article: 'art. 11' };
const regime = RegimeSchema.parse({ ...CONFIG.regime, sim: { ...CONFIG.regime.sim, hostChangeNotice: notice } });
const config = { ...CONFIG, regime };

type Mobile = ReturnType<typeof openMobileSite>;
const inUse = ({ modem }: Mobile): string | undefined => cardOf(modem.state())?.iccid;
const swaps = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'sim-swapped' && event.stage === 'ended' ? [`${event.swap} ${event.outcome}`] : [],
  );
/** Whether the box itself finds that the line carries. */
const carries = ({ modem }: Mobile): boolean => servedBy(modem.state()).stat === 1;
/** Hours of a quiet site, in steps that leave the modem its time to answer. */
async function live(site: Mobile, span: number): Promise<void> {
  const { clock } = site.whole.site;
  for (let passed = 0; passed < span; passed += minutes(2)) {
    clock.advance(minutes(2));
    await letPass(clock, minutes(0.02));
  }
}

describe('S-9: a campaign of the host operator, on the real engine and a modem', { timeout: 120_000 }, () => {
  const campaign = (site: Mobile, more: { readonly announced?: number } = {}): LineOrder => {
    const now = Math.floor(site.whole.site.clock.wall());
    return {
      ...{ id: 'to-sfr', by: 'campaign', line: LINE, do: 'change-host', accessPoint: 'sfr' },
      ...{ announced: now - 40 * 86_400_000, from: now + minutes(10), until: now + hours(30), ...more },
      target: { by: 'profile', iccid: NEW.iccid },
    };
  };

  it('moves the line within its window and not before, and the record says where it lives', async () => {
    const site = openMobileSite({ seed: 'campaign', prepared, config });
    await site.pass(1);
    site.lineOrder({ ...campaign(site, { announced: Math.floor(site.whole.site.clock.wall()) }), id: 'too-early' });
    site.lineOrder(campaign(site));
    await site.pass(3);
    expect(site.stories()).toMatchObject([{ so: 'refused' }, { order: 'to-sfr', so: 'done' }]);
    expect(inUse(site)).toBe(OLD.iccid);
    await site.pass(12);
    expect(inUse(site)).toBe(NEW.iccid);
    expect(carries(site)).toBe(true);
    expect(swaps(site.events())).toEqual(['to-sfr#1 swapped']);
    await live(site, hours(8));
    expect(swaps(site.events())).toEqual(['to-sfr#1 swapped']);
  });

  it('a card that the new network does not know yet: the line comes home, and is moved six hours later when it does', async () => {
    const site = openMobileSite({ seed: 'not activated', prepared, config, sfr: { rejects: 8 } });
    await site.pass(1);
    site.lineOrder(campaign(site));
    await site.pass(14);
    expect(swaps(site.events())).toEqual(['to-sfr#1 returned']);
    expect([inUse(site), carries(site)]).toEqual([OLD.iccid, true]);
    site.modem.set({
      networks: [
        { ...ORANGE, rejectsCards: { [NEW.iccid]: 15 } },
        { ...SFR, rejectsCards: { [OLD.iccid]: 15 } },
      ],
    });
    // A restart in between changes nothing of the plan.
    site.whole.site.powerCut();
    site.whole.start();
    await live(site, hours(6.5));
    expect(swaps(site.events())).toEqual(['to-sfr#1 returned', 'to-sfr#2 swapped']);
    expect([inUse(site), carries(site)]).toEqual([NEW.iccid, true]);
  });
});

describe("S-1: from the operator's order to traffic, and back when the network rejects", { timeout: 60_000 }, () => {
  it('order, download, install, enable, refusal, return with traffic; then the same profile, once the network takes it', async () => {
    const site = openMobileSite({ seed: 'chain', prepared, profiles: 'one', sfr: { rejects: 11 } });
    const { links } = site.whole.site;
    await site.pass(1);
    const order: SimOrder = {
      ...{ id: 'o1', target: { by: 'download' }, accessPoint: 'sfr', reason: 'host-change', by: 'M. Durand' },
    };
    site.simOrder(order, { download: { code: `LPA:1$${ADDRESS}$NEW` } });
    await site.pass(5);
    expect(site.stories()).toMatchObject([{ so: 'returned', why: 'the network refuses the card, cause 11' }]);
    expect([inUse(site), carries(site)]).toEqual([OLD.iccid, true]);
    // The server was told of all of it, in the order of the card: the new one in place of the old, and back.
    expect(site.smdp.told.map(({ event }) => event)).toEqual(['install', 'disable', 'enable', 'disable', 'enable']);
    // Traffic of the box itself goes by the line that came home.
    links.cut('main');
    await site.pass(3);
    const seen = site.events().length;
    site.modem.set({
      networks: [
        { ...ORANGE, rejectsCards: { [NEW.iccid]: 15 } },
        { ...SFR, rejectsCards: { [OLD.iccid]: 15 } },
      ],
    });
    site.simOrder({ ...order, id: 'o2', target: { by: 'profile', iccid: NEW.iccid } });
    await site.pass(6);
    expect(site.events().length).toBeGreaterThan(seen);
    expect(site.stories()[1]).toMatchObject({ order: 'o2', so: 'swapped', from: OLD.iccid, to: NEW.iccid });
    expect([inUse(site), carries(site)]).toEqual([NEW.iccid, true]);
  });
});
