import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { canonical } from '../../agent/model/canonical.ts';
import { Fault } from '../../agent/model/fault.ts';
import { agentEndpoint } from '../../agent/model/management.ts';
import { fromPem } from '../../agent/x509/pem.ts';
import { readRequest } from '../../agent/x509/request.ts';
import { createAtomic, writeAtomic } from '../atomic-file.ts';
import { readChecked } from '../json-file.ts';
import { registryPaths } from '../registry/paths.ts';
import { createKey, type Issuer, issue, issueRoot, issuerOf, keyPem, lifeOf } from './issue.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The issuers end after the boxes do. */
const ISSUER_DAYS = 30 * 365;
/** Two years: a box may lie in a warehouse for one and has eight months left in which it is renewed. */
export const CLIENT_DAYS = 730;
/** Clocks of the operator's machines differ. */
const BACK = HOUR;

/** Whom the broker no longer takes, by whose order, and every certificate of that name that was alive then. */
const RevokedSchema = z.strictObject({
  name: z.string().min(1),
  by: z.string().min(1).max(200),
  why: z.string().min(1).max(1_000),
  /** False since somebody took the name in again, with a key of its own: what was revoked stays revoked. */
  out: z.boolean(),
  serials: z.array(z.strictObject({ serial: z.string().regex(/^[0-9A-F]+$/), at: z.int().min(0) })),
});
export type Revoked = z.infer<typeof RevokedSchema>;

export type Signed = { readonly certificate: string } | { readonly refused: string };

/**
 * Makes the operator's root and the issuer of clients below it; what is there already stays. The root signs the issuer and
 * the broker, and may then be kept elsewhere; the issuer signs boxes, centrals and controllers, never a broker.
 */
export function initAuthority(directory: string, now: number): void {
  const { authority } = registryPaths(directory);
  const life = { from: now - BACK, until: now + ISSUER_DAYS * DAY };
  if (!existsSync(authority.root)) {
    const key = createKey();
    createAtomic(authority.rootKey, keyPem(key), 'secret');
    writeAtomic(authority.root, issueRoot('Relais operator root', key, life));
  }
  if (existsSync(authority.issuing)) return;
  const key = createKey();
  const publicKey = createPublicKey(key);
  const wish = { subject: 'Relais issuer of clients', publicKey, purpose: { is: 'issuer-of-clients' }, life } as const;
  writeAtomic(authority.issuingKey, keyPem(key), 'secret');
  writeAtomic(authority.issuing, issue(openIssuer(directory, 'root'), wish));
}

/** @throws Fault `config.unreadable` with the remedy where its key is kept elsewhere. */
export function openIssuer(directory: string, which: 'root' | 'issuing', keyFile?: string): Issuer {
  const { authority } = registryPaths(directory);
  const file = keyFile ?? (which === 'root' ? authority.rootKey : authority.issuingKey);
  try {
    return issuerOf(readFileSync(authority[which], 'utf8'), readFileSync(file, 'utf8'));
  } catch (cause) {
    const remedy = 'put the key back where it was made, or run relais provision init where there was none';
    throw new Fault('config.unreadable', { path: file, remedy }, { cause });
  }
}

/** A certificate for whom the name says, kept with all that were ever issued. */
export function issueClient(
  directory: string,
  issuer: Issuer,
  { name, publicKey, now, days = CLIENT_DAYS }: { name: string; publicKey: KeyObject; now: number; days?: number },
): string {
  const life = { from: now - BACK, until: now + days * DAY };
  const uri = `urn:bbf:usp:id:${agentEndpoint(name)}`;
  const made = issue(issuer, { subject: name, publicKey, purpose: { is: 'client', uri }, life });
  writeAtomic(registryPaths(directory).authority.issued(name, new X509Certificate(made).serialNumber), made);
  return made;
}

/** What a request proves: the key that it asks for, and whose name it bears. Nothing is said yet of whether it may. */
export function openRequest(
  pem: string,
): { readonly name: string; readonly publicKey: KeyObject; readonly bytes: Uint8Array } | { readonly refused: string } {
  const bytes = fromPem('CERTIFICATE REQUEST', pem);
  const read = bytes && readRequest(bytes);
  if (bytes === undefined || read === undefined) {
    return { refused: 'no certificate request: PEM of PKCS#10 with one common name, ECDSA with SHA-256' };
  }
  const publicKey = publicKeyIn(read.publicKey);
  if (publicKey?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return { refused: 'the key is none of curve P-256; make the request by relais enroll' };
  }
  if (!verify('sha256', read.signedBytes, publicKey, read.signature)) {
    return { refused: 'the request is not signed by the key that it asks for' };
  }
  return { name: read.name, publicKey, bytes };
}

/** Certificates of that name that time has not ended and nobody has revoked. */
export function aliveCertificates(directory: string, name: string, now: number): readonly X509Certificate[] {
  const { authority } = registryPaths(directory);
  if (!existsSync(authority.issuedFolder)) return [];
  const gone = new Set(readRevoked(directory, name)?.serials.map(({ serial }) => serial));
  return readdirSync(authority.issuedFolder)
    .filter((file) => file.startsWith(`${name}~`) && file.endsWith('.pem'))
    .map((file) => new X509Certificate(readFileSync(`${authority.issuedFolder}/${file}`)))
    .filter((one) => lifeOf(one).until >= now && !gone.has(one.serialNumber));
}

export function readRevoked(directory: string, name: string): Revoked | undefined {
  const file = registryPaths(directory).authority.revoked(name);
  return existsSync(file) ? readChecked(file, RevokedSchema) : undefined;
}

export function everRevoked(directory: string): readonly Revoked[] {
  const { revokedFolder } = registryPaths(directory).authority;
  if (!existsSync(revokedFolder)) return [];
  const files = readdirSync(revokedFolder).filter((file) => file.endsWith('.json'));
  return files.toSorted().map((file) => readChecked(`${revokedFolder}/${file}`, RevokedSchema));
}

/** The broker's files have to be written anew behind it. */
export function revokeName(directory: string, name: string, order: { by: string; why: string; now: number }): Revoked {
  const { by, why, now } = order;
  const before = readRevoked(directory, name)?.serials ?? [];
  const alive = aliveCertificates(directory, name, now).map(({ serialNumber }) => ({ serial: serialNumber, at: now }));
  const revoked = { name, by, why, out: true, serials: [...before, ...alive] };
  writeRevoked(directory, revoked);
  return revoked;
}

/** A name that was out may have certificates again; those of before stay revoked. */
export function readmit(directory: string, name: string): void {
  const before = readRevoked(directory, name);
  if (before?.out) writeRevoked(directory, { ...before, out: false });
}

const writeRevoked = (directory: string, revoked: Revoked): void =>
  writeAtomic(registryPaths(directory).authority.revoked(revoked.name), `${canonical(revoked)}\n`);

function publicKeyIn(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
  } catch {
    // What OpenSSL does not read is a key of no kind that we take.
    return undefined;
  }
}
