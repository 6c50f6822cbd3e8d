import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaxSpool, openFaxSpool } from '../../../../agent/edge/fax/fax-spool.ts';
import type { MailNews } from '../../../../agent/edge/fax/mail-queue.ts';
import { createSmtp } from '../../../../agent/edge/fax/smtp.ts';
import { systemClock } from '../../../../agent/edge/system-clock.ts';
import type { MailLimits } from '../../../../agent/fax/mail/mail-pace.ts';
import { bitsOfLine } from '../../../../agent/fax/page/line.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { createSimRandom } from '../../../../hw-sim/site/sim-random.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { type Exim, startExim } from './exim.ts';

let exim: Exim;
beforeAll(async () => {
  exim = await startExim();
});
afterAll(() => exim.stop());

const BEGAN = Date.UTC(2026, 6, 14, 8, 5, 9);
const fax = (id: string, line: string) => ({ id, line, peer: '+33400000001', station: '04 00 00 00 01', began: BEGAN });
const ENDING = { outcome: 'all-confirmed', text: '', pages: 2, ended: BEGAN + 60_000 };
const LINES = [
  { number: '+33123456781', mail: 'client@example.fr' },
  { number: '+33123456782', mail: 'nobody@example.fr' },
  { number: '+33123456783', mail: 'full@example.fr' },
  { number: '+33123456784' },
];
const PAGES = [1, 2].map((seed) => textPage(1_728, 90, seed));
const tiffOf = (lines: (typeof PAGES)[number]): Uint8Array =>
  writeTiff(
    [
      {
        coding: 'mmr',
        width: 1_728,
        resolution: 'fine',
        height: lines.length,
        octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
      },
    ],
    { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
  );

async function withSpool(
  limits: MailLimits,
  work: (
    spool: FaxSpool,
    folder: string,
    told: (isIt: (news: MailNews) => boolean) => Promise<MailNews>,
  ) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  const news: MailNews[] = [];
  let wake: () => void = () => undefined;
  const spool = await openFaxSpool({
    root: join(folder, 'fax'),
    clock: systemClock(),
    lines: LINES,
    mail: {
      post: createSmtp({ host: '127.0.0.1', port: exim.port, security: 'none' }),
      from: 'fax@box.example.fr',
      limits,
    },
    tell: (one) => {
      news.push(one);
      wake();
    },
    fault: (error) => {
      throw error;
    },
  });
  const told = async (isIt: (one: MailNews) => boolean): Promise<MailNews> => {
    for (;;) {
      const found = news.find(isIt);
      if (found) return found;
      await new Promise<void>((done) => {
        wake = done;
      });
    }
  };
  try {
    await work(spool, join(folder, 'fax'), told);
  } finally {
    spool.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function receive(spool: FaxSpool, id: string, line: string): void {
  for (const [at, lines] of PAGES.entries()) spool.inbox.keep(fax(id, line), at + 1, tiffOf(lines), () => undefined);
  spool.inbox.end(fax(id, line), ENDING);
}

describe('X-2: a fax that came in goes to the client as PDF, by a real mail server', () => {
  it('X-2: subject and text are French, the PDF shows every dot in poppler, and the spool is empty afterwards', async () => {
    await withSpool({}, async (spool, folder, told) => {
      receive(spool, 'one@box', '+33123456781');
      await told(({ on }) => on === 'fax-mailed');
      const mail = await arrived('fax.');
      checkMail(mail);
      expect(readdirSync(join(folder, 'in'))).toEqual([]);
    });
  });

  it('X-2: what the server refuses for good is kept, and support is told; so is what has no address', async () => {
    await withSpool({}, async (spool, folder, told) => {
      receive(spool, 'two@box', '+33123456782');
      receive(spool, 'three@box', '+33123456784');
      expect(await told((news) => news.on === 'fax-mail-stuck' && news.fax === 'two@box')).toMatchObject({
        text: expect.stringContaining('no such mailbox here'),
      });
      expect(await told((news) => news.on === 'fax-mail-stuck' && news.fax === 'three@box')).toMatchObject({
        text: expect.stringContaining('"mail"'),
      });
      const kept = readdirSync(join(folder, 'in'));
      expect(kept).toHaveLength(2);
      for (const name of kept) expect(readdirSync(join(folder, 'in', name))).toContain('page-0002.tif');
    });
  });

  it('X-6: a server that puts a mail off is asked again later, and nobody else waits for that', async () => {
    await withSpool({}, async (spool, folder, told) => {
      receive(spool, 'four@box', '+33123456783');
      receive(spool, 'five@box', '+33123456781');
      await told((news) => news.on === 'fax-mailed' && news.fax === 'five@box');
      const [left = ''] = readdirSync(join(folder, 'in'));
      const state = JSON.parse(readFileSync(join(folder, 'in', left, 'mail.json'), 'utf8'));
      expect(state).toMatchObject({ state: 'waiting', tries: 1, text: expect.stringContaining('come again') });
    });
  });
});

describe('X-2: a fax that is too large for one mail', () => {
  it('goes in parts that say which they are, with every page once and in order', async () => {
    const chance = createSimRandom('noise');
    const noise = Array.from({ length: 2_300 }, () => {
      const changes: number[] = [];
      for (let at = 3; at < 1_720; at += 2 + Math.floor(chance.fraction() * 9)) changes.push(at);
      return Uint16Array.from(changes);
    });
    const heavy = tiffOf(noise);
    const count = Math.ceil(7_500_000 / heavy.length);
    await withSpool({}, async (spool, _folder, told) => {
      const one = fax('heavy@box', '+33123456781');
      for (let page = 1; page <= count; page += 1) spool.inbox.keep(one, page, heavy, () => undefined);
      spool.inbox.end(one, { ...ENDING, pages: count });
      expect(await told((news) => news.on === 'fax-mailed' && news.fax === 'heavy@box')).toMatchObject({ parts: 2 });
      const mails = [await arrived('(partie 1 sur 2)', subjectOf), await arrived('(partie 2 sur 2)', subjectOf)];
      expect(mails.map((mail) => pagesIn(mail)).reduce((sum, pages) => sum + pages)).toBe(count);
      for (const mail of mails) expect(mail.length).toBeLessThan(10_000_000);
    });
  });
});

/** RFC 2047, as nodemailer writes it. */
const subjectOf = (mail: string): string =>
  (/^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(mail)?.[1] ?? '').replaceAll(/\r?\n[ \t]/g, ' ').replaceAll('_', ' ');

function pagesIn(mail: string): number {
  const pdf = /application\/pdf[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/.exec(mail)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'relais-pdf-'));
  try {
    writeFileSync(join(folder, 'fax.pdf'), Buffer.from(pdf, 'base64'));
    const told = execFileSync('pdfinfo', [join(folder, 'fax.pdf')], { encoding: 'utf8' });
    return Number(/^Pages:\s+(\d+)$/m.exec(told)?.[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mail that exim has put into its mailbox; it delivers behind its answer. */
async function arrived(mark: string, where = (mail: string): string => mail): Promise<string> {
  for (;;) {
    const found = exim.mails().find((mail) => where(mail).includes(mark));
    if (found) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
}

function checkMail(mail: string): void {
  const pdf = /application\/pdf[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/.exec(mail)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'relais-pdf-'));
  try {
    writeFileSync(join(folder, 'fax.pdf'), Buffer.from(pdf, 'base64'));
    execFileSync('pdfimages', [join(folder, 'fax.pdf'), join(folder, 'page')]);
    for (const [at, lines] of PAGES.entries()) {
      const shown = readFileSync(join(folder, `page-00${at}.pbm`));
      const bits = Buffer.concat(lines.map((line) => Buffer.from(bitsOfLine(line, 1_728))));
      expect(shown.subarray(shown.length - bits.length).equals(bits), `page ${at + 1}`).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(mail).toMatch(/^Message-ID: <fax\.\d+-[0-9a-f]{12}\.1-1@box\.example\.fr>/m);
  const text = Buffer.from(
    (/text\/plain[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/.exec(mail)?.[1] ?? '')
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
  expect(text).toContain('Expéditeur : +33400000001');
  expect(text).toContain('mardi 14 juillet 2026');
  expect(text).toContain('10:05:09 (heure de Paris)');
  expect(text).toContain('Pages : 2');
}
