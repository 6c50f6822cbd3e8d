import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFaxSpool } from '../../../../agent/edge/fax/fax-spool.ts';
import { createFiles, type Files } from '../../../../agent/edge/fax/files.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { FAX_DOCUMENTS, type FaxDocumentWish } from '../../../../agent/model/fax-documents.ts';
import { millis } from '../../../../agent/model/units.ts';
import type { Clock } from '../../../../agent/ports/clock.ts';
import type { FaxJob } from '../../../../agent/ports/fax-spool.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { createPowerCutFiles } from './power-cut-files.ts';

const LINE = '+33172890001';
const NOW = 1_795_000_000_000;
const DAY = 86_400_000;
const lines = textPage(1_728, 12);
const TIFF = Buffer.from(
  writeTiff(
    [
      {
        ...({ coding: 'mmr', width: 1_728, resolution: 'fine', height: 12 } as const),
        octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
      },
    ],
    { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
  ),
);
const hashOf = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');
const wish = (number: number, octets: Uint8Array = TIFF): FaxDocumentWish => ({
  ...{ number, by: 'self::support.shop', name: `n${number}`, line: LINE, to: '0142000001' },
  ...{ bytes: octets.length, sha256: hashOf(octets) },
  request: { number: 1, controller: 1, command: 'x', commandKey: '' },
});

type Open = { readonly files?: Files; readonly root: string; readonly wall?: () => number };

async function openSpool({ files = createFiles(), root, wall = () => NOW }: Open) {
  const faults: unknown[] = [];
  const looks: (() => void)[] = [];
  const clock: Clock = {
    wall: () => millis(wall()),
    mono: () => millis(0),
    after(_, fire) {
      looks.push(fire);
      return () => undefined;
    },
  };
  const spool = await openFaxSpool({
    ...{ root, clock, files, lines: [{ number: LINE }] },
    mail: { post: async () => ({ so: 'later', text: '' }), from: 'a@b.fr', limits: {} },
    tell: () => undefined,
    fault: (error) => faults.push(error),
  });
  const { documents } = spool;
  const begin = (one: FaxDocumentWish) => new Promise<string | undefined>((done) => documents.begin(one, done));
  const put = (number: number, offset: number, octets: Uint8Array) =>
    new Promise<string | undefined>((done) =>
      documents.put(number, { offset, octets: Buffer.from(octets).toString('base64') }, done),
    );
  const withdraw = (number: number) => new Promise<string | undefined>((done) => documents.withdraw(number, done));
  const of = (number: number) => documents.list().find((one) => one.number === number);
  /** The outbox looks into its folder. */
  const look = async (): Promise<void> => {
    for (const fire of looks.splice(0)) fire();
    await new Promise<void>((done) => spool.outbox.open('none', () => done()));
  };
  return { spool, faults, begin, put, withdraw, of, look };
}

let root = '';
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'relais-documents-')), 'fax');
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

describe('X-7: a document comes in pieces and is on the medium before it is confirmed', () => {
  it('whole, it becomes a job, and its course and end are told; the pieces are gone', async () => {
    const { spool, begin, put, of, look } = await openSpool({ root });
    const jobs: FaxJob[] = [];
    spool.outbox.onJob((job) => jobs.push(job));
    expect(await begin(wish(1))).toBeUndefined();
    expect(of(1)).toMatchObject({ state: 'receiving', bytesKept: 0 });
    expect(await put(1, 0, TIFF.subarray(0, 100))).toBeUndefined();
    expect(of(1)).toMatchObject({ state: 'receiving', bytesKept: 100 });
    expect(await put(1, 100, TIFF.subarray(100))).toBeUndefined();
    await look();
    expect(of(1)).toMatchObject({ state: 'waiting', pages: 1, bytesKept: TIFF.length });
    expect(jobs).toMatchObject([{ line: LINE, to: '0142000001', pages: 1 }]);
    expect(readdirSync(join(root, 'uploads', '1'))).toEqual(['upload.json']);
    const id = jobs[0]?.id ?? '';
    const last = { outcome: 'all-confirmed', text: 'Toutes.', pages: 1, ended: NOW };
    spool.outbox.note(id, { state: 'calling', tries: 1, confirmed: 0, call: { fax: 'f', before: 0 } });
    spool.outbox.note(id, { state: 'sent', tries: 1, confirmed: 1, last });
    await look();
    expect(of(1)).toMatchObject({ state: 'sent', pages: 1, confirmed: 1, calls: 1, text: 'Toutes.' });
    const again = await openSpool({ root });
    expect(again.of(1)).toMatchObject({ state: 'sent', confirmed: 1, text: 'Toutes.', name: 'n1' });
  });

  it('a piece that came twice is taken once; one that leaves a gap, or is too much, is refused with where to go on', async () => {
    const { begin, put, of } = await openSpool({ root });
    await begin(wish(1));
    expect(await put(1, 0, TIFF.subarray(0, 100))).toBeUndefined();
    expect(await put(1, 0, TIFF.subarray(0, 100))).toBeUndefined();
    expect(of(1)?.bytesKept).toBe(100);
    expect(await put(1, 200, TIFF.subarray(200))).toMatch(/Offset: 200; the next piece begins at 100/);
    expect(await put(1, 100, Buffer.concat([TIFF.subarray(100), TIFF]))).toMatch(/Octets: .*were announced/);
    expect(await put(7, 0, TIFF)).toMatch(/Document 7: there is none/);
    expect(of(1)).toMatchObject({ state: 'receiving', bytesKept: 100 });
  });

  it('after a restart it goes on where it was', async () => {
    const first = await openSpool({ root });
    await first.begin(wish(1));
    await first.put(1, 0, TIFF.subarray(0, 100));
    const { of, put, look, spool } = await openSpool({ root });
    expect(of(1)).toMatchObject({ state: 'receiving', bytesKept: 100, by: 'self::support.shop' });
    expect(await put(1, 100, TIFF.subarray(100))).toBeUndefined();
    spool.outbox.onJob(() => undefined);
    await look();
    expect(of(1)?.state).toBe('waiting');
  });

  it('what is not what was announced is refused, and says what to do', async () => {
    const { begin, put, of } = await openSpool({ root });
    await begin({ ...wish(1), sha256: 'ab'.repeat(32) });
    expect(await put(1, 0, TIFF)).toMatch(/SHA256: .*send it again/);
    expect(of(1)).toMatchObject({ state: 'refused', text: expect.stringContaining('SHA256') });
    expect(existsSync(join(root, 'out'))).toBe(false);
    expect((await openSpool({ root })).of(1)?.state).toBe('refused');
  });

  it('what is no document is refused by the outbox, with field and remedy', async () => {
    const text = Buffer.from('hello');
    const { spool, begin, put, of, look } = await openSpool({ root });
    spool.outbox.onJob(() => undefined);
    await begin(wish(1, text));
    await put(1, 0, text);
    await look();
    expect(of(1)).toMatchObject({ state: 'refused', text: expect.stringMatching(/^file: /) });
  });

  it('there are at most so many at once; what never comes back after a day gives its place up, and so does what is withdrawn', async () => {
    let now = NOW;
    const { begin, of, withdraw } = await openSpool({ root, wall: () => now });
    for (let number = 1; number <= FAX_DOCUMENTS.most; number += 1) expect(await begin(wish(number))).toBeUndefined();
    expect(await begin(wish(30))).toMatch(/Name: 20 documents are not over, at most 20/);
    expect(await withdraw(3)).toBeUndefined();
    expect(await withdraw(3)).toMatch(/refused; only what is on its way in/);
    expect(await begin(wish(31))).toBeUndefined();
    now += DAY + 1;
    expect(await begin(wish(32))).toBeUndefined();
    expect(of(1)).toMatchObject({ state: 'refused', text: expect.stringContaining('jamais arrivé') });
  });

  it('a medium that takes nothing is told, and the piece may come again', async () => {
    const files = createFiles();
    let full = false;
    const write: Files['write'] = (path, octets) =>
      full ? Promise.reject(new Error('ENOSPC')) : files.write(path, octets);
    const { begin, put, of, faults } = await openSpool({ root, files: { ...files, write } });
    await begin(wish(1));
    full = true;
    expect(await put(1, 0, TIFF)).toMatch(/the medium of the box did not take it/);
    expect([of(1)?.bytesKept, faults.length]).toEqual([0, 1]);
    full = false;
    expect(await put(1, 0, TIFF)).toBeUndefined();
    expect(of(1)?.state).toBe('preparing');
  });
});

describe('X-7: the power goes behind every single step', () => {
  type Medium = Parameters<typeof createPowerCutFiles>[0];
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 400; turn += 1) await Promise.resolve();
  };

  /** One life: begins, or goes on with, the document, as a controller does that asks where to. */
  async function live(medium: Medium, cutAfter: number, seed: number, hands: boolean) {
    const files = createPowerCutFiles(medium, cutAfter, seededFractions(seed));
    const jobs: FaxJob[] = [];
    let confirmed = 0;
    try {
      const { spool, of } = await openSpool({ root: '/state/fax', files });
      if (hands) {
        if (of(1) === undefined) spool.documents.begin(wish(1), () => undefined);
        for (let from = of(1)?.bytesKept ?? 0; from < TIFF.length; from += 100) {
          const octets = TIFF.subarray(from, from + 100).toString('base64');
          const done = (refusal: string | undefined): void => {
            if (refusal === undefined) confirmed = Math.max(confirmed, Math.min(from + 100, TIFF.length));
          };
          spool.documents.put(1, { offset: from, octets }, done);
          await settled();
        }
      }
      spool.outbox.onJob((job) => jobs.push(job));
      await settled();
      return { jobs, confirmed, medium: files.left(), calls: files.calls(), kept: of(1)?.bytesKept ?? 0 };
    } catch {
      return { jobs, confirmed, medium: files.left(), calls: files.calls(), kept: 0 };
    }
  }

  it('what was confirmed is there in the next life, and the document becomes one job, never none and never two', async () => {
    const empty: Medium = new Map([['/state', 'folder'] as const]);
    const whole = await live(empty, Number.POSITIVE_INFINITY, 1, true);
    expect(whole.jobs).toHaveLength(1);
    expect(whole.calls).toBeGreaterThan(40);
    for (let cut = 1; cut <= whole.calls; cut += 1) {
      for (const seed of [1, 2]) {
        const first = await live(empty, cut, seed, true);
        const looked = await live(first.medium, Number.POSITIVE_INFINITY, seed, false);
        if (first.jobs.length === 0 && looked.jobs.length === 0)
          expect(looked.kept, `cut behind step ${cut}, seed ${seed}`).toBeGreaterThanOrEqual(first.confirmed);
        const second = await live(first.medium, cut % 17, seed + 5, true);
        const third = await live(second.medium, Number.POSITIVE_INFINITY, seed, true);
        expect(third.jobs, `cut behind step ${cut}, seed ${seed}`).toHaveLength(1);
      }
    }
  });
});

describe('X-2, U-1: a fax that came in is described, and read piece by piece', () => {
  const FAX = { id: 'call@box', line: LINE, peer: '+33400000001', station: 'them', began: NOW };
  const ENDING = { outcome: 'all-confirmed', text: 'Toutes.', pages: 1, ended: NOW, rate: 14_400, ecm: true };
  type Read = Awaited<ReturnType<typeof openSpool>>['spool'];
  const read = (spool: Read, number: number, offset: number) =>
    new Promise<Parameters<Parameters<Read['documents']['read']>[2]>[0]>((done) =>
      spool.documents.read(number, offset, done),
    );

  it('with pages, rate, error correction and result; its PDF has the length and SHA-256 that it says', async () => {
    const { spool } = await openSpool({ root });
    await new Promise<unknown>((done) => spool.inbox.keep(FAX, 1, TIFF, done));
    spool.inbox.end(FAX, ENDING);
    await expect.poll(() => spool.documents.received()).toHaveLength(1);
    const about = { number: 1, line: LINE, from: '+33400000001', station: 'them', pages: 1, rate: 14_400, ecm: true };
    expect(spool.documents.received()[0]).toMatchObject({ ...about, outcome: 'all-confirmed', text: 'Toutes.' });
    const piece = await read(spool, 1, 0);
    if ('refusal' in piece) throw new Error(piece.refusal);
    const pdf = Buffer.from(piece.octets, 'base64');
    expect([pdf.length, hashOf(pdf), pdf.subarray(0, 5).toString()]).toEqual([piece.bytes, piece.sha256, '%PDF-']);
    expect(await read(spool, 1, piece.bytes + 1)).toMatchObject({ refusal: expect.stringContaining('Offset') });
    expect(await read(spool, 9, 0)).toMatchObject({ refusal: expect.stringContaining('mailbox') });
    await expect.poll(() => spool.documents.received()[0]?.mail).toBe('stuck');
    const again = await openSpool({ root });
    expect(again.spool.documents.received()).toMatchObject([about]);
  });
});
