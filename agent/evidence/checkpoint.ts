import { joined } from '../model/joined.ts';
import { base64Of, fromBase64, utf8 } from './bytes.ts';
import type { Digest } from './merkle.ts';
import { COSIGNED, type Note, readNote, SIGNED, type VerifierKey, verifierKey, writeNote } from './note.ts';

/** The head of a log at one size (C2SP tlog-checkpoint, Note text). Extension lines are neither written nor read. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** Ed25519 (RFC 8032), handed in by whoever has it. */
export type Sign = (message: Uint8Array) => Uint8Array;
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** One log for each life of a device's store; its key stays the same, so the key's name leaves the epoch out. */
export const originOf = (tenant: string, device: string, epoch: string): string =>
  `${deviceKeyName(tenant, device)}/${epoch}`;
export const deviceKeyName = (tenant: string, device: string): string => `relais/${tenant}/${device}`;
export const CENTRAL_KEY_NAME = 'relais/central';

export const deviceKey = (tenant: string, device: string, publicKey: Uint8Array, digest: Digest): VerifierKey =>
  verifierKey(deviceKeyName(tenant, device), SIGNED, publicKey, digest);
export const centralKey = (publicKey: Uint8Array, digest: Digest): VerifierKey =>
  verifierKey(CENTRAL_KEY_NAME, COSIGNED, publicKey, digest);

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64Of(root)}\n`;

/** Undefined unless the text is origin, size without leading zeros and a root of 32 bytes, and nothing else. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, digits, base64 = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n$/.exec(text) ?? [];
  const root = fromBase64(base64);
  const size = Number(digits);
  if (origin === undefined || root?.length !== 32 || !Number.isSafeInteger(size)) return undefined;
  return { origin, size, root };
}

/** A note signed by one key over its text (C2SP signed-note, Ed25519 signatures). */
export function signNote(text: string, { name, keyId }: VerifierKey, sign: Sign): string {
  return writeNote({ text, signatures: [{ name, keyId, bytes: sign(utf8(text)) }] });
}

/** C2SP signed-note, Signatures: true when this very key signed the text. */
export function isSigned({ text, signatures }: Note, key: VerifierKey, verify: Verify): boolean {
  const mine = signatures.filter((line) => line.name === key.name && line.keyId === key.keyId);
  return key.type === SIGNED && mine.length > 0 && mine.every(({ bytes }) => verify(key.publicKey, utf8(text), bytes));
}

/** C2SP tlog-cosignature, Ed25519 signed message: adds "seen at `time`" (whole Unix seconds) to a signed note. */
export function cosign({ text, signatures }: Note, time: number, { name, keyId }: VerifierKey, sign: Sign): string {
  const signature = sign(cosignedMessage(text, time));
  return writeNote({ text, signatures: [...signatures, { name, keyId, bytes: joined(timeBytes(time), signature) }] });
}

/** When this cosigner saw the checkpoint, in Unix seconds; undefined when it did not sign it or signed something else. */
export function cosignedAt({ text, signatures }: Note, key: VerifierKey, verify: Verify): number | undefined {
  const mine = signatures.filter((line) => line.name === key.name && line.keyId === key.keyId);
  const [line] = mine;
  if (key.type !== COSIGNED || line === undefined || mine.length > 1 || line.bytes.length !== 72) return undefined;
  const time = line.bytes.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
  if (!Number.isSafeInteger(time)) return undefined;
  return verify(key.publicKey, cosignedMessage(text, time), line.bytes.subarray(8)) ? time : undefined;
}

/** The checkpoint of a written note, when `key` signed it. */
export function openCheckpoint(
  written: string,
  key: VerifierKey,
  verify: Verify,
): { readonly note: Note; readonly checkpoint: Checkpoint } | undefined {
  const note = readNote(written);
  const checkpoint = note && readCheckpoint(note.text);
  return note && checkpoint && isSigned(note, key, verify) ? { note, checkpoint } : undefined;
}

const cosignedMessage = (text: string, time: number): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${text}`);

function timeBytes(time: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, BigInt(time));
  return new Uint8Array(bytes.buffer);
}
