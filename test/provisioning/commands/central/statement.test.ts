import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { DataCounted } from '../../../../agent/model/data-counted.ts';
import type { CallEnded } from '../../../../agent/model/record.ts';
import { writeAtomic } from '../../../../provisioning/atomic-file.ts';
import { readMessage } from '../../../../provisioning/central/read-message.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { initRegistry, writeAccount } from '../../../../provisioning/registry/registry.ts';
import { account, world } from '../../central/central.ts';
import { run } from '../../central/durable-central.ts';
import { createSite, start } from '../../central/site.ts';
import { siteConfig } from '../../example.ts';
import { exampleText } from '../../hosts/sample.ts';
import { createDesk } from './desk.ts';

const utc = (month: number, day: number, hour = 12): number => Date.UTC(2026, month - 1, day, hour);

let directory: string;
let registry: string;
let desk: ReturnType<typeof createDesk>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-statement-'));
  registry = join(directory, 'registry');
  desk = createDesk(directory);
  initRegistry(registry);
  writeAccount(registry, account, { capMicroEuro: 150_000_000, cycle: 1 });
  const config = siteConfig('relais-0001');
  writeAtomic(registryPaths(registry).payload('relais-0001', 1), canonical(config));
  const plans = (plan: string) => [{ from: '2026-01-05', plan }];
  desk.writeData(`accounts/${account}.json`, {
    schema: 'relais/account/1',
    id: account,
    client: 'boulangerie-martin',
    regimes: [{ from: '2026-01-01', regime: 'mie' }],
    decks: ['example-2026'],
    numberings: ['numbering-2025-07-02'],
    cycle: { is: 'calendar' },
    lines: [
      { number: '+33172890001', label: 'Shop', from: '2026-01-05', plans: plans('metered') },
      { number: '+33612345003', label: 'Mobile', from: '2026-01-05', plans: plans('mobile-metered') },
    ],
  });
});
afterEach(() => rmSync(directory, { recursive: true }));

const talk = (call: string, called: string, at: number, seconds: number): CallEnded => ({
  ...{ kind: 'call-ended', call, direction: 'outgoing', caller: '+33172890001', called, class: 'geographic' },
  ...{ links: ['main'], startedAt: at - 4_000, answeredAt: at, endedAt: at + seconds * 1_000, seconds },
  ...{ cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true },
});

/** The site's records come to the central, one message of the wire. */
async function send(calls: readonly (CallEnded | DataCounted)[], now: number): Promise<void> {
  const running = await run(desk.store);
  running.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 150_000_000, cycle: 1 }, now: utc(1, 5) });
  const site = createSite('relais-0001');
  start(site);
  for (const call of calls) site.write(call);
  running.loop.take(readMessage({ ...site.records(1, 100), now }, world.book));
  await running.loop.settled();
  await running.store.close();
}

const hostCall = (reference: string, line: string, party: string, date: string, more: string): string =>
  `VOIX;MO;${line};${party};${date};${more};${reference};;`;

async function cdr(name: string, lines: readonly string[], seconds: number, now: number): Promise<void> {
  desk.setClock(now);
  const text = exampleText(lines, `TRL;${lines.length};${seconds};0`);
  const taken = await desk.run('take-cdr', desk.write(name, text), '--host', 'example-host');
  expect(taken.err).toBe('');
}

const ask = (what: string, day: string, ...more: string[]) =>
  desk.run(what, account, '--period', day, '--directory', registry, ...more);
async function statement(day: string, ...more: string[]) {
  const { status, out, err } = await ask('statement', day, ...more);
  return { status, err, out, ...(out === '' ? {} : JSON.parse(out)) };
}

const OCTOBER = [talk('one', '0172345678', utc(10, 5), 61), talk('two', '0172345679', utc(10, 6), 60)];

describe('relais central statement and detail', () => {
  test('U-5: a roaming call that comes when October is closed is an adjustment of November, and October stands', async () => {
    await send(OCTOBER, utc(10, 6, 13));
    desk.setClock(utc(11, 2));
    const october = await statement('2026-10-01', '--issue');
    expect([october.status, october.adjustments, october.evidence]).toEqual([
      0,
      [],
      { twice: [], aside: [], disputed: [], decisions: [] },
    ]);
    expect(
      october.usage.map(({ line, count, quantity }: { line: string; count: number; quantity: number }) => [
        line,
        count,
        quantity,
      ]),
    ).toEqual([['+33172890001', 2, 121]]);
    const line = hostCall('R1', '33612345003', '+12125550100', '20/10/2026', '14:30:00;120;;US');
    await cdr('late.csv', [line], 120, utc(11, 20));
    const again = await statement('2026-10-01');
    expect(again.out).toBe(october.out);
    desk.setClock(utc(12, 2));
    const november = await statement('2026-11-30', '--issue');
    expect(november.adjustments).toMatchObject([
      { id: 'cdr:example-host:R1', line: '+33612345003', why: 'late', at: '2026-10-20T12:30:00.000Z' },
    ]);
    expect(november.adjustments[0].ticks).toBeGreaterThan(0);
    expect((await statement('2026-12-01')).adjustments).toEqual([]);
  });

  test('U-7: the host’s record of a call that the site has is shown, and not charged; one that the site has not is held', async () => {
    await send(OCTOBER, utc(10, 6, 13));
    const before = await statement('2026-10-01');
    const lines = [
      hostCall('H1', '33172890001', '33172345678', '05/10/2026', '14:00:03;59;;'),
      hostCall('H2', '33172890001', '33172345670', '09/10/2026', '09:00:00;30;;'),
    ];
    await cdr('home.csv', lines, 89, utc(11, 1));
    const after = await statement('2026-10-01');
    expect(after.usage).toEqual(before.usage);
    expect(after.evidence.twice).toEqual([
      {
        ...{ site: expect.stringContaining('relais-0001/'), host: 'cdr:example-host:H1', wins: 'site' },
        ...{ startMillis: 3_000, seconds: -2, differs: false },
      },
    ]);
    expect(after.evidence.aside).toEqual([
      { id: 'cdr:example-host:H1', why: 'other-evidence' },
      { id: 'cdr:example-host:H2', why: 'held' },
    ]);
  });

  test('U-1, R-10: data that the box counted on the SIM of a line is on the statement; of a link without a line it is not', async () => {
    const counted = (down: number, before: number, more: Partial<DataCounted> = {}): DataCounted => ({
      ...{ kind: 'data-counted', link: 'second', line: '+33612345003', network: 'home', ...more },
      ...{ total: { up: 0, down }, before: { up: 0, down: before }, counter: { life: '3', up: 9, down } },
    });
    const { line: _, ...main } = counted(900_000_000, 0, { link: 'main' });
    const abroad = counted(9_000_000, 3_000_000, { network: 'roaming' });
    // The example site wrote on 21 September.
    await send([counted(0, 0), counted(2_000_000, 0), main, counted(3_000_000, 2_000_000), abroad], utc(10, 1));
    const { usage } = await statement('2026-09-01');
    // 3 MB at 5 cents each.
    expect(usage).toMatchObject([
      { line: '+33612345003', kind: 'data', count: 2, quantity: 3_000_000, ticks: 3 * 50_000 * 60 },
    ]);
    expect((await ask('detail', '2026-09-01')).out.split('\r\n').slice(1)).toEqual([
      expect.stringContaining('+33612345003;data;;;;2000000;0;2000000;'),
      expect.stringContaining('+33612345003;data;;;;1000000;0;1000000;'),
    ]);
  });

  test('U-5: a correction that comes before its original counts in its place, once', async () => {
    await send([], utc(10, 1));
    const corrects = hostCall('R2', '33612345003', '+12125550100', '20/10/2026', '14:30:00;60;;US').replace(
      ';R2;;',
      ';R2;C;R1',
    );
    await cdr('correction.csv', [corrects], 60, utc(10, 22));
    const first = await statement('2026-10-01');
    await cdr(
      'original.csv',
      [hostCall('R1', '33612345003', '+12125550100', '20/10/2026', '14:30:00;600;;US')],
      600,
      utc(10, 23),
    );
    const second = await statement('2026-10-01');
    expect(second.usage).toEqual(first.usage);
    expect(second.evidence.aside).toEqual([{ id: 'cdr:example-host:R1', why: 'corrected' }]);
  });

  test('U-5: sixty days and fifteen: on the 76th day it is too late, and is set aside by name', async () => {
    await send([], utc(8, 1));
    await cdr(
      'too-late.csv',
      [hostCall('R1', '33612345003', '+12125550100', '05/08/2026', '14:30:00;60;;US')],
      60,
      utc(10, 21),
    );
    const august = await statement('2026-08-01');
    expect([august.usage, august.evidence.aside]).toEqual([[], [{ id: 'cdr:example-host:R1', why: 'too-late' }]]);
  });

  test('a period is issued once, in its turn, and when it is over', async () => {
    await send([...OCTOBER, talk('three', '0172345678', utc(11, 3), 30)], utc(11, 3, 13));
    desk.setClock(utc(11, 15));
    expect((await statement('2026-11-01', '--issue')).err).toContain('the period 2026-11 is not over');
    desk.setClock(utc(12, 2));
    expect((await statement('2026-11-01', '--issue')).err).toContain('the statement of 2026-10 was not issued');
    expect((await statement('2026-11-01')).err).toContain('its uses would be adjustments here');
    expect((await statement('2026-10-01', '--issue')).status).toBe(0);
    expect((await statement('2026-11-01', '--issue')).status).toBe(0);
    const again = await statement('2026-11-01', '--issue');
    expect([again.status, again.err]).toEqual([0, expect.stringContaining('it was issued on 2026-12-02')]);
    expect((await statement('2026-09-01')).err).toContain('the statement of 2026-10 was issued');
  });

  test('D-2: a use whose record is disputed is on no statement before somebody has looked', async () => {
    await send(OCTOBER, utc(10, 6, 13));
    const running = await run(desk.store);
    const disputed = { keep: 'hold', device: 'relais-0001', epoch: '00000000000000aa', seq: 4 } as const;
    await running.store.hold(account, (held) => held.keep([disputed]));
    await running.store.close();
    const { usage, evidence } = await statement('2026-10-01');
    expect(evidence.disputed).toEqual([expect.stringContaining('/one')]);
    expect(usage.map(({ count }: { count: number }) => count)).toEqual([1]);
  });

  test('U-6: the detail hides the digits that the contract says, unless others are asked for; emergencies are in none', async () => {
    await send([...OCTOBER, talk('help', '112', utc(10, 7), 50)], utc(10, 7, 13));
    const { out } = await ask('detail', '2026-10-01');
    expect(out.split('\r\n')).toEqual([
      'date;ligne;type;sens;correspondant;classe;quantite;compris;paye;montant;taxe',
      expect.stringContaining('+3317234••••;geographic;61;0;61;'),
      expect.stringContaining('+3317234••••;geographic;60;0;60;'),
    ]);
    const rows = JSON.parse((await ask('detail', '2026-10-01', '--format', 'json', '--mask', '0')).out);
    expect(rows.map(({ party, quantity }: { party: string; quantity: number }) => [party, quantity])).toEqual([
      ['+33172345678', 61],
      ['+33172345679', 60],
    ]);
  });

  test('C-1, M1: caps and new months are those that the central heard of', async () => {
    await send([talk('long', '0612345678', utc(10, 5), 7_200)], utc(10, 6));
    const free = await statement('2026-10-01');
    const running = await run(desk.store);
    running.loop.take({
      on: 'account-changed',
      account,
      entry: { capMicroEuro: 1_000_000, cycle: 1 },
      now: utc(10, 1),
    });
    await running.loop.settled();
    await running.store.close();
    const capped = await statement('2026-10-01');
    const ticks = (of: typeof free): number =>
      of.usage.reduce((sum: number, row: { ticks: number }) => sum + row.ticks, 0);
    expect(ticks(free)).toBeGreaterThan(60_000_000);
    expect(ticks(capped)).toBeLessThanOrEqual(60_000_000);
  });

  test.each([
    [['statement', 'nobody', '--period', '2026-10-01'], 'nobody: no such account; known: boulangerie-martin'],
    [['statement', account, '--period', 'October'], '--period is a day of the period'],
    [['detail', account], '--period is a day of the period'],
    [['detail', account, '--period', '2026-10-01', '--mask', 'x'], '--mask is a number of digits'],
    [['detail', account, '--period', '2026-10-01', '--format', 'xml'], '--format is csv or json'],
  ])('%j is refused with a remedy', async (argv, why) => {
    await send([], utc(10, 1));
    const { status, err } = await desk.run(...argv, '--directory', registry);
    expect([status, err]).toEqual([2, expect.stringContaining(why)]);
  });
});
