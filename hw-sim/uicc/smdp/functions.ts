import { createHash, randomBytes } from 'node:crypto';
import { bytes, der, nodesIn, pick, upper, utf8 } from '../ber.ts';
import { roleOid, viewCertificate } from '../certificates.ts';
import { isSigned, signed } from '../keys.ts';
import { bindPackage } from './bind-package.ts';
import {
  refusal,
  type Smdp,
  type SmdpAnswer,
  type SmdpOrder,
  type SmdpRefusal,
  type SmdpSession,
} from './smdp-state.ts';

const NOTHING = Buffer.alloc(0);
const MOST_WRONG_CODES = 3;

type Body = Readonly<Record<string, unknown>>;
const field = (body: Body, name: string): Buffer => Buffer.from(String(body[name] ?? ''), 'base64');
const sessionOf = (smdp: Smdp, body: Body): SmdpSession | undefined =>
  smdp.sessions.get(String(body.transactionId ?? '').toUpperCase());

/** SGP.22 5.6.1. */
export function initiateAuthentication(smdp: Smdp, body: Body): SmdpAnswer {
  const root = viewCertificate(smdp.pki.ci.certificate)?.ownKey ?? '';
  const info = nodesIn(nodesIn(field(body, 'euiccInfo1'))?.[0]?.body);
  const known = (tag: string) => nodesIn(pick(info, tag)?.body)?.some(({ body: key }) => upper(key) === root) === true;
  if (String(body.smdpAddress).toLowerCase() !== smdp.address) return refusal('8.8.1', '3.8');
  if (!known('A9')) return refusal('8.8.2', '3.1');
  if (!known('AA')) return refusal('8.8.4', '3.7');
  const transactionId = randomBytes(16);
  const challenge = randomBytes(16);
  const euiccChallenge = field(body, 'euiccChallenge');
  const own = der(
    '30',
    der('80', transactionId),
    der('81', euiccChallenge),
    der('83', utf8(smdp.address)),
    der('84', challenge),
  );
  const name = upper(transactionId);
  smdp.sessions.set(name, { transactionId: name, challenge, euiccChallenge });
  return {
    fields: {
      transactionId: name,
      serverSigned1: own.toString('base64'),
      serverSignature1: der('5F37', signed(smdp.auth.key, own)).toString('base64'),
      euiccCiPKIdToBeUsed: der('04', bytes(root)).toString('base64'),
      serverCertificate: smdp.auth.certificate.toString('base64'),
    },
  };
}

/** SGP.22 5.6.3: the eUICC is a true one, and the order is for it. */
export function authenticateClient(smdp: Smdp, body: Body): SmdpAnswer {
  const session = sessionOf(smdp, body);
  if (session === undefined) return refusal('8.10.1', '3.9');
  const [own, signature, certificate, maker] =
    nodesIn(nodesIn(nodesIn(field(body, 'authenticateServerResponse'))?.[0]?.body)?.[0]?.body) ?? [];
  const eum = maker && viewCertificate(maker.whole);
  const euicc = certificate && viewCertificate(certificate.whole);
  const root = viewCertificate(smdp.pki.ci.certificate);
  if (!own || !signature || !eum || !euicc || !root) return refusal('8.1', '6.1');
  if (eum.role !== roleOid('eum') || !eum.isIssuedBy(root.key)) return refusal('8.1.2', '6.1');
  const isOfMaker = euicc.role === roleOid('euicc') && euicc.isIssuedBy(eum.key);
  if (!isOfMaker || !euicc.serial?.startsWith(eum.permittedSerial ?? '-')) return refusal('8.1.3', '6.1');
  const parts = nodesIn(own.body);
  const isSame =
    pick(parts, '84')?.body.equals(session.challenge) &&
    upper(pick(parts, '80')?.body ?? NOTHING) === session.transactionId;
  if (!isSigned(euicc.key, own.whole, signature.body) || !isSame) return refusal('8.1', '6.1');
  const matchingId = pick(nodesIn(pick(parts, 'A0')?.body), '80')?.body.toString('utf8') ?? '';
  const order = orderFor(smdp, matchingId, euicc.serial);
  if ('reason' in order) return order;
  return offer(smdp, { ...session, euicc, eid: euicc.serial, matchingId }, order, signature.whole);
}

function orderFor(smdp: Smdp, matchingId: string, eid: string): SmdpOrder | SmdpRefusal {
  const order = smdp.orders.get(matchingId);
  if (order === undefined || order.at === 'installed') return refusal('8.2.6', '3.8');
  if (order.eid !== undefined && order.eid !== eid) return refusal('8.1.1', '3.8');
  if (order.at === 'error') return refusal('8.2', '3.7');
  return order;
}

function offer(smdp: Smdp, session: SmdpSession, order: SmdpOrder, euiccSignature: Buffer): SmdpAnswer {
  const again = order.boundTo === undefined ? NOTHING : der('5F49', bytes(order.boundTo));
  const needsCode = bytes(order.confirmationCode === undefined ? '00' : 'FF');
  const own = der('30', der('80', bytes(session.transactionId)), der('01', needsCode), again);
  const signature2 = der('5F37', signed(smdp.pki.dpPb.key, Buffer.concat([own, euiccSignature])));
  smdp.sessions.set(session.transactionId, { ...session, signature2 });
  return {
    fields: {
      transactionId: session.transactionId,
      profileMetadata: order.metadata.toString('base64'),
      smdpSigned2: own.toString('base64'),
      smdpSignature2: signature2.toString('base64'),
      smdpCertificate: smdp.pki.dpPb.certificate.toString('base64'),
    },
  };
}

/** SGP.22 5.6.2: the code where one is asked for, then the package for this eUICC alone. */
export function getBoundProfilePackage(smdp: Smdp, body: Body): SmdpAnswer {
  const session = sessionOf(smdp, body);
  const order = smdp.orders.get(session?.matchingId ?? '');
  if (session?.euicc === undefined || session.eid === undefined || order === undefined) return refusal('8.10.1', '3.9');
  const [own, signature] =
    nodesIn(nodesIn(nodesIn(field(body, 'prepareDownloadResponse'))?.[0]?.body)?.[0]?.body) ?? [];
  if (!own || !signature) return refusal('8.1', '6.1');
  const message = Buffer.concat([own.whole, session.signature2 ?? NOTHING]);
  if (!isSigned(session.euicc.key, message, signature.body)) return refusal('8.1', '6.1');
  const parts = nodesIn(own.body);
  const wrong = judgeCode(smdp, order, session, pick(parts, '04')?.body);
  if (wrong !== undefined) return wrong;
  const euiccKey = pick(parts, '5F49')?.body ?? NOTHING;
  const { segmentBytes, replacesKeys } = smdp;
  const transactionId = bytes(session.transactionId);
  const { metadata, elements } = order;
  const bound = bindPackage({
    transactionId,
    euiccKey,
    eid: session.eid,
    signer: smdp.pki.dpPb,
    metadata,
    elements,
    segmentBytes,
    replacesKeys,
  });
  if (bound === undefined) return refusal('8.1', '6.1');
  smdp.orders.set(order.matchingId, { ...order, at: 'downloaded', eid: session.eid, boundTo: upper(euiccKey) });
  return { fields: { transactionId: session.transactionId, boundProfilePackage: bound.toString('base64') } };
}

function judgeCode(
  smdp: Smdp,
  order: SmdpOrder,
  session: SmdpSession,
  hash: Buffer | undefined,
): SmdpRefusal | undefined {
  if (order.confirmationCode === undefined) return undefined;
  if (order.wrongCodes >= MOST_WRONG_CODES) return refusal('8.2.7', '6.4');
  if (hash === undefined) return refusal('8.2.7', '2.2');
  const once = createHash('sha256').update(order.confirmationCode).digest();
  const right = createHash('sha256').update(once).update(bytes(session.transactionId)).digest();
  if (hash.equals(right)) return undefined;
  smdp.orders.set(order.matchingId, { ...order, wrongCodes: order.wrongCodes + 1 });
  return refusal('8.2.7', '3.8');
}

/** SGP.22 5.6.5: the order waits again. */
export function cancelSession(smdp: Smdp, body: Body): SmdpAnswer {
  const session = sessionOf(smdp, body);
  if (session?.euicc === undefined) return refusal('8.10.1', '3.9');
  const [own, signature] = nodesIn(nodesIn(nodesIn(field(body, 'cancelSessionResponse'))?.[0]?.body)?.[0]?.body) ?? [];
  const oid = pick(nodesIn(own?.body), '81')?.body;
  if (!own || !signature || !isSigned(session.euicc.key, own.whole, signature.body)) return refusal('8.1', '6.1');
  if (!oid || upper(oid) !== viewCertificate(smdp.auth.certificate)?.serverOid) return refusal('8.8', '3.10');
  smdp.sessions.delete(session.transactionId);
  smdp.canceled.push({ transactionId: session.transactionId, reason: pick(nodesIn(own.body), '82')?.body[0] ?? 127 });
  return { fields: {} };
}
