import { randomBytes } from 'node:crypto';
import { bytes, der } from '../ber.ts';
import type { Identity } from '../certificates.ts';
import { agreedKeys, oneTimeKey, type SessionKeys, signed } from '../keys.ts';
import { type Protection, protect, roomIn, startProtection } from '../protection.ts';

export type Binding = {
  readonly transactionId: Buffer;
  /** The eUICC's point, uncompressed. */
  readonly euiccKey: Buffer;
  readonly eid: string;
  readonly signer: Identity;
  readonly metadata: Buffer;
  readonly elements: Buffer;
  readonly segmentBytes: number;
  readonly replacesKeys: boolean;
};

/** SGP.22 2.5.4: a profile, protected for one eUICC and one session. Undefined where its key is none. */
export function bindPackage(binding: Binding): Buffer | undefined {
  const own = oneTimeKey();
  const host = bytes('52454C414953');
  const keys = agreedKeys(own, binding.euiccKey, host.toString('hex'), binding.eid);
  if (keys === undefined) return undefined;
  const channel = secureChannel(binding, bytes(own.open), host);
  const [afterFirst, first] = protect(startProtection(keys), '87', der('BF24'));
  const [afterMetadata, metadata] = row(afterFirst, '88', binding.metadata, binding.segmentBytes - 12);
  const own2: SessionKeys = { chain: random(), enc: random(), mac: random() };
  const [, second] = protect(afterMetadata, '87', replacement(own2));
  const before = binding.replacesKeys ? startProtection(own2) : afterMetadata;
  const [, elements] = row(before, '86', binding.elements, roomIn(binding.segmentBytes));
  const replaced = binding.replacesKeys ? [der('A2', second)] : [];
  return der('BF36', channel, der('A0', first), der('A1', ...metadata), ...replaced, der('A3', ...elements));
}

const random = (): string => randomBytes(16).toString('hex');
const replacement = ({ chain, enc, mac }: SessionKeys): Buffer =>
  der('BF26', der('80', bytes(chain)), der('81', bytes(enc)), der('82', bytes(mac)));

/** BF23, signed together with the eUICC's key (SGP.22 5.5.1). */
function secureChannel({ transactionId, euiccKey, signer }: Binding, open: Buffer, host: Buffer): Buffer {
  const template = der('A6', der('80', bytes('88')), der('81', bytes('10')), der('84', host));
  const own = Buffer.concat([der('82', bytes('01')), der('80', transactionId), template, der('5F49', open)]);
  const signature = signed(signer.key, Buffer.concat([own, der('5F49', euiccKey)]));
  return der('BF23', own, der('5F37', signature));
}

function row(start: Protection, tag: string, text: Buffer, room: number): readonly [Protection, readonly Buffer[]] {
  let state = start;
  const segments: Buffer[] = [];
  for (let at = 0; at < text.length; at += room) {
    const [next, segment] = protect(state, tag, text.subarray(at, at + room));
    state = next;
    segments.push(segment);
  }
  return [state, segments];
}
