import { describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { WelcomeSchema } from '../../../agent/model/messages.ts';
import { account, createCentral, NOW, outstandingTicks, tell } from './central.ts';
import { createSite } from './site.ts';
import { ask, begun, EURO, FULL, on } from './wire.ts';

describe('lending (C-3)', () => {
  test('a wish is granted from the open cycle of the account', () => {
    expect(ask(createCentral(), begun(), 'one', 5 * EURO, 60)).toMatchObject({
      account,
      cycle: 1,
      ticks: 5 * EURO,
      bundleSeconds: 60,
    });
  });

  test('the same request, asked again and again, is answered with the same lease and lent once', () => {
    const central = createCentral();
    const site = begun();
    const lease = ask(central, site, 'one');
    expect(ask(central, site, 'one')).toEqual(lease);
    expect(ask(central, site, 'one', 1)).toEqual(lease);
    expect(central.rows('loan').length).toBe(1);
    expect(outstandingTicks(central.state())).toBe(FULL.ticks);
  });

  test('the same name in another epoch or at another device is another request', () => {
    const central = createCentral();
    const ids = [begun(), createSite('relais-0001', '00000000000000bb'), begun('relais-0002')].map(
      (site) => ask(central, site, 'one')?.id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test('C-1: over all sites of the account no more than the cap is ever out, to the last tick', () => {
    const central = createCentral(15_000_000);
    expect(ask(central, begun(), 'one')?.ticks).toBe(10 * EURO);
    expect(ask(central, begun('relais-0002'), 'one')?.ticks).toBe(5 * EURO);
    expect(ask(central, begun('relais-0002'), 'two', 1, 0)).toBeNull();
    expect(outstandingTicks(central.state())).toBe(15 * EURO);
    expect(central.warnings()).toEqual([
      { of: 'lease-refused', device: 'relais-0002', request: 'two', why: 'cap-reached' },
    ]);
  });

  test('R-1: the bundles of all lines of the account, two of 2 hours, are lent once, whoever asks', () => {
    const central = createCentral(0);
    const seconds = [...'abcdefghi'].map((request) => ask(central, begun(), request)?.bundleSeconds);
    expect(seconds).toEqual([...Array<number>(8).fill(1_800), undefined]);
  });

  test('no wish is larger than a lease of the regime, so that one site cannot take the whole cap at once', () => {
    expect(ask(createCentral(), begun(), 'one', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toMatchObject(FULL);
  });

  test('C-1: a raised cap counts at once, for a request that was refused too', () => {
    const central = createCentral(10_000_000);
    ask(central, begun(), 'one');
    expect(ask(central, begun(), 'two', 1, 0)).toBeNull();
    central.change(account, { capMicroEuro: 12_000_000, cycle: 1 }, NOW);
    expect(ask(central, begun(), 'two')?.ticks).toBe(2 * EURO);
  });

  test('C-3: a lowered cap stops further lending; what is out already is the stated overshoot', () => {
    const central = createCentral(20_000_000);
    ask(central, begun(), 'one');
    central.change(account, { capMicroEuro: 5_000_000, cycle: 1 }, NOW);
    expect(ask(central, begun(), 'two', FULL.ticks, 0)).toBeNull();
    expect(outstandingTicks(central.state())).toBe(10 * EURO);
  });
});

describe('cycles (M1)', () => {
  test('a new cycle is whole again, and every site that was heard of is told', () => {
    const central = createCentral(10_000_000);
    const site = begun();
    tell(central, site.hello());
    ask(central, site, 'one');
    const told = central.change(account, { capMicroEuro: 10_000_000, cycle: 2 }, NOW);
    expect(told.map(({ topic, payload }) => [topic, WelcomeSchema.parse(JSON.parse(payload)).cycle])).toEqual([
      [on.welcome, 2],
    ]);
    expect(ask(central, site, 'two')).toMatchObject({ cycle: 2, ticks: 10 * EURO });
    expect(outstandingTicks(central.state(), 1)).toBe(10 * EURO);
  });

  test('a cycle never comes again', () => {
    const central = createCentral();
    central.change(account, { capMicroEuro: 1, cycle: 5 }, NOW);
    central.change(account, { capMicroEuro: 1, cycle: 4 }, NOW);
    expect(central.state().accounts[account]?.cycle).toBe(5);
    expect(central.warnings()).toEqual([{ of: 'cycle-refused', account, cycle: 4 }]);
  });

  test('told the same again, an account leaves no row', () => {
    const central = createCentral();
    central.change(account, { capMicroEuro: 150_000_000, cycle: 1 }, NOW);
    expect(central.rows('account').length).toBe(1);
  });
});

test('telemetry is kept for support, and changes nothing that is billed', () => {
  const central = createCentral();
  const telemetry = {
    device: 'relais-0001',
    at: NOW,
    steering: { voice: 'main', data: 'main' },
    links: [],
    calls: 0,
    modem: null,
    power: null,
    inventory: [],
  };
  const before = central.state();
  expect(tell(central, { topic: on.telemetry, payload: canonical(telemetry) })).toEqual([]);
  expect(central.state()).toBe(before);
  expect(central.rows('telemetry').map((row) => row.telemetry)).toEqual([telemetry]);
});
