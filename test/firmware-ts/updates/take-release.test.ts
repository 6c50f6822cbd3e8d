import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHECKSUMS } from '../../../agent/model/release.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createUpdates } from '../../../firmware-ts/updates/box-updates.ts';
import { takeRelease } from '../../../firmware-ts/updates/take-release.ts';
import { httpsBundle } from '../../../firmware-ts/wires/node/https-bundle.ts';
import { createReleaseBox, type ReleaseBox, sourceOf } from './release-box.ts';

const URL = 'https://releases.example/relais.bundle';
let box: ReleaseBox;
beforeEach(() => {
  box = createReleaseBox();
});
afterEach(() => box.clear());

/** Without the rests between attempts: how long they are is the clock's business. */
const hasty = (ports: ReturnType<ReleaseBox['ports']>) => ({
  ...ports,
  clock: { ...ports.clock, after: (_: unknown, fire: () => void) => ports.clock.after(millis(0), fire) },
});

describe('D-3: a release that is offered', () => {
  it('is taken into the slot that is not lived on, and nothing is started', async () => {
    const ports = box.ports(sourceOf(box.bundle('1.1.0')));
    expect(await takeRelease(URL, ports)).toMatchObject({ version: '1.1.0', floor: '1.0.0' });
    expect(ports.slots.manifestIn('b')?.version).toBe('1.1.0');
    expect(ports.slots.book()).toEqual({ confirmed: 'a', floor: '1.0.0' });
    expect(ports.bundle.size()).toBe(0);
  });

  it.each(CHECKSUMS)(
    'TP-469 9.6: with another %s than was said it is refused before the slot is touched, with its own it is taken',
    async (algorithm) => {
      const bundle = box.bundle('1.1.0');
      const value = createHash(algorithm.replace('-', '')).update(bundle).digest('hex');
      const ports = box.ports(sourceOf(bundle));
      const wrong = value.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
      await expect(takeRelease(URL, ports, { algorithm, value: wrong })).rejects.toMatchObject({
        code: 'release.refused',
        context: { field: 'CheckSum', remedy: expect.stringContaining(algorithm) },
      });
      expect(ports.slots.manifestIn('b')).toBeUndefined();
      const updates = createUpdates(ports);
      await new Promise<void>((done) => updates.take(URL, () => done(), { algorithm, value: wrong }));
      expect(updates.sight().slots[1]).toMatchObject({ status: 'ValidationFailed' });
      expect(await takeRelease(URL, ports, { algorithm, value })).toMatchObject({ version: '1.1.0' });
    },
  );

  it('D-3: a wish is taken back', async () => {
    const ports = box.ports(sourceOf(box.bundle('1.1.0')));
    await takeRelease(URL, ports);
    const updates = createUpdates(ports);
    expect([updates.wish('support'), updates.wished()]).toEqual([undefined, true]);
    updates.withdraw();
    expect(updates.wished()).toBe(false);
  });

  const altered = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 0x10;
    return copy;
  };
  const foreign = (one: ReleaseBox) =>
    one.bundle('1.1.0', { registry: mkdtempSync(join(tmpdir(), 'relais-foreign-')) });
  it.each<readonly [string, (one: ReleaseBox) => Buffer, string, RegExp]>([
    ['of another signer', foreign, 'signature', /release key of this box/],
    ['without a signature', (one) => one.bundle('1.1.0').subarray(200), 'first line', /sign-release/],
    ['altered behind its first line', (one) => altered(one.bundle('1.1.0'), 900), 'sha256', /not the bytes/],
    [
      'altered in its first line',
      (one) => altered(one.bundle('1.1.0'), 100),
      'signature',
      /release key|first line|sign-release/,
    ],
    ['cut off', (one) => one.bundle('1.1.0').subarray(0, -10), 'size', /shorter than was signed/],
    [
      'longer than was signed',
      (one) => Buffer.concat([one.bundle('1.1.0'), Buffer.from('x')]),
      'size',
      /more bytes come/,
    ],
    ['older than the floor', (one) => one.bundle('0.9.0', { floor: '0.1.0' }), 'version', /older than 1\.0\.0/],
    ['with a floor above itself', (one) => one.bundle('1.1.0', { floor: '2.0.0' }), 'floor', /shut out/],
  ])('%s is refused with the field and the remedy, and leaves nothing', async (_, make, field, remedy) => {
    const ports = hasty(box.ports(sourceOf(make(box))));
    await expect(takeRelease(URL, ports)).rejects.toMatchObject({
      code: 'release.refused',
      context: {
        field: expect.stringMatching(new RegExp(`^(${field}|first line)$`)),
        remedy: expect.stringMatching(remedy),
      },
    });
    expect(ports.slots.manifestIn('b')).toBeUndefined();
    expect(ports.slots.manifestIn('a')?.version).toBe('1.0.0');
    expect(ports.bundle.size()).toBe(0);
  });

  it('is refused by its first line alone, before the rest costs anything', async () => {
    const bytes = box.bundle('0.9.0', { floor: '0.1.0', padding: 200_000 });
    let given = 0;
    const counted = {
      fetch: (url: string, from: number, take: (part: Uint8Array) => boolean) =>
        sourceOf(bytes, { chunk: 1_000 }).fetch(url, from, (part) => {
          given += part.length;
          return take(part);
        }),
    };
    await expect(takeRelease(URL, box.ports(counted))).rejects.toMatchObject({ context: { field: 'version' } });
    expect(given).toBeLessThan(3_000);
  });

  it('is refused where there is no room for it, by plain HTTP, and while another one is on trial', async () => {
    const ports = box.ports(sourceOf(box.bundle('1.1.0')));
    await expect(takeRelease('http://releases.example/x', ports)).rejects.toMatchObject({ context: { field: 'URL' } });
    const narrow = { ...ports, bundle: { ...ports.bundle, room: () => 1_000 } };
    await expect(takeRelease(URL, narrow)).rejects.toMatchObject({
      context: { field: 'size', remedy: expect.stringContaining('make room') },
    });
    ports.slots.keepBook({ confirmed: 'a', floor: '1.0.0', trial: { slot: 'b', version: '1.1.0', triesLeft: 1 } });
    await expect(takeRelease(URL, ports)).rejects.toMatchObject({ context: { field: 'trial' } });
  });

  it('comes over a line that breaks again and again, and is gone on with after a restart of the box', async () => {
    const bytes = box.bundle('1.1.0', { padding: 60_000 });
    const broken = {
      fetch: async (url: string, from: number, take: (part: Uint8Array) => boolean) => {
        if (from > 20_000) throw new Error('the box goes down');
        return sourceOf(bytes, { chunk: 700, most: 3_000 }).fetch(url, from, take);
      },
    };
    await expect(takeRelease(URL, hasty(box.ports(broken)))).rejects.toThrow('goes down');
    const starts: number[] = [];
    const back = {
      fetch: (url: string, from: number, take: (part: Uint8Array) => boolean) => {
        starts.push(from);
        return sourceOf(bytes, { chunk: 700, most: 3_000 }).fetch(url, from, take);
      },
    };
    expect((await takeRelease(URL, hasty(box.ports(back)))).version).toBe('1.1.0');
    expect(starts[0]).toBeGreaterThan(20_000);
  });

  it('that is another one at the same address now is fetched from its first byte, once', async () => {
    const ports = hasty(box.ports(sourceOf(box.bundle('1.1.0'))));
    ports.bundle.keepOf(URL);
    ports.bundle.append(box.bundle('1.3.0').subarray(0, 1_500));
    expect((await takeRelease(URL, ports)).version).toBe('1.1.0');
  });
});

describe('fetching over HTTPS', () => {
  let place: string;
  let server: Server;
  let port = 0;
  let bytes: Buffer = Buffer.alloc(0);
  let asked: string[] = [];
  let breakAfter = Number.POSITIVE_INFINITY;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'relais-https-'));
    const [key, cert] = [join(place, 'key.pem'), join(place, 'cert.pem')];
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
    execFileSync(
      'openssl',
      [...words, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      { stdio: 'ignore' },
    );
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      asked.push(request.headers.range ?? 'all');
      if (request.url !== '/relais.bundle') return void response.writeHead(404).end();
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from > 0 && from >= bytes.length) return void response.writeHead(416).end();
      const rest = bytes.subarray(from);
      const headers = {
        'Content-Length': rest.length,
        ...(from > 0 && { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
      };
      response.writeHead(from > 0 ? 206 : 200, headers);
      response.write(rest.subarray(0, breakAfter), () => breakAfter < rest.length && request.socket.destroy());
      if (breakAfter >= rest.length) response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    writeFileSync(join(place, 'root'), readFileSync(cert));
  });
  afterAll(() => {
    server.close();
    rmSync(place, { recursive: true, force: true });
  });

  const source = () => httpsBundle({ roots: readFileSync(join(place, 'root'), 'utf8'), silence: seconds(5) });

  it('goes on where the line broke, by ranges, and ends with a whole slot', async () => {
    bytes = box.bundle('1.1.0', { padding: 50_000 });
    breakAfter = 20_000;
    asked = [];
    const ports = hasty(box.ports(source()));
    expect((await takeRelease(`https://localhost:${port}/relais.bundle`, ports)).version).toBe('1.1.0');
    expect(asked[0]).toBe('all');
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true);
    breakAfter = Number.POSITIVE_INFINITY;
  });

  it('says that nothing is there, and believes no server under another root', async () => {
    const ports = hasty(box.ports(source()));
    await expect(takeRelease(`https://localhost:${port}/nothing`, ports)).rejects.toMatchObject({
      code: 'release.unreachable',
    });
    expect(
      await httpsBundle({ silence: seconds(5) }).fetch(`https://localhost:${port}/relais.bundle`, 0, () => true),
    ).toBe('broken');
  });
});
