import { createECDH } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCard } from '../../../hw-sim/uicc/card.ts';
import { roleOid, viewCertificate } from '../../../hw-sim/uicc/certificates.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import { installElements } from '../../../hw-sim/uicc/install-elements.ts';
import { agreedKeys, cmac, oneTimeKey } from '../../../hw-sim/uicc/keys.ts';
import { readPki, writePki } from '../../../hw-sim/uicc/pki-folder.ts';
import { protect, roomIn, startProtection, unprotect } from '../../../hw-sim/uicc/protection.ts';
import { elementsOf, ICCIDS, PKI } from './world.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex');
const [ICCID] = ICCIDS;

describe('S-8: a card with PIN and PUK', () => {
  const VERIFY = '0020000108';
  const RIGHT = '31323334FFFFFFFF';
  const WRONG = '30303030FFFFFFFF';
  const PUK = '3132333435363738';
  const cardWithFiles = () =>
    createCard({ image: installElements(elementsOf(ICCID))?.image, euicc: undefined }, undefined);

  it('counts tries, tells them without spending one, blocks, and is unblocked by the PUK', () => {
    const card = cardWithFiles();
    expect(card.transmit('0020000100')).toBe('63C3');
    expect([1, 2, 3, 4].map(() => card.transmit(`${VERIFY}${WRONG}`))).toEqual(['63C2', '63C1', '6983', '6983']);
    card.restart();
    expect(card.transmit(`${VERIFY}${RIGHT}`)).toBe('6983');
    expect(card.transmit('002C000100')).toBe('63CA');
    expect(card.transmit(`002C000110${WRONG}${RIGHT}`)).toBe('63C9');
    expect(card.transmit(`002C000110${PUK}${WRONG}`)).toBe('9000');
    expect([card.transmit('002C000100'), card.transmit('0020000100')]).toEqual(['63CA', '63C3']);
    expect(card.transmit(`${VERIFY}${WRONG}`)).toBe('9000');
  });

  it('shows ICCID and DIR to everybody, IMSI with the PIN only, and forgets the PIN at a restart', () => {
    const card = cardWithFiles();
    card.transmit('00A40004022FE2');
    expect(card.transmit('00B000000A')).toBe('983301000000000010F79000');
    expect(card.transmit('00B0000014')).toBe('6C0A');
    card.transmit('00A40004022F00');
    expect(card.transmit('00B2010426')).toMatch(/^61184F10A0000000871002.*9000$/);
    expect(card.transmit('00B2010401')).toBe('6C26');
    expect(card.transmit('00B2020426')).toBe('6A83');
    card.transmit('00A40804047FFF6F07');
    expect(card.transmit('00B0000009')).toBe('6982');
    card.transmit(`${VERIFY}${RIGHT}`);
    expect(card.transmit('00B0000009')).toBe('0829800100000000109000');
    card.restart();
    card.transmit('00A40804047FFF6F07');
    expect(card.transmit('00B0000009')).toBe('6982');
    expect(card.transmit('00A4000402FFFF')).toBe('6A82');
  });

  it('is no eUICC, and says so', () => {
    expect(cardWithFiles().transmit('00A4040010A0000005591010FFFFFFFF8900000100')).toBe('6A82');
  });
});

describe('S-1: a card with channels and an ISD-R', () => {
  const eid = 'BF3E035C015A';

  it('knows no channel that was not opened, and none after a restart', () => {
    const card = createEuicc(PKI);
    expect(card.transmit(`81E2910006${eid}`)).toBe('6881');
    expect(card.transmit('0070000001')).toBe('019000');
    expect(card.transmit(`81E2910006${eid}`)).toBe('6985');
    expect(card.transmit('01A4040010A0000005591010FFFFFFFF8900000100')).toMatch(/^61/);
    expect(card.transmit(`81E2910006${eid}`)).toBe('6115');
    expect(card.transmit('81C0000015')).toBe(`BF3E125A10${PKI.eid}9000`);
    expect(card.transmit('81C0000015')).toBe('6985');
    card.restart();
    expect(card.transmit(`81E2910006${eid}`)).toBe('6881');
  });

  it('wants blocks in their order and answers no function that it does not have (SGP.32 has BF50 and above)', () => {
    const card = createEuicc(PKI);
    card.transmit('0070000001');
    card.transmit('01A4040010A0000005591010FFFFFFFF8900000100');
    expect(card.transmit(`81E2910106${eid}`)).toBe('6A86');
    expect(card.transmit('81E2110003BF3E03')).toBe('9000');
    expect(card.transmit('81E29101035C015A')).toBe('6115');
    expect(card.transmit('81E2910003BF5000')).toBe('6A88');
  });

  it('has no files while no profile is enabled', () => {
    expect(createEuicc(PKI).transmit('00A40004022FE2')).toBe('6A82');
  });
});

describe('S-1: keys of the test world', () => {
  it.each([
    ['', 'bb1d6929e95937287fa37d129b756746'],
    ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
      'dfa66747de9ae63030ca32611497c827',
    ],
  ])('AES-CMAC is that of RFC 4493 for %s', (message, mac) => {
    expect(cmac(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex(message)).toString('hex')).toBe(mac);
  });

  it('both sides agree on keys, and a point off the curve gives none', () => {
    const [one, other] = [oneTimeKey(), oneTimeKey()];
    expect(agreedKeys(one, hex(other.open), 'AA', PKI.eid)).toEqual(agreedKeys(other, hex(one.open), 'AA', PKI.eid));
    expect(agreedKeys(one, hex(other.open), 'AB', PKI.eid)).not.toEqual(
      agreedKeys(other, hex(one.open), 'AA', PKI.eid),
    );
    expect(agreedKeys(one, Buffer.alloc(65, 4), 'AA', PKI.eid)).toBeUndefined();
    expect(createECDH('prime256v1').generateKeys()).toHaveLength(65);
  });

  it('segments open in their order only, and never exceed the size that was asked for', () => {
    const keys = { chain: '00'.repeat(16), enc: '11'.repeat(16), mac: '22'.repeat(16) };
    const [after, first] = protect(startProtection(keys), '86', Buffer.alloc(roomIn(1_020), 7));
    const [, second] = protect(after, '86', hex('0102'));
    expect(first).toHaveLength(1_020);
    const opened = unprotect(startProtection(keys), first);
    expect(opened?.[1]).toEqual(Buffer.alloc(roomIn(1_020), 7));
    expect(opened && unprotect(opened[0], second)?.[1]).toEqual(hex('0102'));
    expect(unprotect(startProtection(keys), second)).toBeUndefined();
  });

  it('comes back from a folder, each certificate for its own purpose', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-pki-'));
    writePki(folder, PKI);
    const back = readPki(folder);
    rmSync(folder, { recursive: true });
    expect(back.euicc.certificate.equals(PKI.euicc.certificate)).toBe(true);
    expect(viewCertificate(back.dpAuth.certificate)).toMatchObject({
      role: roleOid('dp-auth'),
      serverOid: '2B0601040183A83101',
    });
    expect(viewCertificate(back.eum.certificate)?.permittedSerial).toBe(PKI.eid.slice(0, 8));
    expect(viewCertificate(back.euicc.certificate)?.serial).toBe(PKI.eid);
  });
});
