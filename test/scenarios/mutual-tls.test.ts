import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEnrollCommand } from '../../agent/commands/enroll-command.ts';
import { CertificateRequestSchema, topics } from '../../agent/model/messages.ts';
import { openRoadBox, type RoadBox } from '../../hw-sim/bench/road-box.ts';
import { freeTcpPort } from '../../hw-sim/soak/free-port.ts';
import { issueClient, openIssuer, openRequest } from '../../provisioning/authority/authority.ts';
import { centralUsername } from '../../provisioning/broker/access-list.ts';
import { readReport } from '../../provisioning/central/report.ts';
import { provision } from '../../provisioning/commands/provision.ts';
import { support } from '../../provisioning/commands/support.ts';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { initRegistry } from '../../provisioning/registry/registry.ts';
import { type Broker, connectPeer, type Peer, startMosquitto } from '../provisioning/broker/mosquitto.ts';
import { type ServedCentral, serveCentral } from '../provisioning/central/served-central.ts';
import { exampleOrder, folder } from '../provisioning/example.ts';

const DEVICE = 'relais-0001';
const on = topics('example-operator', DEVICE);
const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
const patience = { timeout: 50_000, interval: 200 };

let directory: string;
let place: string;
let registry: string;
let broker: Broker;
let central: ServedCentral;
let spy: Peer;
let box: RoadBox;
const faults: string[] = [];

const terminal = (said: string[]) => ({
  out: (line: string) => said.push(line),
  err: (line: string) => said.push(line),
  stopped: () => Promise.resolve(),
});
const at = (name: string): string => join(directory, name);
const identity = (): string => readFileSync(join(place, 'uplink-identity.pem'), 'utf8');
const serial = (): string => new X509Certificate(identity()).serialNumber;
const received = async () =>
  (await readReport({ kind: 'sqlite', directory: at('central') }))?.devices[0]?.received ?? 0;

const allReceived = async () => box.records() > 0 && (await received()) === box.records();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'relais-mtls-'));
  place = mkdtempSync(at('box-'));
  registry = at('registry');
  const port = await freeTcpPort();
  initRegistry(registry);
  const order = {
    ...{ ...exampleOrder(), central: { host: '127.0.0.1', port, tls: { servername: 'broker.example' } } },
    controllers: [{ name: 'first', role: 'support-1' }],
  };
  const issued = issueOrder(registry, order, data);
  if (!issued.issued) throw new Error(JSON.stringify(issued.problems));
  const paths = registryPaths(registry);
  const interfaces = { voice: 'eth1', data: 'eth2', links: { main: 'eth0', second: 'wwan0' } };
  const own = {
    stateDirectory: place,
    siteConfig: paths.signed(DEVICE),
    operatorKey: paths.operatorPublicKey,
    interfaces,
  };
  writeFileSync(at('box.json'), JSON.stringify(own));
  expect(await runEnrollCommand(['--config', at('box.json'), '--request', at('request.pem')])).toBe(0);
  // A quarter of an hour is left of an hour and a quarter: it is due.
  const asked = openRequest(readFileSync(at('request.pem'), 'utf8'));
  if ('refused' in asked) throw new Error(asked.refused);
  const wish = { ...asked, now: Date.now(), days: 0.01 };
  writeFileSync(at('certificate.pem'), issueClient(registry, openIssuer(registry, 'issuing'), wish));
  expect(await runEnrollCommand(['--config', at('box.json'), '--certificate', at('certificate.pem')])).toBe(0);
  broker = await startMosquitto(paths.broker.configuration);
  const where = ['--directory', registry, '--broker', `mqtts://127.0.0.1:${port}`, '--state', at('central')];
  central = await serveCentral([...where, '--issuing-key', paths.authority.issuingKey]);
  const roots = readFileSync(paths.authority.root, 'utf8');
  spy = await connectPeer({
    port,
    secure: { roots, identity: readFileSync(paths.roleIdentity(centralUsername(8)), 'utf8') },
  });
  await spy.subscribe(on.allUp);
  box = await openRoadBox({
    ...{ config: issued.config, place, password: 'shown to nobody', epoch: '', bodies: [] },
    fault: (message, fields) => faults.push(`${message} ${JSON.stringify(fields)}`),
  });
});

afterAll(async () => {
  await box.stop();
  await central.stop();
  await spy.end();
  await broker.stop();
  rmSync(directory, { recursive: true });
});

describe('D-3, U-7: a box, a central and a controller that have certificates and no password', () => {
  it('records arrive and have their receipts; the broker knows the box by its certificate', async () => {
    await expect.poll(allReceived, patience).toBe(true);
    expect(broker.said()).toContain(`u'${DEVICE}'`);
    expect(broker.said()).toContain(`u'${centralUsername(1)}'`);
  });

  it('a certificate that is due is renewed over the road, and the box has moved to the new one without a restart', async () => {
    const first = new X509Certificate(readFileSync(at('certificate.pem'))).serialNumber;
    await expect.poll(serial, patience).not.toBe(first);
    const [question] = spy.heard.filter(({ topic }) => topic === on.certificateRequest);
    expect(CertificateRequestSchema.safeParse(JSON.parse(question?.payload ?? '')).success).toBe(true);
    expect(question?.payload).not.toContain('PRIVATE');
    expect(central.log.filter(({ msg }) => msg === 'certificate sent')).toMatchObject([{ device: DEVICE }]);
    const renewed = new X509Certificate(identity());
    expect(Date.parse(renewed.validTo) - Date.now()).toBeGreaterThan(700 * 86_400_000);
    expect(renewed.publicKey.equals(createPublicKey(readFileSync(at('certificate.pem'), 'utf8')))).toBe(false);
    await expect.poll(allReceived, patience).toBe(true);
    expect(box.use().connections).toBe(2);
    expect(faults).toEqual([]);
  });

  it('M-1: a controller asks the box by its own certificate', async () => {
    const said: string[] = [];
    const question = ['get', DEVICE, 'Device.DeviceInfo.SerialNumber', '--as', 'first', '--directory', registry];
    await expect.poll(() => support(question, terminal(said)), patience).toBe(0);
    expect(said.at(-1)).toContain(DEVICE);
  });

  it('a box that is revoked is not let in any more, whatever it tries, and says so in its log', async () => {
    const said: string[] = [];
    const order = ['revoke', DEVICE, '--by', 'support', '--why', 'stolen', '--directory', registry];
    expect(provision(order, terminal(said), data)).toBe(0);
    expect(said).toEqual([expect.stringContaining('SIGHUP')]);
    broker.reload();
    await expect.poll(() => broker.said()).toMatch(/Reloading config/);
    // The connection that stands has no rights any more, and what is not received is sent anew, over a new one at last.
    const heard = spy.heard.length;
    box.renew();
    await expect.poll(() => faults.join(), patience).toMatch(/uplink/);
    expect(spy.heard.length).toBe(heard);
    const again = ['sign', at('request.pem'), '--directory', registry];
    expect(provision(again, terminal(said), data)).toBe(2);
    expect(said.join()).toContain('--readmit');
  });
});
