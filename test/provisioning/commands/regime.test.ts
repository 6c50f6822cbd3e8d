import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { regime } from '../../../provisioning/commands/regime.ts';
import { readJson } from '../../../provisioning/json-file.ts';
import { folder } from '../example.ts';
import { OPERATORS, shippedPath } from '../regimes/shipped.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-regime-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function type(...argv: string[]): { readonly status: number; readonly out: string; readonly err: string } {
  const outs: string[] = [];
  const errs: string[] = [];
  const terminal = {
    out: (line: string) => outs.push(line),
    err: (line: string) => errs.push(line),
    stopped: () => Promise.resolve(),
  };
  const status = regime(argv, terminal, folder('regimes'));
  return { status, out: outs.join('\n'), err: errs.join('\n') };
}

/** The contract of cmi with some fields changed, under its own name. */
function changed(change: object): string {
  const path = join(directory, 'cmi.json');
  writeFileSync(path, JSON.stringify({ ...Object(readJson(shippedPath('cmi'))), ...change }));
  return path;
}

describe('relais regime check', () => {
  test('P-4: the five files are good', () => {
    const { status, out, err } = type('check', ...OPERATORS.map(shippedPath));
    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n')).toHaveLength(5);
    expect(out).toContain('networth@1 is good');
  });

  test('P-4: a wrong file is refused by field and known values; the good ones beside it are still checked', () => {
    const wrong = changed({ maximumCallSeconds: { value: '2 h', article: 'fixe 1' }, gtr: { clock_start: 'soon' } });
    const { status, out, err } = type('check', wrong, shippedPath('mie'));
    expect(status).toBe(2);
    expect(err).toContain('maximumCallSeconds.value = "2 h"');
    expect(err).toContain('gtr.clock_start = "soon": not known; known: report_and_restart, report');
    expect(out).toContain('mie@1 is good');
  });

  test('the schema beside the regimes is passed over, so that a whole folder can be checked', () => {
    const { status, out } = type('check', folder('regimes/regime.schema.json'), shippedPath('cmi'));
    expect(status).toBe(0);
    expect(out).toMatch(/regime\.schema\.json: .*passed over\n.*cmi@1 is good/);
  });

  test('of a long value the beginning is shown', () => {
    const { err } = type('check', changed({ extra: 'x'.repeat(5_000) }));
    expect(err).toMatch(/extra = "x{199}…: no such field/);
  });

  test('a file that holds no object is refused as a whole', () => {
    const path = join(directory, 'cmi.json');
    writeFileSync(path, '[]');
    expect(type('check', path).err).toContain('cmi.json = []: ');
  });
});

describe('relais regime show', () => {
  test('P-4: every value with its article, defaults and readings marked', () => {
    const { status, out } = type('show', 'cmi');
    expect(status).toBe(0);
    expect(out).toMatch(/^CMI SERVICES: cmi@1$/m);
    expect(out).toMatch(/maximumCallSeconds = 7200\n {4}V-2: longest call, in seconds\n {4}fixe 1: « .*120 minutes »/);
    expect(out).toMatch(/longOutageTerms\.count = elapsed\n.*\n {4}default: G-4/);
    expect(out).toMatch(
      /limits\.faxPace = perMinute 1, atOnce 2, steps \(at 1, is reached, do report; .*\)\n {4}X-3: /,
    );
    expect(out).toMatch(/articles\.cap = CGV 8\.3\n {4}C-1: .*\n {4}CGV 8\.3: « En cas de dépassement/);
    expect(out).toMatch(/gtr\.clock_start = report_and_restart\n {4}reading G6: Internet 1\.1\.1/);
    expect(out).toMatch(/payout\.over50_policy = client_month\n {4}reading R12, default/);
    expect(out).toMatch(/payoutTerms\.longService = overMicroEuroTtcPerMinute €0\.15 incl\. VAT, maximumSeconds 1800/);
    expect(out).toMatch(/penaltyMicroEuro €180\.00 excl\. VAT/);
    expect(out).toMatch(/rangeMicroEuro \(from €45\.00 excl\. VAT, to €60\.00 excl\. VAT\)/);
    expect(out).toMatch(/lease\.refillBelowPercent = 50\n {4}operator's own setting/);
  });

  test('P-4: the same in French', () => {
    const { status, out } = type('show', 'nexis', '--lang', 'fr');
    expect(status).toBe(0);
    expect(out).toMatch(/records\.lateAfter = 60 jours ouvrés\n {4}U-5 : délai d'arrivée des CDR/);
    expect(out).toMatch(/sim\.hostChangeNotice = 1 mois/);
    expect(out).toMatch(/unlimited\.retroactive = non\n {4}lecture U1: art\. 15/);
    expect(out).toMatch(/lease\.microEuro = 10,00 € HT\n {4}réglage de l'opérateur/);
    expect(out).toMatch(/credit\.kind = none\n.*\n {4}défaut: C-1/);
  });
});

describe('relais regime diff', () => {
  test('P-4: what two contracts say differently, and not what they say alike', () => {
    const { status, out } = type('diff', 'imesit', 'cmi');
    expect(status).toBe(0);
    expect(out).toMatch(/^maximumCallSeconds\n {2}- 14400 {4}fixe 2: .*\n {2}\+ 7200 {4}fixe 1: /m);
    expect(out).toMatch(/^perSite\.minimumUnlimitedPlans\n {2}\+ 2/m);
    expect(out).not.toMatch(/^signalling\.messagesPerSecond/m);
  });

  test('P-4: two versions of one contract, by file', () => {
    const { out } = type('diff', 'cmi', changed({ version: 2, records: { retentionMonths: cited(7) } }));
    expect(out.split('\n')).toEqual([
      '- CMI SERVICES: cmi@1',
      '+ CMI SERVICES: cmi@2',
      'records.retentionMonths',
      expect.stringMatching(/^ {2}- 6 {4}CGV 9\.2/),
      '  + 7    CGV 9.2',
    ]);
  });
});

describe('relais regime says what is wrong with a command', () => {
  const wrong: readonly (readonly [argv: readonly string[], said: RegExp])[] = [
    [[], /no such subcommand: \(none\); there are check, show and diff/],
    [['check'], /name one regime file/],
    [['show'], /name one regime/],
    [['show', 'nobody'], /no such regime: nobody; known: cmi, imesit, mie, networth, nexis$/m],
    [['show', 'cmi', '--lang', 'de'], /--lang de: not known; known: en, fr/],
    [['diff', 'cmi'], /name two regimes/],
    [['diff', 'cmi', 'nobody'], /no such regime: nobody/],
    [['show', '--nonsense'], /nonsense/],
  ];
  test.each(wrong)('%j', (argv, said) => {
    const { status, out, err } = type(...argv);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(said);
  });

  test('a file that is refused is not shown', () => {
    const { status, out, err } = type('show', changed({ bundleSeconds: 7 }));
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('bundleSeconds = 7');
  });

  test('--help tells of all three', () =>
    expect(type('--help').out).toMatch(/check FILE[\s\S]*show ID[\s\S]*diff A B/));
});

function cited(value: unknown): object {
  return { value, article: 'CGV 9.2' };
}
