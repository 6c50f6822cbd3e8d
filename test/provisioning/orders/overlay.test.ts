import { describe, expect, test } from 'vitest';
import { SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { checkOrder } from '../../../provisioning/orders/checks.ts';
import { type Order, OrderSchema } from '../../../provisioning/orders/order.ts';
import { exampleOrder, siteConfig } from '../example.ts';

const example = exampleOrder();
const BLOCK = '100.64.0.8/29';
const overlay = {
  kind: 'vxlan',
  concentrator: '203.0.113.50',
  port: 4_790,
  block: BLOCK,
  duplicate: 'never',
  mtu: 1_400,
} as const;
type Overlay = NonNullable<Order['failover']['overlay']>;

/** The worked example with an overlay, through the schema, so that defaults are what an operator gets. */
const orderWith = (change: Partial<Overlay> = {}, failover: Partial<Order['failover']> = {}): Order =>
  OrderSchema.parse({
    ...example,
    failover: { ...example.failover, heartbeat: {}, ...failover, overlay: { ...overlay, ...change } },
  });
const said = (order: Order, others: Parameters<typeof checkOrder>[1] = []) =>
  checkOrder(order, others).problems.map(({ field, remedy }) => [field, remedy] as const);

describe('an order with an overlay', () => {
  test('F-3: is taken where failover is granted and the links are beaten', () => {
    expect(said(orderWith())).toEqual([]);
    expect(said(orderWith({ duplicate: 'suspected' }))).toEqual([]);
  });

  test('F-1: is refused where failover is not granted, and says why', () => {
    const [main] = example.links;
    const alone = { ...orderWith(), links: main ? [main] : [] };
    const together = { ...orderWith(), lans: { ...example.lans, separation: 'none' as const } };
    for (const order of [alone, together, orderWith({}, { wanted: false })]) {
      expect(said(order)).toEqual([['failover.overlay', expect.stringContaining('F-1')]]);
    }
  });

  test('F-3: is refused without beats, which choose the tunnel', () => {
    expect(said(orderWith({}, { heartbeat: undefined }))).toEqual([
      ['failover.heartbeat', expect.stringContaining('"heartbeat": {}')],
    ]);
  });

  test.each(['gre', 'wireguard'] as const)(
    'is refused for tunnels of kind %s, which this version does not make',
    (kind) => {
      expect(said(orderWith({ kind }))).toEqual([['failover.overlay.kind', expect.stringContaining('vxlan')]]);
    },
  );

  test('F-6: never sends everything twice by a link that is paid by the byte', () => {
    const [field, remedy] = said(orderWith({ duplicate: 'always' }))[0] ?? [];
    expect(field).toBe('failover.overlay.duplicate');
    expect(remedy).toContain('suspected');
    const free = {
      ...orderWith({ duplicate: 'always' }),
      links: example.links.map((link) => ({ ...link, metered: false as const })),
    };
    expect(said(free)).toEqual([]);
  });

  test('F-4: is taken with a second link for voice only: nothing but voice is in the tunnels', () => {
    const links = example.links.map((link) =>
      link.role === 'second' ? { ...link, use: 'voice-dedicated' as const } : link,
    );
    expect(said({ ...orderWith(), links })).toEqual([]);
  });

  test.each([
    ['the voice LAN', { block: '192.168.10.8/29' }],
    ['a voice network', { block: '203.0.113.0/29' }],
    ['the reflector', { block: '203.0.113.40/29' }],
    ['the concentrator', { block: '203.0.113.48/29' }],
  ])('is refused when its addresses are those of %s', (_what, change) => {
    expect(said(orderWith(change)).map(([field]) => field)).toEqual(['failover.overlay.block']);
  });

  test('is refused when another device has its addresses, by name', () => {
    const other = siteConfig('relais-0001');
    const taken = SiteConfigSchema.parse({
      ...other,
      device: { id: 'relais-0099' },
      lines: [{ number: '+33172890099', label: 'x', plan: other.lines[0]?.plan ?? '' }],
      failover: { ...other.failover, overlay },
    });
    const problems = said(orderWith(), [taken]).filter(([field]) => field === 'failover.overlay.block');
    expect(problems).toEqual([['failover.overlay.block', expect.stringContaining('relais-0099')]]);
  });

  test.each(['100.64.0.8/28', '100.64.0.9/29', 'x'])('P-1: is no order with the block %s', (block) => {
    const { success } = OrderSchema.safeParse({
      ...example,
      failover: { ...example.failover, overlay: { ...overlay, block } },
    });
    expect(success).toBe(false);
  });
});
