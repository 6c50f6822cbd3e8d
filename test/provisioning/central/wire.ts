import { canonical } from '../../../agent/model/canonical.ts';
import { LeaseGrantSchema, ReceiptSchema, topics } from '../../../agent/model/messages.ts';
import type { Lease } from '../../../agent/model/record.ts';
import type { CentralCore, CentralMessage } from '../../../provisioning/central/central-core.ts';
import { tell } from './central.ts';
import { createSite, type Device, type Site, start } from './site.ts';

export const on = topics('example-operator', 'relais-0001');

export const receiptIn = (messages: readonly CentralMessage[]) =>
  messages.filter(({ topic }) => topic === on.receipt).map(({ payload }) => ReceiptSchema.parse(JSON.parse(payload)));

export const recordsOf = (bodies: readonly string[], from: number, epoch = '00000000000000aa'): CentralMessage => ({
  topic: on.records,
  payload: canonical({ device: 'relais-0001', epoch, from, bodies }),
});

export const EURO = 60_000_000;
/** One lease of the regime: 10 euros and half an hour. */
export const FULL = { ticks: 10 * EURO, bundleSeconds: 1_800 };

export function begun(device: Device = 'relais-0001'): Site {
  const site = createSite(device);
  start(site);
  return site;
}

/** Asks for a lease and answers what was lent: null when nothing was. */
export function ask(
  central: CentralCore,
  site: Site,
  request: string,
  ticks = FULL.ticks,
  seconds = FULL.bundleSeconds,
): Lease | null | undefined {
  const grant = tell(central, site.wish(request, ticks, seconds)).find(({ topic }) => topic.endsWith('/lease-grant'));
  return grant === undefined ? undefined : LeaseGrantSchema.parse(JSON.parse(grant.payload)).lease;
}
