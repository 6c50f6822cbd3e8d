import { decode, encode } from './codec.ts';
import { MQTT_5, RecordShape } from './record-shape.ts';
import { RequestShape } from './request-shapes.ts';
import { ErrorShape, ResponseShape } from './response-shapes.ts';
import { choice, type Draft, type Message, maybe, number, text } from './shape.ts';

const MessageShape = {
  header: maybe(1, { msgId: text(1), msgType: number(2) }),
  body: maybe(2, {
    request: choice(1, RequestShape),
    response: choice(2, ResponseShape),
    error: choice(3, ErrorShape),
  }),
} as const;

export type UspMessage = Message<typeof MessageShape>;
export type Request = Message<typeof RequestShape>;
export type RequestDraft = Draft<typeof RequestShape>;
export type Response = Message<typeof ResponseShape>;
export type ResponseDraft = Draft<typeof ResponseShape>;
export type ErrorBody = Message<typeof ErrorShape>;
export type Notify = NonNullable<Request['notify']>;

/** `Header.MsgType` of TR-369, by the name of the body's member. */
const TYPES: Readonly<Record<keyof typeof RequestShape | keyof typeof ResponseShape, number>> = {
  get: 1,
  getResp: 2,
  notify: 3,
  set: 4,
  setResp: 5,
  operate: 6,
  operateResp: 7,
  add: 8,
  addResp: 9,
  delete: 10,
  deleteResp: 11,
  getSupportedDm: 12,
  getSupportedDmResp: 13,
  getInstances: 14,
  getInstancesResp: 15,
  notifyResp: 16,
  getSupportedProtocol: 17,
  getSupportedProtocolResp: 18,
  register: 19,
  deregister: 21,
};

/** Longer records are dropped unread: the longest honest request is a hundredth of it. */
export const LONGEST_RECORD = 262_144;
export const RECORD_VERSION = '1.4';

export type UspRecord = Message<typeof RecordShape>;
export type Body =
  | { readonly request: RequestDraft }
  | { readonly response: ResponseDraft }
  | { readonly error: Draft<typeof ErrorShape> };
type Ends = { readonly from: string; readonly to: string };

/** Nothing when the bytes are no record. */
export const readRecord = (bytes: Uint8Array): UspRecord | undefined =>
  bytes.length > LONGEST_RECORD ? undefined : decode(RecordShape, bytes);

/** Nothing when the payload of a record is no message. */
export const readMessage = (payload: Uint8Array): UspMessage | undefined => decode(MessageShape, payload);

/** A message in a record outside a session (R-MTP.6 of TR-369 1.4; the road below protects it). */
export const writeMessage = ({ from, to }: Ends, msgId: string, body: Body): Uint8Array =>
  encode(RecordShape, {
    version: RECORD_VERSION,
    ...{ fromId: from, toId: to },
    noSessionContext: { payload: encode(MessageShape, { header: { msgId, msgType: typeOf(body) }, body }) },
  });

/** First record of a connection: where the sender listens. */
export const writeConnect = ({ from, to }: Ends, subscribedTopic: string): Uint8Array =>
  encode(RecordShape, {
    version: RECORD_VERSION,
    ...{ fromId: from, toId: to },
    mqttConnect: { version: MQTT_5, subscribedTopic },
  });

/** What was sent cannot be taken that way; the connection stays. */
export const writeDisconnect = ({ from, to }: Ends, reasonCode: number, reason: string): Uint8Array =>
  encode(RecordShape, {
    version: RECORD_VERSION,
    ...{ fromId: from, toId: to },
    disconnect: { reason, reasonCode },
  });

function typeOf(body: Body): number {
  if ('error' in body) return 0;
  const members: object = 'request' in body ? body.request : body.response;
  return Object.entries(TYPES).find(([name]) => name in members)?.[1] ?? 0;
}
