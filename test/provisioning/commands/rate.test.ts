import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJson } from '../../../provisioning/json-file.ts';
import { shippedPath } from '../regimes/shipped.ts';
import { type Typed, typedRate as type } from './typed-rate.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-rate-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** 30 October 2026, 10:00 in Paris. */
const MORNING = 1_793_350_800_000;
const HOUR = 3_600_000;
const SHOP = '+33172890001';
const MOBILE = '+33612345003';
const call = { kind: 'call', direction: 'outgoing', line: SHOP, at: MORNING, party: '0145000001', seconds: 61 };
const RECORDS = [
  { ...call, id: 'shop' },
  { ...call, id: 'office', line: '+33172890002', party: '0612345678', seconds: 7_300 },
  { ...call, id: 'unlimited', line: '+33172890003' },
  { ...call, id: 'emergency', party: '112' },
  { ...call, id: 'free', party: '0800123456' },
  { ...call, id: 'ringing', seconds: null },
  { ...call, id: 'fleet', line: '+33612345001', party: '0612345002' },
  { kind: 'sms', id: 'text', line: MOBILE, at: MORNING, direction: 'outgoing', party: '0612345678', segments: 2 },
  { kind: 'data', id: 'abroad', line: MOBILE, at: MORNING, bytes: 1_000_000, visited: 'DE' },
  { kind: 'data', id: 'home', line: '+33612345002', at: MORNING, bytes: 1_000_000 },
  { kind: 'fax', id: 'fax', line: '+33172890004', at: MORNING, direction: 'outgoing', party: '0145000001', pages: 3 },
];
const lines = (records: readonly object[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const example = (records: readonly object[] = RECORDS): readonly string[] => [
  '--account',
  'example',
  '--records',
  file('records.jsonl', lines(records)),
];

type Charge = Readonly<Record<string, unknown>>;
const chargesOf = ({ out }: Typed): ReadonlyMap<unknown, Charge> =>
  new Map(out.split('\n').map((line) => [JSON.parse(line).id, JSON.parse(line)]));

describe('relais rate: a batch of records', () => {
  test('R-1, V-1: calls, messages, data and faxes are rated by their plans', () => {
    const typed = type(...example());
    const charges = chargesOf(typed);
    expect([typed.status, typed.err]).toEqual([0, '']);
    expect(charges.size).toBe(RECORDS.length);
    const told = RECORDS.map(({ id }) => [id, charges.get(id)?.rule, charges.get(id)?.paid, charges.get(id)?.ticks]);
    expect(told).toEqual([
      ['shop', 'metered', 61, 61 * 15_000],
      ['office', 'bundle', 100, 100 * 60_000],
      ['unlimited', 'unlimited', 0, 0],
      ['emergency', 'emergency', 0, 0],
      ['free', 'free-number', 0, 0],
      ['ringing', 'unanswered', 0, 0],
      ['fleet', 'own-fleet', 0, 0],
      ['text', 'metered', 2, 2 * 50_000 * 60],
      ['abroad', 'roaming', 1_000_000, 1_300 * 60],
      ['home', 'allowance', 0, 0],
      ['fax', 'fax', 3, 3 * 60_000 * 60],
    ]);
    expect(charges.get('shop')).toMatchObject({ regime: 'mie@1', deck: 'example-2026@1', limit: null, tax: 'HT' });
  });

  test('U-7: a wrong line is named by its number and field, and the others are rated', () => {
    const [first = {}, ...others] = RECORDS;
    const text = [lines([first]), '', '{"kind":"call"', lines([{ ...call, id: 'x', line: '0172890001' }, ...others])];
    const typed = type('--account', 'example', '--records', file('records.jsonl', text.join('\n')));
    expect(typed.status).toBe(1);
    expect(typed.err).toMatch(/^line 3: not JSON: .*\nline 4: line: a number in E\.164 form such as \+33123456789$/);
    expect(chargesOf(typed)).toEqual(chargesOf(type(...example())));
  });

  test('U-7: a record that is there twice is rated once; one of a line that is not there is named', () => {
    const twice = type(...example([...RECORDS, ...RECORDS]));
    expect(chargesOf(twice)).toEqual(chargesOf(type(...example())));
    expect(twice.out.split('\n')).toHaveLength(RECORDS.length);
    const stray = type(...example([...RECORDS, { ...call, id: 'stray', line: '+33172899999' }]));
    expect([stray.status, stray.err]).toEqual([1, '{"id":"stray","unrated":"line"}']);
  });

  test('C-1, C-4: the cap of the contract waives what it cannot pay', () => {
    const dear = { ...call, id: 'dear', line: '+33172890003', party: '+4930123456', seconds: 400_000 };
    const [charge] = chargesOf(type(...example([dear]))).values();
    expect(charge).toMatchObject({ limit: 'cap', ticks: 150_000_000 * 60 });
  });
});

describe('relais rate explain, statement, detail', () => {
  test('R-1: why a record costs what it costs, with the article, in both languages', () => {
    const french = JSON.parse(type('explain', 'office', ...example()).out);
    expect(french).toMatchObject({ id: 'office', rule: 'bundle', ticks: 6_000_000, regime: 'mie@1' });
    expect(french.article).toMatch(/^art\. 12\.2: « Tout appel supplémentaire/);
    expect(french.steps[0]).toContain('est le +33612345678');
    const english = JSON.parse(type('explain', 'emergency', ...example(), '--lang', 'en').out);
    expect(english.steps).toContain('emergency call: never counted nor charged');
    expect(english.article).toMatch(/^art\. 2\.1: /);
    expect(JSON.parse(type('explain', 'ringing', ...example()).out).article).toBe('-');
  });

  test('R-9, R-10: the statement of the month of a day', () => {
    const statement = JSON.parse(type('statement', '2026-10-30', ...example()).out);
    expect(statement).toMatchObject({ account: 'example', period: { key: '2026-10' }, unrated: [] });
    expect(statement.usage.find((row: Charge) => row.line === SHOP && row.class === 'geographic')).toMatchObject({
      paid: 61,
      ticks: 915_000,
    });
    expect(statement.usage.some((row: Charge) => row.class === 'emergency')).toBe(false);
    expect(statement.fixed.map((row: Charge) => row.microEuro)).toContain(9_900_000);
    const { htMicroEuro, vatMicroEuro, ttcMicroEuro } = statement.totals;
    expect(ttcMicroEuro).toBe(htMicroEuro + vatMicroEuro);
    expect(JSON.parse(type('statement', '2026-09-30', ...example()).out).usage).toEqual([]);
  });

  test('U-6, V-1: the detail masks what is asked for, and shows no emergency, free or unanswered call', () => {
    const { status, out } = type('detail', '2026-10-30', ...example(), '--mask', '4');
    const rows = out.split('\r\n');
    expect(status).toBe(0);
    expect(rows[0]).toBe('date;ligne;type;sens;correspondant;classe;quantite;compris;paye;montant;taxe');
    expect(rows).toContain(
      `2026-10-30T09:00:00.000Z;${SHOP};call;sortant;+3314500••••;geographic;61;0;61;0,01525 €;HT`,
    );
    expect(rows).toHaveLength(1 + RECORDS.length - 3);
    for (const hidden of ['112', '+33800123456', '+33145000001']) expect(out).not.toContain(`;${hidden};`);
    const json = JSON.parse(type('detail', '2026-10-30', ...example(), '--format', 'json').out);
    expect(json.map((row: Charge) => row.party)).toContain('+33145000001');
  });
});

type Example = readonly [name: string, question: unknown, answer: unknown];

/** Every worked example of a page, a question and its answer in turn. */
function examplesOf(page: string, ...names: readonly string[]): readonly Example[] {
  const text = readFileSync(new URL(`../../../docs/rating/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```json[^\n]*\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
  return names.map((name, at) => [name, blocks[2 * at], blocks[2 * at + 1]]);
}
const EXAMPLES = [
  ...examplesOf('sms.md', 'sms', 'campaign'),
  ...examplesOf('gtr.md', 'gtr', 'working-hours'),
  ...examplesOf('availability.md', 'availability'),
  ...examplesOf('payout.md', 'payout'),
  ...examplesOf('unlimited.md', 'unlimited'),
  ...examplesOf('limits.md', 'encours', 'roaming', 'roaming', 'daily'),
  ...examplesOf('cli.md', 'cap'),
];
/** A question from a file. */
const ask = (name: string, question: unknown): Typed => type(name, file('question.json', JSON.stringify(question)));

describe('relais rate CASE', () => {
  test.each(EXAMPLES)('%s answers the example of its page', (name, question, answer) => {
    const { status, out, err } = ask(name, question);
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(answer);
  });

  test('every case of the command has its example', () => {
    const [, cases = ''] = type('--help').out.split('Cases,');
    const named = [...cases.matchAll(/^ {2}relais rate ([a-z-]+) +\S/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(EXAMPLES.map(([name]) => name)));
  });

  test.each([
    ['campaign', 'networth'],
    ['gtr', 'cmi'],
    ['availability', 'nexis'],
    ['payout', 'cmi'],
    ['unlimited', 'nexis'],
  ])('P-4: %s answers the same with the regime %s in the place of its terms', (wanted, regime) => {
    const [name, question, answer] = EXAMPLES.find(([one]) => one === wanted) ?? [wanted, {}, {}];
    const { terms, ...rest } = Object(question);
    expect(terms).toBeDefined();
    const amounts = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (key, below) => (key === 'article' ? '' : below));
    expect(amounts(JSON.parse(ask(name, { ...rest, regime }).out))).toEqual(amounts(answer));
  });

  test('P-4: what the question says itself wins, fact by fact', () => {
    const [, question] = EXAMPLES.find(([one]) => one === 'unlimited') ?? [];
    const { terms: _terms, ...rest } = Object(question);
    const terms = { voiceSeconds: { value: 142_200, article: 'an addendum' } };
    const answered = JSON.parse(ask('unlimited', { ...rest, regime: 'nexis', terms }).out);
    expect(answered.callBreach).toMatchObject({ use: 'c2', at: '2026-11-20T14:00:00+01:00' });
    expect(answered.billedSeconds).toBe(32 * 60 + 120);
    const readings = { billing_step_s: 1 };
    expect(JSON.parse(ask('unlimited', { ...rest, regime: 'nexis', terms, readings }).out).billedSeconds).toBe(1_922);
  });

  test('C-1, C-2, S-6, V-4: the limits of a regime, with their articles', () => {
    const at = '2026-11-02T10:00';
    const cap = JSON.parse(ask('cap', { regime: 'mie' }).out);
    expect(cap.bundleSecondsLeft).toBe(0);
    expect(JSON.parse(ask('cap', { regime: 'mie', bundleSeconds: 7_200 }).out).bundleSecondsLeft).toBe(7_200);
    const owed = { regime: 'imesit', thresholdMicroEuro: 100, uses: [{ at, microEuro: 80 }], asOf: '2026-11-03T00:00' };
    expect(JSON.parse(ask('encours', owed).out)).toMatchObject({
      barred: false,
      signals: [{ action: 'warn', article: expect.stringMatching(/^DG 3\.2: /) }],
    });
    const abroad = { regime: 'cmi', month: '2026-11', uses: [{ at, microEuro: 45_000_000 }] };
    expect(JSON.parse(ask('roaming', abroad).out)).toMatchObject({ state: 'cut', ceilingMicroEuro: 45_000_000 });
    const short = Array.from({ length: 20 }, () => ({ at, seconds: 39 }));
    expect(JSON.parse(ask('daily', { regime: 'cmi', day: '2026-11-02', calls: short }).out).signals).toMatchObject([
      { article: expect.stringMatching(/^CGV 12\.1: /), measured: 39, limit: 40 },
    ]);
  });

  test('G-1: working hours of a contract, and its long outages only for the services of the clause', () => {
    const asked = { ask: 'time-after', from: '2026-11-20T17:30', workingMinutes: 60 };
    const workedUntil = (regime: string) => JSON.parse(ask('working-hours', { ...asked, regime }).out).to;
    expect([workedUntil('imesit'), workedUntil('cmi'), workedUntil('nexis')]).toEqual([
      '2026-11-23T09:30:00+01:00',
      '2026-11-23T09:30:00+01:00',
      '2026-11-20T18:30:00+01:00',
    ]);
    const outages = [{ from: '2026-11-20T10:00', to: '2026-11-22T10:00' }];
    const incident = { reported: '2026-11-20T10:00', restored: '2026-11-22T10:00', monthlyFeeEuro: '50' };
    const long = (regime: string, access: string) =>
      ask('gtr', { ...incident, regime, access, longOutage: { outages } });
    expect(JSON.parse(long('cmi', 'mobile').out).longOutage.amountEuro).toBe('50.00');
    expect(JSON.parse(long('imesit', 'fibre').out).longOutage.amountEuro).toBe('50.00');
    expect(long('cmi', 'fibre').err).toBe('longOutage: holds for mobile only, and fibre is internet: leave it out');
    expect(long('nexis', 'mobile').err).toMatch(/^regime: the contract of nexis says nothing of longOutage\.terms/);
  });

  test.each([
    ['campaign', 'cmi', 'terms'],
    ['gtr', 'mie', 'terms'],
    ['availability', 'imesit', 'terms'],
    ['payout', 'imesit', 'terms'],
    ['unlimited', 'imesit', 'terms'],
    ['working-hours', 'networth', 'weeklyHours'],
    ['cap', 'imesit', 'capMicroEuro'],
    ['encours', 'imesit', 'thresholdMicroEuro'],
    ['roaming', 'nexis', 'ceilingMicroEuro, steps'],
    ['daily', 'mie', 'minimumAttempts, meanSecondsBelow, asrPercentBelow, judged'],
  ])('P-4: %s is refused where the contract of %s says nothing of %s', (name, regime, missing) => {
    const { status, out, err } = ask(name, { regime });
    expect([status, out]).toEqual([2, '']);
    expect(err).toBe(
      `regime: the contract of ${regime} says nothing of ${missing}: give that here, or name a regime that does`,
    );
  });

  test("P-4: an operator's own regime is taken from its folder, before a shipped one of that name", () => {
    mkdirSync(join(directory, 'regimes'));
    const cmi = Object(readJson(shippedPath('cmi')));
    const smsTerms = Object(readJson(shippedPath('networth'))).smsTerms;
    file('regimes/cmi.json', JSON.stringify({ ...cmi, smsTerms }));
    const question = file('question.json', JSON.stringify({ regime: 'cmi', messages: [] }));
    expect(type('campaign', question).status).toBe(2);
    expect(type('campaign', question, '--data', directory)).toMatchObject({ status: 0, err: '' });
  });

  test.each([
    [{ regime: '../orders/example-site' }, /^regime: the id of a regime, as relais regime check names them$/],
    [{ regime: 7 }, /^regime: the id of a regime/],
    [[], /^\(input\): /],
    [{ text: 'a', recipients: -1 }, /^recipients: /],
  ])('%j is refused by the name of its field', (question, message) => {
    expect(ask('sms', question)).toMatchObject({ status: 2, out: '', err: expect.stringMatching(message) });
  });
});

describe('U-5: statements that were issued', () => {
  test('stay as they are; what comes later is an adjustment of the next, and none is issued twice', () => {
    const issued = join(directory, 'issued');
    const asJson = (records: readonly unknown[], day: string) => {
      const records_ = file('r.jsonl', records.map((one) => JSON.stringify(one)).join('\n'));
      return type('statement', day, '--account', 'example', '--records', records_, '--issued', issued);
    };
    const first = { ...call, id: 'first' };
    const late = { ...call, id: 'late', party: '0612345678', received: MORNING + 72 * HOUR };
    expect(asJson([first], '2026-10-01').status).toBe(0);
    const november = asJson([first, late], '2026-11-01');
    expect(JSON.parse(november.out)).toMatchObject({ usage: [], adjustments: [{ id: 'late', why: 'late' }] });
    expect(() => asJson([first, late], '2026-10-01')).toThrow('was issued already');
    expect(() => asJson([first, late], '2026-11-01')).toThrow('was issued already');
    expect(JSON.parse(asJson([first, late], '2026-12-01').out)).toMatchObject({ adjustments: [] });
  });
});

describe('relais rate: the command line', () => {
  test.each([
    [[], '--account is missing'],
    [['ratee'], 'no such subcommand: ratee'],
    [['explain', '--account', 'example', '--records', '/dev/null'], 'name the id of one record'],
    [['explain', 'x', '--account', 'example', '--records', '/dev/null'], 'no such record among the 0'],
    [['explain', 'x', '--lang', 'de', '--account', 'example', '--records', '/dev/null'], '--lang is fr or en'],
    [['statement', '2026-02-30', '--account', 'example', '--records', '/dev/null'], 'name a day of the period'],
    [['detail', '2026-10-01', '--mask', 'x', '--account', 'example', '--records', '/dev/null'], '--mask is a number'],
    [['detail', '2026-10-01', '--format', 'pdf', '--account', 'example', '--records', '/dev/null'], '--format is csv'],
    [['sms', '/nowhere.json'], '/nowhere.json: there is no such file'],
    [['sms', 'a', 'b'], 'name one file, or none'],
  ])('%j is refused with what is wrong', (argv, message) => {
    expect(type(...argv)).toMatchObject({ status: 2, out: '', err: expect.stringContaining(message) });
  });

  test('an account or a regime that is not there is a fault that names the file and the folders', () => {
    expect(() => type('--account', 'nobody', '--records', '/dev/null')).toThrow(/config\.unreadable.*nobody\.json/);
    expect(() => ask('sms', { regime: 'nobody', text: 'a' })).toThrow(/config\.unreadable.*nobody\.json.*regimes/);
  });

  test('a question that is no JSON is refused', () => {
    expect(type('sms', file('question.json', '{'))).toMatchObject({ status: 2, err: expect.stringMatching(/JSON/) });
  });

  test('R-10: the order of the records makes no difference', () => {
    const later = RECORDS.map((record, at) => ({ ...record, at: MORNING + at * HOUR }));
    expect(chargesOf(type(...example(later.toReversed())))).toEqual(chargesOf(type(...example(later))));
  });
});
