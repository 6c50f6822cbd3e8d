import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAll } from '../../../../agent/commands/ledger-command.ts';
import { exportLedger } from '../../../../agent/commands/ledger-export.ts';
import { salvageLedger } from '../../../../agent/commands/ledger-salvage.ts';
import { openSqliteStore } from '../../../../agent/edge/sqlite-store.ts';
import { centralKey } from '../../../../agent/evidence/checkpoint.ts';
import { writeVerifierKey } from '../../../../agent/evidence/note.ts';
import { canonical } from '../../../../agent/model/canonical.ts';
import { BoxConfigSchema } from '../../../../agent/model/site-config.ts';
import { writeLongLedger } from '../../../../hw-sim/bench/cuts/long-ledger.ts';
import { DEVICE_KEY } from '../../../../hw-sim/day/whole-site.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { config, type ExportedBox, entriesOf, exportOf, exportWorld, playExportedBox } from './exported-box.ts';
import { takingsOn } from './takings.ts';

let box: ExportedBox;
beforeAll(() => {
  box = playExportedBox();
});
const whole = (): string => exportOf({ ...box, entries: entriesOf(box.bodies) });

describe('relais central take-export: files that are refused', () => {
  const { take, type, contents, folder, place } = takingsOn('sqlite', () => box.known);

  test('U-3: one letter of one record: refused with its number, field and remedy, and what stands before it is named', async () => {
    const before = await contents();
    const seq = box.bodies.length - 4;
    const proved = box.checkpoints.map(({ size }) => size).findLast((size) => size < seq) ?? 0;
    const body = box.bodies[seq - 1] ?? '';
    const changed = whole().replace(body, body.replace(/"salt":"./, '"salt":"x'));
    const { status, said } = await take(changed);
    expect(status).toBe(2);
    expect(said).toContain(`record ${seq}, line`);
    expect(said).toContain('field prev');
    expect(said).toContain('remedy: have it exported anew on the box');
    expect(proved).toBeGreaterThan(box.held);
    expect(said).toContain(`would have been taken: records ${box.held + 1} to ${proved}`);
    const json = await take(changed, '--json');
    expect(JSON.parse(json.said)).toMatchObject({
      ...{ so: 'refused', bad: { record: seq, field: 'prev' } },
      would: { same: box.held, taken: { from: box.held + 1, to: proved } },
    });
    expect(await contents()).toEqual(before);
  });

  test('U-3: a record that holds and that this software can’t read is refused by its field, and nothing before it is taken', async () => {
    const before = await contents();
    const last = JSON.parse(box.bodies.at(-1) ?? '');
    const prev = exportWorld.sha256hex(box.bodies.at(-1) ?? '');
    const seq = box.bodies.length + 1;
    const next = (event: object): string => canonical({ ...last, seq, prev, event });
    const newer = exportOf({ ...box, entries: entriesOf([...box.bodies, next({ kind: 'teleported' })]) });
    const { status, said } = await take(newer);
    expect(said).toMatch(new RegExp(`record ${seq}, field event\\.kind: `));
    expect(said).toContain('bring the central up to date');
    expect(said).toContain(`would have been taken: records ${box.held + 1} to ${box.bodies.length}`);
    expect(status).toBe(2);
    const boot = { kind: 'booted', software: 's', configVersion: 77, regime: 'mie@1', tariff: 'example-2026@1' };
    const stray = await take(exportOf({ ...box, entries: entriesOf([...box.bodies, next(boot)]) }));
    expect(stray.said).toContain(`record ${seq}, field event.configVersion`);
    expect(stray.status).toBe(2);
    expect(await contents()).toEqual(before);
  });

  const SWAP = '\u0000';
  test.each([
    ['cut off in the middle', (text: string) => text.slice(0, text.length / 2), /field (seal|line)/],
    ['without a record', (text: string) => text.replace(`${box.bodies[box.held + 3]}\n`, ''), /field seq/],
    [
      'two records swapped',
      (text: string) =>
        text
          .replace(box.bodies[60] ?? '', SWAP)
          .replace(box.bodies[61] ?? '', box.bodies[60] ?? '')
          .replace(SWAP, box.bodies[61] ?? ''),
      /record 62, line \d+, field seq/,
    ],
    ['another first line', (text: string) => text.replace('"centralKeys":[', '"centralKeys":["x",'), /field seal/],
    [
      'another device’s key',
      (text: string) => text.replace('"deviceKey":"relais/', '"deviceKey":"relais/x'),
      /line 1, field signature/,
    ],
    ['no export at all', () => 'REFERENCE;MONTANT\n', /line 1, field format/],
    [
      'an unknown device',
      (text: string) => text.replace('"device":"relais-0001"', '"device":"relais-0099"'),
      /field device: no configuration/,
    ],
  ])('U-3: %s is refused, and nothing of it is kept', async (_what, alter, message) => {
    const before = await contents();
    const { status, said } = await take(alter(whole()));
    expect(status).toBe(2);
    expect(said).toMatch(message);
    expect(said).toContain('remedy: ');
    expect(await contents()).toEqual(before);
  });

  test('U-3: what a former key of the central countersigned is taken when that key is named, and else refused', async () => {
    const paths = registryPaths(folder());
    expect((await take(whole(), '--dry-run')).status).toBe(0);
    const former = readFileSync(paths.witnessVerifierKey, 'utf8').trim();
    for (const file of [paths.witnessKey, paths.witnessVerifierKey]) rmSync(file);
    const refused = await take(whole(), '--dry-run');
    expect(refused.said).toContain('needs --central-key');
    expect(refused.status).toBe(2);
    expect((await take(whole(), '--dry-run', '--central-key', former)).status).toBe(0);
    expect((await take(whole(), '--central-key', 'x')).said).toContain('--central-key is the text of a central.vkey');
    expect(former).toBe(writeVerifierKey(centralKey(exportWorld.witness.key.publicKey, exportWorld.witness.digest)));
  });

  test('bytes that are no text, no file, no store: each says what to do', async () => {
    const file = join(folder(), 'bytes.jsonl');
    writeFileSync(file, Buffer.concat([Buffer.from(whole().slice(0, 3_000)), Buffer.of(0xff), Buffer.from('\n')]));
    expect((await type(file)).said).toMatch(/line \d+, field line: here are bytes that are no UTF-8/);
    expect((await type(join(folder(), 'none'))).said).toContain('there is no such file');
    expect((await type()).said).toContain('name one file');
    const at = place();
    if (at.kind === 'sqlite') rmSync(join(at.directory, 'central.sqlite'));
    expect((await take(whole())).said).toContain('no central has run there yet');
  });
});

describe('relais central take-export: a ledger on a real medium', () => {
  const greeted = () => box.known.filter(({ keep }) => keep === 'account' || keep === 'device-key');
  const { type, contents, folder } = takingsOn('sqlite', greeted);

  test('U-3, U-7: what relais ledger export writes of a real store is taken whole, what salvage leaves up to the first gap', async () => {
    const stateDirectory = join(folder(), 'box');
    mkdirSync(stateDirectory);
    writeFileSync(join(stateDirectory, 'device.key'), DEVICE_KEY, { mode: 0o600 });
    const size = await writeLongLedger(stateDirectory, config, 400);
    const files = { stateDirectory, siteConfig: 's', operatorKey: 'o', uplinkSecret: 'u' };
    const interfaces = { voice: 'v', data: 'd', links: {} };
    const loaded = { box: BoxConfigSchema.parse({ ...files, interfaces }), site: config, secret: '' };
    const database = readFileSync(join(stateDirectory, 'usage.db'));
    const store = await openSqliteStore(join(stateDirectory, 'usage.db'), (fault) => {
      throw fault;
    });
    const records = await readAll(store);
    const { epoch = '' } = store.state();
    await new Promise<void>((done) => store.close(done));
    const file = join(folder(), 'export.jsonl');
    await exportLedger(loaded, { file, epoch, records, eraseUpTo: 0 });

    const broken = Buffer.from(database);
    broken.fill(0x5a, 4_096 * Math.floor(broken.length / 8_192), 4_096 * Math.floor(broken.length / 8_192) + 4_096);
    const aside = join(folder(), 'aside.db');
    writeFileSync(aside, broken);
    const rest = join(folder(), 'salvaged.jsonl');
    await salvageLedger(loaded, aside, rest);
    const part = await type(rest, '--json');
    expect(part.status).toBe(1);
    const { so, held, lacking, behind } = JSON.parse(part.said);
    expect([so, lacking.from]).toEqual(['incomplete', held + 1]);
    expect(held).toBeGreaterThan(50);
    expect(behind).toBe(size - lacking.to);
    expect((await contents()).bodies).toEqual(records.slice(0, held).map(({ body }) => body));

    const all = await type(file);
    expect(all.said).toContain(`taken: records ${held + 1} to ${size}`);
    expect(all.said).toContain(`countersigned: checkpoints over ${size}`);
    expect(all.status).toBe(0);
    expect((await contents()).bodies).toEqual(records.map(({ body }) => body));
  });
});
