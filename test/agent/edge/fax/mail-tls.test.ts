import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaxSpool, openFaxSpool } from '../../../../agent/edge/fax/fax-spool.ts';
import type { MailNews } from '../../../../agent/edge/fax/mail-queue.ts';
import { createSmtp, type PostMail, type SmtpServer } from '../../../../agent/edge/fax/smtp.ts';
import type { MailLimits } from '../../../../agent/fax/mail/mail-pace.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { millis } from '../../../../agent/model/units.ts';
import type { Clock } from '../../../../agent/ports/clock.ts';
import { createKey, issue, issueRoot, issuerOf, keyPem } from '../../../../provisioning/authority/issue.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { type Exim, startExim } from './exim.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const BEGAN = Date.UTC(2026, 10, 20, 8);
const LINES = [
  { number: '+33123456781', mail: 'client@example.fr' },
  { number: '+33123456782', mail: 'nobody@example.fr' },
  { number: '+33123456783', mail: 'other@example.fr' },
];
const patience = { timeout: 20_000, interval: 20 };
const pageOf = (lines: readonly Uint16Array[]): Uint8Array =>
  writeTiff(
    [
      {
        ...({ coding: 'mmr', width: 1_728, resolution: 'fine' } as const),
        height: lines.length,
        octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
      },
    ],
    { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
  );
const PAGE = pageOf(textPage(1_728, 40));

const LIFE = { from: Date.now() - 24 * HOUR, until: Date.now() + 24 * HOUR };
const rootKey = createKey();
const root = issueRoot('Mail', rootKey, LIFE);
const key = createKey();
const certificate = issue(issuerOf(root, keyPem(rootKey)), {
  ...{ subject: 'localhost', publicKey: createPublicKey(key), life: LIFE },
  purpose: { is: 'server', hosts: ['localhost'] },
});
const SECURE = { certificate, key: keyPem(key), user: 'fax', password: 'right' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-mail-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The queue of a box whose time passes when the test says so; the mail server is real. */
async function box(post: PostMail, limits: MailLimits = {}) {
  const news: MailNews[] = [];
  let wall = BEGAN;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  const clock: Clock = {
    wall: () => millis(wall),
    mono: () => millis(wall),
    after(delay, fire) {
      const timer = { at: wall + delay, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  let tries = 0;
  const counted: PostMail = async (mail) => {
    const answer = await post(mail);
    tries += 1;
    return answer;
  };
  const spool: FaxSpool = await openFaxSpool({
    ...{ root: join(folder, 'fax'), clock, lines: LINES },
    mail: { post: counted, from: 'fax@box.example.fr', limits },
    tell: (one) => news.push(one),
    fault: () => undefined,
  });
  return {
    ...{ spool, news },
    tries: () => tries,
    kept: () => readdirSync(join(folder, 'fax', 'in')).length,
    on: () => news.map((one) => one.on),
    pending: () => timers.length,
    pass(time: number) {
      wall += time;
      const due = timers.filter(({ at }) => at <= wall);
      timers = timers.filter(({ at }) => at > wall);
      for (const { fire } of due) fire();
    },
    receive(id: string, line = '+33123456781', pages: readonly Uint8Array[] = [PAGE]) {
      const fax = { id, line, peer: '+33400000001', station: 'them', began: wall };
      for (const [at, page] of pages.entries()) spool.inbox.keep(fax, at + 1, page, () => undefined);
      spool.inbox.end(fax, { outcome: 'all-confirmed', text: '', pages: pages.length, ended: wall });
    },
  };
}

const idOf = (mail: string): string => /^Message-ID: (\S+)/im.exec(mail)?.[1] ?? '';

describe('X-2, X-6: mail over TLS, against exim with a certificate and passwords', () => {
  let exim: Exim;
  beforeAll(async () => {
    exim = await startExim({ secure: SECURE });
  });
  afterAll(() => exim.stop());
  const server = (more: Partial<SmtpServer> = {}): SmtpServer => ({
    ...{ host: 'localhost', port: exim.port, security: 'starttls', user: 'fax', password: 'right', roots: [root] },
    ...more,
  });

  it.each(['tls', 'starttls'] as const)(
    '%s with a password: the mail is taken, over TLS, and the spool is empty',
    async (security) => {
      const before = exim.mails().length;
      const { receive, on, kept } = await box(
        createSmtp(server({ security, port: security === 'tls' ? exim.tlsPort : exim.port })),
      );
      receive(`${security}@box`);
      await expect.poll(on, patience).toEqual(['fax-mailed']);
      expect(kept()).toBe(0);
      await expect.poll(() => exim.mails().length, patience).toBe(before + 1);
      expect(exim.mails().filter((mail) => mail.includes('with esmtpsa'))).toHaveLength(before + 1);
    },
  );

  it.each([
    ['a certificate of nobody known', { roots: [] }, /certificate|issuer/i],
    ['a certificate of another host', { host: '127.0.0.1' }, /altnames|127\.0\.0\.1/i],
    ['a wrong password', { password: 'wrong' }, /535|authenti/i],
    ['no TLS where the server wants it', { security: 'none' as const, user: undefined }, /TLS first/],
  ])(
    '%s: nothing is said to it, the fax stays in the spool, is tried again, and support is told',
    async (_, more, says) => {
      const before = exim.mails().length;
      const { receive, kept, news, pass, pending, tries } = await box(createSmtp(server(more)));
      receive('refused@box');
      if ('security' in more) {
        // MAIL FROM refused with 550: for good, until somebody looks at it.
        await expect.poll(() => news.length, patience).toBe(1);
      } else {
        for (let at = 1; at <= 6; at += 1) {
          await expect.poll(() => [tries(), pending() > 0], patience).toEqual([at, true]);
          pass(HOUR);
        }
        await expect.poll(() => news.length, patience).toBe(1);
      }
      expect(news[0]).toMatchObject({ on: 'fax-mail-stuck', text: expect.stringMatching(says) });
      expect([kept(), exim.mails().length]).toEqual([1, before]);
    },
  );
});

describe('X-2, X-6: a server that is not as it should be', () => {
  it('STARTTLS that is not offered is waited for: nothing goes in the clear', async () => {
    const exim = await startExim();
    try {
      const post = createSmtp({ host: 'localhost', port: exim.port, security: 'starttls', roots: [root] });
      const { receive, kept, tries, pending } = await box(post);
      receive('clear@box');
      await expect.poll(() => [tries(), pending() > 0], patience).toEqual([1, true]);
      expect([kept(), exim.mails()]).toEqual([1, []]);
    } finally {
      await exim.stop();
    }
  });

  it('one that is away for hours gets everything once it is back, each fax once; support was told', async () => {
    const gone = await startExim();
    await gone.stop();
    const { receive, on, kept, pass, tries, pending } = await box(
      createSmtp({ host: '127.0.0.1', port: gone.port, security: 'none' }),
    );
    receive('one@box');
    receive('two@box');
    for (let hours = 0; hours < 9; hours += 1) {
      await expect.poll(() => [tries(), pending() >= 2], patience).toEqual([2 * (hours + 1), true]);
      pass(HOUR);
    }
    await expect.poll(tries, patience).toBe(20);
    expect([on(), kept()]).toEqual([['fax-mail-stuck', 'fax-mail-stuck'], 2]);
    const back = await startExim({ port: gone.port });
    try {
      await expect.poll(() => pending() >= 2, patience).toBe(true);
      pass(HOUR);
      await expect.poll(() => on().slice(2), patience).toEqual(['fax-mailed', 'fax-mailed']);
      pass(HOUR);
      await expect.poll(() => back.mails().length, patience).toBe(2);
      expect([new Set(back.mails().map(idOf)).size, kept()]).toEqual([2, 0]);
    } finally {
      await back.stop();
    }
  });

  it('RFC 5321 4.5.3.2.6: an answer that is lost brings the mail twice, under one Message-ID, and the fax is told once', async () => {
    const exim = await startExim();
    const cut = await cutAnswers(exim.port, 1);
    try {
      const { receive, on, pass, tries, pending } = await box(
        createSmtp({ host: '127.0.0.1', port: cut.port, security: 'none' }),
      );
      receive('lost@box');
      await expect.poll(() => [tries(), pending() > 0], patience).toEqual([1, true]);
      pass(HOUR);
      await expect.poll(on, patience).toEqual(['fax-mailed']);
      await expect.poll(() => exim.mails().length, patience).toBe(2);
      expect(new Set(exim.mails().map(idOf)).size).toBe(1);
    } finally {
      await cut.close();
      await exim.stop();
    }
  });

  it('X-6: a recipient more than the week allows waits for its week, and whom the server refuses is kept', async () => {
    const exim = await startExim();
    try {
      const { receive, on, kept, pass, pending } = await box(
        createSmtp({ host: '127.0.0.1', port: exim.port, security: 'none' }),
        { connectionsPerSecond: 3, distinctRecipientsPerWeek: 1 },
      );
      receive('first@box');
      await expect.poll(on, patience).toEqual(['fax-mailed']);
      receive('other@box', '+33123456783');
      for (let waited = 0; waited < WEEK; waited += 24 * HOUR) {
        await expect.poll(pending, patience).toBeGreaterThan(0);
        expect(on()).toEqual(['fax-mailed']);
        pass(24 * HOUR);
      }
      await expect.poll(on, patience).toEqual(['fax-mailed', 'fax-mailed']);
      pass(WEEK);
      receive('nobody@box', '+33123456782');
      await expect.poll(on, patience).toEqual(['fax-mailed', 'fax-mailed', 'fax-mail-stuck']);
      expect([kept(), exim.mails().length]).toEqual([1, 2]);
    } finally {
      await exim.stop();
    }
  });
});

/** In front of a mail server; the first answers to a whole mail never arrive: the line breaks instead. */
async function cutAnswers(to: number, count: number): Promise<{ readonly port: number; close: () => Promise<void> }> {
  let left = count;
  const server: Server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      if (left > 0 && chunk.toString('latin1').includes('250 OK id=')) {
        left -= 1;
        client.destroy();
        upstream.end();
      } else client.write(chunk);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => new Promise((done) => void server.close(() => done())) };
}
