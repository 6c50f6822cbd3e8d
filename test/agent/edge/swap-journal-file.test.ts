import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSwapJournal } from '../../../agent/edge/swap-journal-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-swap-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keep = (file: string, text: string) => new Promise<boolean>((done) => openSwapJournal(file).keep(text, done));

it('S-1: keeps a text whole, the last one given, and leaves nothing beside it', async () => {
  const file = join(folder, 'sim-swap.json');
  expect(openSwapJournal(file).read()).toBeUndefined();
  const journal = openSwapJournal(file);
  const kept = ['one', 'two', 'three'].map((text) => new Promise<boolean>((done) => journal.keep(text, done)));
  expect(await Promise.all(kept)).toEqual([true, true, true]);
  expect(openSwapJournal(file).read()).toBe('three');
  expect(readdirSync(folder)).toEqual(['sim-swap.json']);
});

it('S-1: says that nothing was kept where there is no folder', async () => {
  expect(await keep(join(folder, 'gone', 'sim-swap.json'), 'one')).toBe(false);
});
