import { type Millis, seconds } from '../../agent/model/units.ts';

export type UplinkRules = {
  /** A ping goes out this often; the second one without an answer ends the connection. */
  readonly keepAlive: Millis;
  readonly retry: Millis;
  readonly patience: Millis;
};

/** What Mosquitto says with the operator's configuration. */
export const BROKER_LIMITS = { receiveMaximum: 20, maximumPacketSize: 524_288 };

export const UPLINK_RULES: UplinkRules = { keepAlive: seconds(30), retry: seconds(2), patience: seconds(10) };
