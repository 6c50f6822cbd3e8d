import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaxSpool, openFaxSpool } from '../../agent/edge/fax/fax-spool.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { encodePage } from '../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../agent/fax/page/write-tiff.ts';
import { millis } from '../../agent/model/units.ts';
import { readReport } from '../../provisioning/central/report.ts';
import { faxWorld } from '../agent/runtime/fax-world.ts';
import { type ServedCentral, serveCentral } from '../provisioning/central/served-central.ts';
import { TICKS_A_PAGE } from './fax-site.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';
import { createTerminalBox } from './terminal-box.ts';

const LINE = '+33172890001';
const patience = { timeout: 20_000, interval: 50 };
const folder = mkdtempSync(join(tmpdir(), 'relais-fax-story-'));
const file = join(folder, 'commande.tif');
const state = join(folder, 'central');

/** A short page: what takes its time in a fax is everything else. */
function tiff(): Uint8Array {
  const lines = Array.from({ length: 80 }, (_, row) => Uint16Array.from(row % 4 === 0 ? [200, 400, 900] : []));
  const page = { coding: 'mmr', width: 1_728, resolution: 'fine', height: lines.length } as const;
  const time = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  return writeTiff([{ ...page, octets: encodePage({ coding: 'mmr', width: 1_728 }, lines) }], { sender: '', time });
}

const { clock, near, far } = faxWorld('story');
const receiver = createTerminalBox({ clock, end: far, seed: 1, medium: new Map([['/state', 'folder']]) });
let site: ManagedSite;
let central: ServedCentral;
let spool: FaxSpool | undefined;
let pace: NodeJS.Timeout | undefined;

/** The path and the box at the other end live at the pace of the real one. */
function startFarEnd(): void {
  let before = performance.now();
  pace = setInterval(() => {
    const now = performance.now();
    const passed = Math.floor(now - before);
    before += passed;
    clock.advance(millis(passed));
  }, 5);
}

beforeAll(async () => {
  writeFileSync(file, tiff());
  await receiver.start();
  startFarEnd();
  site = await openManagedSite({
    lines: [{ number: LINE, label: 'Fax', plan: 'fax-metered' }],
    fax: {
      order: {
        lines: [{ number: LINE, mode: 'terminal', server: 'voice', user: 'fax', stationId: '+33 1 72 89 00 01' }],
      },
      async open(place) {
        const own = systemClock();
        spool = await openFaxSpool({
          ...{ root: join(place, 'fax'), clock: own, lines: [{ number: LINE }] },
          mail: { post: async () => ({ so: 'later', text: '' }), from: 'a@b.fr', limits: {} },
          tell: () => undefined,
          fault: (error) => {
            throw error;
          },
        });
        const hash = (algorithm: 'MD5' | 'SHA-256', text: string): string =>
          createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
            .update(text, 'utf8')
            .digest('hex');
        const wires = { media: near.media, passwords: new Map([[LINE, 'secret']]), hash, address: () => '192.0.2.1' };
        return { fax: wires, faxSpool: spool, voice: near.wire };
      },
    },
  });
  const broker = `127.0.0.1:${site.port}`;
  central = await serveCentral(['--directory', site.registry, '--broker', broker, '--state', state]);
});
afterAll(async () => {
  clearInterval(pace);
  await site?.close();
  await central?.stop();
  spool?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('X-7, X-5, M-6, U-7: support hands a document over, it is sent, mailed at the other end, and charged once by box and central', {
  timeout: 90_000,
}, async () => {
  const kinds = (): readonly string[] => site.bodies().map((body) => JSON.parse(body).event.kind);
  await expect.poll(kinds, patience).toContain('lease-received');
  const typed = await site.type(
    ...['fax', DEVICE, file, '--line', LINE, '--to', '0172890002', '--as', 'second', '--wait'],
  );
  expect([typed.status, typed.err]).toEqual([0, []]);
  expect(typed.out.at(-1)).toMatch(/: sent, 1 of 1 pages confirmed in 1 calls/);
  expect(receiver.faults).toEqual([]);
  await expect.poll(() => receiver.mails.length, patience).toBe(1);
  const taken = receiver.events().find(({ kind }) => kind === 'fax-ended');
  expect(taken).toMatchObject({ direction: 'received', pages: 1, outcome: 'all-confirmed' });
  const paid = async () =>
    (await readReport({ kind: 'sqlite', directory: state }))?.charges
      .filter(({ ticks }) => ticks > 0)
      .map(({ device, ticks }) => [device, ticks]);
  await expect.poll(paid, patience).toEqual([[DEVICE, TICKS_A_PAGE]]);
  const faxes = site.bodies().map((body) => JSON.parse(body).event);
  expect(faxes.filter(({ kind }) => kind === 'fax-page')).toHaveLength(1);
  expect(faxes.find(({ kind }) => kind === 'fax-ended')).toMatchObject({ pages: 1, outcome: 'all-confirmed' });
});
