import { describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { sha256hex } from '../example.ts';
import { account, createCentral, tell } from './central.ts';
import { createSite, recordOf, start } from './site.ts';
import { on, receiptIn, recordsOf } from './wire.ts';

describe('what is no record', () => {
  const site = createSite('relais-0001');
  start(site);
  const third = JSON.parse(site.bodies[2] ?? '');
  const boot = (configVersion: number): LedgerEvent => ({
    kind: 'booted',
    software: 'test',
    configVersion,
    regime: 'mie@1',
    tariff: 'example-2026@1',
  });
  const lease = { id: 'x', account, cycle: 1, ticks: Number.MAX_SAFE_INTEGER, bundleSeconds: 0 };

  test.each<[string, string, string]>([
    ['text that is not JSON', '{', 'not-canonical'],
    ['the same record with a space', (site.bodies[2] ?? '').replace(',', ', '), 'not-canonical'],
    ['a record with a field twice', (site.bodies[2] ?? '').replace('{', '{"v":1,'), 'not-canonical'],
    ['a record with a field too many', canonical({ ...third, amount: 0 }), 'not-canonical'],
    ['a record with a fraction', (site.bodies[2] ?? '').replace('"cycle":1', '"cycle":1.5'), 'not-canonical'],
    ['a record of another device', canonical({ ...third, device: 'relais-0002' }), 'misplaced'],
    ['a record of another epoch', canonical({ ...third, epoch: '00000000000000bb' }), 'misplaced'],
    ['a record with another number', canonical({ ...third, seq: 4 }), 'misplaced'],
    ['a boot with a configuration that was never signed', canonical({ ...third, event: boot(9) }), 'unknown-config'],
  ])('%s is not taken, and what stands before it is', (_what, body, why) => {
    const central = createCentral();
    const answer = tell(central, recordsOf([...site.bodies.slice(0, 2), body], 1));
    expect(receiptIn(answer)[0]?.upTo).toBe(2);
    expect(central.warnings()).toEqual([{ of: 'record-refused', device: 'relais-0001', seq: 3, why }]);
    // Alone it gets no receipt: the device would only send it again at once.
    expect(tell(central, recordsOf([body], 3))).toEqual([]);
  });

  test('amounts beyond the whole numbers are refused and cannot stop the central (R-10)', () => {
    const central = createCentral();
    const bodies = [...site.bodies];
    const add = (event: LedgerEvent): void => {
      const place = { device: 'relais-0001', epoch: site.epoch, seq: bodies.length + 1 };
      bodies.push(canonical(recordOf({ ...place, prev: sha256hex(bodies.at(-1) ?? ''), event })));
    };
    add({ kind: 'lease-received', lease });
    add({ kind: 'lease-received', lease: { ...lease, id: 'y' } });
    add({ kind: 'lease-closed', lease: 'y', spentTicks: 0, spentBundleSeconds: 0 });
    expect(receiptIn(tell(central, recordsOf(bodies, 1)))[0]?.upTo).toBe(5);
    expect(central.warnings().at(-1)).toMatchObject({ of: 'record-refused', seq: 6, why: 'unratable' });
    expect(central.rows('aside').map(({ why }) => why)).toEqual(['unratable']);
  });

  test.each<[string, CentralMessage]>([
    [
      'another device in the payload than in the topic',
      { topic: on.hello, payload: createSite('relais-0002').hello().payload },
    ],
    [
      'a device that was never ordered',
      { ...createSite('relais-0001').hello(), topic: on.hello.replace('0001', '0003') },
    ],
    ['another operator', { ...site.hello(), topic: on.hello.replace('example-operator', 'other') }],
    ['a topic that does not exist', { topic: `${on.hello}s`, payload: '{}' }],
    ['no JSON', { topic: on.records, payload: 'hello' }],
    ['a down topic', { topic: on.welcome, payload: site.hello().payload }],
    ['a message with a field too many', { topic: on.hello, payload: site.hello().payload.replace('{', '{"x":1,') }],
  ])('D-3: a message with %s changes nothing and is reported', (_what, message) => {
    const central = createCentral();
    const before = central.state();
    expect(tell(central, message)).toEqual([]);
    expect(central.state()).toBe(before);
    expect(central.warnings().map(({ of }) => of)).toEqual(['message-unreadable']);
  });
});
