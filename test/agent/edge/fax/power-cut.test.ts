import { describe, expect, it } from 'vitest';
import type { FaxMail } from '../../../../agent/edge/fax/compose-mail.ts';
import { openFaxSpool } from '../../../../agent/edge/fax/fax-spool.ts';
import type { MailAnswer } from '../../../../agent/edge/fax/smtp.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { millis } from '../../../../agent/model/units.ts';
import type { Clock } from '../../../../agent/ports/clock.ts';
import type { FaxJob } from '../../../../agent/ports/fax-spool.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { createPowerCutFiles } from './power-cut-files.ts';

type Medium = Parameters<typeof createPowerCutFiles>[0];
const ROOT = '/state/fax';
const LINE = '+33123456789';
const FAX = { id: 'call@box', line: LINE, peer: '+33400000001', station: 'them', began: 1_795_000_000_000 };
const ENDING = { outcome: 'all-confirmed', text: 'ok', pages: 2, ended: FAX.began + 60_000 };
const TIME = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };

const lines = textPage(1_728, 12);
const TIFF = writeTiff(
  [
    {
      coding: 'mmr',
      width: 1_728,
      resolution: 'fine',
      height: 12,
      octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
    },
  ],
  { sender: '', time: TIME },
);

/** Time stands still: what waits is for another life. */
const STILL: Clock = { wall: () => millis(FAX.began), mono: () => millis(0), after: () => () => undefined };
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 250; turn += 1) await Promise.resolve();
};

type Life = {
  readonly confirmed: Set<number>;
  readonly mails: FaxMail[];
  readonly jobs: FaxJob[];
  readonly medium: Medium;
  readonly calls: number;
};

/** One life of the box on that medium, until the power goes or all is done. */
async function live(medium: Medium, cutAfter: number, seed: number, receive: boolean): Promise<Life> {
  const files = createPowerCutFiles(medium, cutAfter, seededFractions(seed));
  const confirmed = new Set<number>();
  const mails: FaxMail[] = [];
  const jobs: FaxJob[] = [];
  const post = async (mail: FaxMail): Promise<MailAnswer> => {
    mails.push(mail);
    return { so: 'taken', text: '' };
  };
  try {
    const spool = await openFaxSpool({
      root: ROOT,
      clock: STILL,
      lines: [{ number: LINE, mail: 'client@example.fr' }],
      mail: { post, from: 'fax@example.fr', limits: {} },
      tell: () => undefined,
      fault: () => undefined,
      files,
    });
    spool.outbox.onJob((job) => jobs.push(job));
    await settled();
    if (receive) {
      for (const page of [1, 2]) {
        spool.inbox.keep(FAX, page, TIFF, (kept) => kept && confirmed.add(page));
        await settled();
      }
      spool.inbox.end(FAX, ENDING);
    }
    await settled();
  } catch {
    // The life ends in the middle of its start.
  }
  return { confirmed, mails, jobs, medium: files.left(), calls: files.calls() };
}

const pagesIn = (mail: FaxMail): number =>
  (
    Buffer.from(mail.pdf)
      .toString('latin1')
      .match(/\/Subtype \/Image/g) ?? []
  ).length;
const FOLDERS: Medium = new Map([['/state', 'folder'] as const]);

describe('X-2: a page that was confirmed is never lost by a power cut', () => {
  it('the power goes behind every single step: what was confirmed reaches the mail server, under one Message-ID', async () => {
    const whole = await live(FOLDERS, Number.POSITIVE_INFINITY, 1, true);
    expect([whole.confirmed.size, whole.mails.length, pagesIn(whole.mails[0] as FaxMail)]).toEqual([2, 1, 2]);
    expect(whole.calls).toBeGreaterThan(40);
    for (let cut = 1; cut <= whole.calls; cut += 1) {
      for (const seed of [1, 2, 3]) {
        const first = await live(FOLDERS, cut, seed, true);
        // A second cut in the middle of the recovery, then a life that is let alone.
        const second = await live(first.medium, cut % 23, seed + 7, false);
        const third = await live(second.medium, Number.POSITIVE_INFINITY, seed, false);
        const mails = [...first.mails, ...second.mails, ...third.mails];
        const best = Math.max(0, ...mails.map(pagesIn));
        expect(best, `cut behind step ${cut}, seed ${seed}`).toBeGreaterThanOrEqual(first.confirmed.size);
        expect(new Set(mails.map(({ messageId }) => messageId)).size).toBeLessThanOrEqual(1);
      }
    }
  });

  it('a fax that the power cut off in its middle is mailed with what there is, and says so', async () => {
    const whole = await live(FOLDERS, Number.POSITIVE_INFINITY, 1, true);
    let seen = 0;
    for (let cut = 1; cut <= whole.calls; cut += 1) {
      const first = await live(FOLDERS, cut, 1, true);
      const { mails } = await live(first.medium, Number.POSITIVE_INFINITY, 1, false);
      if (mails[0] === undefined || pagesIn(mails[0]) !== 1) continue;
      seen += 1;
      expect(mails[0].text).toContain('réception incomplète');
    }
    expect(seen).toBeGreaterThan(0);
  });
});

describe('X-7: a document in the outbox is taken once', () => {
  const REQUEST = Buffer.from(JSON.stringify({ line: LINE, to: '0400000001', file: 'a.tif' }));
  const asked: Medium = new Map<string, Uint8Array | 'folder'>([
    ['/state', 'folder'],
    [ROOT, 'folder'],
    [`${ROOT}/in`, 'folder'],
    [`${ROOT}/out`, 'folder'],
    [`${ROOT}/jobs`, 'folder'],
    [`${ROOT}/results`, 'folder'],
    [`${ROOT}/out/a.tif`, TIFF],
    [`${ROOT}/out/a.json`, REQUEST],
  ]);

  it('the power goes behind every single step: there is one job afterwards, never none and never two', async () => {
    const whole = await live(asked, Number.POSITIVE_INFINITY, 1, false);
    expect(whole.jobs).toMatchObject([{ line: LINE, to: '0400000001', pages: 1, tries: 0 }]);
    for (let cut = 1; cut <= whole.calls; cut += 1) {
      for (const seed of [1, 2, 3]) {
        const first = await live(asked, cut, seed, false);
        const { jobs } = await live(first.medium, Number.POSITIVE_INFINITY, seed, false);
        expect(jobs.length, `cut behind step ${cut}, seed ${seed}`).toBe(1);
      }
    }
  });
});
