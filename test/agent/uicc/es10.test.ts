import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readActivationCode } from '../../../agent/uicc/activation-code.ts';
import { bytesOf, hexOf } from '../../../agent/uicc/bytes.ts';
import { bareIccid, iccidBytes, isEid, sameIccid, swappedDigits } from '../../../agent/uicc/digits.ts';
import { readInitiated } from '../../../agent/uicc/es9/answers.ts';
import {
  GET_ADDRESSES,
  GET_CHALLENGE,
  GET_EID,
  GET_INFO_1,
  GET_INFO_2,
  GET_RAT,
  setDefaultServer,
} from '../../../agent/uicc/es10/identity.ts';
import {
  LIST_NOTIFICATIONS,
  removeNotification,
  retrieveNotification,
} from '../../../agent/uicc/es10/notifications.ts';
import { readInstallationResult, segmentsOf } from '../../../agent/uicc/es10/package.ts';
import {
  deleteProfile,
  disableProfile,
  enableProfile,
  getProfiles,
  setNickname,
} from '../../../agent/uicc/es10/profiles.ts';
import { authenticateServer, cancelSession, prepareDownload } from '../../../agent/uicc/es10/session.ts';
import { sha256 } from '../../../agent/uicc/sha256.ts';
import { writeNumber, writeTlv } from '../../../agent/uicc/tlv.ts';

const bytes = (hex: string): Uint8Array => bytesOf(hex.replace(/ /g, '')) ?? new Uint8Array();
const ICCID = '8933100000000000017';
const AID = 'A0000005591010FFFFFFFF8900001000';
const NONE = new Uint8Array();

describe('S-1: what the eUICC is asked, byte for byte (SGP.22 5.7)', () => {
  it.each([
    [GET_EID, 'BF3E 03 5C015A'],
    [GET_INFO_1, 'BF20 00'],
    [GET_INFO_2, 'BF22 00'],
    [GET_CHALLENGE, 'BF2E 00'],
    [GET_RAT, 'BF43 00'],
    [GET_ADDRESSES, 'BF3C 00'],
    [setDefaultServer('a.fr'), 'BF3F 06 8004612E6672'],
    [getProfiles({ iccid: ICCID }), 'BF2D 1A A00C 5A0A 983301000000000010F7 5C0A 5A4F9F7090919295B799'],
    [enableProfile({ iccid: ICCID }, true), 'BF31 11 A00C 5A0A 983301000000000010F7 8101FF'],
    [enableProfile({ aid: AID }, false), `BF31 17 A012 4F10 ${AID} 810100`],
    [disableProfile({ aid: AID }, true), `BF32 17 A012 4F10 ${AID} 8101FF`],
    [deleteProfile({ iccid: ICCID }), 'BF33 0C 5A0A 983301000000000010F7'],
    [setNickname(ICCID, 'Hé'), 'BF29 11 5A0A 983301000000000010F7 900348C3A9'],
    [LIST_NOTIFICATIONS, 'BF28 00'],
    [retrieveNotification(200), 'BF2B 06 A004 800200C8'],
    [removeNotification(7), 'BF30 03 800107'],
    [cancelSession(bytes('0102'), 'rules-not-allowed'), 'BF41 07 80020102 810103'],
  ])('$name', ({ send }, hex) => {
    expect(hexOf(send)).toBe(hex.replace(/ /g, ''));
  });

  it('refuses names that no profile bears before a card sees them', () => {
    expect(() => enableProfile({ iccid: '12' }, true)).toThrow(/ICCID of 18 to 20 digits/);
    expect(() => setNickname(ICCID, 'x'.repeat(65))).toThrow(/64 bytes/);
  });
});

describe('S-1: every refusal of an eUICC is told apart, and says what to do', () => {
  const change = (call: ReturnType<typeof enableProfile>, tag: string, code: number) => {
    const read = call.read(bytes(`${tag}038001${code.toString(16).padStart(2, '0')}`));
    return read.ok && read.value.is === 'refused' ? read.value.says : read;
  };

  it.each([
    ['EnableProfile', enableProfile({ aid: AID }, true), 'BF31', [1, 2, 3, 4, 5, 127]],
    ['DisableProfile', disableProfile({ aid: AID }, true), 'BF32', [1, 2, 3, 5, 127]],
    ['DeleteProfile', deleteProfile({ aid: AID }), 'BF33', [1, 2, 3, 127]],
    ['SetNickname', setNickname(ICCID, ''), 'BF29', [1, 127]],
  ] as const)('%s', (_, call, tag, codes) => {
    const says = codes.map((code) => change(call, tag, code));
    expect(new Set(says).size).toBe(codes.length);
    expect(says.every((text) => typeof text === 'string')).toBe(true);
    expect(call.read(bytes(`${tag}03800100`))).toEqual({ ok: true, value: { is: 'done' } });
    expect(change(call, tag, 99)).toContain('reason 99');
  });

  const proof = { signed: NONE, signature: NONE, certificate: NONE };
  it.each([
    [
      'AuthenticateServer',
      authenticateServer({ ...proof, keyIdentifier: NONE }, '', { tac: '35', imei: undefined }),
      'BF38',
      [1, 2, 3, 4, 5, 6, 7, 127],
    ],
    ['PrepareDownload', prepareDownload(proof, NONE), 'BF21', [1, 2, 3, 4, 5, 127]],
  ] as const)('%s', (_, { read }, tag, codes) => {
    const says = codes.map((code) => {
      const found = read(bytes(`${tag}08A1068001AA0201${code.toString(16).padStart(2, '0')}`));
      return found.ok && found.value.is === 'refused' ? found.value.says : undefined;
    });
    expect(new Set(says).size).toBe(codes.length);
    expect(read(bytes(`${tag}02A100`))).toMatchObject({ ok: false });
  });

  it('LoadBoundProfilePackage: six commands and sixteen reasons', () => {
    const told = writeTlv(0xbf2f, bytes('800101 81020780 0C03612E62'));
    const result = (command: number, reason: number) => {
      const error = writeTlv(0xa1, writeNumber(0x80, command), writeNumber(0x81, reason));
      const signed = writeTlv(0xbf27, bytes('800101'), told, bytes('06028810'), writeTlv(0xa2, error));
      const read = readInstallationResult(writeTlv(0xbf37, signed, bytes('5F3700')));
      return read.ok && read.value.end.is === 'failed' ? read.value.end : undefined;
    };
    const reasons = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 127];
    expect(new Set(reasons.map((reason) => result(5, reason)?.says)).size).toBe(16);
    expect([0, 1, 2, 3, 4, 5].map((command) => result(command, 1)?.command)).toEqual([
      'InitialiseSecureChannel',
      'ConfigureISDP',
      'StoreMetadata',
      'StoreMetadata2',
      'ReplaceSessionKeys',
      'LoadProfileElements',
    ]);
  });

  it('a package is fed in the order of SGP.22 2.5.5, and refused in any other', () => {
    const bound = (parts: string) => writeTlv(0xbf36, bytes(parts));
    const segments = segmentsOf(bound('BF230101 A0028700 A10588008801AA A2028700 A3028600'));
    expect(segments.ok && segments.value.map(hexOf)).toEqual([
      'BF3617BF230101',
      'A0028700',
      'A105',
      '8800',
      '8801AA',
      'A2028700',
      'A302',
      '8600',
    ]);
    expect(segmentsOf(bound('BF230101 A0028700 A3028600'))).toMatchObject({ ok: false });
    expect(segmentsOf(bound('BF230101 A0028700 A1028600 A3028600'))).toMatchObject({ ok: false });
  });
});

describe('S-1: numbers, codes and hashes', () => {
  it('takes an ICCID with and without its fill for the same card', () => {
    expect(hexOf(iccidBytes(ICCID) ?? NONE)).toBe('983301000000000010F7');
    expect(swappedDigits(bytes('983301000000000010F7'))).toBe(ICCID);
    expect(sameIccid(`${ICCID}F`, ICCID)).toBe(true);
    expect(bareIccid(`${ICCID}f`)).toBe(ICCID);
    expect(iccidBytes('8933F')).toBeUndefined();
  });

  it('checks an EID as SGP.29 does', () => {
    expect([isEid('89049032123451234512345678901235'), isEid('89049032123451234512345678901236')]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [
      'LPA:1$smdp.example$ABC-1',
      { server: 'smdp.example', matchingId: 'ABC-1', serverOid: undefined, needsConfirmation: false },
    ],
    [
      '1$smdp.example:8443$',
      { server: 'smdp.example:8443', matchingId: '', serverOid: undefined, needsConfirmation: false },
    ],
    [
      'LPA:1$smdp.example$A$$1',
      { server: 'smdp.example', matchingId: 'A', serverOid: undefined, needsConfirmation: true },
    ],
    ['lpa:1$$A$1.3.6.1$', { server: '', matchingId: 'A', serverOid: '1.3.6.1', needsConfirmation: false }],
  ])('reads the activation code %s', (text, value) => {
    expect(readActivationCode(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['LPA:2$a$b', 'LPA:1$'],
    ['LPA:1$a b$c', 'host name'],
    ['LPA:1$https://a$c', 'host name'],
    ['LPA:1$a$c_d', 'matching id'],
    ['LPA:1$a$c$x', 'OID'],
    ['LPA:1$a$c$$2', 'confirmation'],
    ['LPA:1$a$c$$1$', 'five fields'],
  ])('says what is wrong with %s', (text, why) => {
    const read = readActivationCode(text);
    expect(read).toMatchObject({ ok: false, wrong: expect.stringContaining(why) });
  });

  it('hashes as node:crypto does', () => {
    for (const size of [0, 1, 55, 56, 63, 64, 65, 200]) {
      const message = Uint8Array.from({ length: size }, (_, at) => (at * 7) % 256);
      expect(hexOf(sha256(message))).toBe(createHash('sha256').update(message).digest('hex').toUpperCase());
    }
  });

  it('tells refusals of a server from answers that are none', () => {
    const said = (status: string, code?: object) =>
      readInitiated({
        status: 200,
        body: JSON.stringify({ header: { functionExecutionStatus: { status, statusCodeData: code } } }),
      });
    expect(said('Failed', { subjectCode: '8.8.1', reasonCode: '3.8', message: 'x' })).toMatchObject({
      ok: true,
      value: { is: 'refused', subject: '8.8.1', says: expect.stringContaining('activation code') },
    });
    expect(said('Expired')).toMatchObject({ ok: true, value: { is: 'refused', says: 'Expired' } });
    expect(said('Executed-Success')).toMatchObject({ ok: false, wrong: expect.stringContaining('transactionId') });
  });
});
