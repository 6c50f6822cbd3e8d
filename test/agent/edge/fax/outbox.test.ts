import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFaxSpool } from '../../../../agent/edge/fax/fax-spool.ts';
import { systemClock } from '../../../../agent/edge/system-clock.ts';
import { nextMailAt, WEEK } from '../../../../agent/fax/mail/mail-pace.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import { writePdf } from '../../../../agent/fax/page/write-pdf.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import type { FaxJob } from '../../../../agent/ports/fax-spool.ts';
import { textPage } from '../../fax/page/sample-pages.ts';

const LINE = '+33123456789';
const TIME = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
const lines = textPage(1_728, 600);
const page = (width: number) =>
  ({
    coding: 'mmr',
    width,
    resolution: 'fine',
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width }, width === 1_728 ? lines : textPage(width, 600)),
  }) as const;
const LABEL = { sender: '', time: TIME };

/** A spool on the disk with these files in its outbox; until each request is a job or has its result. */
async function withOutbox(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (spool: Spooled) => void | Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  const root = join(folder, 'fax');
  for (const name of ['out', 'results']) mkdirSync(join(root, name), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, 'out', name), content);
  const jobs: FaxJob[] = [];
  const results = (): readonly string[] => readdirSync(join(root, 'results')).filter((name) => name.endsWith('.json'));
  const spool = await openFaxSpool({
    root,
    clock: systemClock(),
    lines: [{ number: LINE }],
    mail: { post: async () => ({ so: 'later', text: '' }), from: 'a@b.fr', limits: {} },
    tell: () => undefined,
    fault: (error) => {
      throw error;
    },
  });
  try {
    spool.outbox.onJob((job) => jobs.push(job));
    const asked = Object.keys(files).filter((name) => name.endsWith('.json')).length;
    while (jobs.length + results().length < asked) await new Promise((done) => setTimeout(done, 20));
    // Whatever was begun is done.
    await new Promise<void>((done) => spool.outbox.open('none', () => done()));
    const result = (name: string) => JSON.parse(readFileSync(join(root, 'results', `${name}.json`), 'utf8'));
    await work({ root, jobs, result, spool });
  } finally {
    spool.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
type Spooled = {
  readonly root: string;
  readonly jobs: readonly FaxJob[];
  readonly result: (name: string) => { readonly state: string; readonly text: string };
  readonly spool: Awaited<ReturnType<typeof openFaxSpool>>;
};
const request = (file: string, more: object = {}): string =>
  JSON.stringify({ line: LINE, to: '0400000001', file, ...more });

describe('X-7: what lies in the outbox', () => {
  it('a PDF becomes pages of a fax, fine and 1728 dots wide, drawn by ghostscript', async () => {
    const pdf = writePdf([page(1_728), page(1_728)], LABEL);
    await withOutbox({ 'a.pdf': pdf, 'a.json': request('a.pdf') }, async ({ jobs, spool }) => {
      expect(jobs).toMatchObject([{ line: LINE, to: '0400000001', pages: 2, confirmed: 0 }]);
      const tiff = await new Promise<Uint8Array | undefined>((done) => spool.outbox.open(jobs[0]?.id ?? '', done));
      const { pages } = readTiff(tiff ?? new Uint8Array(0));
      expect(pages?.map(({ width, resolution }) => [width, resolution])).toEqual([
        [1_728, 'fine'],
        [1_728, 'fine'],
      ]);
      expect(pages?.[0]?.lines.some((line) => line.length > 0)).toBe(true);
    });
  });

  it.each([
    ['a file that is no document', 'a.pdf', Buffer.from('hello'), {}, /file: a\.pdf: .*/],
    [
      'a PDF that cannot be drawn',
      'a.pdf',
      Buffer.from('%PDF-1.4\nnothing'),
      {},
      /cannot be drawn|0 pages|Header|TIFF/,
    ],
    ['a scan as wide as no fax', 'a.tif', writeTiff([page(1_500)], LABEL), {}, /page 1, ImageWidth: 1500 dots .*1728/],
    [
      'a line of somebody else',
      'a.tif',
      writeTiff([page(1_728)], LABEL),
      { line: '+33999999999' },
      /line: \+33999999999 .*\+33123456789/,
    ],
    ['a number with letters', 'a.tif', writeTiff([page(1_728)], LABEL), { to: 'dial me' }, /to: .*digits/],
    ['a name with a folder', '../a.tif', new Uint8Array(0), {}, /file: .*without a folder/],
    ['no document at all', 'b.tif', new Uint8Array(0), {}, /not there, or empty/],
  ])('%s is refused, and the result says the field and the remedy', async (_, file, content, more, text) => {
    const files = file.includes('/') || content.length === 0 ? {} : { [file]: content };
    await withOutbox({ ...files, 'a.json': request(file, more) }, ({ jobs, result, root }) => {
      expect(jobs).toEqual([]);
      expect(result('a')).toMatchObject({ state: 'refused', text: expect.stringMatching(text) });
      expect(readdirSync(join(root, 'jobs'))).toEqual([]);
    });
  });

  it('the end of a job is told in its result, and nothing of the document stays', async () => {
    const tiff = writeTiff([page(1_728)], LABEL);
    await withOutbox({ 'a.tif': tiff, 'a.json': request('a.tif') }, async ({ jobs, result, root, spool }) => {
      const last = { outcome: 'all-confirmed', text: 'Toutes.', pages: 1, ended: 1 };
      const id = jobs[0]?.id ?? '';
      spool.outbox.note(id, { state: 'calling', tries: 1, confirmed: 0 });
      spool.outbox.note(id, { state: 'sent', tries: 1, confirmed: 1, last });
      await new Promise<void>((done) => spool.outbox.open(id, () => done()));
      expect(result('a')).toMatchObject({ state: 'sent', text: 'Toutes.', confirmed: 1, tries: 1 });
      expect([...readdirSync(join(root, 'jobs')), ...readdirSync(join(root, 'out'))]).toEqual([]);
    });
  });
});

describe('X-6: the pace of mails', () => {
  const now = 1_000_000_000_000;

  it('at most so many connections a second', () => {
    expect(nextMailAt({ 'a@b': now - 100 }, 'a@b', { connectionsPerSecond: 3 }, now)).toBe(now - 100 + 334);
    expect(nextMailAt({ 'a@b': now - 400 }, 'c@d', { connectionsPerSecond: 3 }, now)).toBe(now);
  });

  it('a recipient too many waits until another one is a week old; those of the week do not wait', () => {
    const mailed = { 'a@b': now - WEEK + 5_000, 'c@d': now - 1_000 };
    const limits = { distinctRecipientsPerWeek: 2 };
    expect(nextMailAt(mailed, 'e@f', limits, now)).toBe(now + 5_000);
    expect(nextMailAt(mailed, 'c@d', limits, now)).toBe(now);
    expect(nextMailAt(mailed, 'e@f', limits, now + 5_000)).toBe(now + 5_000);
  });
});
