import { bytes, der, headerIn, integer, nodesIn, pick, upper } from './ber.ts';
import type { Euicc, Loading, Session } from './card-state.ts';
import type { EuiccCall, EuiccSaid } from './euicc-call.ts';
import { installationResult, type LoadEnd } from './euicc-result.ts';
import { metadataBody, packageKeyOf } from './euicc-session.ts';
import { type Installed, installElements } from './install-elements.ts';
import { agreedKeys, isSigned } from './keys.ts';
import { type Protection, unprotect } from './protection.ts';

const NOTHING = Buffer.alloc(0);
const SILENT: EuiccSaid = { answer: NOTHING };

/** SGP.22 5.7.6, bppCommandId and errorReason. */
const COMMAND = { channel: 0, configure: 1, metadata: 2, keys: 4, elements: 5 } as const;
const REASON = {
  signature: 2,
  transaction: 3,
  keys: 4,
  operation: 5,
  structure: 7,
  security: 8,
  twin: 9,
  memory: 10,
  element: 12,
  mismatch: 13,
  rules: 15,
} as const;

type Failing = { readonly command: number; readonly reason: number };
const failing = (command: keyof typeof COMMAND, reason: keyof typeof REASON): Failing => ({
  command: COMMAND[command],
  reason: REASON[reason],
});

/** One segment of a bound profile package. Silent until the last, or until the first that is refused (SGP.22 2.5.5). */
export function loadSegment(call: EuiccCall, segment: Buffer): EuiccSaid {
  const { session, loading } = call.state.live;
  if (session === undefined) return SILENT;
  const header = headerIn(segment);
  if (header?.tag === 'BF36') {
    const started = openChannel(call, session, segment.subarray(header.size));
    return 'reason' in started ? ended(call, session, started) : { ...SILENT, live: { loading: started } };
  }
  if (loading === undefined || header === undefined) return ended(call, session, failing('channel', 'structure'));
  const next = take(call, loading, segment);
  if ('reason' in next) return ended(call, session, next);
  if (next.part !== '86' || next.left > 0) return { ...SILENT, live: { loading: next } };
  return install(call, session, next);
}

/** BF23, InitialiseSecureChannel: the server's key of one use, signed for ours. */
function openChannel({ euicc }: EuiccCall, session: Session, request: Buffer): Loading | Failing {
  const node = nodesIn(request)?.[0];
  const fields = node?.tag === 'BF23' ? nodesIn(node.body) : undefined;
  const [operation, transaction, template, key, signature] = ['82', '80', 'A6', '5F49', '5F37'].map((tag) =>
    pick(fields, tag),
  );
  const judge = packageKeyOf(session);
  if (!operation || !transaction || !template || !key || !signature || !judge || euicc.oneTimeKey === undefined)
    return failing('channel', 'structure');
  if (upper(transaction.body) !== session.transactionId) return failing('channel', 'transaction');
  if (upper(operation.body) !== '01') return failing('channel', 'operation');
  const kinds = nodesIn(template.body);
  const host = pick(kinds, '84')?.body ?? NOTHING;
  if (upper(pick(kinds, '80')?.body ?? NOTHING) !== '88' || upper(pick(kinds, '81')?.body ?? NOTHING) !== '10')
    return failing('channel', 'keys');
  const own = der('5F49', bytes(euicc.oneTimeKey.open));
  const message = Buffer.concat([operation.whole, transaction.whole, template.whole, key.whole, own]);
  if (!isSigned(judge, message, signature.body)) return failing('channel', 'signature');
  const keys = agreedKeys(euicc.oneTimeKey, key.body, upper(host), euicc.eid);
  if (keys === undefined) return failing('channel', 'keys');
  return { keys, chain: keys.chain, count: 1, metadata: '', elements: '', part: 'A0', left: 0 };
}

/** The parts in their order: A0, the header of A1, each 88, A2 where there is one, the header of A3, each 86. */
function take(call: EuiccCall, loading: Loading, segment: Buffer): Loading | Failing {
  const header = headerIn(segment);
  const tag = header?.tag ?? '';
  switch (loading.part) {
    case 'A0': {
      const opened = tag === 'A0' ? inside(loading, segment, 'A0') : undefined;
      if (opened === undefined) return failing('configure', 'security');
      return { ...opened.loading, part: 'A1' };
    }
    case 'A1':
      if (tag !== 'A1' || segment.length !== header?.size) return failing('metadata', 'structure');
      return { ...loading, part: '88', left: header.length };
    case '88':
      return tag === '88' ? takeMetadata(call, loading, segment) : failing('metadata', 'structure');
    case 'A2-A3':
      if (tag === 'A2') return replaceKeys(loading, segment);
      if (tag !== 'A3' || segment.length !== header?.size) return failing('elements', 'structure');
      return { ...loading, part: '86', left: header.length };
    case '86': {
      const opened = tag === '86' ? unprotected(loading, segment) : undefined;
      if (opened === undefined || segment.length > loading.left) return failing('elements', 'security');
      const elements = `${loading.elements}${opened.text.toString('hex')}`;
      return { ...opened.loading, elements, left: loading.left - segment.length };
    }
    default:
      return failing('elements', 'structure');
  }
}

function takeMetadata(call: EuiccCall, loading: Loading, segment: Buffer): Loading | Failing {
  const opened = unprotected(loading, segment);
  if (opened === undefined || segment.length > loading.left) return failing('metadata', 'security');
  const metadata = `${loading.metadata}${opened.text.toString('hex')}`;
  const left = loading.left - segment.length;
  const refused = left === 0 ? judgeMetadata(call.euicc, bytes(metadata)) : undefined;
  return refused ?? { ...opened.loading, metadata, left, part: left === 0 ? 'A2-A3' : '88' };
}

function judgeMetadata(euicc: Euicc, metadata: Buffer): Failing | undefined {
  const fields = metadataBody(metadata);
  const iccid = pick(fields, '5A')?.body;
  if (iccid?.length !== 10) return failing('metadata', 'structure');
  if (euicc.profiles.some((profile) => profile.iccid === upper(iccid))) return failing('metadata', 'twin');
  const owner = pick(nodesIn(pick(fields, 'B7')?.body), '80')?.body;
  const rules = pick(fields, '99')?.body[1] ?? 0;
  // As this eUICC's Rules Authorisation Table says: PPR1 for the operator 208 10 alone.
  if ((rules & 0x40) !== 0 && (owner === undefined || upper(owner) !== '02F801')) return failing('metadata', 'rules');
  return undefined;
}

/** BF26: keys that the profile was protected with before the eUICC was known; the segments are counted anew. */
function replaceKeys(loading: Loading, segment: Buffer): Loading | Failing {
  const opened = inside(loading, segment, 'A2');
  const fields = opened && nodesIn(nodesIn(opened.text)?.[0]?.body);
  const [chain, enc, mac] = ['80', '81', '82'].map((tag) => pick(fields, tag)?.body);
  if (chain?.length !== 16 || enc?.length !== 16 || mac?.length !== 16) return failing('keys', 'security');
  const keys = { chain: chain.toString('hex'), enc: enc.toString('hex'), mac: mac.toString('hex') };
  return { ...loading, keys, chain: keys.chain, count: 1 };
}

type Opened = { readonly loading: Loading; readonly text: Buffer };

/** The one segment 87 of A0 or A2. */
function inside(loading: Loading, segment: Buffer, tag: string): Opened | undefined {
  const node = nodesIn(segment)?.[0];
  return node?.tag === tag ? unprotected(loading, node.body) : undefined;
}

function unprotected(loading: Loading, segment: Buffer): Opened | undefined {
  const opened = unprotect(loading satisfies Protection, segment);
  if (opened === undefined) return undefined;
  const [{ chain, count }, text] = opened;
  return { loading: { ...loading, chain, count }, text };
}

/** All or nothing: the profile, its notification and the end of the key of one use are one write of the card. */
function install(call: EuiccCall, session: Session, loading: Loading): EuiccSaid {
  const { euicc } = call;
  const installed = installElements(bytes(loading.elements));
  const size = loading.elements.length / 2;
  const used = euicc.profiles.reduce((sum, profile) => sum + profile.bytes, 0);
  const iccid = upper(pick(metadataBody(bytes(loading.metadata)), '5A')?.body ?? NOTHING);
  if (installed === undefined) return ended(call, session, failing('elements', 'element'));
  if (installed.iccid !== iccid) return ended(call, session, failing('elements', 'mismatch'));
  if (used + size > euicc.memoryBytes) return ended(call, session, failing('elements', 'memory'));
  return ended(call, session, { installed, size });
}

function ended(
  call: EuiccCall,
  session: Session,
  end: Failing | { readonly installed: Installed; readonly size: number },
): EuiccSaid {
  const { euicc, state } = call;
  const metadata = state.live.loading?.metadata ?? '';
  const aid = `A0000005591010FFFFFFFF890000${euicc.nextAid.toString(16).padStart(4, '0').toUpperCase()}`;
  const isIn = 'installed' in end;
  const after: Euicc = {
    ...euicc,
    oneTimeKey: isIn ? undefined : euicc.oneTimeKey,
    nextAid: isIn ? euicc.nextAid + 0x100 : euicc.nextAid,
    profiles: isIn
      ? [
          ...euicc.profiles,
          {
            iccid: end.installed.iccid,
            aid,
            isEnabled: false,
            nickname: '',
            metadata,
            image: end.installed.image,
            bytes: end.size,
          },
        ]
      : euicc.profiles,
  };
  const iccid = pick(metadataBody(bytes(metadata)), '5A')?.body ?? NOTHING;
  const loadEnd: LoadEnd = isIn
    ? { aid }
    : { error: der('A1', der('80', integer(end.command)), der('81', integer(end.reason))) };
  const [answer, told] = installationResult({ euicc: after, keys: call.keys, session }, upper(iccid), loadEnd);
  return { answer, euicc: told, live: { loading: undefined, session: undefined } };
}
