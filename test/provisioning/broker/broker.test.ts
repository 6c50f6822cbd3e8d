import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelNames, topics } from '../../../agent/model/messages.ts';
import { freeTcpPort } from '../../../hw-sim/soak/free-port.ts';
import { accessList, CENTRAL_USERNAME } from '../../../provisioning/broker/access-list.ts';
import { brokerConfiguration } from '../../../provisioning/broker/configuration.ts';
import { createSecret, passwordLine } from '../../../provisioning/broker/password.ts';
import { type Broker, connectPeer, type Peer, startMosquitto } from './mosquitto.ts';

const tenant = 'example-operator';
const own = topics(tenant, 'relais-0001');
const foreign = topics(tenant, 'relais-0002');
const secrets = { [CENTRAL_USERNAME]: createSecret(), 'relais-0001': createSecret(), 'relais-0002': createSecret() };
/** MQTT 5, 2.4. */
const NOT_AUTHORIZED = 0x87;
/** By OpenSSL: kdf -keylen 64 -kdfopt digest:SHA512 -kdfopt pass:secret -kdfopt salt:saltsaltsalt -kdfopt iter:101 PBKDF2 */
const KNOWN_KEY = 'Hd71hnNoKcARd6Fkl1rUE+opfs3V78ZJB2AgXXC1kaKQiWfi5S5qX7D1mY5b+bIzvyidWMnS8VA+YAsAygq9EA==';

let directory: string;
let port: number;
let broker: Broker;

const connect = (username: keyof typeof secrets): Promise<Peer> =>
  connectPeer({ port, username, password: secrets[username] });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-broker-'));
  port = await freeTcpPort();
  const files = { passwordFile: join(directory, 'passwd'), aclFile: join(directory, 'acl') };
  const passwords = Object.entries(secrets).map(([username, secret]) => passwordLine(username, secret));
  const devices = ['relais-0001', 'relais-0002'].map((device) => ({ tenant, device }));
  writeFileSync(files.passwordFile, `${passwords.join('\n')}\n`, { mode: 0o600 });
  writeFileSync(files.aclFile, accessList(devices), { mode: 0o600 });
  const listeners = [{ host: '127.0.0.1', port }];
  const configuration = brokerConfiguration({ ...files, listeners, user: userInfo().username });
  writeFileSync(join(directory, 'mosquitto.conf'), configuration);
  broker = await startMosquitto(join(directory, 'mosquitto.conf'));
});

afterAll(async () => {
  await broker.stop();
  rmSync(directory, { recursive: true });
});

describe('a real Mosquitto on the generated files (D-3, M-7)', () => {
  test.each([
    ['without a name', {}],
    ['with a wrong password', { username: 'relais-0001', password: createSecret() }],
    ['with the password of another device', { username: 'relais-0001', password: secrets['relais-0002'] }],
    ['with a name that nobody has', { username: 'relais-0003', password: secrets['relais-0001'] }],
    ['with a name and no password', { username: 'relais-0001' }],
  ])('a connection %s is refused', async (_how, credentials) => {
    await expect(connectPeer({ port, ...credentials })).rejects.toThrow(/Not authorized/);
  });

  test('a device writes its own up topics and the central hears them', async () => {
    const central = await connect(CENTRAL_USERNAME);
    const device = await connect('relais-0001');
    await central.subscribe('relais/v1/+/+/up/+');
    const mine = [own.hello, own.records, own.leaseRequest, own.telemetry];
    for (const topic of mine) expect(await device.publish(topic, 'mine')).toBe(0);
    await central.hears(mine.length);
    expect(central.heard.map(({ topic }) => topic)).toEqual(mine);
    await Promise.all([central.end(), device.end()]);
  });

  test('a device cannot write what is not its own: others, its own down topics, wildcards, the system', async () => {
    const device = await connect('relais-0001');
    const theirs = [
      ...[foreign.hello, foreign.records, foreign.leaseRequest, foreign.telemetry],
      ...[foreign.welcome, foreign.receipt, foreign.leaseGrant],
      ...[own.welcome, own.receipt, own.leaseGrant],
      ...[topics('other-operator', 'relais-0001').hello, `${own.hello}/more`, 'relais/v1', 'anything', '$SYS/x'],
    ];
    for (const topic of theirs) expect([topic, await device.publish(topic, 'x')]).toEqual([topic, NOT_AUTHORIZED]);
    await device.end();
  });

  test('a device hears its own down topics, and nothing of another device whatever it subscribes to', async () => {
    const central = await connect(CENTRAL_USERNAME);
    const device = await connect('relais-0001');
    await device.subscribe(own.allDown);
    await device.subscribe('#');
    await device.subscribe('relais/v1/+/+/up/+');
    await device.subscribe(foreign.allDown);
    await device.publish(own.hello, 'its own words do not come back');
    for (const topic of [foreign.welcome, foreign.receipt, foreign.leaseGrant]) await central.publish(topic, 'secret');
    // Messages of one publisher arrive in order: when the last one is here, the others will not come any more.
    expect(await central.publish(own.welcome, 'yours')).toBe(0);
    expect(await central.publish(own.receipt, 'yours')).toBe(0);
    expect(await central.publish(own.leaseGrant, 'yours')).toBe(0);
    // Each comes once for `down/+` and once for `#`.
    await device.hears(6);
    expect(new Set(device.heard.map(({ topic }) => topic))).toEqual(
      new Set([own.welcome, own.receipt, own.leaseGrant]),
    );
    await Promise.all([central.end(), device.end()]);
  });

  test('a device cannot throw another one out by using its client id', async () => {
    const clientId = 'relais-0002';
    const victim = await connectPeer({ port, username: 'relais-0002', password: secrets['relais-0002'], clientId });
    const credentials = { username: 'relais-0001', password: secrets['relais-0001'] };
    const impostor = await connectPeer({ port, ...credentials, clientId });
    expect(await impostor.publish(own.hello, 'still here')).toBe(0);
    expect(await victim.publish(foreign.hello, 'still here')).toBe(0);
    expect(victim.client.connected).toBe(true);
    await Promise.all([victim.end(), impostor.end()]);
  });
});

describe('the rules of a fleet', () => {
  test('D-3: do not grow with the devices of a tenant, and name each tenant in full', () => {
    const fleet = (tenants: number, devices: number) =>
      Array.from({ length: devices }, (_, index) => ({ tenant: `operator-${index % tenants}`, device: `d-${index}` }));
    expect(accessList(fleet(1, 20_000))).toBe(accessList(fleet(1, 1)));
    const lines = accessList(fleet(2, 20_000))
      .split('\n')
      .filter((line) => line.startsWith('pattern'));
    expect(lines.length).toBe(2 * channelNames.length);
    for (const line of lines)
      expect(line).toMatch(/^pattern (read|write) relais\/v1\/operator-[01]\/%u\/(up|down)\/[a-z-]+$/);
  });
});

describe('secrets', () => {
  test('M-7: a thousand devices have a thousand passwords of 192 bits', () => {
    const made = Array.from({ length: 1_000 }, createSecret);
    expect(new Set(made).size).toBe(1_000);
    for (const secret of made) expect(Buffer.from(secret, 'base64url').length).toBe(24);
  });

  test('the password file is what mosquitto_passwd would write: PBKDF2-HMAC-SHA-512, 101 rounds', () => {
    const line = passwordLine('relais-0001', 'secret', Buffer.from('saltsaltsalt'));
    expect(line).toBe(`relais-0001:$7$101$c2FsdHNhbHRzYWx0$${KNOWN_KEY}`);
  });

  test('one secret never makes the same line twice', () => {
    expect(passwordLine('a', 'secret')).not.toBe(passwordLine('a', 'secret'));
    expect(statSync(join(directory, 'passwd')).mode & 0o077).toBe(0);
  });
});
