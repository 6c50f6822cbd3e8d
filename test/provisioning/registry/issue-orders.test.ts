import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Order } from '../../../provisioning/orders/order.ts';
import { issueOrder, issueOrders } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, readRegistry } from '../../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from '../example.ts';

const shipped = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-orders-'));
  initRegistry(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const order = (device: string, number: string, change: Partial<Order> = {}): Order => ({
  ...exampleOrder(),
  device: { id: device },
  lines: [{ number, label: 'Line', plan: 'bundle-2h' }],
  ...change,
});

describe('many orders at once', () => {
  test('P-1, D-3: each becomes a signed configuration, and the broker knows all of them', () => {
    const orders = [order('relais-0001', '+33172890001'), order('relais-0002', '+33172890002')];
    const issues = issueOrders(directory, orders, shipped);
    expect(issues.issued && issues.sites.map(({ config }) => config.device.id)).toEqual(['relais-0001', 'relais-0002']);
    const paths = registryPaths(directory);
    const passwords = readFileSync(paths.broker.passwords, 'utf8');
    expect(['relais-0001:', 'relais-0002:'].every((name) => passwords.includes(name))).toBe(true);
    for (const device of ['relais-0001', 'relais-0002']) {
      expect(readdirSync(join(paths.devices, device)).toSorted()).toEqual([
        '1.site.json',
        'site.signed.json',
        'uplink.secret',
      ]);
    }
  });

  test('V-5: an order is also held against those before it; one that is wrong keeps all of them back', () => {
    const orders = [order('relais-0001', '+33172890001'), order('relais-0002', '+33172890001')];
    const issues = issueOrders(directory, orders, shipped);
    expect(issues).toMatchObject({
      issued: false,
      refused: [
        { order: 1, problems: [{ field: 'lines[0].number', remedy: 'already assigned to device relais-0001' }] },
      ],
    });
    expect(readRegistry(directory)).toMatchObject({ configs: [], accounts: {} });
  });

  test('the same device twice gets two versions, and a number that it gave up is free', () => {
    const orders = [
      order('relais-0001', '+33172890001'),
      order('relais-0001', '+33172890009'),
      order('relais-0002', '+33172890001'),
    ];
    const issues = issueOrders(directory, orders, shipped);
    expect(issues.issued && issues.sites.map(({ config }) => config.version)).toEqual([1, 2, 1]);
  });

  test('R-1: the lines of an account share one bundle, whichever order comes first', () => {
    issueOrder(directory, order('relais-0001', '+33172890001'), shipped);
    const other = order('relais-0002', '+33172890002', { client: { id: 'somebody-else', name: 'Somebody else' } });
    expect(issueOrders(directory, [other], shipped)).toMatchObject({ issued: false, refused: [{ order: 0 }] });
  });

  test('P-4: configurations with the same price list share it when they are read', () => {
    issueOrders(directory, [order('relais-0001', '+33172890001'), order('relais-0002', '+33172890002')], shipped);
    const [one, other] = readRegistry(directory).configs;
    expect(one?.tariff.voice.length).toBeGreaterThan(10);
    expect(one?.tariff).toBe(other?.tariff);
    expect(one?.numbering).toBe(other?.numbering);
    expect(one?.regime).toBe(other?.regime);
    expect(one?.lines).not.toEqual(other?.lines);
  });
});
