import { expect, test } from 'vitest';
import { leavesOf } from '../../../provisioning/contracts/leaves.ts';
import { shippedContract } from './shipped.ts';

/** What a contract is silent about is absent from its regime. */
const SILENT: readonly (readonly [requirement: string, id: string, path: string])[] = [
  ['V-2', 'mie', 'maximumCallSeconds'],
  ['V-3', 'mie', 'signalling.messagesPerSecond'],
  ['V-10', 'imesit', 'perSite.minimumUnlimitedPlans'],
  ['X-3', 'imesit', 'fax.atATime'],
  ['V-8', 'imesit', 'preselection.prefix'],
  ['S-7', 'imesit', 'fairUse.roaming'],
  ['S-7', 'cmi', 'fairUse.roaming'],
  ['S-7', 'nexis', 'fairUse.packsRestore'],
  ['S-6', 'nexis', 'roaming.dataCeiling.microEuro'],
  ['C-2', 'imesit', 'credit.limitMicroEuro'],
  ['G-4', 'mie', 'compensation.monthlyFees'],
];

test.each(SILENT)('%s: %s says nothing of %s', (_requirement, id, path) => {
  const { regime, raw } = shippedContract(id);
  expect(leavesOf(regime, raw).map((leaf) => leaf.path)).not.toContain(path);
});
