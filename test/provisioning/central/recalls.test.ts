import { describe, expect, test } from 'vitest';
import { LeaseGrantSchema, LeaseRecallSchema, topics } from '../../../agent/model/messages.ts';
import type { CentralCore, CentralMessage } from '../../../provisioning/central/central-core.ts';
import { account, borrow, createCentral, NOW, outstandingTicks, sendAll, tell } from './central.ts';
import { left, type Site } from './site.ts';
import { begun, EURO, FULL } from './wire.ts';

const SECOND = topics('example-operator', 'relais-0002');

/** Sites that said hello, borrowed and sent their records, so that the central knows what they hold. */
function known(central: CentralCore, site: Site, ticks: number): Site {
  tell(central, site.hello());
  borrow(central, site, 'first', ticks, 0);
  sendAll(central, site);
  return site;
}

const recalls = (messages: readonly CentralMessage[]) =>
  messages
    .filter(({ topic }) => topic.endsWith('/lease-recall'))
    .map(({ payload }) => LeaseRecallSchema.parse(JSON.parse(payload)));

const grantIn = (messages: readonly CentralMessage[]) =>
  messages
    .filter(({ topic }) => topic.endsWith('/lease-grant'))
    .map(({ payload }) => LeaseGrantSchema.parse(JSON.parse(payload)))[0];

/** Gives back everything beyond what is recalled, as the agent does. */
function obey(site: Site, keep: number): void {
  const lease = site.account().leases[0];
  if (lease !== undefined)
    site.write({ kind: 'lease-closed', lease: lease.id, spentTicks: keep, spentBundleSeconds: 0 });
}

describe('C-3: recall on demand', () => {
  test('what another site holds beyond its need is recalled when one is short, and lent once it came back', () => {
    const central = createCentral(10_000_000);
    const rich = known(central, begun(), FULL.ticks);
    const poor = begun('relais-0002');
    tell(central, poor.hello());
    const answers = tell(central, poor.wish('one', 4 * EURO, 0));
    expect(grantIn(answers)?.lease).toBeNull();
    const [recall, ...more] = recalls(answers);
    expect(more).toEqual([]);
    expect(recall).toMatchObject({ device: 'relais-0001', epoch: rich.epoch, now: true });
    // Nothing is free before its record is here.
    expect(outstandingTicks(central.state())).toBe(10 * EURO);
    obey(rich, recall?.share.ticks ?? 0);
    const told = sendAll(central, rich);
    expect(recalls(told).map(({ device }) => device)).toEqual(['relais-0002']);
    expect(told.some(({ topic }) => topic === SECOND.leaseRecall)).toBe(true);
    expect(grantIn(tell(central, poor.wish('one', 4 * EURO, 0)))?.lease?.ticks).toBe(4 * EURO);
    expect(left(rich).ticks).toBe(recall?.share.ticks);
  });

  test('nobody is asked for what it needs itself', () => {
    const central = createCentral(3_000_000);
    known(central, begun(), 2 * EURO);
    const poor = begun('relais-0002');
    tell(central, poor.hello());
    const answers = tell(central, poor.wish('one', 10 * EURO, 0));
    // Three euros for two: one and a half each, by need; the first holds half a euro too much.
    expect(grantIn(answers)?.lease?.ticks).toBe(EURO);
    expect(recalls(answers)).toMatchObject([{ device: 'relais-0001', share: { ticks: 1.5 * EURO } }]);
  });

  test('C-1: a lowered cap recalls from every site at once, and again with each word of theirs until it is obeyed', () => {
    const central = createCentral(20_000_000);
    const sites = [known(central, begun(), FULL.ticks), known(central, begun('relais-0002'), FULL.ticks)] as const;
    const told = central.change(account, { capMicroEuro: 4_000_000, cycle: 1 }, NOW);
    expect(recalls(told).map(({ device, now }) => [device, now])).toEqual([
      ['relais-0001', true],
      ['relais-0002', true],
    ]);
    expect(recalls(tell(central, sites[1].hello()))).toHaveLength(1);
    for (const [index, site] of sites.entries()) obey(site, recalls(told)[index]?.share.ticks ?? 0);
    for (const site of sites) sendAll(central, site);
    expect(outstandingTicks(central.state())).toBeLessThanOrEqual(4 * EURO);
    expect(recalls(tell(central, sites[1].hello())).filter(({ now }) => now)).toEqual([]);
  });

  test('several idle sites are told a share that together is no more than a tenth of the cap', () => {
    const central = createCentral(10_000_000);
    known(central, begun(), EURO);
    const second = begun('relais-0002');
    tell(central, second.hello());
    const share = grantIn(tell(central, second.wish('one', 2 * EURO, 0)))?.share;
    expect(share?.ticks).toBe(EURO / 2);
  });

  test('an account with one site is told no share: what it holds is missed by nobody', () => {
    const central = createCentral(10_000_000);
    const site = begun();
    tell(central, site.hello());
    expect(grantIn(tell(central, site.wish('one', EURO, 0)))).not.toHaveProperty('share');
  });
});

describe('C-3: a lost epoch is written off', () => {
  const order = { id: 'one', device: 'relais-0001', epoch: '00000000000000aa', by: 'M. Durand', why: 'burnt down' };

  test('what its records do not show as spent is free for others, once, and who did it and why is kept', () => {
    const central = createCentral(10_000_000);
    const lost = begun();
    borrow(central, lost, 'one', FULL.ticks, 0);
    lost.call('call', '0021620123456', 100);
    sendAll(central, lost);
    central.writeOff(order, NOW);
    central.writeOff(order, NOW);
    // 100 s at 600,000 ticks are spent.
    const freed = 10 * EURO - 60_000_000;
    expect(central.rows('write-off').map(({ writeOff }) => writeOff)).toMatchObject([
      { by: 'M. Durand', why: 'burnt down', ticks: freed, size: lost.bodies.length },
    ]);
    const other = begun('relais-0002');
    expect(grantIn(tell(central, other.wish('one', FULL.ticks, 0)))?.lease?.ticks).toBe(freed);
  });

  test('what the epoch gives back after that is not believed a second time; new credit is', () => {
    const central = createCentral(20_000_000);
    const back = begun();
    borrow(central, back, 'one', FULL.ticks, 0);
    sendAll(central, back);
    central.writeOff(order, NOW);
    back.giveBack(central.rows('loan')[0]?.loan.lease.id ?? '');
    sendAll(central, back);
    borrow(central, back, 'two', EURO, 0);
    back.giveBack(central.rows('loan')[1]?.loan.lease.id ?? '');
    sendAll(central, back);
    expect(central.warnings().map(({ of }) => of)).toEqual(['return-written-off']);
    expect(central.state().exposures[`${account}/1`]).toMatchObject({
      granted: { ticks: 11 * EURO },
      returned: { ticks: 11 * EURO },
    });
  });

  test('an epoch that was lent nothing is refused, and nothing is kept', () => {
    const central = createCentral();
    central.writeOff({ ...order, epoch: '00000000000000bb' }, NOW);
    expect(central.rows('write-off')).toEqual([]);
    expect(central.warnings().map(({ of }) => of)).toEqual(['write-off-refused']);
  });
});
