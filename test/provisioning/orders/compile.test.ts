import { describe, expect, test } from 'vitest';
import { holdsAddress, overlap } from '../../../agent/model/ipv4-networks.ts';
import { SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { readEuro } from '../../../provisioning/euro.ts';
import { compileOrder } from '../../../provisioning/orders/compile.ts';
import { OrderSchema } from '../../../provisioning/orders/order.ts';
import { exampleFile, exampleOrder, numbering, regime, tariff } from '../example.ts';

describe('from an order to a site configuration (P-1)', () => {
  const config = compileOrder(exampleOrder(), { regime, tariff, numbering, version: 3, failover: true });

  test('the configuration follows the schema that the box reads it with', () => {
    expect(SiteConfigSchema.parse(config)).toEqual(config);
  });

  test('the operator writes no user name: the broker knows a device by its id (D-3)', () => {
    expect(config.central).toEqual({ host: '203.0.113.20', port: 1883, username: 'relais-0001' });
  });

  test('F-1: the configuration has failover only where the checks granted it', () => {
    expect(config.failover.enabled).toBe(true);
    const refused = compileOrder(exampleOrder(), { regime, tariff, numbering, version: 3, failover: false });
    expect(refused.failover.enabled).toBe(false);
  });

  test('numbers of failover that the operator leaves out have sensible values', () => {
    const order = OrderSchema.parse({
      ...exampleOrder(),
      failover: { wanted: true, reflector: { address: '203.0.113.40', port: 862 } },
    });
    expect(compileOrder(order, { regime, tariff, numbering, version: 1, failover: true }).failover).toEqual({
      enabled: true,
      reflector: { address: '203.0.113.40', port: 862 },
      activeIntervalMs: 100,
      idleIntervalMs: 1_000,
      patienceMs: 300,
      lossesToLeave: 3,
      holdOffMs: 60_000,
      holdOffMaxMs: 900_000,
    });
  });

  test('the example file is read without anything being filled in for the links', () => {
    expect(OrderSchema.parse(exampleFile()).links.map(({ name, use }) => `${name} ${use}`)).toEqual([
      'main shared',
      'second shared',
    ]);
  });
});

describe('U-7: bytes a day on metered links', () => {
  const ingredients = { regime, tariff, numbering, version: 1, failover: true };
  const metered = (second: unknown) => {
    const order = exampleOrder();
    const [main, other] = order.links;
    const changed = OrderSchema.parse({ ...order, links: [main, { ...other, ...Object(second) }] });
    return SiteConfigSchema.parse(compileOrder(changed, ingredients)).links.map((link) => link.metered);
  };

  test('a mobile link has 20 MB unless the order says otherwise, another link none unless it does', () => {
    expect(metered({})).toEqual([undefined, { bytesPerDay: 20_000_000 }]);
    expect(metered({ metered: { bytesPerDay: 5_000_000 } })).toEqual([undefined, { bytesPerDay: 5_000_000 }]);
    expect(metered({ metered: false })).toEqual([undefined, false]);
    expect(metered({ kind: 'fibre' })).toEqual([undefined, undefined]);
  });

  test('a limit that greetings alone would fill is refused with its field', () => {
    const order = exampleOrder();
    const links = order.links.map((link) => ({ ...link, metered: { bytesPerDay: 1_000 } }));
    const found = OrderSchema.safeParse({ ...order, links });
    expect(found.error?.issues[0]?.path).toEqual(['links', 0, 'metered', 'bytesPerDay']);
  });
});

describe('amounts and networks', () => {
  test.each([
    ['150', 150_000_000],
    ['150.5', 150_500_000],
    ['0.000001', 1],
    ['99999.999999', 99_999_999_999],
    ['150,5', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['0.0000001', undefined],
  ])('R-10: "%s" euros are %s micro-euro', (text, amount) => {
    expect(readEuro(text)).toBe(amount);
  });

  test.each([
    ['203.0.113.0/28', '203.0.113.15', true],
    ['203.0.113.0/28', '203.0.113.16', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['10.0.0.1/32', '10.0.0.2', false],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(holdsAddress(network, address)).toBe(expected);
  });

  test.each([
    ['192.168.10.0/24', '192.168.20.0/24', false],
    ['192.168.10.0/24', '192.168.0.0/16', true],
    ['192.168.0.0/16', '192.168.10.0/24', true],
    ['192.168.10.0/24', '192.168.10.0/24', true],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
  });
});
