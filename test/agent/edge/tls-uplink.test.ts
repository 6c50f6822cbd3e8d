import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMqttUplink } from '../../../agent/edge/mqtt-uplink.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import { openUplinkIdentity } from '../../../agent/edge/uplink-identity.ts';
import type { Uplink } from '../../../agent/ports/uplink.ts';
import type { Purpose } from '../../../agent/x509/certificate.ts';
import type { Life, TimeSight } from '../../../agent/x509/fits-time.ts';
import { initAuthority, issueClient, openIssuer, openRequest } from '../../../provisioning/authority/authority.ts';
import { createKey, issue, keyPem } from '../../../provisioning/authority/issue.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';

const DEVICE = 'relais-0001';
const YEAR = 365 * 86_400_000;
const NOW = Date.now();
const CURRENT = { from: NOW - YEAR / 12, until: NOW + YEAR };
const ENDED = { from: NOW - 2 * YEAR, until: NOW - YEAR };
const COMING = { from: NOW + YEAR, until: NOW + 2 * YEAR };
const SERVER: Purpose = { is: 'server', hosts: ['broker.example'] };
const CONNACK = Uint8Array.from([0x20, 3, 0, 0, 0]);
const suback = (id: number): Uint8Array => Uint8Array.from([0x90, 4, id >> 8, id & 0xff, 0, 1]);

let directory: string;
let server: Server | undefined;
/** Bytes of MQTT that the server came to see. */
let heard: number;
let uplink: Uplink | undefined;
const faults: string[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-tls-'));
  // A root that was there before the oldest certificate of these tests.
  initAuthority(directory, NOW - 3 * YEAR);
  const identity = openUplinkIdentity(join(directory, 'box.pem'), DEVICE);
  const asked = openRequest(identity.ask());
  if ('refused' in asked) throw new Error(asked.refused);
  identity.take(issueClient(directory, openIssuer(directory, 'issuing'), { ...asked, now: NOW }));
});
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  heard = 0;
  faults.length = 0;
});
afterEach(async () => {
  if (uplink) await new Promise<void>((closed) => uplink?.close(closed));
  server?.close();
  uplink = undefined;
});

/** What stands in the broker's place: it takes any client and answers what MQTT wants. */
async function standIn(
  life: Life,
  purpose: Purpose = SERVER,
  by: 'root' | 'issuing' = 'root',
  from = directory,
): Promise<number> {
  const key = createKey();
  const cert = issue(openIssuer(from, by), {
    subject: 'broker.example',
    publicKey: createPublicKey(key),
    purpose,
    life,
  });
  server = createServer({ key: keyPem(key), cert, requestCert: true, rejectUnauthorized: false }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += bytes.length;
      if (bytes[0] === 0x10) socket.write(CONNACK);
      if (bytes[0] === 0x82) socket.write(suback(bytes.readUInt16BE(2)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Answers 'connected', or why not. */
async function attempt(port: number, sight: TimeSight, servername = 'broker.example'): Promise<string> {
  const roots = readFileSync(registryPaths(directory).authority.root, 'utf8');
  const secure = {
    trust: { roots, servername, sight: () => sight },
    identity: openUplinkIdentity(join(directory, 'box.pem'), DEVICE),
    connected: () => undefined,
  };
  const settings = { host: '127.0.0.1', port, username: DEVICE, clientId: DEVICE, subscribe: 'down/+', secure };
  uplink = createMqttUplink(settings, systemClock(), systemRandom(), (error) => faults.push(error.message));
  return new Promise((done) => {
    uplink?.open(({ on }) => done(on === 'connected' ? 'connected' : (faults[0] ?? on)));
  });
}

const trusted = { wall: NOW, quality: 'synced', floor: NOW - 1_000 } as const;
const at1970 = { wall: 1_000, quality: 'never', floor: NOW - 1_000 } as const;
const farAhead = { wall: NOW + 20 * YEAR, quality: 'holdover', floor: NOW - 1_000 } as const;

describe('checklist 5 and 6: whom a box takes for its broker', () => {
  it.each<[string, Life, TimeSight]>([
    ['a clock that was set', CURRENT, trusted],
    ['a clock at 1970', CURRENT, at1970],
    ['a clock twenty years ahead that nobody has set', CURRENT, farAhead],
    // OpenSSL, by the clock of this machine, says of these that they have ended or not begun.
    ['a clock at 1970 and a certificate that has not begun by the kernel', COMING, at1970],
    [
      'no clock, and nothing that proves that the certificate has ended',
      ENDED,
      { ...at1970, floor: ENDED.until - 1_000 },
    ],
  ])('with %s it is connected', async (_what, life, sight) => {
    expect(await attempt(await standIn(life), sight)).toBe('connected');
    expect(heard).toBeGreaterThan(0);
  });

  it.each<[string, () => Promise<number>, TimeSight, RegExp, string?]>([
    ['a certificate that has ended, by a trusted clock', () => standIn(ENDED), trusted, /expired/],
    ['a certificate that has not begun, by a trusted clock', () => standIn(COMING), trusted, /not-yet/],
    ['a certificate that ended before what is proved, without a clock', () => standIn(ENDED), at1970, /expired/],
    [
      'a good certificate after its end, by a trusted clock',
      () => standIn(CURRENT),
      { ...trusted, wall: NOW + 2 * YEAR },
      /expired/,
    ],
    ['another authority', () => standIn(CURRENT, SERVER, 'root', elsewhere()), trusted, /believed/],
    ['another authority, without a clock', () => standIn(COMING, SERVER, 'root', elsewhere()), at1970, /believed/],
    [
      'the issuer of clients as a broker, without a clock',
      () => standIn(COMING, SERVER, 'issuing'),
      at1970,
      /believed/,
    ],
    ['a box as a broker', () => standIn(CURRENT, CLIENT), trusted, /believed/],
    ['a box as a broker, without a clock', () => standIn(COMING, CLIENT), at1970, /believed/],
    ['another name', () => standIn(CURRENT), trusted, /believed/, 'other.example'],
    ['another name, without a clock', () => standIn(COMING), at1970, /believed/, 'other.example'],
  ])('%s is refused before a byte of MQTT has left', async (_what, open, sight, why, servername) => {
    expect(await attempt(await open(), sight, servername)).toMatch(why);
    expect(heard).toBe(0);
  });

  it('D-3: a box without a certificate says what to do, and goes on', async () => {
    const secure = {
      trust: { roots: 'none', servername: 'broker.example', sight: () => trusted },
      identity: openUplinkIdentity(join(directory, 'nobody.pem'), DEVICE),
      connected: () => undefined,
    };
    const settings = { host: '127.0.0.1', port: 1, username: DEVICE, clientId: DEVICE, subscribe: 'down/+', secure };
    uplink = createMqttUplink(settings, systemClock(), systemRandom(), (error) => faults.push(error.message));
    uplink.open(() => undefined);
    expect(faults[0]).toMatch(/uplink\.refused.*relais enroll/);
    await expect.poll(() => faults.length, { timeout: 10_000 }).toBeGreaterThan(1);
  });
});

const CLIENT: Purpose = { is: 'client', uri: 'urn:x' };

function elsewhere(): string {
  const other = mkdtempSync(join(directory, 'other-'));
  initAuthority(other, NOW - 3 * YEAR);
  return other;
}
