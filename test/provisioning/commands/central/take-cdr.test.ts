import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDesk } from '../../../../provisioning/central/desk.ts';
import { open } from '../../central/durable-central.ts';
import { meddle, placesFor, STORES } from '../../central/stores.ts';
import { exampleText } from '../../hosts/sample.ts';
import { createDesk, voice } from './desk.ts';

let directory: string;
let desk: ReturnType<typeof createDesk>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-desk-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const cdr = (file: string, ...more: string[]) => desk.run('take-cdr', file, '--host', 'example-host', ...more);

async function rows<T>(sql: string): Promise<readonly T[]> {
  const database = await meddle(desk.store);
  const found = await database.all<T>(sql);
  await database.close();
  return found;
}
const held = () => rows<{ id: string; file_line: number }>('SELECT id, file_line FROM host_records ORDER BY file_line');

describe.each(STORES)('relais central take-cdr on %s', (kind) => {
  const places = placesFor(kind);
  beforeEach(async () => {
    desk = createDesk(directory, await places.create());
    desk.setClock(Date.UTC(2026, 10, 10));
    await (await open(desk.store)).close();
  });

  test('U-5, U-7: a file is taken once; the same content under another name does nothing and says so', async () => {
    const text = exampleText([voice('R1', '05/10/2026', 61), voice('R2', '06/10/2026', 60)], 'TRL;2;121;0');
    const first = await cdr(desk.write('october.csv', text));
    expect([first.status, first.out]).toEqual([0, expect.stringContaining('2 records taken, 0 of them known before')]);
    const again = await cdr(desk.write('october-copy.csv', text));
    expect([again.status, again.out]).toEqual([
      0,
      expect.stringContaining(
        'the same file was taken as october.csv of example-host on 2026-11-10T00:00:00.000Z; nothing was done',
      ),
    ]);
    expect((await held()).map(({ id, file_line }) => `${file_line} ${id}`)).toEqual([
      '3 cdr:example-host:R1',
      '4 cdr:example-host:R2',
    ]);
  });

  test('U-7: a file that overlaps an earlier one adds only what is new', async () => {
    await cdr(desk.write('a.csv', exampleText([voice('R1', '05/10/2026', 61)], 'TRL;1;61;0')));
    const lines = [voice('R1', '05/10/2026', 61), voice('R2', '06/10/2026', 60)];
    const next = await cdr(desk.write('b.csv', exampleText(lines, 'TRL;2;121;0')));
    expect(next.out).toContain('2 records taken, 1 of them known before');
    expect(await held()).toHaveLength(2);
  });

  test('a wrong line refuses the whole file; with --set-aside the good lines are taken and the corrected file adds the rest', async () => {
    const wrong = exampleText([voice('R1', '05/10/2026', 61), voice('R2', '31/02/2026', 60)], 'TRL;2;121;0');
    const refused = await cdr(desk.write('wrong.csv', wrong));
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('nothing of it was taken');
    expect(refused.err).toContain('line 4, column 34: "31/02/2026 14:30:00": a time written DD/MM/YYYY HH:mm:ss');
    expect(await held()).toEqual([]);
    const aside = await cdr(desk.write('wrong.csv', wrong), '--set-aside');
    expect([aside.status, aside.out, aside.err]).toEqual([
      1,
      expect.stringContaining('1 records taken'),
      expect.stringContaining('1 lines were set aside'),
    ]);
    expect(await rows('SELECT file_line, file_column, text FROM host_bad_lines')).toEqual([
      { file_line: 4, file_column: 34, text: '31/02/2026 14:30:00' },
    ]);
    const corrected = await cdr(desk.write('right.csv', wrong.replace('31/02/2026', '28/02/2026')));
    expect(corrected.out).toContain('2 records taken, 1 of them known before');
  });

  test('a file that was cut off is refused, also with --set-aside', async () => {
    const cut = exampleText([voice('R1', '05/10/2026', 61)], '');
    const refused = await cdr(desk.write('cut.csv', cut), '--set-aside');
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('the file was cut off')]);
    expect(await held()).toEqual([]);
  });

  test('U-7: a power cut in the middle leaves nothing of the file: it is one transaction', async () => {
    const opened = await openDesk(desk.store);
    if (opened === undefined) throw new Error('no store');
    const file = { hash: 'a', host: 'h', format: 'f@1', name: 'n', records: 2, bad: 0, at: 1 };
    const record = {
      keep: 'host-record',
      id: 'x',
      content: 'c',
      file: 'a',
      fileLine: 1,
      line: '+33',
      body: '{}',
      at: 1,
    } as const;
    // A second file of that hash breaks the table's key in the middle of the rows.
    await expect(opened.takeFile(file, [record, { keep: 'host-file', ...file }])).rejects.toThrow(/ledger.io/);
    expect(await held()).toEqual([]);
    expect(await opened.takeFile(file, [record])).toEqual({ fresh: 1 });
    await opened.close();
  });

  test('it works beside a running service, which holds the store', async () => {
    const service = await open(desk.store);
    const row = { keep: 'account', account: 'a', entry: { capMicroEuro: 1, cycle: 1 }, at: 1 } as const;
    const text = exampleText([voice('R1', '05/10/2026', 61)], 'TRL;1;61;0');
    const [taken] = await Promise.all([cdr(desk.write('a.csv', text)), service.hold('a', (work) => work.keep([row]))]);
    expect([taken.status, (await held()).length]).toEqual([0, 1]);
    expect(await service.entries()).toEqual({ a: { capMicroEuro: 1, cycle: 1 } });
    await service.close();
  });

  test('U-5: two desks that take the same file at once take it once, and the other says so', async () => {
    const file = desk.write('a.csv', exampleText([voice('R1', '05/10/2026', 61)], 'TRL;1;61;0'));
    const both = await Promise.all([cdr(file), cdr(file)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both.filter(({ out }) => out.includes('nothing was done'))).toHaveLength(1);
    expect(await held()).toHaveLength(1);
  });

  test('where no central has run there is nothing to write to, and it says so', async () => {
    const nowhere = createDesk(directory, await places.create());
    const { status, err } = await nowhere.run('take-cdr', nowhere.write('a.csv', 'x'), '--host', 'example-host');
    expect([status, err]).toEqual([2, expect.stringContaining('no central has run')]);
  });

  test.each([
    [['take-cdr', 'none.csv'], '--host is missing'],
    [['take-cdr', 'none.csv', '--host', 'h'], 'there is no such file'],
    [['take-cdr'], 'take-cdr: name one file'],
    [['take-cdr', 'a', 'b', '--host', 'h'], 'take-cdr: name one file'],
  ])('%j is refused with a remedy', async (argv, why) => {
    const { status, err } = await desk.run(...argv);
    expect([status, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test('an unknown format is named with the folders that were looked in', async () => {
    const file = desk.write('a.csv', 'x');
    await expect(desk.run('take-cdr', file, '--host', 'nobody')).rejects.toThrow(/nobody\.json/);
  });
});
