import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsAddress } from '../../../agent/model/ipv4-networks.ts';
import { dataLanOf, judgeServices } from '../../../agent/model/judge-services.ts';
import { type ManagedServices, ManagedServicesSchema } from '../../../agent/model/managed-services.ts';
import { BoxConfigSchema } from '../../../agent/model/site-config.ts';
import { surroundingsOf } from '../../../agent/model/surroundings-of.ts';
import { FAX_PORTS, UPSTREAM_PORTS } from '../../../agent/plans/data-plane.ts';
import { dnsmasqPlan } from '../../../agent/plans/dnsmasq-plan.ts';
import { planeOf } from '../../../agent/plans/plane-of.ts';
import { servicesChange } from '../../../agent/plans/services-plan.ts';
import { readServices } from '../../../agent/usp/model/read-services.ts';
import { rowsOfServices } from '../../../agent/usp/model/service-rows.ts';
import { siteConfig } from '../../example-site.ts';

const site = siteConfig();
const box = BoxConfigSchema.parse({
  stateDirectory: 's',
  siteConfig: 's',
  operatorKey: 'k',
  uplinkSecret: 'u',
  interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
});
const plane = planeOf(site, box);
const own = { relay: box.relayPort, probes: box.probePort, upstream: UPSTREAM_PORTS, fax: FAX_PORTS };
const managed = { ...site, services: ManagedServicesSchema.parse({ lan: { address: '192.168.20.1', prefix: 24 } }) };
const around = surroundingsOf(managed, own);
const rulesOf = (services: ManagedServices): readonly string[] =>
  servicesChange(plane, { services, lan: dataLanOf(services, around), voiceLan: around.voiceLan }).split('\n');

const address = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 2, max: 254 }).map((last) => `192.168.20.${last}`) },
  fc.integer({ min: 0, max: 255 }).map((last) => `192.168.20.${last}`),
  fc.integer({ min: 0, max: 255 }).map((last) => `192.168.10.${last}`),
  fc.constantFrom('203.0.113.10', '198.51.100.1', '8.8.8.8', '127.0.0.1'),
);
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(5060, 5070, 8620, 20_000, 39_999, 16_384));
const some = fc.record(
  {
    redirections: fc.array(
      fc.record({
        protocol: fc.constantFrom('tcp', 'udp'),
        ports: port.map((first) => ({ first, last: first })),
        to: fc.record({ address, port }),
      }),
      { maxLength: 4 },
    ),
    dmz: fc.array(fc.record({ address }), { maxLength: 2 }),
    publicAddresses: fc.array(
      fc.record({
        link: fc.constantFrom('main', 'second'),
        address: fc.oneof(
          address,
          fc.integer({ min: 1, max: 250 }).map((last) => `198.51.101.${last}`),
        ),
        host: address,
      }),
      {
        maxLength: 2,
      },
    ),
    lan: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ address: '192.168.20.1', prefix: 24 }) },
      fc.record({ address, prefix: fc.integer({ min: 8, max: 30 }) }),
    ),
  },
  { requiredKeys: [] },
);

describe('M-1: what is accepted', () => {
  it('D-3: never leads to the voice LAN or to ports of the box, whatever is asked for', () => {
    let accepted = 0;
    fc.assert(
      fc.property(some, (draft) => {
        const services = ManagedServicesSchema.parse(draft);
        if (judgeServices(services, around).length > 0) return;
        accepted += 1;
        const rules = rulesOf(services);
        const targets = rules.flatMap((rule) => [...rule.matchAll(/dnat ip to ([\d.]+)/g)].map(([, to = '']) => to));
        for (const to of targets) {
          expect(holdsAddress(around.voiceLan, to)).toBe(false);
          expect(holdsAddress(dataLanOf(services, around), to)).toBe(true);
        }
        const translations = rules.filter((rule) => rule.includes(' services-dnat '));
        if (targets.length > 0)
          expect(translations.slice(0, 2).join()).toMatch(/iifname "voice0" return.*@voice-networks return/);
        for (const own of services.redirections.filter(({ protocol }) => protocol === 'udp'))
          expect(own.ports.first < 20_000 || own.ports.first > 39_999).toBe(true);
        expect(rules.filter((rule) => /oifname "voice0"(?! return)/.test(rule))).toEqual([]);
        expect(rules.some((rule) => rule.includes('to-box'))).toBe(false);
      }),
      { numRuns: 1_000, seed: 20_261_122 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('M-1: LAN addressing is refused where the order gives the box no address to go back to', () => {
    const wanted = ManagedServicesSchema.parse({ lan: { address: '192.168.20.1', prefix: 24 } });
    expect(judgeServices(wanted, surroundingsOf(site, own)).map(({ field }) => field)).toEqual(['lan']);
    expect(judgeServices(wanted, around)).toEqual([]);
  });

  it('M-1: ports of the fax lines of the box stay its own', () => {
    const [line] = site.lines;
    const fax = {
      lines: [
        {
          ...({ mode: 'terminal', server: 'voice', user: 'fax', stationId: '1' } as const),
          number: line?.number ?? '',
        },
      ],
    };
    const redirection = {
      protocol: 'udp',
      ports: { first: 19_010, last: 19_010 },
      to: { address: '192.168.20.9', port: 9_000 },
    };
    const wanted = ManagedServicesSchema.parse({ redirections: [redirection] });
    expect(judgeServices(wanted, surroundingsOf({ ...managed, fax }, own)).map(({ field }) => field)).toEqual([
      'redirections.0.ports',
    ]);
    expect(judgeServices(wanted, around)).toEqual([]);
  });

  it('is refused with its field where it contradicts itself or the site', () => {
    const fieldOf = (draft: unknown): readonly string[] =>
      judgeServices(ManagedServicesSchema.parse(draft), around).map(({ field }) => field);
    const pool = { first: '192.168.20.100', last: '192.168.20.150', leaseSeconds: 3_600, dnsServers: ['9.9.9.9'] };
    const redirection = {
      protocol: 'udp',
      ports: { first: 9_000, last: 9_000 },
      to: { address: '192.168.20.9', port: 9_000 },
    };
    const table: readonly (readonly [unknown, string])[] = [
      [{ lan: { address: '192.168.10.200', prefix: 24 } }, 'lan.address'],
      [{ lan: { address: '203.0.113.1', prefix: 24 } }, 'lan.address'],
      [{ redirections: [{ ...redirection, to: { address: '192.168.10.9', port: 1 } }] }, 'redirections.0.to.address'],
      [{ redirections: [{ ...redirection, ports: { first: 20_500, last: 20_500 } }] }, 'redirections.0.ports'],
      [{ redirections: [redirection, redirection] }, 'redirections.1.ports'],
      [{ redirections: [{ ...redirection, link: 'third' }] }, 'redirections.0.link'],
      [{ dmz: [{ address: '192.168.10.9' }] }, 'dmz.0.address'],
      [{ dhcp: { data: { ...pool, last: '192.168.21.1' } } }, 'dhcp.data.last'],
      [{ dhcp: { data: { ...pool, first: '192.168.20.1' } } }, 'dhcp.data.first'],
      [
        {
          dhcp: {
            data: {
              ...pool,
              reservations: [
                { mac: '02:00:00:00:00:01', address: '192.168.20.5' },
                { mac: '02:00:00:00:00:02', address: '192.168.20.5' },
              ],
            },
          },
        },
        'dhcp.data.reservations.1.address',
      ],
      [
        { publicAddresses: [{ link: 'main', address: '203.0.113.10', host: '192.168.20.9' }] },
        'publicAddresses.0.address',
      ],
      [{ dns: { relay: false, filter: 'deny', domains: ['a.test'] } }, 'dns.relay'],
      [{ dns: { relay: true } }, 'dns.servers'],
    ];
    for (const [draft, field] of table)
      expect([draft, fieldOf(draft)]).toEqual([draft, expect.arrayContaining([field])]);
  });

  it('is the same after it has been rows of TR-181', () => {
    fc.assert(
      fc.property(some, (draft) => {
        const services = ManagedServicesSchema.parse(draft);
        if (judgeServices(services, around).length > 0) return;
        const { publicAddresses } = services;
        const inOrder = {
          ...services,
          publicAddresses: ['main', 'second'].flatMap((link) => publicAddresses.filter((one) => one.link === link)),
        };
        expect(readServices(rowsOfServices(services, around), around)).toEqual({ services: inOrder });
      }),
      { numRuns: 500, seed: 20_261_122 },
    );
  });
});

it('M-1: dnsmasq hears the data LAN alone, unless addresses are ordered for the voice LAN, and has nothing to do by default', () => {
  const place = {
    voiceInterface: 'voice0',
    dataInterface: 'data0',
    voiceMask: '255.255.255.0',
    dataMask: '255.255.255.0',
    leaseFile: 'l',
    pidFile: 'p',
  };
  const plan = (draft: unknown) => dnsmasqPlan(ManagedServicesSchema.parse(draft), place);
  const pool = { first: '192.168.20.100', last: '192.168.20.150', leaseSeconds: 3_600 };
  expect(plan({})).toBeUndefined();
  const names = plan({
    dhcp: { data: pool },
    dns: { relay: true, servers: ['9.9.9.9'], filter: 'deny', domains: ['bad.test'] },
  });
  expect(names?.split('\n').filter((line) => /interface|server|address|range/.test(line))).toEqual([
    'except-interface=lo',
    'interface=data0',
    'server=9.9.9.9',
    'address=/bad.test/',
    'dhcp-range=set:data,192.168.20.100,192.168.20.150,255.255.255.0,3600',
  ]);
  expect(plan({ dhcp: { voice: { ...pool, first: '192.168.10.50', last: '192.168.10.60' } } })).toContain(
    'interface=voice0\n',
  );
});
