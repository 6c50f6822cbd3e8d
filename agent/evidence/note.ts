import { joined } from '../model/joined.ts';
import { base64Of, fromBase64, hexOf, utf8 } from './bytes.ts';
import type { Digest } from './merkle.ts';

/** A signature line: `bytes` are what the base64 holds after the four bytes of the key id. */
export type NoteSignature = { readonly name: string; readonly keyId: string; readonly bytes: Uint8Array };
/** `text` ends in a newline, which is signed with it. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Signature type bytes: 0x01 plain Ed25519 (signed-note), 0x04 timestamped cosignature (tlog-cosignature). */
export const SIGNED = 1;
export const COSIGNED = 4;

export type VerifierKey = {
  readonly name: string;
  /** Four bytes in hex. */
  readonly keyId: string;
  readonly type: typeof SIGNED | typeof COSIGNED;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
};

/** The most signatures of a note that are looked at (signed-note, Format: at least 16). */
const MOST = 16;

/** C2SP signed-note, Format: text, an empty line, signature lines. */
export const writeNote = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map(({ name, keyId, bytes }) => `— ${name} ${base64Of(joined(idBytes(keyId), bytes))}\n`).join('')}`;

/** Undefined when the text is no signed note, byte for byte as the format wants it. */
export function readNote(written: string): Note | undefined {
  const cut = written.lastIndexOf('\n\n');
  if (cut < 0 || !written.endsWith('\n') || hasControls(written)) return undefined;
  const lines = written.slice(cut + 2, -1).split('\n');
  const signatures = lines.flatMap((line) => readSignature(line) ?? []);
  if (signatures.length !== lines.length || lines.length > MOST) return undefined;
  return { text: written.slice(0, cut + 1), signatures };
}

function readSignature(line: string): NoteSignature | undefined {
  const [, name, base64 = ''] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: hexOf(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
}

/** Control characters other than the newline are no part of a note. */
const hasControls = (text: string): boolean => [...text].some((letter) => letter < ' ' && letter !== '\n');

/** C2SP signed-note, Signatures: SHA-256(name || 0x0A || type || public key), its first four bytes. */
export function verifierKey(
  name: string,
  type: VerifierKey['type'],
  publicKey: Uint8Array,
  digest: Digest,
): VerifierKey {
  const id = digest(joined(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4);
  return { name, type, publicKey, keyId: hexOf(id) };
}

/** C2SP signed-note, Verifier keys: `name+id+base64(type || public key)`. */
export const writeVerifierKey = ({ name, keyId, type, publicKey }: VerifierKey): string =>
  `${name}+${keyId}+${base64Of(joined(Uint8Array.of(type), publicKey))}`;

/** Undefined when this is no Ed25519 verifier key, or its id is not the one that its parts have. */
export function readVerifierKey(written: string, digest: Digest): VerifierKey | undefined {
  const [, name, keyId, base64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(written) ?? [];
  const [type, ...publicKey] = fromBase64(base64) ?? [];
  if (name === undefined || (type !== SIGNED && type !== COSIGNED) || publicKey.length !== 32) return undefined;
  const key = verifierKey(name, type, Uint8Array.from(publicKey), digest);
  return key.keyId === keyId ? key : undefined;
}

const idBytes = (keyId: string): Uint8Array =>
  Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(keyId.slice(at, at + 2), 16));
