import { createHash } from 'node:crypto';
import {
  centralKey,
  checkpointText,
  cosign,
  deviceKey,
  originOf,
  signNote,
  type Verify,
} from '../../../agent/evidence/checkpoint.ts';
import { type ExportEntry, writeExport } from '../../../agent/evidence/export.ts';
import { EMPTY_FRONTIER, grow, leafHash, rootOf } from '../../../agent/evidence/merkle.ts';
import { readNote, writeVerifierKey } from '../../../agent/evidence/note.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { check, digest, keyFrom } from './crypto.ts';

export const DEVICE = keyFrom(digest(Uint8Array.of(1)));
export const CENTRAL = keyFrom(digest(Uint8Array.of(2)));
export const STRANGER = keyFrom(digest(Uint8Array.of(3)));
export const deviceVerifier = deviceKey('operator', 'box', DEVICE.publicKey, digest);
export const centralVerifier = centralKey(CENTRAL.publicKey, digest);
export const keys = { device: deviceVerifier, central: [centralVerifier] };
export const EPOCH = '00000000000000aa';

/** A signature is looked at once, however many files carry it. */
const seen = new Map<string, boolean>();
const remembered: Verify = (publicKey, message, signature) => {
  const key = createHash('sha256').update(publicKey).update(message).update(signature).digest('base64');
  const known = seen.get(key) ?? check(publicKey, message, signature);
  seen.set(key, known);
  return known;
};
export const crypto = { digest, verify: remembered };

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Records as the box writes them: chained, salted, canonical; `say` is what each tells. */
export function chain(says: readonly string[], epoch = EPOCH): readonly string[] {
  let prev = '0'.repeat(64);
  return says.map((say, index) => {
    const salt = sha256hex(`${epoch}/${index}`).slice(0, 32);
    const clock = { wall: 1_790_000_000_000 + index, mono: index, boot: 'boot', quality: 'synced' };
    const event = { kind: 'call-ended', call: say, called: `+3317289${index}`, label: 'Hélène' };
    const body = canonical({ v: 1, device: 'box', epoch, seq: index + 1, prev, salt, clock, event });
    prev = sha256hex(body);
    return body;
  });
}

type Wish = {
  readonly bodies: readonly string[];
  readonly epoch?: string;
  /** Sizes with a checkpoint, and up to which they are countersigned. */
  readonly sizes: readonly number[];
  readonly countersigned: number;
  readonly erase?: (seq: number) => boolean;
};

export function checkpointOver(bodies: readonly string[], epoch = EPOCH): string {
  const tree = bodies.reduce((frontier, body) => grow(frontier, leafHash(body, digest), digest), EMPTY_FRONTIER);
  const text = checkpointText({
    origin: originOf('operator', 'box', epoch),
    size: bodies.length,
    root: rootOf(tree, digest),
  });
  return signNote(text, deviceVerifier, DEVICE.sign);
}

export function countersign(note: string, at: number): string {
  const read = readNote(note);
  if (read === undefined) throw new Error('not a note');
  return cosign(read, at, centralVerifier, CENTRAL.sign);
}

export function exported({ bodies, epoch = EPOCH, sizes, countersigned, erase = () => false }: Wish): string {
  const checkpoints = sizes.map((size) => {
    const note = checkpointOver(bodies.slice(0, size), epoch);
    return { size, note: size <= countersigned ? countersign(note, 1_790_000_000 + size) : note };
  });
  return sealed(
    bodies.map((body, index) =>
      erase(index + 1) ? { leaf: Buffer.from(leafHash(body, digest)).toString('hex') } : { body },
    ),
    checkpoints,
    epoch,
  );
}

export const sealed = (
  entries: readonly ExportEntry[],
  checkpoints: readonly { readonly size: number; readonly note: string }[],
  epoch = EPOCH,
): string =>
  writeExport(
    {
      tenant: 'operator',
      device: 'box',
      epoch,
      deviceKey: deviceVerifier,
      centralKeys: [writeVerifierKey(centralVerifier)],
      entries,
      checkpoints,
    },
    DEVICE.sign,
    digest,
  );

const names = (count: number, word: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index}`);

export const BODIES = chain(names(26, 'call'));
/** Checkpoints over 7, 14, 21 and 24 of 26 records; the central has countersigned up to 21. */
export const SIZES = [7, 14, 21, 24];
export const EXPORT = exported({ bodies: BODIES, sizes: SIZES, countersigned: 21 });
/** The same box in another life, and the same life with other calls: both with true signatures. */
export const OTHER_LIFE = exported({
  bodies: chain(names(26, 'call'), '00000000000000bb'),
  epoch: '00000000000000bb',
  sizes: SIZES,
  countersigned: 21,
});
export const OTHER_CALLS = exported({ bodies: chain(names(26, 'other')), sizes: SIZES, countersigned: 21 });
