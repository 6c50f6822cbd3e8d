import { NEW } from './prepared-euicc.ts';
import type { Story } from './site.ts';

const PROFILE = {
  id: 's1',
  target: { by: 'profile', iccid: NEW.iccid },
  accessPoint: 'sfr',
  reason: 'support',
  by: 'desk',
} as const;
const HELD = { ...PROFILE, target: { ...PROFILE.target, slot: 2 } } as const;
const SLOT = { id: 's1', target: { by: 'slot', slot: 2 }, accessPoint: 'sfr', reason: 'defect', by: 'desk' } as const;
const DOWNLOAD = {
  id: 's1',
  target: { by: 'download' },
  accessPoint: 'sfr',
  reason: 'host-change',
  by: 'campaign',
} as const;

/** Every way of a line from one card to another, and why it does not stay there. */
export const STORIES: readonly Story[] = [
  { name: 'a profile', family: 'EC25', euicc: 'both', order: PROFILE },
  { name: 'a profile that the network refuses', family: 'EC25', euicc: 'both', refuses: 8, order: PROFILE },
  { name: 'a profile without traffic', family: 'EC25', euicc: 'both', refuses: 'carries-nothing', order: PROFILE },
  { name: 'a profile, by +CSIM', family: 'SIM7600', euicc: 'both', route: 'basic', order: PROFILE },
  {
    name: 'a profile that the modem does not notice',
    family: 'EC25',
    euicc: 'both',
    missesRefresh: true,
    order: PROFILE,
  },
  { name: 'a download', family: 'EC25', euicc: 'one', order: DOWNLOAD },
  { name: 'a download that the network refuses', family: 'EC25', euicc: 'one', refuses: 11, order: DOWNLOAD },
  { name: 'a download over TLS', family: 'EC25', euicc: 'one', tls: true, order: DOWNLOAD },
  {
    name: 'a download over TLS that the network refuses, by +CSIM',
    ...{ family: 'SIM7600', euicc: 'one', route: 'basic', tls: true, refuses: 11, order: DOWNLOAD },
  },
  { name: 'a profile, past a kept configuration', family: 'EC25', euicc: 'both', keepsCarrier: true, order: PROFILE },
  {
    name: 'a slot of Sierra that the network refuses, past a kept configuration',
    ...{ family: 'EM7565', keepsCarrier: true, refuses: 8, order: SLOT },
  },
  { name: 'a profile in the other holder', family: 'EM12', euicc: 'both', inSecond: true, order: HELD },
  {
    name: 'a profile in the other holder that the network refuses',
    ...{ family: 'LE910', euicc: 'both', inSecond: true, refuses: 8, order: HELD },
  },
  { name: 'a slot of Quectel', family: 'EM12', order: SLOT },
  { name: 'a slot of Telit that the network refuses', family: 'LE910', refuses: 3, order: SLOT },
  { name: 'a slot of Sierra', family: 'EM7565', order: SLOT },
  { name: 'a slot of Fibocom that the network refuses', family: 'FM350', refuses: 6, order: SLOT },
  { name: 'from an eUICC to a card', family: 'EM12', euicc: 'both', order: SLOT },
  { name: 'a stolen card', family: 'EC25', euicc: 'both', order: { ...PROFILE, reason: 'theft' } },
];
