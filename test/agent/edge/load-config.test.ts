import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../agent/edge/load-config.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { isFault } from '../../../agent/model/fault.ts';
import { siteConfig } from '../../example-site.ts';

let directory: string;
const path = (name: string): string => join(directory, name);
const keys = generateKeyPairSync('ed25519');

const box = () => ({
  stateDirectory: path('state'),
  siteConfig: path('site.json'),
  operatorKey: path('operator.pub'),
  uplinkSecret: path('secret'),
  interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
});

const put = (name: string, value: unknown): void =>
  writeFileSync(path(name), typeof value === 'string' ? value : JSON.stringify(value));

function putSigned(payload: string, key = keys.privateKey): void {
  const bytes = Buffer.from(payload);
  put('site.json', {
    keyId: 'k',
    payload: bytes.toString('base64'),
    signature: sign(null, bytes, key).toString('base64'),
  });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-config-'));
  put('box.json', box());
  put('operator.pub', keys.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  put('secret', 'secret\n');
  putSigned(canonical(siteConfig()));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function refusal(): { code: string; context: Readonly<Record<string, unknown>> } {
  try {
    loadConfig(path('box.json'));
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('P-1: a configuration is read whole or not at all', () => {
  it('reads what the operator signed', () => {
    const { site, box: read, secret } = loadConfig(path('box.json'));
    expect(site).toEqual(siteConfig());
    expect(secret).toBe('secret');
    expect(read.relayPort).toBe(5070);
  });

  it('D-3: refuses one changed byte of it', () => {
    const envelope = JSON.parse(readFileSync(path('site.json'), 'utf8'));
    const payload = Buffer.from(envelope.payload, 'base64');
    payload[payload.length - 20] = (payload[payload.length - 20] ?? 0) ^ 1;
    put('site.json', { ...envelope, payload: payload.toString('base64') });
    expect(refusal().code).toBe('config.signature');
  });

  it('D-3: refuses what somebody else signed', () => {
    putSigned(canonical(siteConfig()), generateKeyPairSync('ed25519').privateKey);
    expect(refusal().code).toBe('config.signature');
  });

  it.each([
    ['voice.channels', { voice: { ...siteConfig().voice, channels: 0 } }],
    ['site.inseeCommune', { site: { ...siteConfig().site, inseeCommune: '7511' } }],
    ['links.0.upKbps', { links: [{ ...siteConfig().links[0], upKbps: -1 }] }],
    ['', { surprise: 1 }],
  ])('names the wrong field: %s', (field, change) => {
    putSigned(canonical({ ...siteConfig(), ...change }));
    expect(refusal()).toMatchObject({ code: 'config.refused', context: { field } });
  });

  it('names the link that has no interface, and the remedy', () => {
    put('box.json', { ...box(), interfaces: { voice: 'a', data: 'b', links: { main: 'wan1' } } });
    expect(refusal()).toMatchObject({
      code: 'config.refused',
      context: { field: 'interfaces.links.second', remedy: expect.stringContaining('second') },
    });
  });

  it.each([
    ['not JSON', () => put('box.json', '{'), 'config.unreadable'],
    ['a missing secret', () => rmSync(path('secret')), 'config.unreadable'],
    ['a key that is none', () => put('operator.pub', 'hello'), 'config.signature'],
    ['an unknown field of the box', () => put('box.json', { ...box(), colour: 'red' }), 'config.refused'],
  ])('refuses %s', (_, spoil, code) => {
    spoil();
    expect(refusal().code).toBe(code);
  });
});
