import { existsSync, readFileSync } from 'node:fs';
import { controllerUsername } from '../../agent/model/management.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { writeAtomic } from '../atomic-file.ts';
import {
  CLIENT_DAYS,
  issueClient,
  openIssuer,
  openRequest,
  readmit,
  readRevoked,
  revokeName,
} from '../authority/authority.ts';
import { dropRequest, waitingRequest } from '../authority/renew.ts';
import { centralUsernames } from '../broker/access-list.ts';
import { writeBrokerFiles } from '../registry/broker-files.ts';
import { latestConfigs, readRegistry } from '../registry/registry.ts';

type Answer = { readonly said: string } | { readonly refused: string };
type SignWish = {
  /** A file with a request, or a device whose request the central has kept. */
  readonly what: string;
  readonly out: string | undefined;
  readonly days: string | undefined;
  readonly readmit: boolean;
};

const MOST_DAYS = 3_650;

/** Signs the certificate of a box, a central or a controller that the registry knows (D-3). */
export function signCertificate(directory: string, wish: SignWish, now: number): Answer {
  const days = wish.days === undefined ? CLIENT_DAYS : Number(wish.days);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    return { refused: `--days ${wish.days}: write whole days from 1 to ${MOST_DAYS}` };
  }
  const pem = existsSync(wish.what) ? readFileSync(wish.what, 'utf8') : waitingRequest(directory, wish.what);
  if (pem === undefined) return { refused: `${wish.what}: neither a file nor a device whose request waits here` };
  const asked = openRequest(pem);
  if ('refused' in asked) return { refused: `${wish.what}: ${asked.refused}` };
  const { name, publicKey } = asked;
  const configs = latestConfigs(readRegistry(directory).configs);
  if (!namesOf(configs).has(name)) return { refused: `${name}: no order names such a device or controller` };
  if (readRevoked(directory, name)?.out) {
    if (!wish.readmit) return { refused: `${name} was revoked; --readmit takes it in again with this key` };
    readmit(directory, name);
    writeBrokerFiles(directory, configs, now);
  }
  const certificate = issueClient(directory, openIssuer(directory, 'issuing'), { name, publicKey, now, days });
  dropRequest(directory, name);
  if (wish.out === undefined) return { said: certificate.trimEnd() };
  writeAtomic(wish.out, certificate);
  return { said: `signed the certificate of ${name} for ${days} days: ${wish.out}` };
}

/** Nothing that was issued under that name lets anybody in any more, on connections that stand neither. */
export function revokeCertificates(
  directory: string,
  name: string,
  { by, why }: { readonly by?: string | undefined; readonly why?: string | undefined },
  now: number,
): Answer {
  if (by === undefined || why === undefined) return { refused: 'revoke: --by and --why are needed' };
  const configs = latestConfigs(readRegistry(directory).configs);
  if (!namesOf(configs).has(name)) return { refused: `${name}: no order names such a device or controller` };
  const { serials } = revokeName(directory, name, { by, why, now });
  dropRequest(directory, name);
  writeBrokerFiles(directory, configs, now);
  return { said: `${name} is out, with ${serials.length} certificates; send Mosquitto a SIGHUP` };
}

const namesOf = (configs: readonly SiteConfig[]): ReadonlySet<string> =>
  new Set([
    ...configs.map(({ device }) => device.id),
    ...configs.flatMap(({ controllers }) => controllers.map(({ name }) => controllerUsername(name))),
    ...centralUsernames(),
  ]);
