import { bodyOf, bytes, der, integer, type Node, nodesIn, pick, upper } from './ber.ts';
import type { Euicc, Session } from './card-state.ts';
import { type CertificateView, type Role, roleOid, viewCertificate } from './certificates.ts';
import { type EuiccCall, type EuiccFunction, type EuiccKeys, type EuiccSaid, say } from './euicc-call.ts';
import { info2 } from './euicc-identity.ts';
import { isSigned, type OneTimeKey, oneTimeKey, publicKeyOf, signed } from './keys.ts';

const NOTHING = Buffer.alloc(0);

export const SESSION: Readonly<Record<string, EuiccFunction>> = {
  BF38: authenticateServer,
  BF21: prepareDownload,
  BF41: cancelSession,
};

const refuse = (tag: string, transactionId: Buffer, number: number): EuiccSaid =>
  say(tag, der('A1', der('80', transactionId), der('02', integer(number))));

/** A certificate of that role whose issuer is a root of this eUICC; undefined where it is not. */
function trusted(
  certificate: Buffer | undefined,
  role: Role,
  keys: EuiccKeys,
  issuer: string,
): CertificateView | undefined {
  const view = certificate && viewCertificate(certificate);
  const root = keys.roots.map((one) => viewCertificate(one)).find((one) => one?.ownKey === issuer);
  if (view === undefined || root === undefined || view.role !== roleOid(role)) return undefined;
  const isValid = view.issuerKey === issuer && view.isIssuedBy(root.key) && view.serverOid !== undefined;
  return isValid ? view : undefined;
}

/** SGP.22 5.7.13; errors 1 certificate, 2 signature, 4 no session, 6 challenge, 7 root. */
function authenticateServer(call: EuiccCall): EuiccSaid {
  const { keys, state, fields } = call;
  const serverSigned = fields[0];
  const parts = nodesIn(serverSigned?.body);
  const transactionId = pick(parts, '80')?.body ?? NOTHING;
  const issuer = upper(pick(fields, '04')?.body ?? NOTHING);
  if (state.live.challenge === undefined) return refuse('BF38', transactionId, 4);
  if (!keys.roots.some((root) => viewCertificate(root)?.ownKey === issuer)) return refuse('BF38', transactionId, 7);
  const certificate = fields.filter(({ tag }) => tag === '30')[1]?.whole;
  const server = trusted(certificate, 'dp-auth', keys, issuer);
  if (server === undefined) return refuse('BF38', transactionId, 1);
  const signature = pick(fields, '5F37')?.body ?? NOTHING;
  if (!isSigned(server.key, serverSigned?.whole ?? NOTHING, signature)) return refuse('BF38', transactionId, 2);
  if (!pick(parts, '81')?.body.equals(bytes(state.live.challenge))) return refuse('BF38', transactionId, 6);
  return trustServer(call, { parts: parts ?? [], server, issuer });
}

type Judged = { readonly parts: readonly Node[]; readonly server: CertificateView; readonly issuer: string };

function trustServer(call: EuiccCall, { parts, server, issuer }: Judged): EuiccSaid {
  const { keys, fields } = call;
  const transactionId = pick(parts, '80')?.body ?? NOTHING;
  const address = pick(parts, '83')?.body ?? NOTHING;
  const own = der(
    '30',
    der('80', transactionId),
    der('83', address),
    der('84', pick(parts, '84')?.body ?? NOTHING),
    info2(call),
    pick(fields, 'A0')?.whole ?? NOTHING,
  );
  const signature = der('5F37', signed(keys.key, own));
  const session: Session = {
    transactionId: upper(transactionId),
    address: address.toString('utf8'),
    serverOid: server.serverOid ?? '',
    issuerKey: issuer,
    signature: upper(signature),
    packageKey: undefined,
  };
  const said = say('BF38', der('A0', own, signature, keys.certificate, keys.makerCertificate));
  return { ...said, live: { session, challenge: undefined } };
}

/** SGP.22 5.7.5; errors 1 certificate, 2 signature, 4 no session, 5 transaction. */
function prepareDownload({ euicc, keys, state, fields }: EuiccCall): EuiccSaid {
  const { session } = state.live;
  const [serverSigned] = fields;
  const parts = nodesIn(serverSigned?.body);
  const transactionId = pick(parts, '80')?.body ?? NOTHING;
  if (session === undefined) return refuse('BF21', transactionId, 4);
  if (upper(transactionId) !== session.transactionId) return refuse('BF21', transactionId, 5);
  const certificate = fields.filter(({ tag }) => tag === '30')[1]?.whole;
  const server = trusted(certificate, 'dp-pb', keys, session.issuerKey);
  if (server?.serverOid !== session.serverOid) return refuse('BF21', transactionId, 1);
  const signature = pick(fields, '5F37');
  const message = Buffer.concat([serverSigned?.whole ?? NOTHING, bytes(session.signature)]);
  if (!isSigned(server.key, message, signature?.body ?? NOTHING)) return refuse('BF21', transactionId, 2);
  const key = keyFor(euicc, session.address, pick(parts, '5F49')?.body);
  const hash = pick(fields, '04')?.whole ?? NOTHING;
  const own = der('30', der('80', transactionId), der('5F49', bytes(key.open)), hash);
  const ownSignature = der('5F37', signed(keys.key, Buffer.concat([own, signature?.whole ?? NOTHING])));
  const packageKey = server.key.export({ format: 'der', type: 'spki' }).toString('hex');
  return {
    ...say('BF21', der('A0', own, ownSignature)),
    euicc: { ...euicc, oneTimeKey: { ...key, server: session.address } },
    live: { session: { ...session, packageKey } },
  };
}

/** SGP.22 3.1.3.2: the key of a download that did not end is used again where the server still has its package. */
function keyFor({ oneTimeKey: kept }: Euicc, server: string, wanted: Buffer | undefined): OneTimeKey {
  const isWanted = kept !== undefined && kept.server === server && wanted !== undefined && upper(wanted) === kept.open;
  return isWanted ? { open: kept.open, kept: kept.kept } : oneTimeKey();
}

/** SGP.22 5.7.14. */
function cancelSession({ keys, state, fields }: EuiccCall): EuiccSaid {
  const { session } = state.live;
  const transactionId = pick(fields, '80')?.body;
  if (session === undefined || transactionId === undefined || upper(transactionId) !== session.transactionId)
    return say('BF41', der('81', bytes('05')));
  const own = der(
    '30',
    der('80', transactionId),
    der('81', bytes(session.serverOid)),
    der('82', pick(fields, '81')?.body ?? NOTHING),
  );
  const said = say('BF41', der('A0', own, der('5F37', signed(keys.key, own))));
  return { ...said, live: { session: undefined, loading: undefined } };
}

export const packageKeyOf = ({ packageKey }: Session) => packageKey && publicKeyOf(bytes(packageKey));
export const metadataBody = (metadata: Uint8Array) => nodesIn(bodyOf(metadata, 'BF25'));
