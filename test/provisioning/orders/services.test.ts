import { expect, it } from 'vitest';
import { NOTHING_SERVED } from '../../../agent/model/managed-services.ts';
import { serviceProblems } from '../../../provisioning/orders/services.ts';
import { siteConfig } from '../../example-site.ts';

it('M-1, P-1: a standard configuration that contradicts its site is refused with the field, the value and the remedy', () => {
  const dmz = [{ address: '192.168.10.9' }];
  expect(serviceProblems(siteConfig({ services: { ...NOTHING_SERVED, dmz } }))).toEqual([
    { field: 'services.dmz.0.address', value: '192.168.10.9', remedy: expect.stringContaining('voice LAN') },
  ]);
  expect(serviceProblems(siteConfig({ services: NOTHING_SERVED }))).toEqual([]);
  expect(serviceProblems(siteConfig())).toEqual([]);
});
