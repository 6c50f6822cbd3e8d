import { type Node, nodesIn, pick, upper } from '../ber.ts';
import { viewCertificate } from '../certificates.ts';
import { isSigned } from '../keys.ts';
import type { Smdp } from './smdp-state.ts';

const EVENTS: Readonly<Record<number, string>> = { 128: 'install', 64: 'enable', 32: 'disable', 16: 'delete' };

/** SGP.22 5.6.4: whether it is signed by the eUICC that it speaks of. What was told twice is heard twice. */
export function hearNotification(smdp: Smdp, notification: Buffer): boolean {
  const node = nodesIn(notification)?.[0];
  const parts = nodesIn(node?.body);
  return node?.tag === 'BF37' ? hearResult(smdp, parts) : hearOther(smdp, parts);
}

function hearResult(smdp: Smdp, parts: readonly Node[] | undefined): boolean {
  const own = pick(parts, 'BF27');
  const fields = nodesIn(own?.body);
  const transactionId = upper(pick(fields, '80')?.body ?? Buffer.alloc(0));
  const session = smdp.sessions.get(transactionId);
  const order = smdp.orders.get(session?.matchingId ?? '');
  const signature = pick(parts, '5F37')?.body;
  if (!own || !signature || !session?.euicc || !order || !isSigned(session.euicc.key, own.whole, signature))
    return false;
  const isInstalled = nodesIn(pick(fields, 'A2')?.body)?.[0]?.tag === 'A0';
  // SGP.22 3.1.6: what an eUICC could not install for a reason of its own may be tried again.
  smdp.orders.set(order.matchingId, { ...order, at: isInstalled ? 'installed' : 'downloaded' });
  note(smdp, pick(fields, 'BF2F'), isInstalled ? 'install' : 'install-failed');
  return true;
}

function hearOther(smdp: Smdp, parts: readonly Node[] | undefined): boolean {
  const own = pick(parts, 'BF2F');
  const signature = pick(parts, '5F37')?.body;
  const [certificate, maker] = (parts ?? [])
    .filter(({ tag }) => tag === '30')
    .map(({ whole }) => viewCertificate(whole));
  const root = viewCertificate(smdp.pki.ci.certificate);
  if (!own || !signature || !certificate || !maker || !root) return false;
  const isTrue =
    maker.isIssuedBy(root.key) && certificate.isIssuedBy(maker.key) && isSigned(certificate.key, own.whole, signature);
  if (isTrue) note(smdp, own, undefined);
  return isTrue;
}

function note(smdp: Smdp, metadata: Node | undefined, event: string | undefined): void {
  const fields = nodesIn(metadata?.body);
  const sequence = Number.parseInt(upper(pick(fields, '80')?.body ?? Buffer.from([0])), 16);
  const bit = pick(fields, '81')?.body[1] ?? 0;
  const iccid = upper(pick(fields, '5A')?.body ?? Buffer.alloc(0));
  smdp.told.push({ sequence, event: event ?? EVENTS[bit] ?? 'unknown', iccid });
}
