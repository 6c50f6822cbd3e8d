import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaxSpool, openFaxSpool } from '../../agent/edge/fax/fax-spool.ts';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { encodePage } from '../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../agent/fax/page/write-tiff.ts';
import { FAX_DOCUMENTS } from '../../agent/model/fax-documents.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

const LINE = '+33172890001';
const FAX = 'Device.Services.VoiceService.1.X_RELAIS_Fax.';
const patience = { timeout: 15_000, interval: 50 };

/** Pages that no coding makes small: 300 kB, three pieces. */
function noisyTiff(rows: number): Uint8Array {
  const chance = createSimRandom('noise');
  const line = (): Uint16Array => {
    const changes: number[] = [];
    for (let at = 3; at < 1_720; at += 2 + Math.floor(chance.fraction() * 9)) changes.push(at);
    return Uint16Array.from(changes);
  };
  const lines = Array.from({ length: rows }, line);
  const page = { coding: 'mmr', width: 1_728, resolution: 'fine', height: rows } as const;
  const time = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  return writeTiff([{ ...page, octets: encodePage({ coding: 'mmr', width: 1_728 }, lines) }], { sender: '', time });
}

let site: ManagedSite;
let spool: FaxSpool;
let spoolRoot = '';
const folder = mkdtempSync(join(tmpdir(), 'relais-fax-documents-'));
const file = join(folder, 'devis.tif');

beforeAll(async () => {
  writeFileSync(file, noisyTiff(2_200));
  site = await openManagedSite({
    fax: {
      order: {
        lines: [{ number: LINE, mode: 'terminal', server: 'voice', user: 'fax', stationId: '+33 1 72 89 00 01' }],
      },
      async open(place) {
        spool?.stop();
        spoolRoot = join(place, 'fax');
        spool = await openFaxSpool({
          ...{ root: spoolRoot, clock: systemClock(), lines: [{ number: LINE }] },
          mail: { post: async () => ({ so: 'later', text: '' }), from: 'a@b.fr', limits: {} },
          tell: () => undefined,
          fault: (error) => {
            throw error;
          },
        });
        const media = { open: () => undefined };
        const wires = { media, passwords: new Map([[LINE, 'secret']]), hash: () => '', address: () => '192.0.2.1' };
        return { fax: wires, faxSpool: spool };
      },
    },
  });
});
afterAll(async () => {
  await site?.close();
  spool?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const send = (as: string, ...more: readonly string[]) =>
  site.type('fax', DEVICE, file, '--line', LINE, '--to', '0142000001', '--as', as, ...more);
const names = (place: string): readonly string[] => readdirSync(join(spoolRoot, place));
/** Documents that the outbox has taken: without credit their calls are soon refused. */
const taken = (): number => names('jobs').length + names('results').length;

describe('X-7, M-6: documents over USP and a real Mosquitto', () => {
  it('support of the second level hands one over in pieces; it becomes one job, however often it is asked for', async () => {
    const typed = await send('second');
    expect([typed.status, typed.err]).toEqual([0, []]);
    expect(typed.out[0]).toMatch(/: 0 % handed over$/);
    expect(typed.out.filter((line) => line.includes('% handed over')).length).toBeGreaterThanOrEqual(3);
    expect(typed.out.at(-1)).toContain('the box has it, and sends it by itself');
    await expect.poll(taken, patience).toBe(1);
    expect((await send('second')).status).toBe(0);
    const listed = async () => (await site.type('faxes', DEVICE, '--as', 'second')).out;
    await expect
      .poll(listed, patience)
      .toEqual([expect.stringMatching(/^envoi .* de \+33172890001 vers 0142000001, .*0 sur 1 page/)]);
    expect([taken(), names('out').length]).toEqual([1, 0]);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    const deeds = () =>
      site
        .bodies()
        .map((body) => JSON.parse(body).event)
        .filter(({ kind, paths }) => kind === 'support-action' && paths[0]?.startsWith(FAX));
    await expect.poll(() => deeds().length, patience).toBe(2);
    expect(deeds()[0]).toMatchObject({ by: 'self::support.second', outcome: 0 });
    expect(deeds()[0].paths).toContain(`SHA256=${sha256}`);
  });

  it('the client’s own system goes on where it was, though it asks while the agent is away', async () => {
    const octets = readFileSync(file);
    const shop = await site.controller('shop');
    const operate = (command: string, inputArgs: Readonly<Record<string, string>>) =>
      shop.ask(DEVICE, { operate: { command, commandKey: 'k', sendResp: true, inputArgs } });
    const SHA256 = createHash('sha256').update(octets).digest('hex');
    const wish = { Name: 'facture', DirectoryNumber: LINE, To: '0142000001', Bytes: `${octets.length}`, SHA256 };
    await operate(`${FAX}SendDocument()`, wish);
    const kept = async (): Promise<number> => {
      const reply = await shop.ask(DEVICE, { get: { paramPaths: [`${FAX}Document.[Name=="facture"].BytesKept`] } });
      const found =
        reply.is === 'response' ? reply.response.getResp?.reqPathResults[0]?.resolvedPathResults[0] : undefined;
      return Number(found?.resultParams.BytesKept ?? -1);
    };
    await expect.poll(kept, patience).toBe(0);
    const first = octets.subarray(0, FAX_DOCUMENTS.piece);
    const put = `${FAX}Document.[Name=="facture"].Put()`;
    await operate(put, { Offset: '0', Octets: first.toString('base64') });
    await expect.poll(kept, patience).toBe(first.length);
    await shop.close();
    const typed = await site.restart(() => send('shop', '--name', 'facture'));
    expect([typed?.status, typed?.err]).toEqual([0, []]);
    expect(typed?.out[0]).not.toMatch(/: 0 % handed over$/);
    await expect.poll(taken, patience).toBe(2);
  });

  it('who has no right to send is refused, and so is a number that cannot be dialed', async () => {
    const refused = await send('first');
    expect([refused.status, refused.err.join()]).toEqual([1, expect.stringContaining('7006')]);
    const wrong = await site.type('fax', DEVICE, file, '--line', LINE, '--to', 'x', '--as', 'second');
    expect([wrong.status, wrong.err.join()]).toEqual([1, expect.stringContaining('To: the number to dial')]);
    const missing = await site.type('fax', DEVICE, `${file}.pdf`, '--line', LINE, '--to', '01', '--as', 'second');
    expect([missing.status, missing.err[0]]).toEqual([2, expect.stringContaining('there is no such file')]);
  });
});

it('X-2, U-1: a fax that came in is listed in French, and its client alone reads it', async () => {
  const fax = { id: 'call@box', line: LINE, peer: '+33400000001', station: 'them', began: Date.UTC(2026, 10, 22, 9) };
  await new Promise<unknown>((done) => spool.inbox.keep(fax, 1, noisyTiff(900), done));
  const text = 'Toutes les pages ont été transmises et confirmées.';
  const how = { outcome: 'all-confirmed', text, pages: 1, ended: Date.now(), rate: 14_400, ecm: true };
  spool.inbox.end(fax, how);
  await expect.poll(() => spool.documents.received().length, patience).toBe(1);
  const listed = await site.type('faxes', DEVICE, '--as', 'shop');
  expect(listed.out.at(-1)).toMatch(
    /^reçu 1 {2}le 2026-11-22T09:00:00Z de \+33400000001 sur \+33172890001, 1 page, 14400 bit\/s, avec correction d’erreurs, .*: Toutes les pages/,
  );
  const pdf = join(folder, 'fax.pdf');
  const read = await site.type('fax-read', DEVICE, '1', pdf, '--as', 'shop');
  expect([read.status, read.err]).toEqual([0, []]);
  const octets = readFileSync(pdf);
  expect(octets.length).toBeGreaterThan(FAX_DOCUMENTS.readPiece);
  expect(octets.subarray(0, 5).toString()).toBe('%PDF-');
  const denied = await site.type('fax-read', DEVICE, '1', join(folder, 'no.pdf'), '--as', 'second');
  expect([denied.status, denied.err.join()]).toEqual([1, expect.stringContaining('7006')]);
});
