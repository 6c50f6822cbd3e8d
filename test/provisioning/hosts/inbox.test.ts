import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../provisioning/central/store/sqlite/open-sqlite.ts';
import { createInbox } from '../../../provisioning/hosts/inbox.ts';
import { folder } from '../example.ts';
import { exampleText } from './sample.ts';

const VOICE = 'VOIX;MO;33612345001;+12125550100;05/10/2026;14:30:00;61;;US;R1;;';
const GOOD = exampleText([VOICE], 'TRL;1;61;0');

let state: string;
let there: string;
const said: string[] = [];
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'relais-inbox-'));
  there = join(state, 'inbox', 'example-host');
  mkdirSync(there, { recursive: true });
  said.length = 0;
  await (await openSqliteStore(state)).close();
});
afterEach(() => rmSync(state, { recursive: true }));

const inbox = () =>
  createInbox({
    folder: join(state, 'inbox'),
    store: { kind: 'sqlite', directory: state },
    formats: [folder('hosts')],
    now: () => 1,
    tell: ({ message, fields }) => void said.push(`${message} ${fields.name}`),
  });
const reportOf = (path: string): unknown => JSON.parse(readFileSync(join(there, `${path}.report.json`), 'utf8'));

describe('U-5: the folder where files of host operators are put for the service', () => {
  test('a file at rest is taken and moved; the same content again is known; a wrong one is refused; each has a report', async () => {
    const box = inbox();
    writeFileSync(join(there, 'a.csv'), GOOD);
    writeFileSync(join(there, 'b.csv'), GOOD);
    writeFileSync(join(there, 'c.csv'), GOOD.replace('61;0', '62;0'));
    await box.look();
    expect(said).toEqual([]);
    await box.look();
    expect(said).toEqual(['host file taken a.csv', 'host file known b.csv', 'host file refused c.csv']);
    expect(readdirSync(there).toSorted()).toEqual(['refused', 'taken']);
    expect(reportOf('taken/a.csv')).toMatchObject({ so: 'taken', fresh: 1 });
    expect(reportOf('taken/b.csv')).toMatchObject({ so: 'known', before: { name: 'a.csv' } });
    expect(reportOf('refused/c.csv')).toMatchObject({ so: 'refused', bad: [{ line: 4, column: 7 }] });
  });

  test('a file that is still being written is left alone', async () => {
    const box = inbox();
    const path = join(there, 'a.csv');
    writeFileSync(path, GOOD.slice(0, 60));
    await box.look();
    appendFileSync(path, GOOD.slice(60));
    await box.look();
    expect(existsSync(path)).toBe(true);
    await box.look();
    expect(said).toEqual(['host file taken a.csv']);
  });

  test('a host without a format keeps its files, and is told of once', async () => {
    const box = inbox();
    mkdirSync(join(state, 'inbox', 'nobody'));
    writeFileSync(join(state, 'inbox', 'nobody', 'a.csv'), GOOD);
    for (let times = 0; times < 4; times += 1) await box.look();
    expect(said).toEqual(['host file not taken a.csv']);
    expect(existsSync(join(state, 'inbox', 'nobody', 'a.csv'))).toBe(true);
  });
});
