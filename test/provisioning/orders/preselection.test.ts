import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import { OrderSchema } from '../../../provisioning/orders/order.ts';
import { preselectionProblems } from '../../../provisioning/orders/preselection.ts';

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../provisioning/${file}`, import.meta.url), 'utf8'));
const regime = (id: string) => RegimeSchema.parse(read(`regimes/${id}.json`));
const order = OrderSchema.parse(read('orders/example-site.json'));
const until = { ...order, voice: { ...order.voice, preselectionUntil: '2026-12-01' } };

it('V-8: preselection can be ordered where the contract names its prefix, and is refused by its field elsewhere', () => {
  expect(preselectionProblems(until, regime('cmi'))).toEqual([]);
  expect(preselectionProblems(order, regime('mie'))).toEqual([]);
  expect(preselectionProblems(until, regime('mie'))).toMatchObject([
    { field: 'voice.preselectionUntil', value: '2026-12-01' },
  ]);
});
