import { verify, type X509Certificate } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import type { CertificateRequestMessage } from '../../agent/model/messages.ts';
import { isDue } from '../../agent/x509/fits-time.ts';
import { writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { registryPaths } from '../registry/paths.ts';
import { aliveCertificates, issueClient, openRequest, readRevoked, type Signed } from './authority.ts';
import { type Issuer, lifeOf } from './issue.ts';

/** A box that asks again and again with ever new keys gets no more than these. */
const MOST_ALIVE = 8;

type Renewal = Signed | { readonly waits: true };

/**
 * The answer to a box that asks for its next certificate. What the broker let through proves nothing here: the request
 * must be signed by the key of a certificate of that box which is alive and has passed two thirds of its life (a quarter of
 * the life is allowed for clocks). Asked again for a key that has its certificate, it is the same certificate. Without the
 * issuer's key it is kept for the operator.
 */
export function renewCertificate(
  directory: string,
  { device, request, proof }: CertificateRequestMessage,
  { issuer, now }: { readonly issuer: Issuer | undefined; readonly now: number },
): Renewal {
  if (readRevoked(directory, device)?.out) return { refused: 'the box was revoked' };
  const asked = openRequest(request);
  if ('refused' in asked) return asked;
  if (asked.name !== device) return { refused: `the request bears the name ${asked.name}` };
  const alive = aliveCertificates(directory, device, now);
  const proving = alive.find((one) => verify('sha256', asked.bytes, one.publicKey, Buffer.from(proof, 'base64')));
  if (proving === undefined) return { refused: 'no certificate of the box that is alive proves the request' };
  const same = alive.find((one) => one.publicKey.equals(asked.publicKey));
  if (same !== undefined) return { certificate: same.toString() };
  if (!isDue(lifeOf(proving), now + quarter(proving))) return { refused: 'the certificate of the box is not due yet' };
  if (alive.length >= MOST_ALIVE) return { refused: `the box has ${alive.length} certificates already` };
  if (issuer !== undefined) {
    return { certificate: issueClient(directory, issuer, { name: device, publicKey: asked.publicKey, now }) };
  }
  writeAtomic(registryPaths(directory).authority.request(device), `${canonical({ device, request })}\n`);
  return { waits: true };
}

const WaitingSchema = z.strictObject({ device: z.string().min(1), request: z.string().min(1) });

/** The request of a box that waits for the operator, as the central has proved and kept it. */
export function waitingRequest(directory: string, device: string): string | undefined {
  const file = registryPaths(directory).authority.request(device);
  return existsSync(file) ? readChecked(file, WaitingSchema).request : undefined;
}

export const dropRequest = (directory: string, device: string): void =>
  rmSync(registryPaths(directory).authority.request(device), { force: true });

function quarter(certificate: X509Certificate): number {
  const { from, until } = lifeOf(certificate);
  return (until - from) / 4;
}
