import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceKeyOf, openDeviceKey, readDeviceKey, verifier } from '../../../agent/edge/device-key.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-key-'));
  file = join(directory, 'device.key');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const message = new TextEncoder().encode('é');

describe('U-3, D-3: the key of the device', () => {
  it('is made once, readable by the agent alone, and is the same at each start', () => {
    const first = openDeviceKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['device.key']);
    chmodSync(file, 0o644);
    const again = openDeviceKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(again.publicKey)).toEqual(Buffer.from(first.publicKey));
    expect(again.publicKey.length).toBe(32);
    expect(verifier.verify(first.publicKey, message, again.sign(message))).toBe(true);
    expect(verifier.verify(first.publicKey, message.slice(1), again.sign(message))).toBe(false);
  });

  it('is another one on another box', () => {
    const other = openDeviceKey(join(directory, 'other.key'));
    expect(verifier.verify(openDeviceKey(file).publicKey, message, other.sign(message))).toBe(false);
  });

  it('signs as RFC 8032 7.1, test 2', () => {
    const seed = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex').toString('base64');
    const key = deviceKeyOf(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`);
    expect(Buffer.from(key.publicKey).toString('hex')).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    expect(Buffer.from(key.sign(Uint8Array.of(0x72))).toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
  });

  it('is made anew where the file holds none, which is kept beside it and told', () => {
    const told: (string | undefined)[] = [];
    openDeviceKey(file, (setAside) => told.push(setAside));
    openDeviceKey(file, (setAside) => told.push(setAside));
    expect(told).toEqual([undefined]);
    writeFileSync(file, 'half a key');
    expect(() => readDeviceKey(file)).toThrow(/evidence\.key.*device\.key/);
    const anew = openDeviceKey(file, (setAside) => told.push(setAside));
    expect(readFileSync(told[1] ?? '', 'utf8')).toBe('half a key');
    expect(Buffer.from(readDeviceKey(file).publicKey)).toEqual(Buffer.from(anew.publicKey));
  });

  it('is not made anew where nothing can be read or written: a medium that fails says nothing of the key', () => {
    expect(() => openDeviceKey(join(directory, 'no', 'such', 'folder'))).toThrow(/evidence\.key/);
    mkdirSync(file);
    expect(() => openDeviceKey(file)).toThrow(/evidence\.key/);
    expect(() => readDeviceKey(join(directory, 'none'))).toThrow(/evidence\.key/);
  });
});
