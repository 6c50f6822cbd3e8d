import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Fault } from '../../../agent/model/fault.ts';
import { type ReleaseManifest, ReleaseManifestSchema, SignedReleaseSchema } from '../../../agent/model/release.ts';

/**
 * Reads the first line of a bundle under the key that releases of this box are signed with (Ed25519, RFC 8032): the
 * signature first, over the very bytes, and only then what they say (D-3).
 * @throws Fault 'release.refused' with the field and the remedy.
 */
export function readSignedRelease(line: string, releaseKey: string): ReleaseManifest {
  const envelope = SignedReleaseSchema.safeParse(json(line));
  if (!envelope.success)
    throw refused('first line', 'a bundle begins with the line that relais provision sign-release writes');
  const payload = Buffer.from(envelope.data.payload, 'base64');
  const isOurs = verify(null, payload, keyOf(releaseKey), Buffer.from(envelope.data.signature, 'base64'));
  if (!isOurs) throw refused('signature', 'only releases signed with the release key of this box are taken');
  const manifest = ReleaseManifestSchema.safeParse(json(payload.toString('utf8')));
  if (manifest.success) return manifest.data;
  const issue = manifest.error.issues[0];
  throw refused(issue?.path.join('.') ?? '', issue?.message ?? '');
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, as a key of another kind is.
  }
  throw refused('releaseKey', 'the file must be a PEM with an Ed25519 public key');
}

const refused = (field: string, remedy: string): Fault => new Fault('release.refused', { field, remedy });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
