import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Of, fromBase64, fromHex, hexOf } from '../../../agent/evidence/bytes.ts';
import {
  centralKey,
  checkpointText,
  cosign,
  cosignedAt,
  deviceKey,
  isSigned,
  openCheckpoint,
  readCheckpoint,
  signNote,
} from '../../../agent/evidence/checkpoint.ts';
import {
  readNote,
  readVerifierKey,
  SIGNED,
  verifierKey,
  writeNote,
  writeVerifierKey,
} from '../../../agent/evidence/note.ts';
import { check, digest, keyFrom } from './crypto.ts';

/** The example of C2SP signed-note, Verifier keys. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
/** The example key of Go's sumdb/note, where the format comes from; its seed is public. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SEED = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
/** A checkpoint of a public staging log, with a cosignature/v1 of a public witness. */
const PUBLIC_LOG = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const PUBLIC_WITNESS = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const PUBLIC = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;

function opened(written: string) {
  const note = readNote(written);
  if (note === undefined) throw new Error('not a note');
  return note;
}
function keyed(written: string) {
  const key = readVerifierKey(written, digest);
  if (key === undefined) throw new Error('not a key');
  return key;
}

describe('bytes as text', () => {
  it('base64 and hex are what Node writes, and read back alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(base64Of(bytes))).toEqual(bytes);
        expect(hexOf(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(hexOf(bytes))).toEqual(bytes);
      }),
    );
  });

  it('refuses every other spelling of the same bytes (RFC 4648 3.5)', () => {
    for (const text of ['QQ', 'QQ=', 'QR==', 'QUJ=', 'QQ==\n', ' QQ==', 'Q-==', 'QQ===', 'QQ==QQ==']) {
      expect(fromBase64(text)).toBeUndefined();
    }
    for (const text of ['0', 'AB', '0g', ' 00']) expect(fromHex(text)).toBeUndefined();
  });
});

describe('U-3: signed notes (C2SP signed-note)', () => {
  it('verifies the example of the document', () => {
    expect(isSigned(opened(EXAMPLE), keyed(EXAMPLE_KEY), check)).toBe(true);
    expect(isSigned(opened(EXAMPLE.replace('example m', 'Example m')), keyed(EXAMPLE_KEY), check)).toBe(false);
    expect(isSigned(opened(EXAMPLE), keyed(GO_KEY), check)).toBe(false);
  });

  it('signs as Go does, byte for byte', () => {
    const seed = Buffer.from(GO_SEED, 'base64').subarray(1);
    const { publicKey, sign } = keyFrom(seed);
    const key = verifierKey('PeterNeumann', SIGNED, publicKey, digest);
    expect(writeVerifierKey(key)).toBe(GO_KEY);
    expect(signNote(GO_TEXT, key, sign)).toBe(GO_NOTE);
  });

  it('writes back what it reads, blank lines in the text included', () => {
    for (const note of [EXAMPLE, GO_NOTE, PUBLIC, `one\n\ntwo\n${EXAMPLE.slice(EXAMPLE.indexOf('\n\n') + 1)}`]) {
      expect(writeNote(opened(note))).toBe(note);
    }
  });

  it.each([
    ['no signature', 'text\n'],
    ['no line end', EXAMPLE.slice(0, -1)],
    ['a hyphen for the dash', EXAMPLE.replace('—', '-')],
    ['a plus in the name', EXAMPLE.replace('example.com/foo ', 'example+foo ')],
    ['two spaces', EXAMPLE.replace('— ', '—  ')],
    ['a control character', EXAMPLE.replace('This', 'This\t')],
    ['a signature of four bytes', EXAMPLE.replace(/Uw.*=/, 'Uw2QOg==')],
    ['a line more', `${EXAMPLE}\n`],
    ['seventeen signatures', EXAMPLE + (EXAMPLE.split('\n')[2] ?? '').concat('\n').repeat(16)],
  ])('refuses a note with %s', (_, text) => expect(readNote(text)).toBeUndefined());

  it('refuses a verifier key that any one letter was changed in', () => {
    for (let at = 0; at < EXAMPLE_KEY.length; at += 1) {
      const changed = EXAMPLE_KEY.slice(0, at) + (EXAMPLE_KEY[at] === 'A' ? 'B' : 'A') + EXAMPLE_KEY.slice(at + 1);
      expect(readVerifierKey(changed, digest)).toBeUndefined();
    }
  });
});

describe('U-3: checkpoints and cosignatures (C2SP tlog-checkpoint, tlog-cosignature)', () => {
  const device = keyFrom(digest(Uint8Array.of(1)));
  const central = keyFrom(digest(Uint8Array.of(2)));
  const theirs = deviceKey('operator', 'box', device.publicKey, digest);
  const ours = centralKey(central.publicKey, digest);
  const checkpoint = { origin: 'relais/operator/box/00000000000000aa', size: 7, root: digest(Uint8Array.of(3)) };
  const signed = signNote(checkpointText(checkpoint), theirs, device.sign);

  it('reads a checkpoint of a public log, and when its witness saw it', () => {
    const open = openCheckpoint(PUBLIC, keyed(PUBLIC_LOG), check);
    expect(open?.checkpoint).toMatchObject({ origin: 'arche2025h1.staging.ct.transparency.dev', size: 1_432_088_532 });
    expect(cosignedAt(opened(PUBLIC), keyed(PUBLIC_WITNESS), check)).toBe(0x6a122120);
    expect(
      cosignedAt(opened(PUBLIC.replace('1432088532', '1432088533')), keyed(PUBLIC_WITNESS), check),
    ).toBeUndefined();
    expect(cosignedAt(opened(EXAMPLE), keyed(PUBLIC_WITNESS), check)).toBeUndefined();
  });

  it('writes, signs, cosigns and reads its own', () => {
    const cosigned = cosign(opened(signed), 1_790_000_000, ours, central.sign);
    expect(openCheckpoint(cosigned, theirs, check)?.checkpoint).toEqual({
      ...checkpoint,
      root: Uint8Array.from(checkpoint.root),
    });
    expect(cosignedAt(opened(cosigned), ours, check)).toBe(1_790_000_000);
    expect(cosigned.startsWith(signed)).toBe(true);
    // The same line under the other type of key is nobody's.
    expect(isSigned(opened(cosigned), { ...ours, type: SIGNED }, check)).toBe(false);
  });

  it('tells the time that was signed, and no other', () => {
    const note = opened(cosign(opened(signed), 1_790_000_000, ours, central.sign));
    const wrong = note.signatures.map((line) => ({
      ...line,
      bytes: line.bytes.with(7, ((line.bytes[7] ?? 0) + 1) % 256),
    }));
    expect(cosignedAt({ ...note, signatures: wrong }, ours, check)).toBeUndefined();
    expect(cosignedAt({ ...note, signatures: [...note.signatures, ...note.signatures] }, ours, check)).toBeUndefined();
  });

  it.each([
    ['a leading zero', 'o\n07\nROOT\n'],
    ['a sign', 'o\n-7\nROOT\n'],
    ['no number', 'o\nseven\nROOT\n'],
    ['no origin', '\n7\nROOT\n'],
    ['a short root', 'o\n7\nQUJD\n'],
    ['an extension line', 'o\n7\nROOT\nmore\n'],
    ['a size past the safe integers', 'o\n9007199254740993\nROOT\n'],
    ['no last line end', 'o\n7\nROOT'],
  ])('refuses a checkpoint with %s', (_, text) => {
    expect(readCheckpoint(text.replace('ROOT', base64Of(checkpoint.root)))).toBeUndefined();
  });
});
