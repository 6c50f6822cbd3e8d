import { describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { WelcomeSchema } from '../../../agent/model/messages.ts';
import { NO_RECORD_HASH } from '../../../agent/model/record.ts';
import type { CentralCore } from '../../../provisioning/central/central-core.ts';
import { sha256hex } from '../example.ts';
import { borrow, createCentral, NOW, sendAll, tell } from './central.ts';
import { createSite, recordOf, type Site, start } from './site.ts';
import { on, receiptIn, recordsOf } from './wire.ts';

/** A site with an hour of credit that has made one call to a mobile, of which the central knows nothing yet. */
function talking(central: CentralCore): Site {
  const site = createSite('relais-0001');
  start(site);
  borrow(central, site, 'first', 60_000_000, 0);
  site.call('one', '0612345678', 61);
  return site;
}

describe('taking records (U-3, U-7)', () => {
  test('a chain is taken, rated to the second, and receipted with the hash of its last record', () => {
    const central = createCentral();
    const site = talking(central);
    const receipts = receiptIn(sendAll(central, site));
    expect(receipts).toEqual([
      {
        device: 'relais-0001',
        epoch: site.epoch,
        upTo: site.bodies.length,
        head: sha256hex(site.bodies.at(-1) ?? ''),
      },
    ]);
    expect(central.rows('record').map(({ body }) => body)).toEqual(site.bodies);
    // 61 s at 60,000 micro-euro a minute, which are 60,000 ticks a second.
    expect(central.rows('charge').map(({ charge }) => [charge.paidSeconds, charge.ticks])).toEqual([[61, 3_660_000]]);
    expect(central.warnings()).toEqual([]);
  });

  test('R-10: the central comes to the account that the site itself came to', () => {
    const central = createCentral();
    const site = talking(central);
    sendAll(central, site);
    expect(central.state().streams[`relais-0001/${site.epoch}`]?.account).toEqual(site.account());
  });

  test('the same message twice is receipted twice and kept once', () => {
    const central = createCentral();
    const site = talking(central);
    const first = sendAll(central, site);
    const before = central.state();
    expect(sendAll(central, site)).toEqual(first);
    expect(central.state()).toEqual(before);
    expect(central.rows('record').length).toBe(site.bodies.length);
    expect(central.rows('charge').length).toBe(1);
  });

  test('a gap takes nothing, and the receipt says what is held', () => {
    const central = createCentral();
    const site = talking(central);
    tell(central, site.records(1, 2));
    expect(receiptIn(tell(central, site.records(4, 10)))).toEqual([
      { device: 'relais-0001', epoch: site.epoch, upTo: 2, head: sha256hex(site.bodies[1] ?? '') },
    ]);
    expect(central.rows('record').length).toBe(2);
  });

  test('an epoch that is not known is receipted at nothing', () => {
    const central = createCentral();
    const site = talking(central);
    expect(receiptIn(tell(central, site.records(3, 1)))[0]).toMatchObject({ upTo: 0, head: NO_RECORD_HASH });
  });

  test('messages may overlap: what is new in one is taken', () => {
    const central = createCentral();
    const site = talking(central);
    tell(central, site.records(1, 3));
    expect(receiptIn(tell(central, site.records(2, 4)))[0]?.upTo).toBe(5);
    expect(central.rows('record').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('hello is answered with what is held, the clock and the open cycle', () => {
    const central = createCentral();
    const site = talking(central);
    tell(central, site.records(1, 2));
    const [welcome] = tell(central, site.hello());
    expect(WelcomeSchema.parse(JSON.parse(welcome?.payload ?? ''))).toEqual({
      receipt: { device: 'relais-0001', epoch: site.epoch, upTo: 2, head: sha256hex(site.bodies[1] ?? '') },
      now: NOW,
      cycle: 1,
    });
  });
});

describe('two histories of one device (U-3, D-2)', () => {
  test('the same number with other bytes is kept aside, raises an alarm, and nothing of it is billed', () => {
    const central = createCentral();
    const site = talking(central);
    sendAll(central, site);
    const clone = createSite('relais-0001');
    start(clone);
    for (const row of central.rows('loan')) clone.write({ kind: 'lease-received', lease: row.loan.lease });
    clone.call('one', '0612345678', 10);
    const answer = sendAll(central, clone);
    // The first five records are the same; the reservation of the call is not.
    expect(central.rows('aside').map(({ seq, why, body }) => [seq, why, body])).toEqual([
      [5, 'conflict', clone.bodies[4]],
    ]);
    expect(central.warnings()).toEqual([{ of: 'record-refused', device: 'relais-0001', seq: 5, why: 'conflict' }]);
    expect(central.rows('charge').length).toBe(1);
    expect(receiptIn(answer)[0]).toMatchObject({ upTo: 7, head: sha256hex(site.bodies.at(-1) ?? '') });
  });

  test('a charge whose very record is disputed is held back from the invoice', () => {
    const central = createCentral();
    const site = talking(central);
    sendAll(central, site);
    const other = canonical({ ...JSON.parse(site.bodies[6] ?? ''), salt: '0'.repeat(32) });
    tell(central, recordsOf([other], 7));
    expect(central.rows('hold')).toEqual([{ keep: 'hold', device: 'relais-0001', epoch: site.epoch, seq: 7 }]);
  });

  test('a record that continues another history is kept aside, and the receipt shows the disagreement', () => {
    const central = createCentral();
    const site = talking(central);
    tell(central, site.records(1, 4));
    const place = { device: 'relais-0001', epoch: site.epoch, seq: 5, prev: '1'.repeat(64) };
    const stranger = canonical(recordOf({ ...place, event: { kind: 'cycle-opened', cycle: 2 } }));
    expect(receiptIn(tell(central, recordsOf([stranger], 5)))[0]?.upTo).toBe(4);
    expect(central.rows('aside').map(({ why }) => why)).toEqual(['chain-broken']);
  });

  test.each([
    ['holds less than it once sent', 5, 'rolled-back'],
    ['holds as much with another head', 7, 'forked'],
  ])('a device that says hello and %s is reported', (_what, size, of) => {
    const central = createCentral();
    const site = talking(central);
    sendAll(central, site);
    const hello = { ...JSON.parse(site.hello().payload), size, head: '2'.repeat(64) };
    tell(central, { topic: on.hello, payload: canonical(hello) });
    expect(central.warnings()).toEqual([{ of, device: 'relais-0001', held: 7, told: size }]);
  });

  test('a new epoch begins at 1 beside the old one', () => {
    const central = createCentral();
    sendAll(central, talking(central));
    const second = createSite('relais-0001', '00000000000000bb');
    second.write({ kind: 'epoch-opened', reason: 'store-damaged' });
    expect(receiptIn(sendAll(central, second))[0]?.upTo).toBe(1);
    expect(Object.keys(central.state().streams).length).toBe(2);
  });
});
