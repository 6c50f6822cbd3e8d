import { describe, expect, test } from 'vitest';
import { importDeck } from '../../../provisioning/pricing/import-deck.ts';
import { bytes, importCsv, PLANS } from './sample.ts';

const HEADER =
  'service;prefix;short;class;territory;zone;name;tier;per-minute;per-call;first;step;minimum;tax;from;until;barred;as';
const COLUMNS = HEADER.split(';');
/** One row by the names of its columns. */
const row = (cells: Readonly<Record<string, string>>): string => COLUMNS.map((name) => cells[name] ?? '').join(';');
const csv = (...rows: readonly string[]): string => [HEADER, ...rows].join('\n');
const GOOD = row({ class: 'geographic', name: 'France', 'per-minute': '0,015' });
/** Where a cell of a row begins. */
const columnOf = (text: string, name: string): number =>
  text.split(';').slice(0, COLUMNS.indexOf(name)).join(';').length + (COLUMNS.indexOf(name) === 0 ? 1 : 2);

describe('P-4, R-1: prices from CSV', () => {
  test('a row with everything', () => {
    const { deck, findings } = importCsv(
      csv(
        row({
          prefix: '+33 811',
          territory: 'FR',
          name: 'Mixte',
          tier: 'M001',
          'per-minute': '0,02 €',
          'per-call': '0,08',
          tax: 'ttc',
          until: '31/12/2016',
        }),
        row({
          service: 'voice',
          short: '39',
          name: '39PQ',
          'per-minute': '0,41',
          first: '60',
          step: '30',
          minimum: '0,000001',
          from: '2026-01-01',
        }),
        row({
          class: 'International-Mobile',
          zone: 'EEA',
          name: 'Europe',
          'per-minute': '0',
          barred: 'oui',
          as: 'premium-special',
        }),
      ),
    );
    expect(findings).toEqual([]);
    expect(deck?.voice).toMatchObject([
      {
        for: { prefix: '33811' },
        tier: 'M001',
        perMinuteMicroEuro: 20_000,
        perCallMicroEuro: 80_000,
        tax: 'TTC',
        until: '2016-12-31',
      },
      {
        for: { short: '39' },
        perMinuteMicroEuro: 410_000,
        firstSeconds: 60,
        stepSeconds: 30,
        minimumMicroEuro: 1,
        from: '2026-01-01',
      },
      { for: { class: 'international-mobile', zone: 'eea' }, barred: true, as: 'premium-special' },
    ]);
  });

  test('every service has its list', () => {
    const header = 'service,class,visited-zone,visited-territory,direction,name,per-minute,per-unit,unit';
    const { deck, findings } = importCsv(
      [
        header,
        'voice,geographic,,,,home,0.015,,',
        'roaming-voice,,eea,,outgoing,out,0.019,,',
        'roaming-voice,,,CH,incoming,in,0.1,,',
        'sms,mobile,,,,sms,,0.05,',
        'sms,mobile,eea,,,sms abroad,,0.06,',
        'mms,mobile,,,,mms,,0.15,',
        'fax,geographic,,,,page,,0.06,',
        'data,,eea,,,data,,0.0013,1 Mo',
        'data,,,,,data home,,0.05,1 MiB',
      ].join('\r\n'),
    );
    expect(findings).toEqual([]);
    expect(deck).toMatchObject({
      roamingVoice: [{ visited: { zone: 'eea' }, direction: 'outgoing' }, { visited: { territory: 'CH' } }],
      sms: [{ perUnitMicroEuro: 50_000 }, { visited: { zone: 'eea' } }],
      mms: [{ perUnitMicroEuro: 150_000 }],
      fax: [{ name: 'page' }],
      data: [{ perUnitMicroEuro: 1_300, unitBytes: 1_000_000 }, { unitBytes: 1_048_576 }],
    });
  });

  test.each([
    ['a byte order mark', bytes(`\ufeff${csv(row({ class: 'geographic', name: 'Métropole', 'per-minute': '1' }))}`)],
    [
      'Latin-1',
      Uint8Array.from(csv(row({ class: 'geographic', name: 'Métropole', 'per-minute': '1' })), (c) => c.charCodeAt(0)),
    ],
  ])('a file in %s', (_, file) => {
    expect(importCsv(file).deck?.voice[0]?.name).toBe('Métropole');
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    ['a decimal too many', { 'per-minute': '0,0150001' }, 'per-minute', 'at most 6 decimals'],
    ['a thousands separator', { 'per-minute': '1.234,50' }, 'per-minute', 'without thousands separators'],
    ['a negative price', { 'per-minute': '-1' }, 'per-minute', 'of 0 or more'],
    ['a price beyond the bound', { 'per-minute': '901' }, 'per-minute', 'at most 900.00 €'],
    ['no price at all', { 'per-minute': '' }, 'per-minute', 'missing'],
    ['no name', { name: '' }, 'name', 'missing'],
    ['an unknown class', { class: 'mobil' }, 'class', 'one of'],
    ['an unknown service', { service: 'vioce' }, 'service', 'one of voice'],
    ['a number made of a prefix', { class: '', prefix: '3,31E+10' }, 'prefix', 'format the column as text'],
    ['a prefix with 00', { class: '', prefix: '0033' }, 'prefix', 'without 00'],
    ['two selectors', { prefix: '33' }, 'class', 'prefix and class'],
    ['no selector', { class: '' }, 'prefix', 'what is this price for'],
    ['a territory that is none', { territory: 'FRA' }, 'territory', 'two letters'],
    ['a territory and a zone', { territory: 'FR', zone: 'eea' }, 'zone', 'not both'],
    ['a zone without a class', { class: '', prefix: '33', zone: 'eea' }, 'zone', 'fill in the class'],
    ['a prefix of another country', { class: '', prefix: '331', territory: 'DE' }, 'prefix', 'not under +49 of DE'],
    [
      'a prefix around a country',
      { class: '', prefix: '1', territory: 'JM' },
      'prefix',
      'not under +1658 or +1876 of JM',
    ],
    [
      'a territory without a code',
      { class: '', prefix: '331', territory: 'ZZ' },
      'territory',
      'country code of its own',
    ],
    ['a day that is none', { until: '30/02/2026' }, 'until', 'a day that exists'],
    ['a last day before the first', { from: '2026-02-01', until: '2026-01-31' }, 'until', 'before the first'],
    ['a step of nothing', { step: '0' }, 'step', 'at least 1'],
    ['a step with a unit', { step: '6 s' }, 'step', 'without a unit'],
    ['a tax of another country', { tax: 'NET' }, 'tax', 'HT, TTC'],
    ['neither yes nor no', { barred: 'maybe' }, 'barred', 'yes or no'],
    ['a class that is none', { as: 'gold' }, 'as', 'one of'],
    ['R-3, R14: a mixed tier without its end', { tier: 'M001' }, 'until', 'ended on 2016-12-31'],
    ['R-3, R14: a mixed tier that goes on', { tier: 'M002', until: '2017-01-01' }, 'until', 'ended on 2016-12-31'],
    ['V-1: a class that has no price', { class: 'emergency' }, 'class', 'V-1'],
    ['V-1: an emergency number', { class: '', short: '112' }, 'short', 'V-1'],
  ])('%s is refused in its place', (_, wrong, field, remedy) => {
    const bad = row({ class: 'mobile', name: 'wrong', 'per-minute': '0,06', ...wrong });
    const { deck, findings } = importCsv(csv(GOOD, bad));
    expect(deck).toBeUndefined();
    expect(findings).toEqual([
      {
        ...{ level: 'error', file: 'prices.csv', line: 3, column: columnOf(bad, field), field },
        value: JSON.stringify(bad.split(';')[COLUMNS.indexOf(field)]),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  test('every error is said at once, rows, overlaps and plans together, in the order of the file', () => {
    const { findings } = importCsv(
      csv(
        row({ class: 'geographic', name: 'a', 'per-minute': 'x', step: 'y' }),
        row({ class: 'mobile', name: 'b', 'per-minute': '1' }),
        row({ class: 'mobile', name: 'c', 'per-minute': '2' }),
      ),
      { ...PLANS, version: 0, plans: [] },
    );
    expect(findings.map(({ file, line, field }) => [file, line, field])).toEqual([
      ['plans.json', 4, 'version'],
      ['plans.json', 8, 'plans'],
      ['prices.csv', 2, 'per-minute'],
      ['prices.csv', 2, 'step'],
      ['prices.csv', 4, 'from'],
    ]);
    expect(findings.at(-1)?.remedy).toContain('another price for the same days');
    expect(findings.at(-1)?.remedy).toContain('(see line 3)');
  });

  test('a filled cell that the service has no use for is refused, not lost', () => {
    const { findings } = importCsv('service;class;name;per-minute;per-unit\nsms;mobile;a;0,1;0,05');
    expect(findings).toMatchObject([
      { line: 2, column: 14, field: 'per-minute', remedy: expect.stringContaining('leave the cell empty') },
    ]);
  });

  test('decimals with comma and point in one file are refused: 1,234 would be two amounts', () => {
    const { findings } = importCsv(csv(GOOD, row({ class: 'mobile', name: 'b', 'per-minute': '0.06' })));
    expect(findings).toMatchObject([{ line: 3, field: 'per-minute', remedy: expect.stringContaining('on line 2') }]);
  });

  test('a row with a field too many or too few is refused', () => {
    const { findings } = importCsv('class;name;per-minute\ngeographic;a;0,1;9\nmobile;b');
    expect(findings).toMatchObject([
      { line: 2, column: 18, field: 'row', remedy: expect.stringContaining('4 fields where the header has 3') },
      { line: 3, column: 1, field: 'per-minute' },
      { line: 3, column: 8, field: 'row', remedy: expect.stringContaining('2 fields where the header has 3') },
    ]);
  });

  test.each([
    ['', 1, 'the file is empty'],
    ['class;name;price\n', 12, 'no such column'],
    ['class;name;constructor\n', 12, 'no such column'],
    ['class;name;class\n', 12, 'there twice'],
    ['class;per-minute\n', 1, 'name is missing'],
  ])('the header of %j is refused', (text, column, remedy) => {
    expect(importCsv(text).findings).toMatchObject([
      { line: 1, column, field: 'header', remedy: expect.stringContaining(remedy) },
    ]);
  });

  test('a file of prices without one price of a call is no list', () => {
    expect(importCsv(`${HEADER}\n`).findings).toMatchObject([{ file: 'prices.csv', field: 'voice', line: 1 }]);
  });

  test('a CSV without plans, and a JSON with them twice, are refused', () => {
    expect(importDeck({ file: 'prices.csv', bytes: bytes(csv(GOOD)) }).findings).toMatchObject([
      { field: 'plans', remedy: expect.stringContaining('--plans') },
    ]);
    const twice = importDeck({ file: 'deck.json', bytes: bytes('{}') }, { file: 'plans.json', bytes: bytes('{}') });
    expect(twice.findings[0]).toMatchObject({
      file: 'plans.json',
      remedy: expect.stringContaining('leave this file out'),
    });
  });
});

describe('P-4, R-1: what a schema cannot see', () => {
  const dated = (days: Readonly<Record<string, string>>) =>
    row({ class: 'mobile', name: 'mobile', 'per-minute': '1', ...days });

  test.each<readonly [string, Readonly<Record<string, string>>[], readonly (readonly [string, number])[]]>([
    ['periods that touch are fine', [{ until: '2026-06-30' }, { from: '2026-07-01' }], []],
    ['the order in the file is free', [{ from: '2026-07-01' }, { until: '2026-06-30' }], []],
    ['a day in both is an error', [{ until: '2026-07-01' }, { from: '2026-07-01' }], [['error', 3]]],
    ['an open period overlaps all', [{}, { from: '2026-07-01', until: '2026-07-31' }], [['error', 3]]],
    [
      'an early long one overlaps the third',
      [{ until: '2027-01-01' }, { from: '2026-02-01', until: '2026-02-02' }, { from: '2026-03-01' }],
      [
        ['error', 3],
        ['error', 4],
      ],
    ],
    ['a gap is a warning', [{ until: '2026-06-30' }, { from: '2026-07-02' }], [['warning', 3]]],
    ['over the end of a leap February', [{ until: '2028-02-29' }, { from: '2028-03-01' }], []],
  ])('%s', (_, periods, expected) => {
    const { findings, deck } = importCsv(csv(...periods.map(dated)));
    expect(findings.map(({ level, line }) => [level, line])).toEqual(expected);
    expect(deck === undefined).toBe(expected.some(([level]) => level === 'error'));
  });

  test.each([
    ['3381', '0,05', '', 'HT', undefined],
    ['3381', '0,050001', '', 'HT', 'per-minute'],
    ['3381', '0,06', '', 'TTC', undefined],
    ['3381', '0,060001', '', 'TTC', 'per-minute'],
    ['33820', '0,1', '0,500001', 'TTC', 'per-call'],
    ['33899', '0,80', '3', 'TTC', undefined],
    ['33899', '0,80', '3,01', 'TTC', 'per-call'],
  ])('R-3: the legal ceiling over %s: %s a minute, %s a call, %s', (prefix, minute, call, tax, field) => {
    const { deck, findings } = importCsv(
      csv(row({ prefix, name: 'special', 'per-minute': minute, 'per-call': call, tax })),
    );
    expect(deck).toBeDefined();
    expect(findings.map((finding) => [finding.level, finding.field])).toEqual(
      field === undefined ? [] : [['warning', field]],
    );
  });

  test('what costs nothing without a law or a bar that says so is a warning', () => {
    const free = (cells: Readonly<Record<string, string>>) => row({ name: 'free', 'per-minute': '0', ...cells });
    const { findings } = importCsv(
      csv(
        free({ prefix: '33800' }),
        free({ short: '3114' }),
        free({ class: 'helpline' }),
        free({ prefix: '4470', barred: 'yes' }),
        free({ prefix: '33811' }),
      ),
    );
    expect(findings).toMatchObject([{ level: 'warning', line: 6, field: 'per-minute' }]);
  });
});
