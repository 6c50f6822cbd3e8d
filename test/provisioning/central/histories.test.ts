import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CentralCore } from '../../../provisioning/central/central-core.ts';
import { borrow, createCentral, outstandingTicks, sendAll, tell } from './central.ts';
import { createSite, type Site, start } from './site.ts';

const NUMBERS = ['0612345678', '0172890009', '0899123456', '112', '+14155550100', '0172345678', '0800123456'];

/** Of the plan of each line. */
const BUNDLE_SECONDS = 7_200;

type Act =
  | { readonly does: 'call'; readonly number: string; readonly seconds: number }
  | { readonly does: 'borrow'; readonly ticks: number; readonly bundleSeconds: number }
  | { readonly does: 'give-back'; readonly which: number }
  | { readonly does: 'send'; readonly count: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ does: fc.constant('call'), number: fc.constantFrom(...NUMBERS), seconds: fc.nat(4_000) }),
  fc.record({ does: fc.constant('borrow'), ticks: fc.nat(700_000_000), bundleSeconds: fc.nat(2_000) }),
  fc.record({ does: fc.constant('give-back'), which: fc.nat(5) }),
  fc.record({ does: fc.constant('send'), count: fc.integer({ min: 1, max: 20 }) }),
);
const acts = fc.array(fc.record({ site: fc.nat(1), act }), { minLength: 5, maxLength: 60 });

function carryOut(central: CentralCore, site: Site, what: Act, request: string): void {
  switch (what.does) {
    case 'call':
      return site.call(request, what.number, what.seconds);
    case 'borrow':
      return borrow(central, site, request, what.ticks, what.bundleSeconds);
    case 'give-back':
      return site.giveBack(site.account().leases[what.which]?.id ?? '');
    case 'send': {
      const held = central.state().streams[`${site.device}/${site.epoch}`]?.size ?? 0;
      if (held < site.bodies.length) tell(central, site.records(held + 1, what.count));
    }
  }
}

function begin(): readonly [Site, Site] {
  const sites = [createSite('relais-0001'), createSite('relais-0002')] as const;
  for (const site of sites) start(site);
  return sites;
}

describe('whole histories', () => {
  test('C-1, C-3: whatever two sites do, no more than the cap is out, and no more is ever charged', () => {
    fc.assert(
      fc.property(acts, fc.nat(60_000_000), (list, cap) => {
        const central = createCentral(cap);
        const sites = begin();
        for (const [index, { site, act: what }] of list.entries()) {
          carryOut(central, sites[site === 0 ? 0 : 1], what, `act-${index}`);
          expect(outstandingTicks(central.state())).toBeLessThanOrEqual(cap * 60);
        }
        for (const site of sites) sendAll(central, site);
        const charged = central.rows('charge').reduce((sum, { charge }) => sum + charge.ticks, 0);
        expect(charged).toBeLessThanOrEqual(outstandingTicks(central.state()));
        const spoken = central.rows('charge').reduce((sum, { charge }) => sum + charge.bundleSeconds, 0);
        // two sites, and the line of each brings a bundle into the account.
        expect(spoken).toBeLessThanOrEqual(sites.length * BUNDLE_SECONDS);
        expect(central.warnings().filter(({ of }) => of !== 'lease-refused')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('U-7, R-10: messages lost, doubled, cut and out of order end in the same state and the same charges', () => {
    const chaos = fc.array(fc.record({ site: fc.nat(1), from: fc.nat(200), count: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(acts, chaos, (list, deliveries) => {
        const before = createCentral(40_000_000);
        const sites = begin();
        for (const site of sites) {
          for (const request of ['one', 'two']) borrow(before, site, request, 600_000_000, 1_800);
        }
        // From here on the sites are offline: the in-order central hears all of it once, at the end.
        for (const [index, { site, act: what }] of list.entries()) {
          if (what.does === 'call' || what.does === 'give-back')
            carryOut(before, sites[site === 0 ? 0 : 1], what, `act-${index}`);
        }
        const inOrder = replayLoans(before, sites);
        for (const site of sites) tell(inOrder, site.hello());
        for (const site of sites) sendAll(inOrder, site);

        const chaotic = replayLoans(before, sites);
        for (const { site, from, count } of deliveries) deliver(chaotic, sites[site === 0 ? 0 : 1], from, count);
        for (const site of sites) resend(chaotic, site);

        expect(chaotic.state()).toEqual(inOrder.state());
        expect(sorted(chaotic, 'charge')).toEqual(sorted(inOrder, 'charge'));
        expect(sorted(chaotic, 'record')).toEqual(sorted(inOrder, 'record'));
        expect(chaotic.rows('aside')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** A central that has lent exactly what the other one has, and holds no record yet. */
function replayLoans(other: CentralCore, sites: readonly Site[]): CentralCore {
  const central = createCentral(40_000_000);
  for (const { loan } of other.rows('loan')) {
    const site = sites.find(({ device }) => device === loan.device);
    if (site !== undefined) tell(central, site.wish(loan.request, 600_000_000, 1_800));
  }
  return central;
}

/** Any piece of the ledger, wherever it starts; sometimes it is a wish that is asked again. */
function deliver(central: CentralCore, site: Site, from: number, count: number): void {
  if (from === 0) tell(central, site.wish('one', 600_000_000, 1_800));
  else if (from <= site.bodies.length) tell(central, site.records(from, count));
}

/** What every device does in the end: sends again from the receipt on until all of it is held. */
function resend(central: CentralCore, site: Site): void {
  tell(central, site.hello());
  for (let round = 0; round < site.bodies.length; round += 1) {
    const size = central.state().streams[`${site.device}/${site.epoch}`]?.size ?? 0;
    if (size < site.bodies.length) tell(central, site.records(size + 1, 7));
  }
}

const sorted = (central: CentralCore, kind: 'charge' | 'record'): readonly string[] =>
  central
    .rows(kind)
    .map((row) => JSON.stringify(row))
    .toSorted();
