import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../agent/model/record.ts';
import type { SimOrder } from '../../agent/model/sim-swap.ts';
import { ADDRESS, NEW, OLD, prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { cardOf, servedBy } from '../../hw-sim/devices/at-modem-state.ts';
import { openMobileSite } from './mobile-site.ts';

const prepared = prepareEuicc();
const TO_NEW = {
  ...{ id: 'o1', target: { by: 'profile', iccid: NEW.iccid }, accessPoint: 'sfr', reason: 'support', by: 'M. Durand' },
} as const satisfies SimOrder;
const TO_SLOT = { ...TO_NEW, target: { by: 'slot', slot: 2 }, reason: 'defect' } as const;

type Mobile = ReturnType<typeof openMobileSite>;
const inUse = ({ modem }: Mobile): string | undefined => cardOf(modem.state())?.iccid;
const swaps = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) => (event.kind === 'sim-swapped' ? [`${event.swap} ${event.outcome ?? event.stage}`] : []));

describe('S-1, S-2: the operator orders, the box changes the card, and the record says how it ended', () => {
  it('a profile: the order goes over the broker, and the central keeps what the box recorded', async () => {
    const site = openMobileSite({ seed: 'profile', prepared });
    await site.pass(1);
    expect(inUse(site)).toBe(OLD.iccid);
    site.simOrder(TO_NEW);
    await site.pass(2);
    expect(inUse(site)).toBe(NEW.iccid);
    expect(swaps(site.events())).toEqual(['o1 begun', 'o1 swapped']);
    expect(site.stories()).toMatchObject([{ order: 'o1', so: 'swapped', from: OLD.iccid, to: NEW.iccid }]);
    // Said again, and once more after a restart of the box, it is the same order.
    site.sayAgain();
    site.whole.site.kill();
    site.whole.start();
    await site.pass(3);
    expect(swaps(site.boxEvents())).toEqual(['o1 begun', 'o1 swapped']);
  });

  it('a slot, of a site that was offline when it was ordered: it is done when the site is back', async () => {
    const site = openMobileSite({ seed: 'slot', prepared, slots: {}, family: 'EM12' });
    await site.pass(1);
    site.whole.site.broker.cut();
    await site.pass(1);
    site.simOrder(TO_SLOT);
    await site.pass(1);
    expect(swaps(site.boxEvents())).toEqual([]);
    expect(site.stories()).toMatchObject([{ order: 'o1', so: 'waiting' }]);
    site.whole.site.broker.mend();
    await site.pass(5);
    expect(inUse(site)).toBe(NEW.iccid);
    expect(site.stories()).toMatchObject([{ order: 'o1', so: 'swapped', to: NEW.iccid }]);
  });

  it('S-8: a download by an activation code, which no record and no journal keeps', async () => {
    const site = openMobileSite({ seed: 'download', prepared, profiles: 'one' });
    await site.pass(1);
    const order: SimOrder = { ...TO_NEW, target: { by: 'download' }, reason: 'host-change' };
    site.simOrder(order, { download: { code: `LPA:1$${ADDRESS}$NEW` } });
    await site.pass(4);
    expect(site.stories()).toMatchObject([{ so: 'swapped', from: OLD.iccid, to: NEW.iccid }]);
    expect(site.smdp.told.map(({ event }) => event)).toEqual(expect.arrayContaining(['install', 'enable']));
    expect(JSON.stringify([site.events(), site.whole.site.journal.lines()])).not.toContain('LPA:1');
  });

  it.each([
    ['that came with the order: it is entered once, and asked for no more', '4711', {}, 'swapped', 3],
    ['that nobody gave: the line goes back', undefined, {}, 'returned', 3],
    ['that was given wrong: one try is spent, and the line goes back', '0000', {}, 'returned', 2],
    ['when one try is left: it is not spent', '4711', { pinTries: 1 }, 'returned', 1],
  ] as const)('S-8: a card with a PIN %s', async (_, pin, card, so, left) => {
    const slots = { ...card, locked: true, pin: '4711' };
    const site = openMobileSite({ seed: `pin ${so} ${left}`, prepared, slots, family: 'EM12' });
    await site.pass(1);
    site.simOrder(TO_SLOT, pin === undefined ? {} : { pin });
    await site.pass(5);
    expect(site.stories()).toMatchObject([{ so, ...(so === 'returned' && { why: 'the card asks for its PIN' }) }]);
    const [, target] = site.modem.state().slots;
    expect(target).toMatchObject({ pinTries: left, locked: so !== 'swapped' });
    expect(JSON.stringify([site.events(), site.whole.site.journal.lines()])).not.toContain('4711');
  });

  it.each([
    [
      'whose PIN came with the order is left, its lock off, so that it works on the way back',
      '0815',
      'returned',
      false,
      3,
    ],
    ['whose PIN came wrong is not left, and one try is spent', '9999', 'unchanged', true, 2],
    ['whose PIN nobody gave is not left', undefined, 'unchanged', true, 3],
  ] as const)('S-8: a card %s', async (_, oldPin, so, locked, left) => {
    const sfr = { rejects: 8 };
    const site = openMobileSite({ seed: `old ${oldPin}`, prepared, slots: {}, family: 'EM12', oldPin: '0815', sfr });
    await site.pass(1);
    site.simOrder(TO_SLOT, oldPin === undefined ? {} : { oldPin });
    await site.pass(6);
    expect(site.stories()).toMatchObject([{ so, ...(so === 'unchanged' && { why: 'refused: origin-asks-pin' }) }]);
    expect(inUse(site)).toBe(OLD.iccid);
    expect(site.modem.state().slots[0]).toMatchObject({ locked, pinTries: left });
    expect(servedBy(site.modem.state()).stat).toBe(1);
    expect(JSON.stringify([site.events(), site.whole.site.journal.lines()])).not.toContain('0815');
  });

  it('S-2: a theft goes before what waits, is reported with its IMSI, and the line comes back when it is found', async () => {
    const site = openMobileSite({ seed: 'theft', prepared });
    await site.pass(1);
    site.simOrder({ id: 'gone', reason: 'theft', by: 'M. Durand' });
    await site.pass(1);
    expect(site.modem.state().left).toBe(true);
    expect(site.stories()).toMatchObject([{ so: 'barred', lost: { iccid: OLD.iccid, imsi: OLD.imsi } }]);
    site.simOrder({ id: 'back', reason: 'found', by: 'M. Durand' });
    await site.pass(1);
    expect(site.modem.state().left).toBe(false);
    expect(site.stories()).toMatchObject([{ order: 'gone' }, { order: 'back', so: 'reopened' }]);
  });

  it('orders one after the other, and says in the record why it refuses one', async () => {
    const site = openMobileSite({ seed: 'row', prepared });
    await site.pass(1);
    site.simOrder(TO_NEW);
    site.simOrder({ ...TO_NEW, id: 'o2', target: { by: 'profile', iccid: '8933000000000000000' } });
    site.simOrder({ ...TO_NEW, id: 'o3', target: { by: 'profile', iccid: OLD.iccid }, accessPoint: 'orange.fr' });
    await site.pass(5);
    expect(swaps(site.boxEvents())).toEqual(['o1 begun', 'o1 swapped', 'o2 unchanged', 'o3 begun', 'o3 swapped']);
    expect(site.stories()[1]).toMatchObject({ so: 'unchanged', why: 'refused: not-on-card' });
    expect(inUse(site)).toBe(OLD.iccid);
  });

  it('goes back from a network that takes the card, gives an address, and passes nothing', async () => {
    const site = openMobileSite({ seed: 'swallows', prepared, sfr: { swallows: true } });
    await site.pass(1);
    site.simOrder(TO_NEW);
    await site.pass(6);
    expect(inUse(site)).toBe(OLD.iccid);
    expect(site.stories()).toMatchObject([{ so: 'returned', why: 'no traffic passed in time' }]);
  });

  it('finishes or undoes after a power cut of the whole box in the middle, and tells it once', async () => {
    const site = openMobileSite({ seed: 'cut', prepared });
    await site.pass(1);
    site.simOrder(TO_NEW);
    await site.pass(0.01);
    site.whole.site.powerCut();
    site.whole.start();
    await site.pass(6);
    const [story] = site.stories();
    expect(['swapped', 'interrupted']).toContain(story?.so);
    expect(inUse(site)).toBe(story?.so === 'swapped' ? NEW.iccid : OLD.iccid);
    expect(swaps(site.boxEvents()).filter((one) => one === `o1 ${story?.so}`)).toHaveLength(1);
  });
});
