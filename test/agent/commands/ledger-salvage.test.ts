import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { salvageLedger } from '../../../agent/commands/ledger-salvage.ts';
import { verifyFile } from '../../../agent/commands/ledger-verify.ts';
import { carve } from '../../../agent/edge/store/carve.ts';
import { writeVerifierKey } from '../../../agent/evidence/note.ts';
import { BoxConfigSchema } from '../../../agent/model/site-config.ts';
import { writeLongLedger } from '../../../hw-sim/bench/cuts/long-ledger.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { siteConfig } from '../../example-site.ts';
import { centralVerifier } from '../evidence/sample-export.ts';

const site = siteConfig();
const RECORDS = 499;
let state: string;
let database: Buffer;
let log: Buffer;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'relais-salvage-'));
  expect(await writeLongLedger(state, site, 400)).toBe(RECORDS);
  database = readFileSync(join(state, 'usage.db'));
  log = existsSync(join(state, 'usage.db-wal')) ? readFileSync(join(state, 'usage.db-wal')) : Buffer.alloc(0);
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

let cases = 0;
async function salvaged(bytes: Buffer) {
  cases += 1;
  const aside = join(state, 'quarantine', `case-${cases}`);
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, 'usage.db'), bytes);
  if (log.length > 0) writeFileSync(join(aside, 'usage.db-wal'), log);
  const box = BoxConfigSchema.parse({
    ...{ stateDirectory: state, siteConfig: 's', operatorKey: 'o', uplinkSecret: 'u' },
    interfaces: { voice: 'v', data: 'd', links: {} },
  });
  const out = join(state, `case-${cases}.jsonl`);
  const said = await salvageLedger({ box, site, secret: '' }, aside, out);
  expect(readdirSync(aside).sort()).toEqual(log.length > 0 ? ['usage.db', 'usage.db-wal'] : ['usage.db']);
  expect(readFileSync(join(aside, 'usage.db'))).toEqual(bytes);
  const key = /device key: (.+)$/m.exec(said)?.[1] ?? '';
  return { said, verdict: verifyFile(out, key, [writeVerifierKey(centralVerifier)]) };
}

describe('relais ledger salvage (U-3, U-7)', () => {
  it('finds everything in a sound store without SQLite, and alters nothing', async () => {
    const { said, verdict } = await salvaged(database);
    expect(said).toContain(`${RECORDS} records of epoch`);
    expect(verdict).toMatchObject({ holds: true, records: RECORDS, checkpoints: 1, missing: [] });
  });

  it('takes out of a store with spoiled pages what they do not hold, and names the ranges that are missing', async () => {
    const dice = createSimRandom('pages');
    const broken = Buffer.from(database);
    for (let page = 0; page < 6; page += 1) {
      const at = 4_096 * Math.floor(2 + dice.fraction() * (broken.length / 4_096 - 3));
      broken.fill(0x5a, at, at + 4_096);
    }
    broken.fill(0, 0, 4_096);
    const { verdict } = await salvaged(broken);
    if (!verdict.holds) throw new Error(verdict.says);
    const missing = verdict.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(60);
    expect(verdict.records).toBe(RECORDS);
  });

  it('never takes a turned bit for a record: a dozen stores with 200 bits turned each', async () => {
    const sound = new Set(carve({ database, log }).map(({ body }) => body));
    for (let trial = 0; trial < 12; trial += 1) {
      const dice = createSimRandom(`bits ${trial}`);
      const broken = Buffer.from(database);
      for (let bit = 0; bit < 200; bit += 1) {
        const at = Math.floor(dice.fraction() * broken.length);
        broken[at] = (broken[at] ?? 0) ^ (1 << Math.floor(dice.fraction() * 8));
      }
      const { verdict } = await salvaged(broken);
      expect(verdict.holds).toBe(true);
      const lines = readFileSync(join(state, `case-${cases}.jsonl`), 'utf8').split('\n');
      const bodies = lines.filter((line) => line.startsWith('{"clock"'));
      // The last record of a run is named by none: it may be another, and then only the device vouches for it.
      const strange = bodies.filter((body) => !sound.has(body));
      expect(strange.length).toBeLessThanOrEqual(verdict.holds ? verdict.missing.length + 1 : 0);
    }
  });

  it('says where there is nothing to take out, and never writes over an export', async () => {
    await expect(salvaged(Buffer.alloc(9_000))).rejects.toThrow(/config\.refused.*no record of this device/);
    cases -= 2;
    await expect(salvaged(database)).rejects.toThrow(/config\.refused/);
  });
});
