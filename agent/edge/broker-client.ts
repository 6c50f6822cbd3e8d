import mqtt, { type MqttClient } from 'mqtt';
import { Fault } from '../model/fault.ts';
import { type Millis, seconds } from '../model/units.ts';
import { type BrokerTrust, openTrustedStream } from './broker-trust.ts';
import type { IdentityFiles, Shown } from './uplink-identity.ts';

export type UplinkSettings = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Shown where there is no TLS. */
  readonly password?: string | undefined;
  /** Mutual TLS (D-3); absent: a connection in clear. */
  readonly secure?: SecureRoad;
  readonly clientId: string;
  /** The one topic filter that the device reads. */
  readonly subscribe: string;
  /** Where records of USP come from, by their full names, and the name that the agent has there. */
  readonly management?: { readonly endpoint: string; readonly topics: readonly string[] };
};

/** Whom to believe, what to show, and who is told that a connection stands by a clock that is trusted. */
export type SecureRoad = {
  readonly trust: BrokerTrust;
  readonly identity: IdentityFiles;
  readonly connected: () => void;
};

export const KEEP_ALIVE = seconds(10);

type Opened = { readonly client: MqttClient; readonly shown: Shown | undefined };

/** Undefined where the box has nothing to show yet: it looks again after a pause. */
export function openClient(
  settings: UplinkSettings,
  keepAlive: Millis,
  fault: (error: Error) => void,
): Opened | undefined {
  const { host, port, secure } = settings;
  if (secure === undefined) return { client: mqtt.connect(optionsOf(settings, keepAlive)), shown: undefined };
  const { trust, identity } = secure;
  try {
    const shown = identity.show();
    if (shown === undefined) throw new Fault('uplink.refused', { remedy: ENROLL });
    const stream = () => {
      const opened = openTrustedStream({ host, port }, trust, shown.pem);
      // The library tells of what TCP says and keeps the rest to itself.
      return opened.on('error', fault);
    };
    return { client: new mqtt.MqttClient(stream, optionsOf(settings, keepAlive)), shown };
  } catch (error) {
    fault(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}

const ENROLL = 'the box has no certificate yet: run relais enroll, and have its request signed';

export function letIn({ secure }: UplinkSettings, shown: Shown, fault: (error: Error) => void): void {
  try {
    secure?.identity.worked(shown);
    secure?.connected();
  } catch (error) {
    // A medium that fails: the certificate of before is still there for the next start.
    fault(error instanceof Error ? error : new Error(String(error)));
  }
}

const optionsOf = (
  { management, secure, password, ...settings }: UplinkSettings,
  keepAlive: Millis,
): mqtt.IClientOptions => ({
  ...settings,
  ...(secure || password === undefined ? {} : { password }),
  protocol: secure ? 'mqtts' : 'mqtt',
  protocolVersion: 5,
  clean: true,
  reconnectPeriod: 0,
  connectTimeout: 5_000,
  keepalive: keepAlive / seconds(1),
  queueQoSZero: false,
  resubscribe: false,
  // TR-369 1.4, R-MQTT.12 and R-MQTT.13.
  ...(management && {
    properties: { requestResponseInformation: true, userProperties: { 'usp-endpoint-id': management.endpoint } },
  }),
});
