import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openUplinkIdentity } from '../../../agent/edge/uplink-identity.ts';
import {
  aliveCertificates,
  initAuthority,
  issueClient,
  openIssuer,
  openRequest,
} from '../../../provisioning/authority/authority.ts';
import { createKey, issue } from '../../../provisioning/authority/issue.ts';
import { renewCertificate, waitingRequest } from '../../../provisioning/authority/renew.ts';
import { keepServer } from '../../../provisioning/authority/role-identity.ts';
import { revokeCertificates, signCertificate } from '../../../provisioning/commands/certificates.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry } from '../../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from '../example.ts';

const DEVICE = 'relais-0001';
const DAY = 86_400_000;
const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
let directory: string;
let now: number;

/** Made once: a registry of the example with its authority. */
let template: string;

beforeAll(() => {
  template = mkdtempSync(join(tmpdir(), 'relais-authority-'));
  now = Date.now();
  initRegistry(template, now);
  const order = {
    ...exampleOrder(),
    central: { host: '127.0.0.1', port: 8883, tls: { servername: 'broker.example' } },
  };
  const issued = issueOrder(template, order, data, now);
  if (!issued.issued) throw new Error(JSON.stringify(issued.problems));
});
afterAll(() => rmSync(template, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-authority-'));
  cpSync(template, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const paths = () => registryPaths(directory);
const box = () => openUplinkIdentity(join(directory, 'box.pem'), DEVICE);
const openssl = (...argv: string[]): string => execFileSync('openssl', argv, { encoding: 'utf8', stdio: 'pipe' });
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const signIt = (what: string, readmit = false) =>
  signCertificate(directory, { what, out: undefined, days: undefined, readmit }, now);

/** A box with its certificate in use. */
function enrolled() {
  const identity = box();
  const answer = signIt(file('request.pem', identity.ask()));
  if ('refused' in answer) throw new Error(answer.refused);
  expect(identity.take(answer.said)).toBeUndefined();
  const shown = identity.show();
  if (shown !== undefined) identity.worked(shown);
  return identity;
}
const renew = (asked: { request: string; proof: string } | undefined, at: number, byCentral = true) =>
  renewCertificate(
    directory,
    { device: DEVICE, request: asked?.request ?? '', proof: asked?.proof ?? 'AAAA' },
    { issuer: byCentral ? openIssuer(directory, 'issuing') : undefined, now: at },
  );

describe("D-3: the operator's authority, as OpenSSL sees it", () => {
  it('the request of a box is a PKCS#10 request, and its key never leaves the box', () => {
    const request = file('request.pem', box().ask());
    expect(openssl('req', '-in', request, '-verify', '-noout', '-subject')).toMatch(/CN = relais-0001/);
    expect(statSync(join(directory, 'box.pem.next')).mode & 0o777).toBe(0o600);
    expect(readFileSync(request, 'utf8')).not.toMatch(/PRIVATE/);
  });

  it('a request that OpenSSL made is signed as well', () => {
    const [key, request] = [join(directory, 'other.key'), join(directory, 'other.csr')];
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      request,
      '-subj',
      `/CN=${DEVICE}`,
    );
    expect(signIt(request)).toEqual({ said: expect.stringContaining('BEGIN CERTIFICATE') });
  });

  it('certificates are for what they were made for, under root and issuer, with the name of the box twice', () => {
    enrolled();
    const [made] = aliveCertificates(directory, DEVICE, now);
    const client = file('client.pem', made?.toString() ?? '');
    const server = paths().broker.serverIdentity;
    const under = [
      'verify',
      '-x509_strict',
      '-CAfile',
      paths().authority.root,
      '-untrusted',
      paths().authority.issuing,
    ];
    expect(openssl(...under, '-purpose', 'sslclient', client)).toMatch(/: OK/);
    expect(
      openssl(
        ...under,
        '-purpose',
        'sslserver',
        '-verify_hostname',
        'broker.example',
        '-verify_ip',
        '127.0.0.1',
        server,
      ),
    ).toMatch(/: OK/);
    expect(() => openssl(...under, '-purpose', 'sslserver', client)).toThrow();
    expect(() => openssl(...under, '-purpose', 'sslclient', server)).toThrow();
    expect(made?.subject).toBe(`CN=${DEVICE}`);
    expect(made?.subjectAltName).toBe(`URI:urn:bbf:usp:id:self::${DEVICE}`);
  });

  it('a stolen issuing key makes no broker: what it signs is for clients alone', () => {
    const [key, life] = [createKey(), { from: now - DAY, until: now + DAY }];
    const issuing = openIssuer(directory, 'issuing');
    const root = openIssuer(directory, 'root');
    expect(issuing.name).not.toBe(root.name);
    rmSync(paths().authority.rootKey);
    expect(() => keepServer(directory, ['new.example'], now)).toThrow(/config.unreadable/);
    const forged = file(
      'forged.pem',
      issue(issuing, {
        subject: 'broker.example',
        publicKey: createPublicKey(key),
        purpose: { is: 'server', hosts: ['broker.example'] },
        life,
      }),
    );
    const under = ['verify', '-CAfile', paths().authority.root, '-untrusted', paths().authority.issuing];
    expect(() => openssl(...under, '-purpose', 'sslserver', forged)).toThrow();
  });

  it('the list of revoked certificates is signed by the issuer, names them, and each is later than the one before', () => {
    enrolled();
    const read = (): string =>
      openssl(
        'crl',
        '-in',
        paths().broker.revoked,
        '-CAfile',
        paths().broker.clientRoots,
        '-noout',
        '-text',
        '-lastupdate',
      );
    const before = read();
    const [serial = ''] = aliveCertificates(directory, DEVICE, now).map(({ serialNumber }) => serialNumber);
    revokeCertificates(directory, DEVICE, { by: 'support', why: 'stolen' }, now);
    const after = read();
    expect([before.includes(serial), after.includes(serial)]).toEqual([false, true]);
    const lastUpdate = (text: string): number => Date.parse(/lastUpdate=(.*)/.exec(text)?.[1] ?? '');
    expect(lastUpdate(after)).toBeGreaterThan(lastUpdate(before));
  });

  it('keys of the authority, of centrals and of the broker are read by their owner alone; the root may be kept elsewhere', () => {
    const secret = [paths().authority.rootKey, paths().authority.issuingKey, paths().broker.serverIdentity];
    for (const path of [...secret, paths().roleIdentity('relais.central')])
      expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(paths().authority.rootKey);
    expect(
      issueOrder(
        directory,
        { ...exampleOrder(), central: { host: '127.0.0.1', port: 8883, tls: { servername: 'broker.example' } } },
        data,
        now,
      ).issued,
    ).toBe(true);
  });

  it('made again, an authority keeps its keys; certificates of roles are made anew at two thirds of their life', () => {
    const [root, role] = [readFileSync(paths().authority.root, 'utf8'), paths().roleIdentity('relais.central')];
    const before = readFileSync(role, 'utf8');
    initRegistry(directory, now + 400 * DAY);
    expect(readFileSync(role, 'utf8')).toBe(before);
    initRegistry(directory, now + 500 * DAY);
    expect(readFileSync(role, 'utf8')).not.toBe(before);
    expect(new X509Certificate(readFileSync(role)).checkPrivateKey(createPrivateKey(readFileSync(role)))).toBe(true);
    expect(readFileSync(paths().authority.root, 'utf8')).toBe(root);
  });
});

describe('D-3: signing by the operator', () => {
  it('refuses a name that no order has, what is no request, and days that are none, and says so', () => {
    const stranger = file('stranger.pem', openUplinkIdentity(join(directory, 's.pem'), 'relais-0099').ask());
    expect(signIt(stranger)).toEqual({ refused: expect.stringContaining('relais-0099') });
    expect(signIt(file('none.pem', 'hello'))).toEqual({ refused: expect.stringContaining('PKCS#10') });
    expect(signIt('relais-0001')).toEqual({ refused: expect.stringContaining('neither a file nor') });
    const days = signCertificate(directory, { what: stranger, out: undefined, days: '1.5', readmit: false }, now);
    expect(days).toEqual({ refused: expect.stringContaining('--days') });
  });

  it('a box that was revoked stays out until somebody takes it in again by name', () => {
    const identity = enrolled();
    revokeCertificates(directory, DEVICE, { by: 'support', why: 'stolen' }, now);
    const request = file('again.pem', identity.ask());
    expect(signIt(request)).toEqual({ refused: expect.stringContaining('revoked') });
    expect(renew(identity.request(), now + 600 * DAY)).toEqual({ refused: 'the box was revoked' });
    expect(readFileSync(paths().broker.accessList, 'utf8')).toContain(`user ${DEVICE}\ntopic deny #`);
    expect(signIt(request, true)).toEqual({ said: expect.stringContaining('CERTIFICATE') });
    expect(readFileSync(paths().broker.accessList, 'utf8')).not.toContain('deny');
    // What was revoked stays revoked: only the new one is alive.
    expect(aliveCertificates(directory, DEVICE, now)).toHaveLength(1);
  });
});

describe('D-3: the next certificate of a box', () => {
  it('is given for the proof by the present key, once it is due, the same one however often it is asked for', () => {
    const asked = enrolled().request();
    expect(renew(asked, now)).toEqual({ refused: expect.stringContaining('not due') });
    const first = renew(asked, now + 500 * DAY);
    expect(first).toEqual({ certificate: expect.stringContaining('CERTIFICATE') });
    expect(renew(asked, now + 501 * DAY)).toEqual(first);
    expect(readdirSync(paths().authority.issuedFolder).filter((name) => name.startsWith(`${DEVICE}~`))).toHaveLength(2);
  });

  it.each<[string, (asked: { request: string; proof: string }) => { request: string; proof: string }]>([
    ['without a proof', (asked) => ({ ...asked, proof: 'AAAA' })],
    [
      'with the proof of another key',
      ({ request }) => ({ request, proof: sign('sha256', Buffer.from(request), createKey()).toString('base64') }),
    ],
    [
      'for the name of another box',
      () => {
        const other = openUplinkIdentity(join(directory, 'o.pem'), 'relais-0002');
        return { request: other.ask(), proof: 'AAAA' };
      },
    ],
    ['that is no request', (asked) => ({ ...asked, request: 'hello' })],
  ])('a request %s is refused: what the broker let through proves nothing', (_how, change) => {
    const asked = enrolled().request();
    expect(asked).toBeDefined();
    if (asked) expect(renew(change(asked), now + 500 * DAY)).toEqual({ refused: expect.any(String) });
  });

  it('a certificate that has ended proves nothing: the operator signs then', () => {
    const asked = enrolled().request();
    expect(renew(asked, now + 731 * DAY)).toEqual({ refused: expect.stringContaining('alive') });
  });

  it('without the issuing key it waits for the operator, whose signature the central hands over at the next question', () => {
    const identity = enrolled();
    const asked = identity.request();
    expect(renew(asked, now + 500 * DAY, false)).toEqual({ waits: true });
    expect(waitingRequest(directory, DEVICE)).toBe(asked?.request);
    expect(signIt(DEVICE)).toEqual({ said: expect.stringContaining('CERTIFICATE') });
    expect(waitingRequest(directory, DEVICE)).toBeUndefined();
    const answer = renew(asked, now + 500 * DAY, false);
    expect('certificate' in answer && identity.take(answer.certificate)).toBeUndefined();
  });

  it('a box that asks with ever new keys gets eight at most', () => {
    const issuer = openIssuer(directory, 'issuing');
    const asked = enrolled().request();
    const publicKey = createPublicKey(createKey());
    for (let n = 0; n < 7; n += 1) issueClient(directory, issuer, { name: DEVICE, publicKey, now });
    expect(renew(asked, now + 500 * DAY)).toEqual({ refused: expect.stringContaining('8 certificates') });
  });

  it('a request by another curve than P-256 is refused', () => {
    const [key, request] = [join(directory, 'k'), join(directory, 'r')];
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-384',
      '-sha256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      request,
      '-subj',
      `/CN=${DEVICE}`,
    );
    expect(openRequest(readFileSync(request, 'utf8'))).toEqual({ refused: expect.stringContaining('P-256') });
  });
});

it('D-3: a registry of before gets its authority by init, and an order for TLS says so until then', () => {
  const before = mkdtempSync(join(directory, 'before-'));
  initRegistry(before);
  rmSync(join(before, 'authority'), { recursive: true });
  const order = { ...exampleOrder(), central: { host: '127.0.0.1', port: 8883, tls: {} } };
  expect(issueOrder(before, order, data)).toMatchObject({ issued: false, problems: [{ field: 'central.tls' }] });
  initAuthority(before, now);
  expect(issueOrder(before, order, data).issued).toBe(true);
});
