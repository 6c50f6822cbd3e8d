import { isIP } from 'node:net';
import type { IClientOptions } from 'mqtt';

/** How somebody of the operator's side knows the broker, and what he shows it (D-3). All PEM. */
export type OperatorTls = {
  readonly roots: string;
  /** A DNS name, or the address itself. */
  readonly servername: string;
  /** Key and certificate. */
  readonly identity: string;
};

export type BrokerAddress = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly secure?: OperatorTls | undefined;
};

/** Options of the library for MQTT 5 by certificate, or by a password in clear. */
export function brokerOptions({ host, port, username, password, secure }: BrokerAddress): IClientOptions {
  const common = { host, port, username, protocolVersion: 5 } as const;
  if (secure === undefined) return { ...common, protocol: 'mqtt', password };
  const { roots, servername, identity } = secure;
  return {
    ...{ ...common, protocol: 'mqtts', ca: roots, key: identity, cert: identity, minVersion: 'TLSv1.2' },
    ...(isIP(servername) === 0 ? { servername } : {}),
  };
}
