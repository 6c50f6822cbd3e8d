import { expect, test } from 'vitest';
import { leavesOf } from '../../../provisioning/contracts/leaves.ts';
import { shippedContract } from './shipped.ts';

/** What a contract is silent about is absent from its regime. */
const SILENT: readonly (readonly [requirement: string, id: string, path: string])[] = [
  ['V-2', 'mie', 'maximumCallSeconds'],
  ['V-3', 'mie', 'signalling.messagesPerSecond'],
  ['V-10', 'imesit', 'perSite.minimumUnlimitedPlans'],
  ['X-3', 'mie', 'limits.faxPace'],
  ['V-8', 'imesit', 'preselection.prefix'],
  ['S-7', 'nexis', 'fairUse.packsRestore'],
  ['S-6', 'nexis', 'limits.roamingCeiling'],
  ['C-2', 'imesit', 'credit.limitMicroEuro'],
  ['G-4', 'mie', 'longOutageTerms.fees'],
  ['G-1', 'networth', 'gtrTerms.targetMinutes'],
  ['G-3', 'imesit', 'gtrTerms.yearlyCeilingFees'],
  ['G-5', 'imesit', 'availabilityTerms.classes'],
  ['R-4', 'imesit', 'payoutTerms.threshold'],
  ['R-6', 'cmi', 'smsTerms.window'],
  ['R-7', 'imesit', 'unlimitedTerms.voiceSeconds'],
  ['U-2', 'nexis', 'articles.unanswered'],
  ['R-1', 'imesit', 'articles.on-net'],
];

test.each(SILENT)('%s: %s says nothing of %s', (_requirement, id, path) => {
  const { regime, raw } = shippedContract(id);
  expect(leavesOf(regime, raw).map((leaf) => leaf.path)).not.toContain(path);
});

test('X-3, C-2: what a rule of limits leaves open is absent from it', () => {
  const { limits } = shippedContract('imesit').regime;
  expect(limits.faxPace?.value).not.toHaveProperty('atOnce');
  expect(limits.creditThreshold?.value).not.toHaveProperty('thresholdMicroEuro');
});
