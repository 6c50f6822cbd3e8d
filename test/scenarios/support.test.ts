import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notify, RequestDraft, Response } from '../../agent/usp/wire/message.ts';
import type { OpenController } from '../../provisioning/support/open-controller.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

let site: ManagedSite;
beforeAll(async () => {
  site = await openManagedSite();
});
afterAll(() => site.close());

const patience = { timeout: 15_000, interval: 50 };

async function answer(link: OpenController, request: RequestDraft): Promise<Response> {
  const reply = await link.ask(DEVICE, request);
  if (reply.is !== 'response') throw new Error(JSON.stringify(reply));
  return reply.response;
}

describe('USP over a real Mosquitto', () => {
  it('M-1: a Get of support answers with what the box is', async () => {
    const typed = await site.type('get', DEVICE, 'Device.DeviceInfo.SerialNumber', 'Device.LocalAgent.EndpointID', '--as', 'first');
    expect(typed).toEqual({
      status: 0,
      out: ['Device.DeviceInfo.SerialNumber = relais-0001', 'Device.LocalAgent.EndpointID = self::relais-0001'],
      err: [],
    });
  });
});
