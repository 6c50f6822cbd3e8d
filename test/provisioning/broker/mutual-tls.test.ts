import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controllerUsername, managementTopics } from '../../../agent/model/management.ts';
import { channelNames, topics } from '../../../agent/model/messages.ts';
import { freeTcpPort } from '../../../hw-sim/soak/free-port.ts';
import { initAuthority, issueClient, openIssuer } from '../../../provisioning/authority/authority.ts';
import { createKey, keyPem } from '../../../provisioning/authority/issue.ts';
import { centralUsername } from '../../../provisioning/broker/access-list.ts';
import { revokeCertificates } from '../../../provisioning/commands/certificates.ts';
import { issueOrders } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry } from '../../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from '../example.ts';
import { type Broker, connectPeer, type Peer, startMosquitto } from './mosquitto.ts';

const tenant = 'example-operator';
const A = 'relais-0001';
const B = 'relais-0002';
const [own, foreign] = [topics(tenant, A), topics(tenant, B)];
const usp = (device: string) => managementTopics(tenant, device, controllerUsername('first'));
const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
const DAY = 86_400_000;
/** MQTT 5, 2.4. */
const NOT_AUTHORIZED = 0x87;

let directory: string;
let port: number;
let broker: Broker;
let roots: string;

const order = (device: string, line: string) => ({
  ...exampleOrder(),
  device: { id: device },
  lines: [{ number: line, label: 'Line', plan: 'bundle-2h' }],
  central: { host: '127.0.0.1', port, tls: {} },
  controllers: [{ name: 'first', role: 'support-1' as const }],
});

/** Key and certificate as a box would hold them; `days` may lie in the past. */
function identityOf(name: string, days = 730, from = directory): string {
  const key = createKey();
  const wish = { name, publicKey: createPublicKey(key), now: Date.now(), days };
  return keyPem(key) + issueClient(from, openIssuer(from, 'issuing'), wish);
}

const connect = (identity: string, more: Partial<Parameters<typeof connectPeer>[0]> = {}): Promise<Peer> =>
  connectPeer({ port, ...more, secure: { roots, identity, ...more.secure } });

const roleIdentity = (name: string): string => readFileSync(registryPaths(directory).roleIdentity(name), 'utf8');

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-mutual-'));
  port = await freeTcpPort();
  initRegistry(directory);
  const issued = issueOrders(directory, [order(A, '+33172890001'), order(B, '+33172890002')], data);
  if (!issued.issued) throw new Error(JSON.stringify(issued));
  roots = readFileSync(registryPaths(directory).authority.root, 'utf8');
  broker = await startMosquitto(registryPaths(directory).broker.configuration);
});

afterAll(async () => {
  await broker.stop();
  rmSync(directory, { recursive: true });
});

describe('a real Mosquitto that takes certificates alone (D-3, M-7)', () => {
  test('a box, a central and a controller are who their certificates say, without a password', async () => {
    const central = await connect(roleIdentity(centralUsername(2)));
    const support = await connect(roleIdentity(controllerUsername('first')));
    const box = await connect(identityOf(A), { username: 'whoever', password: 'wrong', clientId: 'whatever' });
    await central.subscribe('relais/v1/+/+/up/+');
    await support.subscribe(usp('+').toController);
    expect(await box.publish(own.hello, 'here')).toBe(0);
    expect(await box.publish(usp(A).toController, 'here')).toBe(0);
    await Promise.all([central.hears(1), support.hears(1)]);
    expect(central.heard).toEqual([{ topic: own.hello, payload: 'here' }]);
    expect(broker.said()).toMatch(/as relais-0001 \(p5.*u'relais-0001'\)/);
    await Promise.all([central.end(), support.end(), box.end()]);
  });

  test.each<[string, () => Promise<Peer>]>([
    ['without TLS', () => connectPeer({ port, username: A, password: secret(A) })],
    ['without a certificate', () => connectPeer({ port, secure: { roots } })],
    ['without a certificate, with the password of a box', () => withPassword()],
    ['with a certificate that has expired', () => connect(identityOf(A, -1))],
    ['with a certificate of another authority', () => connect(foreignIdentity())],
    [
      "with the broker's own certificate",
      () => connect(readFileSync(registryPaths(directory).broker.serverIdentity, 'utf8')),
    ],
    [
      'with TLS 1.1',
      () => connect(identityOf(A), { secure: { roots, maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } }),
    ],
    [
      'with a cipher without forward secrecy',
      () => connect(identityOf(A), { secure: { roots, maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' } }),
    ],
  ])('checklist 5: a connection %s is refused', async (_how, attempt) => {
    await expect(attempt()).rejects.toThrow();
  });

  test('checklist 5: TLS 1.2 with a modern cipher is taken, and no plain listener is there', async () => {
    const box = await connect(identityOf(A), { secure: { roots, maxVersion: 'TLSv1.2' } });
    expect(await box.publish(own.hello, 'here')).toBe(0);
    await box.end();
    const lines = readFileSync(registryPaths(directory).broker.configuration, 'utf8').match(/^listener .*$/gm);
    expect(lines).toEqual([`listener ${port} 127.0.0.1`]);
  });

  test('checklist 7: a box can write nothing of another: its topics, its messages of USP, what the central says, the system', async () => {
    const box = await connect(identityOf(A));
    const theirs = [
      ...channelNames.map((name) => foreign[name]),
      ...[usp(B).toAgent, usp(B).toController, usp(A).toAgent],
      ...[own.welcome, own.certificate, own.leaseGrant, `${own.hello}/more`, 'relais/v1', '$SYS/broker/x', 'anything'],
      ...[topics('other-operator', A).hello, topics(tenant, centralUsername(1)).hello],
    ];
    expect(theirs.length).toBeGreaterThan(20);
    for (const topic of theirs) expect([topic, await box.publish(topic, 'x')]).toEqual([topic, NOT_AUTHORIZED]);
    await box.end();
  });

  test('checklist 7: a box hears nothing of another, whatever it subscribes to', async () => {
    const [central, box] = await Promise.all([connect(roleIdentity(centralUsername(1))), connect(identityOf(A))]);
    const [other, support] = await Promise.all([
      connect(identityOf(B)),
      connect(roleIdentity(controllerUsername('first'))),
    ]);
    const filters = ['#', '+/#', '$SYS/#', 'relais/v1/+/+/up/+', 'relais/v1/#', foreign.allDown, foreign.allUp];
    for (const filter of [...filters, 'usp/v1/#', usp(B).toAgent, `$share/group/${foreign.allDown}`])
      await box.subscribe(filter);
    await other.publish(foreign.records, 'money of B');
    await other.publish(usp(B).toController, 'words of B');
    for (const name of ['welcome', 'leaseGrant', 'certificate', 'suspension'] as const)
      await central.publish(foreign[name], 'for B');
    await support.publish(usp(B).toAgent, 'for B');
    // Of one publisher everything comes in order: what comes after has passed the rest.
    for (const peer of [central, support]) await peer.publish(peer === central ? own.welcome : usp(A).toAgent, 'for A');
    await box.hears(2);
    await expect.poll(() => box.heard.map(({ topic }) => topic)).toContain(usp(A).toAgent);
    expect(new Set(box.heard.map(({ payload }) => payload))).toEqual(new Set(['for A']));
    await Promise.all([central, box, other, support].map((peer) => peer.end()));
  });

  test('a will on the topic of another is never sent, one on its own is', async () => {
    const central = await connect(roleIdentity(centralUsername(1)));
    await central.subscribe('relais/v1/+/+/up/+');
    for (const topic of [foreign.hello, own.hello]) {
      const box = await connect(identityOf(A), { will: { topic, payload: 'dead' } }).catch(() => undefined);
      box?.client.stream.destroy();
      box?.client.end(true);
    }
    await central.hears(1);
    expect(central.heard).toEqual([{ topic: own.hello, payload: 'dead' }]);
    await central.end();
  });

  test('with the client id of another it throws nobody out: the id is the name in the certificate', async () => {
    const victim = await connect(identityOf(B));
    const thief = await connect(identityOf(A), { clientId: B, username: B });
    expect(await thief.publish(own.hello, 'A')).toBe(0);
    expect(await thief.publish(foreign.hello, 'B?')).toBe(NOT_AUTHORIZED);
    expect(await victim.publish(foreign.hello, 'B')).toBe(0);
    expect(victim.client.connected).toBe(true);
    await Promise.all([victim.end(), thief.end()]);
  });

  test('a box that is revoked has no rights from the next SIGHUP on and does not come in again; the others stay', async () => {
    const [lost, stays] = [identityOf(B), identityOf(A)];
    const [before, other] = await Promise.all([connect(lost), connect(stays)]);
    expect(await before.publish(foreign.hello, 'still in')).toBe(0);
    const said = revokeCertificates(directory, B, { by: 'support', why: 'stolen' }, Date.now());
    expect(said).toEqual({ said: expect.stringContaining('relais-0002 is out') });
    broker.reload();
    await expect.poll(() => broker.said()).toMatch(/Reloading config/i);
    await expect
      .poll(() =>
        connect(lost).then(
          (peer) => peer.end().then(() => 'in'),
          () => 'refused',
        ),
      )
      .toBe('refused');
    expect(before.client.connected).toBe(true);
    expect(await before.publish(foreign.hello, 'stolen')).toBe(NOT_AUTHORIZED);
    expect(await other.publish(own.hello, 'mine')).toBe(0);
    await (await connect(stays)).end();
    before.client.end(true);
    await other.end();
  });
});

const secret = (device: string): string => readFileSync(registryPaths(directory).uplinkSecret(device), 'utf8').trim();
const withPassword = (): Promise<Peer> => connectPeer({ port, username: A, password: secret(A), secure: { roots } });

function foreignIdentity(): string {
  const elsewhere = mkdtempSync(join(directory, 'elsewhere-'));
  initAuthority(elsewhere, Date.now() - DAY);
  return identityOf(A, 730, elsewhere);
}
