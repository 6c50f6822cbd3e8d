import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { bytes, der, integer, nodesIn, oid, pick, upper, utf8 } from './ber.ts';

/** A certificate in DER with its private key. */
export type Identity = { readonly certificate: Buffer; readonly key: KeyObject };

/** SGP.22 4.5.2.1: what a certificate is for stands in its policy, 2.23.146.1.2.1.n. */
export const ROLES = { ci: 0, euicc: 1, eum: 2, 'dp-tls': 3, 'dp-auth': 4, 'dp-pb': 5 } as const;
export type Role = keyof typeof ROLES;

type Wanted = {
  readonly role: Role;
  readonly name: string;
  readonly serial: number;
  /** The EID, for an eUICC: its serialNumber in the subject. */
  readonly subjectSerial?: string;
  /** First digits of the EIDs that a maker may certify. */
  readonly permittedSerial?: string;
  readonly host?: string;
  readonly serverOid?: string;
  readonly curve?: 'prime256v1' | 'secp384r1';
};

/** X.509 of version 3 (RFC 5280) with what SGP.22 4.5.2 asks for; signed by itself where no issuer is given. */
export function issue(wanted: Wanted, issuer?: Identity): Identity {
  const pair = generateKeyPairSync('ec', { namedCurve: wanted.curve ?? 'prime256v1' });
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const subject = nameOf(wanted.name, wanted.subjectSerial);
  const tbs = der(
    '30',
    der('A0', der('02', integer(2))),
    der('02', integer(wanted.serial)),
    ECDSA_SHA256,
    issuer === undefined ? subject : subjectOf(issuer.certificate),
    der('30', der('17', utf8('200101000000Z')), der('18', utf8('20551231235959Z'))),
    subject,
    spki,
    der('A3', der('30', ...extensions(wanted, keyIdentifier(spki), issuer))),
  );
  const signature = sign('sha256', tbs, issuer?.key ?? pair.privateKey);
  return { certificate: der('30', tbs, ECDSA_SHA256, bits(signature)), key: pair.privateKey };
}

const ECDSA_SHA256 = der('30', der('06', oid('1.2.840.10045.4.3.2')));
const bits = (body: Uint8Array): Buffer => der('03', Buffer.from([0]), body);

function nameOf(name: string, serial: string | undefined): Buffer {
  const part = (type: string, text: string) => der('31', der('30', der('06', oid(type)), der('0C', utf8(text))));
  return der(
    '30',
    part('2.5.4.10', 'Relais test'),
    ...(name === '' ? [] : [part('2.5.4.3', name)]),
    ...(serial === undefined ? [] : [part('2.5.4.5', serial)]),
  );
}

function extensions(wanted: Wanted, own: Buffer, issuer: Identity | undefined): readonly Buffer[] {
  const isIssuer = wanted.role === 'ci' || wanted.role === 'eum';
  const policy = der('30', der('30', der('06', oid(`2.23.146.1.2.1.${ROLES[wanted.role]}`))));
  const names = [
    ...(wanted.host === undefined ? [] : [der('82', utf8(wanted.host))]),
    ...(wanted.serverOid === undefined ? [] : [der('88', oid(wanted.serverOid))]),
  ];
  const authority = issuer === undefined ? own : (subjectKeyOf(issuer.certificate) ?? own);
  return [
    extension('2.5.29.14', der('04', own)),
    extension('2.5.29.35', der('30', der('80', authority))),
    extension('2.5.29.15', der('03', bytes(isIssuer ? '0106' : '0780')), true),
    extension('2.5.29.32', policy, true),
    ...(isIssuer ? [extension('2.5.29.19', der('30', der('01', bytes('FF'))), true)] : []),
    ...(names.length > 0 ? [extension('2.5.29.17', der('30', ...names))] : []),
    ...(wanted.permittedSerial === undefined ? [] : [extension('2.5.29.30', permitted(wanted.permittedSerial), true)]),
    ...(wanted.role === 'dp-tls' ? [extension('2.5.29.37', der('30', der('06', oid('1.3.6.1.5.5.7.3.1'))))] : []),
  ];
}

/** SGP.22 4.5.2.1.0.2: a maker certifies EIDs that begin with its number. */
const permitted = (serial: string): Buffer => der('30', der('A0', der('30', der('A4', nameOf('', serial)))));

const extension = (type: string, value: Uint8Array, isCritical = false): Buffer =>
  der('30', der('06', oid(type)), ...(isCritical ? [der('01', bytes('FF'))] : []), der('04', value));

/** RFC 5280 4.2.1.2, the first method. */
const keyIdentifier = (spki: Uint8Array): Buffer => createHash('sha1').update(spki.subarray(-65)).digest();

/** What a judge reads of a certificate. */
export type CertificateView = {
  readonly key: KeyObject;
  readonly role: string | undefined;
  readonly serverOid: string | undefined;
  readonly ownKey: string;
  readonly issuerKey: string;
  readonly serial: string | undefined;
  readonly permittedSerial: string | undefined;
  readonly isIssuedBy: (issuer: KeyObject) => boolean;
};

/** Undefined where it is no certificate. OIDs and key identifiers in hex. */
export function viewCertificate(certificate: Uint8Array): CertificateView | undefined {
  // Roots are looked at again and again, and parsing is dear.
  if (!SEEN.has(certificate)) SEEN.set(certificate, view(certificate));
  return SEEN.get(certificate);
}

const SEEN = new WeakMap<Uint8Array, CertificateView | undefined>();

function view(certificate: Uint8Array): CertificateView | undefined {
  const parts = extensionsOf(certificate);
  if (parts === undefined) return undefined;
  try {
    const parsed = new X509Certificate(Buffer.from(certificate));
    const policy = nodesIn(nodesIn(nodesIn(parts.get('551D20'))?.[0]?.body)?.[0]?.body)?.[0]?.body;
    const authority = nodesIn(nodesIn(parts.get('551D23'))?.[0]?.body);
    return {
      key: parsed.publicKey,
      role: policy && upper(policy),
      serverOid: hexIn(nodesIn(nodesIn(parts.get('551D11'))?.[0]?.body), '88'),
      ownKey: hexIn(nodesIn(parts.get('551D0E')), '04') ?? '',
      issuerKey: hexIn(authority, '80') ?? '',
      serial: serialIn(parsed.subject),
      permittedSerial: permittedIn(parts.get('551D1E')),
      isIssuedBy: (issuer) => parsed.verify(issuer),
    };
  } catch {
    return undefined;
  }
}

export const roleOid = (role: Role): string => upper(oid(`2.23.146.1.2.1.${ROLES[role]}`));

/** RFC 5280 4.2.1.10: constraints, permitted, subtree, directory name, name, and the serial number in it. */
function permittedIn(constraints: Buffer | undefined): string | undefined {
  const subtree = nodesIn(nodesIn(nodesIn(constraints)?.[0]?.body)?.[0]?.body)?.[0]?.body;
  const name = nodesIn(nodesIn(nodesIn(subtree)?.[0]?.body)?.[0]?.body) ?? [];
  const parts = name.map(({ body }) => nodesIn(nodesIn(body)?.[0]?.body));
  return pick(
    parts.find((part) => hexIn(part, '06') === '550405'),
    '0C',
  )?.body.toString('utf8');
}

const serialIn = (subject: string): string | undefined => /serialNumber=(\d+)/.exec(subject)?.[1];
const hexIn = (all: ReturnType<typeof nodesIn>, tag: string): string | undefined => {
  const body = pick(all, tag)?.body;
  return body && upper(body);
};

const fieldsOf = (certificate: Uint8Array) => nodesIn(nodesIn(nodesIn(certificate)?.[0]?.body)?.[0]?.body);
const subjectOf = (certificate: Uint8Array): Buffer => fieldsOf(certificate)?.[5]?.whole ?? Buffer.alloc(0);
const subjectKeyOf = (certificate: Uint8Array): Buffer | undefined =>
  pick(nodesIn(extensionsOf(certificate)?.get('551D0E')), '04')?.body;

function extensionsOf(certificate: Uint8Array): ReadonlyMap<string, Buffer> | undefined {
  const list = nodesIn(nodesIn(pick(fieldsOf(certificate), 'A3')?.body)?.[0]?.body);
  if (list === undefined) return undefined;
  return new Map(
    list.map(({ body }) => {
      const parts = nodesIn(body);
      return [hexIn(parts, '06') ?? '', pick(parts, '04')?.body ?? Buffer.alloc(0)];
    }),
  );
}
