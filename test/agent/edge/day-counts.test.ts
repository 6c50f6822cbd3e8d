import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDayCounts } from '../../../agent/edge/day-counts.ts';

let directory: string;
const file = (): string => join(directory, 'uplink-days.json');
const counts = [{ link: 'second', day: 20_000, spent: 123_456 }];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-days-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('U-7: gives back after a restart what was written down', () => {
  openDayCounts(file(), () => undefined).keep(counts);
  expect(openDayCounts(file(), () => undefined).read()).toEqual(counts);
});

it.each(['', '{', '[{"link":"second","day":-1,"spent":0}]', '[1]'])('takes a file of "%s" for no count', (text) => {
  writeFileSync(file(), text);
  expect(openDayCounts(file(), () => undefined).read()).toEqual([]);
});

it('says when it cannot write, and goes on', () => {
  const faults: Error[] = [];
  const days = openDayCounts(join(directory, 'nowhere', 'x.json'), (error) => faults.push(error));
  days.keep(counts);
  expect(faults).toHaveLength(1);
  expect(days.read()).toEqual([]);
});
