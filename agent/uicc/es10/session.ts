import { joined } from '../../model/joined.ts';
import { type Bytes, bytesOf, hexOf, type Read, right, textBytes, textOf, wrong } from '../bytes.ts';
import { sha256 } from '../sha256.ts';
import { numberIn, openTlv, readTlv, readTlvs, type Tlv, tlvOf, valueIn, writeTlv } from '../tlv.ts';
import { type Es10Call, type Es10Refusal, reading, refusalOf } from './call.ts';

const NOTHING = new Uint8Array();

/** The answer goes to the server as it is; a refusal is the eUICC's judgment of the server. */
export type SignedAnswer = { readonly is: 'signed'; readonly raw: Bytes } | ({ readonly is: 'refused' } & Es10Refusal);

/** What the server sent to prove who it is; each the bytes that came. */
export type ServerProof = {
  readonly signed: Bytes;
  readonly signature: Bytes;
  readonly keyIdentifier: Bytes;
  readonly certificate: Bytes;
};

/** The box as the server may judge it: the type allocation code of its modem, and its IMEI, digits. */
export type DeviceIdentity = { readonly tac: string; readonly imei: string | undefined };

const AUTHENTICATING = {
  1: 'the certificate of the server is not valid for this eUICC: wrong server, or not a GSMA one',
  2: 'the signature of the server is wrong',
  3: 'the curve of the server’s key is not supported',
  4: 'no session: the card was restarted in between',
  5: 'the OID of the server is not that of its certificate',
  6: 'the challenge is not the one that the eUICC gave: the session is another one',
  7: 'the eUICC does not know the root of the server’s certificate',
};

/** SGP.22 5.7.13 (ES10b.AuthenticateServer). */
export function authenticateServer(
  proof: ServerProof,
  matchingId: string,
  device: DeviceIdentity,
): Es10Call<SignedAnswer> {
  const order = matchingId === '' ? NOTHING : writeTlv(0x80, textBytes(matchingId));
  const imei = device.imei === undefined ? NOTHING : writeTlv(0x82, phoneDigits(device.imei, 8));
  // SGP.22 4.2: 3G of release 8 and LTE of release 9; a server may choose the profile by them.
  const release = (tag: number, number: number) => writeTlv(tag, Uint8Array.from([number, 0, 0]));
  const capabilities = writeTlv(0xa1, release(0x81, 8), release(0x85, 9));
  const who = writeTlv(0xa1, writeTlv(0x80, phoneDigits(device.tac, 4)), capabilities, imei);
  return {
    name: 'AuthenticateServer',
    send: writeTlv(
      0xbf38,
      proof.signed,
      proof.signature,
      proof.keyIdentifier,
      proof.certificate,
      writeTlv(0xa0, order, who),
    ),
    read: signedAnswer('AuthenticateServer', 0xbf38, AUTHENTICATING),
  };
}

/** TS 23.003 6.2.1 digits with swapped nibbles, filled up with F. */
const phoneDigits = (digits: string, size: number): Bytes =>
  bytesOf(
    digits
      .padEnd(2 * size, 'F')
      .slice(0, 2 * size)
      .replace(/(.)(.)/g, '$2$1'),
  ) ?? NOTHING;

/** What the server signed with the profile that it prepared for this eUICC. */
export type DownloadProof = { readonly signed: Bytes; readonly signature: Bytes; readonly certificate: Bytes };

const PREPARING = {
  1: 'the certificate of the profile server is not valid, or not of the server that was authenticated',
  2: 'the signature of the profile server is wrong',
  3: 'the curve of the server’s key is not supported',
  4: 'no session: the card was restarted in between',
  5: 'the session is another one',
};

/** SGP.22 5.7.5 (ES10b.PrepareDownload); `code` is the confirmation code where one is asked for. */
export function prepareDownload(proof: DownloadProof, transactionId: Bytes, code?: string): Es10Call<SignedAnswer> {
  // SGP.22 5.7.5: SHA-256 of the code's SHA-256 and the transaction.
  const hash = code === undefined ? NOTHING : writeTlv(0x04, sha256(joined(sha256(textBytes(code)), transactionId)));
  return {
    name: 'PrepareDownload',
    send: writeTlv(0xbf21, proof.signed, proof.signature, hash, proof.certificate),
    read: signedAnswer('PrepareDownload', 0xbf21, PREPARING),
  };
}

/** SGP.22 5.7.14: why a session is given up. */
export const CANCEL_REASONS = {
  refused: 0,
  postponed: 1,
  timeout: 2,
  'rules-not-allowed': 3,
  'metadata-mismatch': 4,
  'load-failed': 5,
  other: 127,
} as const;
export type CancelReason = keyof typeof CANCEL_REASONS;

const CANCELING = { 5: 'the eUICC knows no such session' };

/** SGP.22 5.7.14 (ES10b.CancelSession). */
export const cancelSession = (transactionId: Bytes, reason: CancelReason): Es10Call<SignedAnswer> => ({
  name: 'CancelSession',
  send: writeTlv(0xbf41, writeTlv(0x80, transactionId), writeTlv(0x81, Uint8Array.from([CANCEL_REASONS[reason]]))),
  read: (answer) =>
    reading(0xbf41, (found): Read<SignedAnswer> => {
      if (tlvOf(found, 0xa0) !== undefined) return right({ is: 'signed', raw: answer });
      return right({ is: 'refused', ...refusalOf(CANCELING, valueIn(found, 0x81)?.[0] ?? 127) });
    })(answer),
});

const signedAnswer =
  (name: string, tag: number, names: Readonly<Record<number, string>>) =>
  (answer: Bytes): Read<SignedAnswer> => {
    const found = openTlv(answer, tag);
    if (!found.ok) return found;
    if (tlvOf(found.value, 0xa0) !== undefined) return right({ is: 'signed', raw: answer });
    const error = readTlvs(valueIn(found.value, 0xa1) ?? NOTHING);
    const code = error.ok ? numberIn(error.value, 0x02) : undefined;
    return code === undefined
      ? wrong(`${name}: neither answer nor error`)
      : right({ is: 'refused', ...refusalOf(names, code) });
  };

/** What the LPA itself has to check of what the server signed (SGP.22 3.0.1). */
export type SignedByServer = { readonly transactionId: string; readonly address: string };

export function readServerSigned1(signed: Bytes): Read<SignedByServer> {
  const found = openTlv(signed, 0x30);
  if (!found.ok) return found;
  const transactionId = valueIn(found.value, 0x80);
  const address = valueIn(found.value, 0x83);
  if (transactionId === undefined || transactionId.length === 0 || transactionId.length > 16 || address === undefined)
    return wrong('serverSigned1: transaction or server address is missing');
  return right({ transactionId: hexOf(transactionId), address: textOf(address) });
}

export function readSmdpSigned2(
  signed: Bytes,
): Read<{ readonly transactionId: string; readonly needsConfirmation: boolean }> {
  const found = openTlv(signed, 0x30);
  if (!found.ok) return found;
  const transactionId = valueIn(found.value, 0x80);
  const flag = valueIn(found.value, 0x01)?.[0];
  if (transactionId === undefined || flag === undefined) return wrong('smdpSigned2: transaction or flag is missing');
  return right({ transactionId: hexOf(transactionId), needsConfirmation: flag !== 0 });
}

/**
 * The OID that a server's certificate bears: registeredID, the [8] of its subjectAltName (RFC 5280 4.2.1.6). Undefined
 * without one. Only read here: whether the certificate is true is the eUICC's to say.
 */
export function serverOidOf(certificate: Bytes): string | undefined {
  const extension = openTlv(certificate, 0x30);
  const body = extension.ok ? extension.value[0] : undefined;
  const fields = readTlvs(body?.value ?? NOTHING);
  const extensions = fields.ok ? readTlv(valueIn(fields.value, 0xa3) ?? NOTHING) : fields;
  const list = extensions.ok ? readTlvs(extensions.value.value) : extensions;
  if (!list.ok) return undefined;
  return list.value.map(alternativeOid).find((oid) => oid !== undefined);
}

function alternativeOid(extension: Tlv): string | undefined {
  const parts = readTlvs(extension.value);
  const id = parts.ok ? valueIn(parts.value, 0x06) : undefined;
  if (!parts.ok || id === undefined || hexOf(id) !== '551D11') return undefined;
  const names = openTlv(valueIn(parts.value, 0x04) ?? NOTHING, 0x30);
  const registered = names.ok ? valueIn(names.value, 0x88) : undefined;
  return registered && dotted(registered);
}

/** ISO/IEC 8825-1 8.19. */
function dotted(oid: Bytes): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of oid) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (numbers.length === 0) {
      const root = Math.min(2, Math.floor(number / 40));
      numbers.push(root, number - 40 * root);
    } else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}
