import { bytes, choice, fixed32, number, text } from './shape.ts';

/** Numbers of `usp-record-1-4.proto` (TR-369 1.4); what this agent does not speak is known by its number alone. */
export const RecordShape = {
  version: text(1),
  toId: text(2),
  fromId: text(3),
  /** 0 is PLAINTEXT: what protects the payload is the road below. */
  payloadSecurity: number(4),
  macSignature: bytes(5),
  senderCert: bytes(6),
  noSessionContext: choice(7, { payload: bytes(2) }),
  sessionContext: choice(8, { sessionId: number(1) }),
  websocketConnect: choice(9, {}),
  mqttConnect: choice(10, { version: number(1), subscribedTopic: text(2) }),
  stompConnect: choice(11, { version: number(1), subscribedDestination: text(2) }),
  disconnect: choice(12, { reason: text(1), reasonCode: fixed32(2) }),
  udsConnect: choice(13, {}),
} as const;

/** `MQTTVersion.V5`. */
export const MQTT_5 = 1;
