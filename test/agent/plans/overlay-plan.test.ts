import { describe, expect, it } from 'vitest';
import { createKernelNetwork } from '../../../agent/edge/kernel-network.ts';
import type { KernelTools } from '../../../agent/edge/kernel-tools.ts';
import { Fault } from '../../../agent/model/fault.ts';
import { overlayAddresses } from '../../../agent/model/overlay.ts';
import { BoxConfigSchema, type SiteConfig, SiteConfigSchema } from '../../../agent/model/site-config.ts';
import { nftPlan } from '../../../agent/plans/nft-plan.ts';
import { tunnelPlan } from '../../../agent/plans/overlay-plan.ts';
import { planeOf } from '../../../agent/plans/plane-of.ts';
import { fallbackRoutes, rulePlan, tablePlan } from '../../../agent/plans/route-plan.ts';
import { siteConfig } from '../../example-site.ts';

const box = BoxConfigSchema.parse({
  ...{ stateDirectory: 's', siteConfig: 's', operatorKey: 'k', uplinkSecret: 'u' },
  interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
});
const STEERING = { voice: 'main', data: 'main' };

function planeWith(duplicate: 'never' | 'suspected' | 'always', change: Partial<SiteConfig['failover']> = {}) {
  const { failover } = siteConfig();
  const overlay = { concentrator: '203.0.113.50', block: '100.64.0.8/29', duplicate };
  const config = SiteConfigSchema.parse({
    ...siteConfig(),
    failover: { ...failover, heartbeat: {}, overlay, ...change },
  });
  return planeOf(config, box, (link) => `000000000000000${link}`);
}

describe('the overlay of a site', () => {
  it('has addresses that both ends make of eight', () => {
    const { voice, far, tunnel, vni, mac } = overlayAddresses('100.64.0.248/29');
    expect([voice, tunnel(1), tunnel(4), far]).toEqual([
      '100.64.0.248',
      '100.64.0.249',
      '100.64.0.252',
      '100.64.0.255',
    ]);
    expect(vni(1).toString(16)).toBe('4000f9');
    expect([mac('box', 1), mac('concentrator', 1)]).toEqual(['02:01:64:40:00:f9', '02:00:64:40:00:f9']);
  });

  it('F-3: gives each link a tunnel with a table of its own, and the box itself the voice address', () => {
    const plane = planeWith('never');
    expect(tunnelPlan(plane).map(({ name, addresses }) => [name, addresses[0]])).toEqual([
      ['ov1', '100.64.0.8/32'],
      ['ov2', '100.64.0.8/32'],
    ]);
    expect(rulePlan(plane).map(({ table }) => table)).toEqual([101, 102, 109, 110]);
    expect(tablePlan(plane).at(-1)).toEqual({
      table: 110,
      routes: [{ to: 'default', via: '100.64.0.15', dev: 'ov2' }],
    });
    expect(fallbackRoutes(plane).slice(-2)).toEqual(
      ['203.0.113.0/28', '203.0.113.40/32'].map(
        (end) => `route replace ${end} via 100.64.0.15 dev ov1 src 100.64.0.8 metric 900`,
      ),
    );
  });

  it('F-4: leads nothing into a tunnel that was not led to a link as voice', () => {
    const ruleset = nftPlan(planeWith('always'), STEERING);
    const into = ruleset.split('\n').filter((line) => line.includes('meta mark map { 257 : 265'));
    expect(into).toHaveLength(2);
    for (const line of into) expect(line).toContain('meta mark { 257, 258 } ip daddr @voice-networks');
  });

  it('copies nothing unless that was ordered, and only what is late when that was', () => {
    const never = nftPlan(planeWith('never'), STEERING);
    expect(never).not.toMatch(/ dup to |second-copies|@punctual/);
    const suspected = nftPlan(planeWith('suspected'), STEERING);
    expect(suspected).toContain('meta mark @armed meta mark != @punctual meta mark set meta mark |');
    expect(suspected).toContain('timeout 30ms');
    const always = nftPlan(planeWith('always'), STEERING);
    expect(always.match(/ dup to /g)).toHaveLength(2);
    expect(always).not.toContain('@punctual');
  });

  it('is none without beats, without failover, or of a kind that this version does not make', () => {
    const { overlay } = SiteConfigSchema.parse({
      ...siteConfig(),
      failover: {
        ...siteConfig().failover,
        overlay: { concentrator: '203.0.113.50', block: '100.64.0.8/29', kind: 'gre' },
      },
    }).failover;
    expect(planeWith('never', { heartbeat: undefined }).overlay).toBeUndefined();
    expect(planeWith('never', { enabled: false }).overlay).toBeUndefined();
    expect(planeWith('never', { overlay }).overlay).toBeUndefined();
  });

  it('F-3: is left out, and said so, by a kernel that refuses it: the site has voice by its links', async () => {
    const rulesets: string[] = [];
    const faults: Error[] = [];
    const done = async (): Promise<void> => undefined;
    const tools: KernelTools = {
      nft: {
        install: async (ruleset) => void rulesets.push(ruleset),
        ...{ change: done, print: async () => '', ask: async () => '', close: () => undefined },
      },
      ip: {
        ...{ batch: done, rules: done, routes: done, inward: done, addresses: async () => [] },
        ipv6: { batch: done, rules: done, routes: done, routers: async () => new Map() },
        async tunnels(wanted) {
          if (wanted.length > 0) throw new Fault('network.refused', { program: 'ip', error: 'Unknown device type.' });
        },
      },
      tc: {
        ...{ install: done, change: done, close: () => undefined },
        survey: async () => ({ framed: new Set<string>(), fair: false, inward: false }),
      },
      allowForwarding: done,
    };
    const network = createKernelNetwork(planeWith('always'), tools, (error) => faults.push(error));
    const error = await new Promise<Error | undefined>((settle) => network.install(STEERING, settle));
    expect(error).toBeUndefined();
    expect(faults).toHaveLength(1);
    expect(rulesets).toHaveLength(1);
    expect(rulesets[0]).not.toMatch(/ov1| dup to /);
    expect(rulesets[0]).toContain('living-voice');
  });
});
