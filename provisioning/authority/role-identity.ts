import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isDue } from '../../agent/x509/fits-time.ts';
import { writeAtomic } from '../atomic-file.ts';
import { registryPaths } from '../registry/paths.ts';
import { aliveCertificates, issueClient, openIssuer, readRevoked } from './authority.ts';
import { createKey, issue, keyPem, lifeOf } from './issue.ts';

const DAY = 86_400_000;
const SERVER_DAYS = 730;
const BACK = 3_600_000;

/**
 * Key and certificate of a central or a controller, in one file of its own, made on the operator's side. Renewed at two
 * thirds of its life; one that is out is left as it is.
 */
export function keepRole(directory: string, name: string, now: number): void {
  const paths = registryPaths(directory);
  const file = paths.roleIdentity(name);
  if (readRevoked(directory, name)?.out) return;
  if (existsSync(file)) {
    const own = new X509Certificate(readFileSync(file));
    const isAlive = aliveCertificates(directory, name, now).some((one) => one.serialNumber === own.serialNumber);
    if (isAlive && !isDue(lifeOf(own), now)) return;
  }
  const key = createKey();
  const wish = { name, publicKey: createPublicKey(key), now };
  writeAtomic(file, `${keyPem(key)}${issueClient(directory, openIssuer(directory, 'issuing'), wish)}`, 'secret');
}

/** The broker's own: made anew when it is due or when the boxes were told another name for it. */
export function keepServer(directory: string, hosts: readonly string[], now: number): void {
  const file = registryPaths(directory).broker.serverIdentity;
  if (existsSync(file)) {
    const own = new X509Certificate(readFileSync(file));
    const knows = (host: string): boolean => (isIP(host) === 0 ? own.checkHost(host) : own.checkIP(host)) !== undefined;
    if (hosts.every(knows) && !isDue(lifeOf(own), now)) return;
  }
  const key = createKey();
  const life = { from: now - BACK, until: now + SERVER_DAYS * DAY };
  const wish = { subject: hosts[0] ?? 'broker', publicKey: createPublicKey(key), life } as const;
  const made = issue(openIssuer(directory, 'root'), { ...wish, purpose: { is: 'server', hosts } });
  writeAtomic(file, `${keyPem(key)}${made}`, 'secret');
}
