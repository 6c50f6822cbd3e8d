import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { central } from '../../provisioning/commands/central.ts';
import type { Terminal } from '../../provisioning/commands/command.ts';
import { provision } from '../../provisioning/commands/provision.ts';
import { reflector } from '../../provisioning/commands/reflector.ts';
import { readRegistry } from '../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from './example.ts';

const shipped = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
let directory: string;
let registry: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-cli-'));
  registry = join(directory, 'registry');
});
afterEach(() => rmSync(directory, { recursive: true }));

type Screen = Terminal & { readonly outs: string[]; readonly errs: string[] };
function createScreen(): Screen {
  const outs: string[] = [];
  const errs: string[] = [];
  return {
    outs,
    errs,
    out: (line) => outs.push(line),
    err: (line) => errs.push(line),
    stopped: () => Promise.resolve(),
  };
}

function type(...argv: string[]): { readonly status: number; readonly out: string; readonly err: string } {
  const screen = createScreen();
  const status = provision(argv, screen, shipped);
  return { status, out: screen.outs.join('\n'), err: screen.errs.join('\n') };
}

function orderFile(change: object = {}): string {
  const file = join(directory, 'order.json');
  writeFileSync(file, JSON.stringify({ ...exampleOrder(), ...change }));
  return file;
}

describe('relais provision', () => {
  test('P-1: init, order, show: from nothing to a signed configuration', () => {
    expect(type('init', '--directory', registry).status).toBe(0);
    const ordered = type('order', folder('orders/example-site.json'), '--directory', registry);
    expect(ordered.status).toBe(0);
    expect(ordered.out).toContain('issued version 1 for device relais-0001');
    const shown = type('show', '--directory', registry);
    expect(shown.out).toContain('failover on');
    expect(shown.out).toContain('account boulangerie-martin: cap 150 EUR excluding VAT, cycle 1');
  });

  test('a wrong order ends with status 2 and a line for each wrong field', () => {
    type('init', '--directory', registry);
    const lines = [{ number: '0172890001', label: 'Front desk' }];
    const { status, out, err } = type('order', orderFile({ lines, regime: 7 }), '--directory', registry);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('lines[0].number = "0172890001"');
    expect(err).toContain('regime = 7');
    expect(readRegistry(registry)).toEqual({ configs: [], accounts: {}, writeOffs: [] });
  });

  test('F-1: a failover that is refused is said, and the order is issued', () => {
    type('init', '--directory', registry);
    const order = orderFile({ lans: { ...exampleOrder().lans, separation: 'none' } });
    const { status, out } = type('order', order, '--directory', registry);
    expect(status).toBe(0);
    expect(out).toContain('failover: off');
    expect(out).toContain('warning: lans.separation = "none": failover refused (F-1)');
  });

  test('C-1, M1: support changes the cap and opens the month of an account', () => {
    type('init', '--directory', registry);
    type('order', orderFile(), '--directory', registry);
    expect(type('cap', 'boulangerie-martin', '99.95', '--directory', registry).status).toBe(0);
    expect(type('month', 'boulangerie-martin', '--directory', registry).status).toBe(0);
    expect(readRegistry(registry).accounts).toEqual({ 'boulangerie-martin': { capMicroEuro: 99_950_000, cycle: 2 } });
  });

  test.each([
    [['order', '--directory', 'D'], 'name one order file'],
    [['cap', 'nobody', '10', '--directory', 'D'], 'no such account: nobody'],
    [['cap', 'nobody', '10,5', '--directory', 'D'], 'an amount in euros'],
    [['month', '--directory', 'D'], 'name one account'],
    [['init'], '--directory is missing'],
    [['frobnicate', '--directory', 'D'], 'no such subcommand: frobnicate'],
    [['init', '--folder', 'D'], "Unknown option '--folder'"],
  ])('relais provision %s is refused with what is wrong', (argv, message) => {
    const { status, err } = type(...argv.map((word) => (word === 'D' ? registry : word)));
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });
});

describe('help and usage of every command', () => {
  test('--help explains each subcommand', async () => {
    const screen = createScreen();
    expect(provision(['--help'], screen, shipped)).toBe(0);
    expect(await central(['--help'], screen)).toBe(0);
    expect(await reflector(['--help'], screen, () => 0)).toBe(0);
    const text = screen.outs.join('\n');
    for (const word of ['init', 'order', 'show', 'cap', 'month', 'central', 'report', 'reflector']) {
      expect(text).toContain(word);
    }
  });

  test.each([
    [['--state', 'S'], '--directory is missing'],
    [['--state', 'S', '--directory', 'D'], '--broker (missing): write HOST:PORT'],
    [['--state', 'S', '--directory', 'D', '--broker', 'here'], '--broker here: write HOST:PORT'],
    [['--directory', 'D'], '--state is missing'],
    [['report', '--state', 'S'], 'no central has run there yet'],
    [['reports', '--state', 'S'], 'no such subcommand: reports'],
  ])('relais central %s is refused with what is wrong', async (argv, message) => {
    const screen = createScreen();
    expect(await central(argv, screen)).toBe(2);
    expect(screen.errs.join('\n')).toContain(message);
  });

  test('relais reflector says where it reflects, and ends when it is told to', async () => {
    const screen = createScreen();
    expect(await reflector(['--listen', '127.0.0.1:0'], screen, () => 0)).toBe(0);
    expect(screen.outs[0]).toMatch(/^reflecting on 127\.0\.0\.1:\d+$/);
    expect(await reflector(['--listen', 'nowhere'], screen, () => 0)).toBe(2);
    // An address of documentation (RFC 5737) that no machine has.
    expect(await reflector(['--listen', '192.0.2.77:8862'], screen, () => 0)).toBe(1);
    expect(screen.errs.at(-1)).toContain('EADDRNOTAVAIL');
  });
});
