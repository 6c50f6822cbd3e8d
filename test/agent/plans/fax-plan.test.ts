import { describe, expect, it } from 'vitest';
import type { DataPlane } from '../../../agent/plans/data-plane.ts';
import { nftPlan } from '../../../agent/plans/nft-plan.ts';

const plane: DataPlane = {
  voiceInterface: 'voice0',
  dataInterface: 'data0',
  links: [
    { name: 'main', number: 1, interface: 'wan1', gateway: undefined, upKbps: 2_000, downKbps: 4_000, probePort: 8620 },
  ],
  voiceNetworks: ['203.0.113.0/28'],
  voicePorts: [5060],
  sipServers: [{ address: '203.0.113.10', port: 5060, relayPort: 5070 }],
  channels: 4,
  brokerPort: 1883,
};
const planOf = (fax: boolean): string => nftPlan({ ...plane, fax }, { voice: 'main', data: 'main' });

describe('media of fax lines in the kernel', () => {
  it('Q-1, Q-2: leave as voice, before anything of the box is taken for data', () => {
    const lines = planOf(true).split('\n');
    const fax = lines.findIndex((line) => line.includes('udp sport 19000-19031 meta mark set 16'));
    const data = lines.findIndex((line) => line.includes('meta mark 0 meta mark set 32'));
    expect(fax).toBeGreaterThan(0);
    expect(data).toBeGreaterThan(fax);
  });

  it('D-3: are let in from the voice networks alone, and only on a site with fax lines', () => {
    expect(planOf(true)).toContain('ip saddr @voice-networks udp dport 19000-19031 accept');
    expect(planOf(false)).not.toContain('19000');
  });
});
