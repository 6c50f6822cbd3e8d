import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import { readRegime as readContract } from '../../../provisioning/contracts/read-regime.ts';
import { issueOrder } from '../../../provisioning/registry/issue-order.ts';
import { initRegistry, readRegistry } from '../../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from '../example.ts';

/** An operator that nobody has heard of, with habits that none of the five has. */
const SIXTH = {
  id: 'sixieme',
  version: 1,
  operator: 'SIXIÈME TÉLÉCOM',
  voice: { udpPorts: { value: [5080, [20_000, 20_100]], article: 'art. 4' } },
  maximumCallSeconds: { value: 5_400, article: 'art. 5' },
  records: { lateAfter: { value: { count: 3, unit: 'month' }, article: 'art. 9' } },
  credit: {
    kind: { value: 'hard-cap', article: 'art. 12' },
    limitMicroEuro: { value: 75_000_000, article: 'art. 12' },
    cut_running_calls: { value: true, article: 'art. 12' },
  },
  cap: { sticky: true, setup_fee_due: 'call_start', articles: { sticky: 'art. 12', setup_fee_due: 'art. 11' } },
  limits: {
    outOfBundleCap: {
      value: { steps: [{ at: { percent: 100 }, is: 'reached', do: { name: 'bundle-only' }, lines: 'all' }] },
      article: 'art. 12',
    },
    creditThreshold: {
      value: { steps: [{ at: { percent: 100 }, is: 'exceeded', do: { name: 'bar-outgoing' } }] },
      article: 'art. 12',
    },
  },
  lease: { microEuro: 5_000_000, bundleSeconds: 600 },
};

let directory: string;
let regimes: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-sixth-'));
  regimes = join(directory, 'regimes');
  cpSync(folder('regimes'), regimes, { recursive: true });
  initRegistry(directory);
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (regime: object): string => {
  const path = join(regimes, 'sixieme.json');
  writeFileSync(path, JSON.stringify(regime));
  return path;
};
/** The example order without a limit of its own, so that the regime's counts. */
function order(change: object = {}) {
  const input = { ...exampleOrder(), account: { id: 'boulangerie-martin' }, regime: 'sixieme', ...change };
  return issueOrder(directory, input, { regimes, tariffs: folder('decks'), numbering: folder('numbering') });
}

describe('a sixth operator is a file, and no code', () => {
  test('P-4, P-1: its file is good, and a site is issued under it with its values', () => {
    expect(readContract(write(SIXTH)).problems).toEqual([]);
    const issued = order();
    expect(issued.issued && issued.config.regime).toMatchObject({
      id: 'sixieme',
      maximumCallSeconds: { value: 5_400 },
      credit: { cut_running_calls: { value: true } },
      cap: { sticky: true, setup_fee_due: 'call_start', reset: 'explicit' },
      sim: { routerUse: { value: 'failover-only' } },
    });
  });

  test('C-1: a new account has the limit of its regime', () => {
    write(SIXTH);
    order();
    expect(readRegistry(directory).accounts).toEqual({ 'boulangerie-martin': { capMicroEuro: 75_000_000, cycle: 1 } });
  });

  test('C-2: a threshold that is set per client has to stand in the order of a new account', () => {
    const kind = { value: 'credit-threshold', article: 'art. 12' };
    const { limitMicroEuro: _limit, ...credit } = SIXTH.credit;
    write({ ...SIXTH, credit: { ...credit, kind } });
    const refused = order();
    expect(refused.issued ? [] : refused.problems.map(({ field }) => field)).toEqual(['account.capEuro']);
    expect(readRegistry(directory).accounts).toEqual({});
    expect(order({ account: { id: 'boulangerie-martin', capEuro: '500' } }).issued).toBe(true);
    expect(order().issued).toBe(true);
    expect(readRegistry(directory).accounts).toMatchObject({ 'boulangerie-martin': { capMicroEuro: 500_000_000 } });
  });

  test('C-1: a contract without a limit asks for none', () => {
    const { credit: _credit, ...without } = SIXTH;
    write(without);
    expect(order().issued).toBe(true);
    expect(readRegistry(directory).accounts).toMatchObject({ 'boulangerie-martin': { capMicroEuro: 100_000_000_000 } });
  });

  test('a value is refused with its field and what is known', () => {
    const wrong = {
      ...SIXTH,
      credit: { ...SIXTH.credit, kind: { value: 'soft-cap', article: 'art. 12' } },
      callerId: { mayPresent: { value: ['anybody'], article: 'art. 6' } },
      maximumCallSeconds: { value: 5_400 },
      voicee: {},
    };
    const problems = readContract(write(wrong)).problems.map(({ field, remedy }) => `${field}: ${remedy}`);
    expect(problems).toEqual(
      expect.arrayContaining([
        'credit.kind.value: not known; known: hard-cap, credit-threshold, none',
        'callerId.mayPresent.value[0]: not known; known: assigned, authorized',
        expect.stringMatching(/^maximumCallSeconds\.article: /),
        'voicee: no such field; remove it or correct its name',
      ]),
    );
  });

  const bad: readonly (readonly [why: string, change: object, field: string])[] = [
    ['P-4: a reading without its article', { cap: { sticky: true } }, 'cap.sticky'],
    ['P-4: an empty citation', { maximumCallSeconds: { value: 60, article: ' ' } }, 'maximumCallSeconds.article'],
    ['P-4: a name that is not that of the file', { id: 'septieme' }, 'id'],
    ['Q-2: ranges that overlap', { voice: ports([5060, [5000, 5100]]) }, 'voice.udpPorts.value'],
    ['Q-2: a range upside down', { voice: ports([[5100, 5000]]) }, 'voice.udpPorts.value[0]'],
    ['V-5: a block that is no block', { callerId: { forbidden: cite(['89b']) } }, 'callerId.forbidden.value[0]'],
    ['C-1: a limit without what follows it', { limits: {} }, 'credit.kind.value'],
    ['C-2: a threshold without what follows it', { limits: {}, credit: threshold() }, 'credit.kind.value'],
    ['C-1: a limit of no kind', { credit: { limitMicroEuro: cite(1) } }, 'credit'],
    ['C-3: a lease as large as the limit', { lease: { microEuro: 75_000_000, bundleSeconds: 0 } }, 'lease.microEuro'],
    ['S-6: a ceiling out of its bounds', { limits: ceiling(61, 80) }, 'limits.roamingCeiling.value.ceilingMicroEuro'],
    ['S-6: a warning after the cut', { limits: ceiling(50, 100) }, 'limits.roamingCeiling.value.steps'],
    ['R-1: an article of no rule', { articles: { meterred: 'art. 1' } }, 'articles.meterred'],
  ];
  test.each(bad)('%s is refused', (_why, change, field) => {
    const { problems } = readContract(write({ ...SIXTH, ...change }));
    expect(problems.map((problem) => problem.field)).toEqual([field]);
  });

  test('what goes into a signed configuration can be read again, and is the same', () => {
    const regime = RegimeSchema.parse(SIXTH);
    expect(RegimeSchema.parse(JSON.parse(JSON.stringify(regime)))).toEqual(regime);
  });
});

function cite(value: unknown): object {
  return { value, article: 'art. 7' };
}

function ports(value: unknown): object {
  return { udpPorts: cite(value) };
}

function threshold(): object {
  return { kind: cite('credit-threshold') };
}

/** Beside the limits that the sixth operator has, as its file is changed by whole groups. */
function ceiling(euros: number, percent: number): object {
  const rangeMicroEuro = { from: 45_000_000, to: 60_000_000 };
  const step = (at: number, name: string) => ({ at: { percent: at }, is: 'reached', do: { name } });
  const steps = [step(percent, 'warn'), step(100, 'cut-roaming-data')];
  return {
    ...SIXTH.limits,
    roamingCeiling: cite({ ceilingMicroEuro: euros * 1_000_000, rangeMicroEuro, steps }),
  };
}
