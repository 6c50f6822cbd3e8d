import { describe, expect, test } from 'vitest';
import { account, borrow, createCentral, outstandingTicks, sendAll } from './central.ts';
import { left } from './site.ts';
import { ask, begun, EURO, FULL } from './wire.ts';

describe('giving back (C-3)', () => {
  test('what a site gives back is free for another once its record is held, and not before', () => {
    const central = createCentral(10_000_000);
    const site = begun();
    borrow(central, site, 'one', FULL.ticks, 0);
    site.call('call', '0612345678', 100);
    site.giveBack(central.rows('loan')[0]?.loan.lease.id ?? '');
    expect(ask(central, begun('relais-0002'), 'one', FULL.ticks, 0)).toBeNull();
    sendAll(central, site);
    // 100 s at 60,000 ticks.
    expect(ask(central, begun('relais-0002'), 'one', FULL.ticks, 0)?.ticks).toBe(10 * EURO - 6_000_000);
    expect(left(site).ticks).toBe(0);
  });

  test('a lease that is closed twice comes back once', () => {
    const central = createCentral();
    const site = begun();
    borrow(central, site, 'one', FULL.ticks, 0);
    const lease = central.rows('loan')[0]?.loan.lease.id ?? '';
    for (let time = 0; time < 2; time += 1) {
      site.write({ kind: 'lease-closed', lease, spentTicks: 0, spentBundleSeconds: 0 });
    }
    sendAll(central, site);
    expect(outstandingTicks(central.state())).toBe(0);
    expect(central.state().exposures[`${account}/1`]?.returned.ticks).toBe(FULL.ticks);
  });

  test('what was charged does not come back, whatever the record says', () => {
    const central = createCentral();
    const site = begun();
    borrow(central, site, 'one', FULL.ticks, 0);
    site.call('call', '0612345678', 100);
    const lease = central.rows('loan')[0]?.loan.lease.id ?? '';
    site.write({ kind: 'lease-closed', lease, spentTicks: 0, spentBundleSeconds: 0 });
    sendAll(central, site);
    expect(outstandingTicks(central.state())).toBe(6_000_000);
  });

  test('D-2: a site that writes itself a larger lease is reported, and nothing that it returns is believed', () => {
    const central = createCentral();
    const other = begun('relais-0002');
    borrow(central, other, 'one', FULL.ticks, 0);
    const site = begun();
    const lease = ask(central, site, 'one', EURO, 0);
    if (lease === null || lease === undefined) throw new Error('nothing was lent');
    site.write({ kind: 'lease-received', lease: { ...lease, ticks: 100 * EURO } });
    site.write({ kind: 'lease-closed', lease: lease.id, spentTicks: 0, spentBundleSeconds: 0 });
    sendAll(central, site);
    expect(central.warnings().map(({ of }) => of)).toEqual(['foreign-lease', 'return-refused']);
    expect(outstandingTicks(central.state())).toBe(11 * EURO);
  });

  test('D-2: the lease of another site cannot be given back', () => {
    const central = createCentral();
    const other = begun('relais-0002');
    borrow(central, other, 'one', FULL.ticks, 0);
    const site = begun();
    const theirs = central.rows('loan')[0]?.loan.lease;
    if (theirs === undefined) throw new Error('nothing was lent');
    site.write({ kind: 'lease-closed', lease: theirs.id, spentTicks: 0, spentBundleSeconds: 0 });
    sendAll(central, site);
    expect(central.warnings().map(({ of }) => of)).toEqual(['return-refused']);
    expect(outstandingTicks(central.state())).toBe(FULL.ticks);
  });

  test('D-2: a lease that was written down before it was lent is not taken for the real one', () => {
    const central = createCentral();
    const oracle = createCentral();
    const site = begun();
    const lease = ask(oracle, site, 'one', EURO, 0);
    if (lease === null || lease === undefined) throw new Error('nothing was lent');
    site.write({ kind: 'lease-received', lease });
    sendAll(central, site);
    expect(ask(central, site, 'one', EURO, 0)).toEqual(lease);
    site.write({ kind: 'lease-closed', lease: lease.id, spentTicks: 0, spentBundleSeconds: 0 });
    sendAll(central, site);
    expect(outstandingTicks(central.state())).toBe(EURO);
  });
});
