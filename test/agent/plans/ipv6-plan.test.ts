import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsIpv6, overlapIpv6, subnetOf } from '../../../agent/model/ipv6-networks.ts';
import type { Ipv6Rules } from '../../../agent/model/ipv6-rules.ts';
import { ManagedServicesSchema } from '../../../agent/model/managed-services.ts';
import { BoxConfigSchema } from '../../../agent/model/site-config.ts';
import { dnsmasqPlan } from '../../../agent/plans/dnsmasq-plan.ts';
import { nftPlan, relayPlan } from '../../../agent/plans/nft-plan.ts';
import { planeOf } from '../../../agent/plans/plane-of.ts';
import { ipv6Addresses, ipv6Fallback, ipv6Tables } from '../../../agent/plans/route-plan.ts';
import { segmentOf } from '../../../agent/plans/short-segments.ts';
import { siteConfig } from '../../example-site.ts';

const interfaces = { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } };
const box = BoxConfigSchema.parse({ stateDirectory: 's', siteConfig: 's', operatorKey: 'k', interfaces });
const RULES: Ipv6Rules = {
  lans: { voice: '2001:db8:1:10::/64', data: '2001:DB8:1:20:0::/64' },
  links: [
    { link: 'main', router: '2001:db8:A::1', address: '2001:db8:a::2/64', prefix: '2001:db8:1::/56' },
    { link: 'second', router: 'advertised', prefix: '2001:db8:2::/56' },
  ],
  voiceNetworks: ['2001:db8:ffff::/48'],
  sipServers: [{ name: 'six', address: '2001:db8:ffff::010', port: 5070 }],
};
const SITE = siteConfig();
const planeWith = (ipv6: Ipv6Rules | undefined) => planeOf({ ...SITE, ...(ipv6 && { ipv6 }) }, box);
const STEERING = { voice: 'main', data: 'main' };

describe('F-3, F-4: IPv6 in the plan', () => {
  it('without an order all that it says is that nothing of it is forwarded, first of all', () => {
    const plan = nftPlan(planeWith(undefined), STEERING);
    const through = plan.slice(plan.indexOf('chain through {'));
    expect(through.split('\n')[2]).toBe('    meta nfproto ipv6 counter name "ipv6-refused" drop');
    expect(plan).not.toMatch(/-ipv6 \{|ip6 (saddr|daddr)/);
    expect(relayPlan(planeWith(undefined), true)).not.toContain('ipv6');
  });

  it('by each link a LAN has an address of that link’s: its own, or one of another network for each LAN', () => {
    const prefix = fc
      .tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 48, max: 63 }))
      .map(([group, length]) => `2001:db8:${group.toString(16)}::/${length}`);
    fc.assert(
      fc.property(prefix, prefix, fc.boolean(), (first, second, local) => {
        const lans = local
          ? { voice: 'fd00:1:2:3::/64', data: 'fd00:1:2:4::/64' }
          : { voice: subnetOf(first, 0), data: subnetOf(first, 1) };
        const links = [first, second].map((one, index) => ({
          ...{ link: index === 0 ? 'main' : 'second', router: 'advertised' as const, prefix: one },
        }));
        const { ipv6 } = planeWith({ ...RULES, lans, links, sipServers: [], voiceNetworks: [] });
        for (const [index, { own, translation }] of (ipv6?.links ?? []).entries()) {
          const given = links[index]?.prefix ?? '';
          expect([...own, ...translation.map(({ from }) => from)].toSorted()).toEqual(
            [lans.voice, lans.data].toSorted(),
          );
          const seen = [...own, ...translation.map(({ to }) => to)];
          for (const network of seen) expect(holdsIpv6(given, network)).toBe(true);
          const [one = '', other = ''] = seen;
          expect(overlapIpv6(one, other)).toBe(false);
        }
      }),
      { seed: 9, numRuns: 200 },
    );
  });

  it('each link has a table that leads by it or nowhere, with the router that is known now', () => {
    const plane = planeWith(RULES);
    const nowhere = { to: 'unreachable default metric 4294967295', dev: 'lo' };
    const main = { to: 'default', via: '2001:db8:a::1', dev: 'wan1' };
    expect(ipv6Tables(plane, new Map())).toEqual([
      { table: 101, routes: [nowhere, main] },
      { table: 102, routes: [nowhere] },
    ]);
    expect(ipv6Tables(plane, new Map([['wan2', 'fe80::1']]))[1]?.routes).toEqual([
      nowhere,
      { to: 'default', via: 'fe80::1', dev: 'wan2' },
    ]);
    expect(ipv6Addresses(plane)).toEqual([
      'address replace 2001:db8:1:10::1/64 dev voice0',
      'address replace 2001:db8:1:20::1/64 dev data0',
      'address replace 2001:db8:a::2/64 dev wan1',
    ]);
    expect(ipv6Fallback(plane)).toEqual(['route replace default via 2001:db8:a::1 dev wan1 metric 1001']);
  });

  it('V-1, Q-3: SIP servers of IPv6 have relay ports after the others, and one order turns both families on and off', () => {
    const plane = planeWith(RULES);
    const before = SITE.voice.sipServers.length;
    expect(plane.sipServers.at(-1)).toMatchObject({ address: '2001:db8:ffff::10', relayPort: box.relayPort + before });
    expect(relayPlan(plane, true)).toContain('add element inet relais relayed-ipv6 { 2001:db8:ffff::10 . 5070 }');
    expect(relayPlan(plane, false)).toContain('flush set inet relais relayed-ipv6');
    expect(relayPlan(plane, false)).not.toContain('add');
  });

  it('Q-1: segments are 20 bytes shorter than those of IPv4, and a small link makes both shorter', () => {
    expect([segmentOf(1_000), segmentOf(1_000, undefined, 'ipv6')]).toEqual([585, 565]);
    expect([segmentOf(100_000, 1_400), segmentOf(100_000, 1_400, 'ipv6')]).toEqual([1_360, 1_340]);
    expect(segmentOf(1_000, 1_400, 'ipv6')).toBe(565);
    expect(segmentOf(100_000, undefined, 'ipv6')).toBeUndefined();
  });

  it('M-2: LANs are announced with or without other services; names on the data LAN alone', () => {
    const place = {
      ...{
        voiceInterface: 'voice0',
        dataInterface: 'data0',
        voiceMask: '',
        dataMask: '',
        leaseFile: 'l',
        pidFile: 'p',
      },
      ipv6: { voiceLan: RULES.lans.voice, dataLan: '2001:db8:1:20::/64', mtu: 1_400 },
    };
    const plan = (dns: boolean) =>
      dnsmasqPlan(ManagedServicesSchema.parse({ dns: { relay: dns, servers: ['198.51.100.9'] } }), place) ?? '';
    expect(plan(false)).toContain('enable-ra\ndhcp-range=set:data-ipv6,2001:db8:1:20::,ra-only,64');
    expect(plan(false)).toContain('ra-param=voice0,mtu:1400,60');
    expect(plan(false)).toContain('port=0');
    expect(plan(true)).toContain('dhcp-option=tag:voice-ipv6,option6:dns-server');
    const { ipv6: _none, ...without } = place;
    expect(dnsmasqPlan(ManagedServicesSchema.parse({}), without)).toBeUndefined();
  });
});
