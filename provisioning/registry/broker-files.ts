import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { controllerUsername } from '../../agent/model/management.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { fromPem, toPem } from '../../agent/x509/pem.ts';
import { listedAt, revocationList } from '../../agent/x509/revocation-list.ts';
import { createAtomic, writeAtomic } from '../atomic-file.ts';
import { everRevoked, openIssuer, type Revoked } from '../authority/authority.ts';
import { signer } from '../authority/issue.ts';
import { keepRole, keepServer } from '../authority/role-identity.ts';
import { accessList, centralUsernames } from '../broker/access-list.ts';
import { brokerConfiguration } from '../broker/configuration.ts';
import { createSecret, passwordLine } from '../broker/password.ts';
import { listenersOf } from './listeners.ts';
import { registryPaths } from './paths.ts';

/** Writes what Mosquitto reads, for the devices as they are now. A running broker takes it in on SIGHUP, but for new listeners. */
export function writeBrokerFiles(directory: string, configs: readonly SiteConfig[], now: number): void {
  const paths = registryPaths(resolve(directory));
  const secretOf = (path: string): string => readFileSync(path, 'utf8').trim();
  const controllers = [...new Set(configs.flatMap((config) => config.controllers.map(({ name }) => name)))].toSorted();
  for (const name of controllers) {
    const file = paths.controllerSecret(name);
    createAtomic(file, createSecret(), 'secret');
  }
  const passwords = [
    ...centralUsernames().map((name) => passwordLine(name, secretOf(paths.centralSecret))),
    ...controllers.map((name) => passwordLine(controllerUsername(name), secretOf(paths.controllerSecret(name)))),
    ...configs.map(({ central, device }) => passwordLine(central.username, secretOf(paths.uplinkSecret(device.id)))),
  ];
  const devices = configs.map(({ tenant, device, controllers: own }) => ({
    ...{ tenant, device: device.id },
    controllers: own.map(({ name }) => controllerUsername(name)),
  }));
  const listeners = listenersOf(configs);
  const revoked = everRevoked(directory);
  const settings = {
    listeners,
    passwordFile: paths.broker.passwords,
    aclFile: paths.broker.accessList,
    tls: {
      identity: paths.broker.serverIdentity,
      clientRoots: paths.broker.clientRoots,
      revoked: paths.broker.revoked,
    },
    user: userInfo().username,
  };
  const isTls = listeners.some(({ tls }) => tls);
  if (isTls) writeTlsFiles(directory, configs, { revoked, now });
  if (isTls)
    for (const name of [...centralUsernames(), ...controllers.map(controllerUsername)]) keepRole(directory, name, now);
  const out = revoked.filter((one) => one.out).map(({ name }) => name);
  writeAtomic(paths.broker.passwords, `${passwords.join('\n')}\n`, 'secret');
  writeAtomic(paths.broker.accessList, accessList(devices, out), 'secret');
  writeAtomic(paths.broker.configuration, brokerConfiguration(settings));
}

type Tls = { readonly revoked: readonly Revoked[]; readonly now: number };

/** The issuer of clients stands beside the root, so that boxes need not send it at each connect. */
function writeTlsFiles(directory: string, configs: readonly SiteConfig[], { revoked, now }: Tls): void {
  const { authority, broker } = registryPaths(resolve(directory));
  const hosts = configs.flatMap(({ central: { tls, host } }) => (tls === undefined ? [] : [tls.servername, host]));
  keepServer(directory, [...new Set(hosts)].toSorted(), now);
  const roots = [authority.root, authority.issuing].map((file) => readFileSync(file, 'utf8'));
  writeAtomic(broker.clientRoots, roots.join(''));
  writeAtomic(broker.revoked, revokedPem(directory, revoked, now));
}

/**
 * Valid as long as its issuer: it is a file beside the broker that nobody fetches, and a fleet must not be shut out because
 * an operator forgot to write it anew. It begins an hour ago, for the broker's clock may be behind, and later than the list
 * before, which a broker that reads its files again would otherwise keep.
 */
function revokedPem(directory: string, revoked: readonly Revoked[], now: number): string {
  const { broker } = registryPaths(directory);
  const issuer = openIssuer(directory, 'issuing');
  const before = existsSync(broker.revoked) ? fromPem('X509 CRL', readFileSync(broker.revoked, 'utf8')) : undefined;
  const from = Math.max(now - HOUR, ((before && listedAt(before)) ?? 0) + SECOND);
  const serials = revoked.flatMap(({ serials: all }) => all);
  const list = revocationList(
    {
      ...{ issuer: issuer.name, issuerKeyId: issuer.keyId, number: Math.floor(from / SECOND) },
      ...{ from, until: issuer.life.until },
      revoked: serials.map(({ serial, at }) => ({ serial: Buffer.from(serial, 'hex'), at })),
    },
    signer(issuer.key),
  );
  return toPem('X509 CRL', list);
}

const SECOND = 1_000;
const HOUR = 3_600_000;
