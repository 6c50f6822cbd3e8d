import { describe, expect, test } from 'vitest';
import { SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { checkOrder } from '../../../provisioning/orders/checks.ts';
import { type Order, OrderSchema } from '../../../provisioning/orders/order.ts';
import { exampleOrder, siteConfig } from '../example.ts';

const LANS = { voice: '2001:db8:1:10::/64', data: '2001:db8:1:20::/64' };
const MAIN = { link: 'main', router: '2001:db8:a::1', address: '2001:db8:a::2/64', prefix: '2001:db8:1::/56' };
const SECOND = { link: 'second', router: 'advertised' };
const order = (change: Readonly<Record<string, unknown>> = {}): Order =>
  OrderSchema.parse({ ...exampleOrder(), ipv6: { lans: LANS, links: [MAIN, SECOND], ...change } });
const said = (change: Readonly<Record<string, unknown>>) =>
  checkOrder(order(change), []).problems.map(({ field, remedy }) => [field, remedy]);

describe('F-1 to F-5, Q-2: an order with IPv6', () => {
  test('is taken, and is in the configuration that is signed; without it nothing is there', () => {
    expect(said({})).toEqual([]);
    const { ipv6 } = order({ voiceNetworks: ['2001:db8:ffff::/48'] });
    expect(SiteConfigSchema.parse({ ...siteConfig('relais-0001'), ipv6 }).ipv6).toEqual(ipv6);
    expect(OrderSchema.parse(exampleOrder()).ipv6).toBeUndefined();
  });

  test.each([
    ['ipv6.lans.data', 'of its own', { lans: { voice: LANS.voice, data: LANS.voice } }],
    ['ipv6.links[1].link', 'main, second', { links: [MAIN, { ...SECOND, link: 'third' }] }],
    ['ipv6.links[1].link', 'once', { links: [MAIN, { ...SECOND, link: 'main' }] }],
    ['ipv6.links[0].router', 'address', { links: [{ link: 'main', router: '2001:db8:a::1' }] }],
    ['ipv6.links[1].prefix', '63', { links: [MAIN, { ...SECOND, prefix: '2001:db8:2::/64' }] }],
    ['ipv6.links[1].prefix', 'RFC 4193', { links: [MAIN, { ...SECOND, prefix: 'fd00:1::/56' }] }],
    ['ipv6.links[0].prefix', 'both or none', { links: [{ ...MAIN, prefix: '2001:db8:1:20::/63' }] }],
    ['ipv6.voiceNetworks[0]', 'Q-2', { voiceNetworks: ['2001:db8:1::/48'] }],
    [
      'ipv6.sipServers[0].address',
      'ipv6.voiceNetworks',
      { sipServers: [{ name: 'six', address: '2001:db8::1', port: 5060 }] },
    ],
    [
      'ipv6.sipServers[0].name',
      'once',
      {
        voiceNetworks: ['2001:db8:ffff::/48'],
        sipServers: [{ name: 'voice', address: '2001:db8:ffff::1', port: 5060 }],
      },
    ],
  ])('%s is refused: %s', (field, remedy, change) => {
    expect(said(change)).toEqual([[field, expect.stringContaining(remedy)]]);
  });

  test('a link’s largest packet is at least what IPv6 needs (RFC 8200 5), and a LAN has 64 bits', () => {
    const links = exampleOrder().links.map((link) => ({ ...link, mtu: 1_279 }));
    expect(OrderSchema.safeParse({ ...exampleOrder(), links }).error?.issues[0]?.path).toEqual(['links', 0, 'mtu']);
    const lans = { ...LANS, voice: '2001:db8:1::/56' };
    const refused = OrderSchema.safeParse({ ...exampleOrder(), ipv6: { lans, links: [MAIN] } }).error?.issues[0];
    expect(refused?.path).toEqual(['ipv6', 'lans', 'voice']);
  });
});
