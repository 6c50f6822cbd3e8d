import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTimeFloor } from '../../../agent/edge/time-floor.ts';
import { openUplinkIdentity } from '../../../agent/edge/uplink-identity.ts';
import { fromPem } from '../../../agent/x509/pem.ts';
import { initAuthority, issueClient, openIssuer, openRequest } from '../../../provisioning/authority/authority.ts';

const DEVICE = 'relais-0001';
const DAY = 86_400_000;
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-identity-'));
  file = join(directory, 'identity.pem');
  initAuthority(directory, Date.now());
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openUplinkIdentity(file, DEVICE);
function signed(request: string, name = DEVICE): string {
  const asked = openRequest(request);
  if ('refused' in asked) throw new Error(asked.refused);
  return issueClient(directory, openIssuer(directory, 'issuing'), {
    name,
    publicKey: asked.publicKey,
    now: Date.now(),
  });
}
const serialShown = () => open().show()?.pem;

it('D-3: the key is made once, on the box, mode 0600, and shown to nobody before it has its certificate', () => {
  const first = open().ask();
  // Not byte for byte: each ECDSA signature is another one.
  const keyOf = (pem: string) => 'publicKey' in openRequest(pem) && openRequest(pem);
  expect(JSON.stringify(keyOf(open().ask()))).toContain(DEVICE);
  const own = createPublicKey(createPrivateKey(readFileSync(`${file}.next`)));
  for (const pem of [first, open().ask()]) {
    const asked = openRequest(pem);
    expect('publicKey' in asked && asked.publicKey.equals(own)).toBe(true);
  }
  expect(statSync(`${file}.next`).mode & 0o777).toBe(0o600);
  expect([open().show(), open().life(), open().request()]).toEqual([undefined, undefined, undefined]);
});

it('D-3: the certificate in use is kept until the next one has let the box in', () => {
  const identity = open();
  expect(identity.take(signed(identity.ask()))).toBeUndefined();
  const shown = identity.show();
  expect([shown?.which, existsSync(file)]).toEqual(['next', false]);
  if (shown) identity.worked(shown);
  const before = readFileSync(file, 'utf8');
  expect([identity.show()?.which, existsSync(`${file}.next`)]).toEqual(['present', false]);

  const asked = identity.request();
  expect(
    asked &&
      verify(
        'sha256',
        fromPem('CERTIFICATE REQUEST', asked.request) ?? new Uint8Array(),
        createPublicKey(before),
        Buffer.from(asked.proof, 'base64'),
      ),
  ).toBe(true);
  expect(identity.show()?.pem).toBe(before);
  expect(identity.take(signed(asked?.request ?? ''))).toBeUndefined();
  // A cut of power here: the next start shows the next one, and has the one before.
  const next = open().show();
  expect([next?.which, next?.pem === before, readFileSync(file, 'utf8')]).toEqual(['next', false, before]);
  if (next) identity.worked(next);
  expect(readFileSync(file, 'utf8')).toBe(next?.pem);
});

it('D-3: a next certificate that lets nobody in has its turn with the one before, and is set aside once that one works', () => {
  const identity = open();
  identity.take(signed(identity.ask()));
  const first = identity.show();
  if (first) identity.worked(first);
  identity.take(signed(identity.request()?.request ?? ''));
  const seen: (string | undefined)[] = [];
  for (let n = 0; n < 4; n += 1) {
    const shown = identity.show();
    seen.push(shown?.which);
    if (shown) identity.failed(shown);
  }
  expect(seen).toEqual(['next', 'present', 'next', 'present']);
  const tried = identity.show();
  if (tried) identity.failed(tried);
  const present = identity.show();
  if (present) identity.worked(present);
  expect([existsSync(`${file}.next`), existsSync(`${file}.refused`), identity.show()?.which]).toEqual([
    false,
    true,
    'present',
  ]);
});

it('D-3: what was not asked for is not taken: another key, another name, no certificate, none asked', () => {
  const identity = open();
  expect(identity.take('x')).toMatch(/asked/);
  const request = identity.ask();
  expect(identity.take('x')).toMatch(/no certificate/);
  expect(identity.take(signed(request, 'relais-0002'))).toMatch(/another name/);
  expect(identity.take(signed(openUplinkIdentity(join(directory, 'other'), DEVICE).ask()))).toMatch(/another key/);
  expect(identity.show()).toBeUndefined();
  expect(identity.take(signed(request))).toBeUndefined();
});

it('a damaged file names itself and the remedy where it is needed, and stops nothing else', () => {
  writeFileSync(file, 'not a key');
  expect(serialShown).toThrow(/config\.refused.*relais enroll/);
  expect([open().life(), open().request()]).toEqual([undefined, undefined]);
  const identity = open();
  expect(identity.take(signed(identity.ask()))).toBeUndefined();
  expect(identity.show()?.which).toBe('next');
});

it('checklist 6: what proves the time survives a restart, grows only, and is written once a day at most', () => {
  const at = join(directory, 'floor');
  const floor = openTimeFloor(at, [10 * DAY, 3]);
  floor.seen(10 * DAY + 5);
  expect([floor.at(), existsSync(at)]).toEqual([10 * DAY + 5, false]);
  floor.seen(12 * DAY);
  floor.seen(11 * DAY);
  expect([floor.at(), openTimeFloor(at, [0]).at(), openTimeFloor(at, [20 * DAY]).at()]).toEqual([
    12 * DAY,
    12 * DAY,
    20 * DAY,
  ]);
  writeFileSync(at, 'x');
  expect(openTimeFloor(at, [7]).at()).toBe(7);
});
