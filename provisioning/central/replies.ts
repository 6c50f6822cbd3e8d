import { canonical } from '../../agent/model/canonical.ts';
import type { Countersigned, LeaseRequest, SimOrderMessage } from '../../agent/model/messages.ts';
import {
  type LeaseGrant,
  type LeaseRecall,
  type Receipt,
  type SuspensionMessage,
  topics,
  type Welcome,
} from '../../agent/model/messages.ts';
import type { LineOrder } from '../../agent/model/mobile-line.ts';
import type { Lease } from '../../agent/model/record.ts';
import type { SmsOrder } from '../../agent/model/sms.ts';
import type { Credit } from '../../agent/rating/credit/credit.ts';
import type { CentralEffect, Enrolled, Stream } from './words.ts';

type Held = Pick<Stream, 'size' | 'head'>;

/** What is held of an epoch: only this releases records on the device (U-7). */
export function receiptTo(site: Enrolled, epoch: string, stream: Held): CentralEffect {
  return send(topics(site.tenant, site.device).receipt, receiptOf(site, epoch, stream));
}

export function welcomeTo(
  site: Enrolled,
  epoch: string,
  stream: Held,
  open: { now: number; cycle: number },
): CentralEffect {
  const welcome: Welcome = { receipt: receiptOf(site, epoch, stream), ...open };
  return send(topics(site.tenant, site.device).welcome, welcome);
}

export function grantTo(
  site: Enrolled,
  { device, epoch, request }: LeaseRequest,
  lease: Lease | null,
  share?: Credit,
): CentralEffect {
  const grant: LeaseGrant = { device, epoch, request, lease, ...(share === undefined ? {} : { share }) };
  return send(topics(site.tenant, site.device).leaseGrant, grant);
}

export function recallTo(site: Enrolled, epoch: string, share: Credit, now: boolean): CentralEffect {
  const recall: LeaseRecall = { device: site.device, epoch, share, now };
  return send(topics(site.tenant, site.device).leaseRecall, recall);
}

export const countersignedTo = (site: Enrolled, message: Countersigned): CentralEffect =>
  send(topics(site.tenant, site.device).countersigned, message);

export const suspensionTo = (site: Enrolled, message: SuspensionMessage): CentralEffect =>
  send(topics(site.tenant, site.device).suspension, message);

export const simOrderTo = (site: Enrolled, message: SimOrderMessage): CentralEffect =>
  send(topics(site.tenant, site.device).simOrder, message);

export const lineOrderTo = (site: Enrolled, order: LineOrder): CentralEffect =>
  send(topics(site.tenant, site.device).lineOrder, { device: site.device, order });

export const smsOrderTo = (site: Enrolled, message: SmsOrder): CentralEffect =>
  send(topics(site.tenant, site.device).smsOrder, { device: site.device, message });

const receiptOf = (site: Enrolled, epoch: string, stream: Held): Receipt => ({
  device: site.device,
  epoch,
  upTo: stream.size,
  head: stream.head,
});

const send = (topic: string, message: unknown): CentralEffect => ({ do: 'send', topic, payload: canonical(message) });
