import { bytes, der, integer, nodesIn, pick, upper, utf8 } from './ber.ts';
import type { Euicc, Notification, Profile } from './card-state.ts';
import { code, type EuiccFunction, type EuiccKeys, say } from './euicc-call.ts';
import { signed } from './keys.ts';

export const EVENT_BITS = { install: '0780', enable: '0640', disable: '0520', delete: '0410' } as const;
export type ProfileEvent = keyof typeof EVENT_BITS;

export const NOTIFYING: Readonly<Record<string, EuiccFunction>> = {
  BF28({ euicc, fields }) {
    const wanted = pick(fields, '81')?.body[1] ?? 0xff;
    const bit = ({ metadata }: Notification) => pick(nodesIn(nodesIn(bytes(metadata))?.[0]?.body), '81')?.body[1] ?? 0;
    const found = euicc.notifications.filter((one) => (bit(one) & wanted) !== 0);
    return say('BF28', der('A0', ...found.map(({ metadata }) => bytes(metadata))));
  },
  BF2B({ euicc, fields }) {
    const number = pick(nodesIn(pick(fields, 'A0')?.body), '80')?.body;
    const found = euicc.notifications.filter(
      ({ sequence }) => number === undefined || integer(sequence).equals(number),
    );
    if (found.length === 0) return say('BF2B', der('81', bytes('01')));
    return say('BF2B', der('A0', ...found.map(({ whole }) => bytes(whole))));
  },
  BF30({ euicc, fields }) {
    const number = pick(fields, '80')?.body ?? Buffer.alloc(0);
    const notifications = euicc.notifications.filter(({ sequence }) => !integer(sequence).equals(number));
    if (notifications.length === euicc.notifications.length) return code('BF30', 1);
    return { ...code('BF30', 0), euicc: { ...euicc, notifications } };
  },
};

export const notificationMetadata = (sequence: number, event: ProfileEvent, server: string, iccid: string): Buffer =>
  der(
    'BF2F',
    der('80', integer(sequence)),
    der('81', bytes(EVENT_BITS[event])),
    der('0C', utf8(server)),
    der('5A', bytes(iccid)),
  );

/** One notification for each server that the profile wants to be told of this (SGP.22 3.5). */
export function notify(euicc: Euicc, keys: EuiccKeys, profile: Profile, event: ProfileEvent): Euicc {
  const wishes = nodesIn(pick(nodesIn(nodesIn(bytes(profile.metadata))?.[0]?.body), 'B6')?.body) ?? [];
  const wanted = Number.parseInt(EVENT_BITS[event].slice(2), 16);
  let told = euicc;
  for (const { body } of wishes) {
    const wish = nodesIn(body);
    const bits = pick(wish, '80')?.body[1] ?? 0;
    const server = pick(wish, '81')?.body.toString('utf8');
    if ((bits & wanted) !== 0 && server !== undefined) told = queued(told, keys, server, { event, profile });
  }
  return told;
}

type Happened = { readonly event: ProfileEvent; readonly profile: Profile };

function queued(euicc: Euicc, keys: EuiccKeys, server: string, { event, profile }: Happened): Euicc {
  const metadata = notificationMetadata(euicc.nextSequence, event, server, profile.iccid);
  const whole = der('30', metadata, der('5F37', signed(keys.key, metadata)), keys.certificate, keys.makerCertificate);
  return withNotification(euicc, metadata, whole);
}

export const withNotification = (euicc: Euicc, metadata: Buffer, whole: Buffer): Euicc => ({
  ...euicc,
  nextSequence: euicc.nextSequence + 1,
  notifications: [
    ...euicc.notifications,
    { sequence: euicc.nextSequence, metadata: upper(metadata), whole: upper(whole) },
  ],
});
