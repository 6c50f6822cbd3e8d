import { type Bytes, type Read, right, textOf, wrong } from '../bytes.ts';
import { swappedDigits } from '../digits.ts';
import { numberIn, openTlv, readTlvs, type Tlv, tlvOf, valueIn, writeNumber, writeTlv } from '../tlv.ts';
import { type Es10Call, type Es10Refusal, reading, refusalOf } from './call.ts';

const NOTHING = new Uint8Array();

export type NotificationEvent = 'install' | 'enable' | 'disable' | 'delete';

/** What the eUICC has to tell a server; the numbers rise by the order of what happened. */
export type PendingNotification = {
  readonly sequence: number;
  readonly event: NotificationEvent;
  /** Host name of the server that it is for. */
  readonly server: string;
  readonly iccid: string | undefined;
};

/** SGP.22 5.7.9 (ES10b.ListNotification), in the order of their numbers. */
export const LIST_NOTIFICATIONS: Es10Call<readonly PendingNotification[]> = {
  name: 'ListNotification',
  send: writeTlv(0xbf28),
  read: reading(0xbf28, (found) => {
    const code = valueIn(found, 0x81)?.[0];
    if (code !== undefined) return wrong(`ListNotification: the eUICC refused with ${code}`);
    const list = readTlvs(valueIn(found, 0xa0) ?? NOTHING);
    if (!list.ok) return list;
    const all = list.value.map(({ raw }) => notificationMetadata(raw));
    if (all.includes(undefined)) return wrong('ListNotification: a notification is unreadable');
    return right(all.filter((one) => one !== undefined).toSorted((a, b) => a.sequence - b.sequence));
  }),
};

/** BIT STRING of SGP.22 NotificationEvent: one bit of the first byte is set. */
const EVENTS: Readonly<Record<number, NotificationEvent>> = {
  128: 'install',
  64: 'enable',
  32: 'disable',
  16: 'delete',
};

/** BF2F; undefined where it is none. */
export function notificationMetadata(raw: Bytes): PendingNotification | undefined {
  const found = openTlv(raw, 0xbf2f);
  if (!found.ok) return undefined;
  const sequence = numberIn(found.value, 0x80);
  const event = EVENTS[valueIn(found.value, 0x81)?.[1] ?? 0];
  const server = valueIn(found.value, 0x0c);
  if (sequence === undefined || event === undefined || server === undefined) return undefined;
  const iccid = valueIn(found.value, 0x5a);
  return { sequence, event, server: textOf(server), iccid: iccid && swappedDigits(iccid) };
}

/** SGP.22 5.7.10 (ES10b.RetrieveNotificationsList): the signed notification as it goes to the server; undefined when it is gone. */
export const retrieveNotification = (sequence: number): Es10Call<Bytes | undefined> => ({
  name: 'RetrieveNotificationsList',
  send: writeTlv(0xbf2b, writeTlv(0xa0, writeNumber(0x80, sequence))),
  read: reading(0xbf2b, (found): Read<Bytes | undefined> => {
    const code = valueIn(found, 0x81)?.[0];
    if (code === 1) return right(undefined);
    if (code !== undefined) return wrong(`RetrieveNotificationsList: the eUICC refused with ${code}`);
    const list = readTlvs(valueIn(found, 0xa0) ?? NOTHING);
    return list.ok ? right(list.value.find(isSequence(sequence))?.raw) : list;
  }),
});

/** Some cards answer with all that they have: only the one that was asked for is taken. */
const isSequence =
  (sequence: number) =>
  (one: Tlv): boolean => {
    const result = one.tag === 0xbf37 ? readTlvs(one.value) : undefined;
    const signed = result?.ok ? tlvOf(result.value, 0xbf27)?.value : one.value;
    const fields = readTlvs(signed ?? NOTHING);
    const metadata = fields.ok ? tlvOf(fields.value, 0xbf2f) : undefined;
    return metadata !== undefined && notificationMetadata(metadata.raw)?.sequence === sequence;
  };

/** SGP.22 5.7.11 (ES10b.RemoveNotificationFromList); one that is gone already is gone. Only after the server's 204. */
export const removeNotification = (sequence: number): Es10Call<Es10Refusal | undefined> => ({
  name: 'RemoveNotificationFromList',
  send: writeTlv(0xbf30, writeNumber(0x80, sequence)),
  read: reading(0xbf30, (found) => {
    const code = valueIn(found, 0x80)?.[0];
    if (code === undefined) return wrong('RemoveNotificationFromList: no result');
    return right(code === 0 || code === 1 ? undefined : refusalOf({}, code));
  }),
});
