import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import { writeAtomic } from '../../../provisioning/atomic-file.ts';
import { provision } from '../../../provisioning/commands/provision.ts';
import { registryPaths } from '../../../provisioning/registry/paths.ts';
import { initRegistry, readRegistry } from '../../../provisioning/registry/registry.ts';
import { readSuspensions } from '../../../provisioning/registry/suspensions.ts';
import { siteConfig } from '../example.ts';
import { shippedContract } from '../regimes/shipped.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const ACCOUNT = 'boulangerie-martin';
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-suspend-'));
  initRegistry(directory);
  const regime = RegimeSchema.parse(shippedContract('imesit').raw);
  const config = { ...siteConfig('relais-0001'), regime };
  writeAtomic(registryPaths(directory).payload('relais-0001', 1), canonical(config));
});
afterEach(() => rmSync(directory, { recursive: true }));

function type(...argv: string[]): { status: number; out: string; err: string } {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    stopped: async () => {},
  };
  const none = { regimes: '', tariffs: '', numbering: '' };
  const status = provision([...argv, '--directory', directory], terminal, none, () => NOW);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('C-5: relais provision suspend and lift', () => {
  test('an unpaid sum: eight days after the reminder, not before (imesit 5); the contract may be ended after two months', () => {
    expect(type('suspend', ACCOUNT, '--reason', 'unpaid', '--by', 'ana').err).toContain('--reminded is missing');
    const early = type('suspend', ACCOUNT, '--reason', 'unpaid', '--by', 'ana', '--reminded', '2026-11-16');
    expect([early.status, early.err]).toEqual([
      2,
      expect.stringContaining('not before 2026-11-24T00:00:00+01:00 (DG 5'),
    ]);
    const due = type('suspend', ACCOUNT, '--reason', 'unpaid', '--by', 'ana', '--reminded', '2026-11-14');
    expect([due.status, due.out]).toEqual([
      0,
      `${ACCOUNT}-0001: ${ACCOUNT} is suspended (total) from 2026-11-22T13:00:00+01:00`,
    ]);
    expect(readSuspensions(directory)).toEqual([
      {
        ...{ id: `${ACCOUNT}-0001`, account: ACCOUNT, scope: 'total', reason: 'unpaid', by: 'ana' },
        ...{ orderedAt: NOW, from: NOW, terminationFrom: Date.UTC(2027, 0, 22, 12) },
      },
    ]);
    expect(Object.keys(readRegistry(directory).accounts)).toEqual([]);
  });

  test('one line, from a time on, in part; lifted once, with the line that pays the fee', () => {
    const line = ['--line', '+33172890001', '--scope', 'partial', '--from', '2026-12-01T09:00'];
    expect(type('suspend', ACCOUNT, '--reason', 'misuse', '--by', 'ana', ...line).status).toBe(0);
    expect(type('lift', `${ACCOUNT}-0001`, '--by', 'leo', '--fee', '+33172890001').status).toBe(0);
    expect(readSuspensions(directory)).toMatchObject([
      { line: '+33172890001', scope: 'partial', lifted: { by: 'leo', at: NOW, feeLine: '+33172890001' } },
    ]);
    expect(type('lift', `${ACCOUNT}-0001`, '--by', 'leo').err).toContain('was lifted on');
  });

  test.each([
    [
      ['suspend', ACCOUNT, '--reason', 'fraud', '--by', 'ana'],
      '--reason fraud: the contract allows unpaid, credit-exceeded',
    ],
    [['suspend', 'nobody', '--reason', 'unpaid', '--by', 'ana'], 'nobody: no site has that account'],
    [['suspend', ACCOUNT, '--reason', 'misuse'], '--by is missing'],
    [
      ['suspend', ACCOUNT, '--reason', 'misuse', '--by', 'a', '--line', '+331'],
      '--line +331: the account has +33172890001',
    ],
    [
      ['suspend', ACCOUNT, '--reason', 'misuse', '--by', 'a', '--device', 'x'],
      '--device x: the account has relais-0001',
    ],
    [['suspend', ACCOUNT, '--reason', 'misuse', '--by', 'a', '--scope', 'x'], '--scope x: partial or total'],
    [['suspend', ACCOUNT, '--reason', 'misuse', '--by', 'a', '--from', 'noon'], '--from is a time such as'],
    [['suspend'], 'suspend: name one account'],
    [['lift', 'x', '--by', 'a'], 'x: no such suspension; known: none'],
  ])('%j is refused with a remedy, and changes nothing', (argv, why) => {
    const { status, err } = type(...argv);
    expect([status, err]).toEqual([2, expect.stringContaining(why)]);
    expect(readSuspensions(directory)).toEqual([]);
  });
});
