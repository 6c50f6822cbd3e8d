import { joined } from '../../model/joined.ts';
import { type Bytes, hexOf, type Read, right, wrong } from '../bytes.ts';
import { headerOf, numberIn, openTlv, readTlv, readTlvs, type Tlv, tlvOf, valueIn } from '../tlv.ts';
import { notificationMetadata, type PendingNotification } from './notifications.ts';

const NOTHING = new Uint8Array();

/**
 * SGP.22 2.5.5 and 5.7.6 (ES10b.LoadBoundProfilePackage): what the card is fed, each a chain of its own. The header of
 * the package with the whole BF23; A0; the header of A1 and each 88; A2 where there is one; the header of A3 and each 86.
 */
export function segmentsOf(bound: Bytes): Read<readonly Bytes[]> {
  const outer = readTlv(bound);
  if (!outer.ok) return outer;
  if (outer.value.tag !== 0xbf36 || outer.value.raw.length !== bound.length)
    return wrong('bound profile package: not one BF36');
  const parts = readTlvs(outer.value.value);
  if (!parts.ok) return parts;
  const [channel, ...rest] = parts.value;
  const tags = parts.value.map(({ tag }) => tag);
  const order = [0xbf23, 0xa0, 0xa1, ...(tags.includes(0xa2) ? [0xa2] : []), 0xa3];
  if (channel === undefined || tags.join() !== order.join())
    return wrong(
      `bound profile package: parts ${tags.map((tag) => tag.toString(16)).join(' ')} are not those of SGP.22`,
    );
  const segments: Bytes[] = [joined(headerOf(0xbf36, outer.value.value.length), channel.raw)];
  for (const part of rest) {
    if (part.tag === 0xa0 || part.tag === 0xa2) {
      segments.push(part.raw);
      continue;
    }
    const inner = pieces(part, part.tag === 0xa1 ? 0x88 : 0x86);
    if (!inner.ok) return inner;
    segments.push(headerOf(part.tag, part.value.length), ...inner.value);
  }
  return right(segments);
}

function pieces(part: Tlv, tag: number): Read<readonly Bytes[]> {
  const inner = readTlvs(part.value);
  if (!inner.ok) return inner;
  if (inner.value.length === 0 || inner.value.some((one) => one.tag !== tag))
    return wrong(`bound profile package: ${part.tag.toString(16)} does not hold ${tag.toString(16)} only`);
  return right(inner.value.map(({ raw }) => raw));
}

/** What became of an installation, in the eUICC's own signed words, which go to the server. */
export type InstallationResult = {
  readonly raw: Bytes;
  readonly transactionId: string;
  readonly notification: PendingNotification;
  readonly end:
    | { readonly is: 'installed'; readonly aid: string }
    | { readonly is: 'failed'; readonly command: string; readonly reason: number; readonly says: string };
};

/** SGP.22 5.7.6, bppCommandId. */
const COMMANDS = [
  'InitialiseSecureChannel',
  'ConfigureISDP',
  'StoreMetadata',
  'StoreMetadata2',
  'ReplaceSessionKeys',
  'LoadProfileElements',
];

/** SGP.22 5.7.6, errorReason. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'a field of the package has a wrong value',
  2: 'the signature of the package is wrong',
  3: 'the transaction is another one',
  4: 'the keys of the package are of a kind that is not supported',
  5: 'the package orders an operation that is not supported',
  6: 'the profile is of a class that is not supported',
  7: 'the protection of the package is not built as SGP.22 says',
  8: 'the package was changed on its way: its protection does not hold',
  9: 'a profile of this ICCID is installed already',
  10: 'the memory of the eUICC is full: delete a profile first',
  11: 'the installation was interrupted: order again',
  12: 'an element of the profile cannot be processed: its operator has to mend it',
  13: 'the profile is not the one that was announced',
  14: 'a test profile has a key that is not the one of test profiles',
  15: 'a rule of the profile is not allowed on this eUICC',
};

/** BF37, the last answer of `LoadBoundProfilePackage`. */
export function readInstallationResult(raw: Bytes): Read<InstallationResult> {
  const outer = openTlv(raw, 0xbf37);
  const signed = outer.ok ? tlvOf(outer.value, 0xbf27) : undefined;
  const fields = readTlvs(signed?.value ?? NOTHING);
  if (!outer.ok) return outer;
  if (!fields.ok) return fields;
  const transactionId = valueIn(fields.value, 0x80);
  const metadata = tlvOf(fields.value, 0xbf2f);
  const notification = metadata && notificationMetadata(metadata.raw);
  const end = endOf(valueIn(fields.value, 0xa2) ?? NOTHING);
  if (transactionId === undefined || notification === undefined || end === undefined)
    return wrong('installation result: transaction, notification or result is missing');
  return right({ raw, transactionId: hexOf(transactionId), notification, end });
}

function endOf(result: Bytes): InstallationResult['end'] | undefined {
  const choice = readTlv(result);
  const fields = choice.ok ? readTlvs(choice.value.value) : choice;
  if (!choice.ok || !fields.ok) return undefined;
  if (choice.value.tag === 0xa0) return { is: 'installed', aid: hexOf(valueIn(fields.value, 0x4f) ?? NOTHING) };
  const reason = numberIn(fields.value, 0x81);
  if (choice.value.tag !== 0xa1 || reason === undefined) return undefined;
  const command = COMMANDS[numberIn(fields.value, 0x80) ?? -1] ?? 'unknown';
  return { is: 'failed', command, reason, says: REASONS[reason] ?? 'the eUICC gives no reason' };
}

/** What StoreMetadata will keep: the 88 of a package are readable, each with a MAC of 8 bytes behind it (SGP.22 2.5.3). */
export function metadataIn(segments: readonly Bytes[]): Bytes {
  const parts = segments.map((segment) => readTlv(segment)).filter((read) => read.ok && read.value.tag === 0x88);
  return joined(...parts.map((read) => (read.ok ? read.value.value.subarray(0, -8) : NOTHING)));
}
