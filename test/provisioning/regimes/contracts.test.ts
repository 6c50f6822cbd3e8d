import { describe, expect, test } from 'vitest';
import { leavesOf } from '../../../provisioning/contracts/leaves.ts';
import { shippedContract } from './shipped.ts';

type Sentence = readonly [requirement: string, article: string, path: string, value: unknown];

const days = (count: number) => ({ count, unit: 'day' });
const workingDays = (count: number) => ({ count, unit: 'working-day' });
const months = (count: number) => ({ count, unit: 'month' });
const EURO = 1_000_000;

/** Of a limit what the text says; the rest is the operator's own. */
const holds = (part: object): unknown => expect.objectContaining(part);
const warn = (value: number) => ({ at: { value }, is: 'reached', do: { name: 'warn' } });
const follows = (value: number, name: string) => ({ at: { value }, is: 'reached', do: { name } });
const warn80 = { at: { percent: 80 }, is: 'reached', do: { name: 'warn' } };
const at100 = (name: string) => ({ at: { percent: 100 }, is: 'reached', do: { name } });
const past = (name: string) => ({ at: { percent: 100 }, is: 'exceeded', do: { name } });
const metered = (euros: number): unknown =>
  holds({
    steps: [
      warn(1),
      { ...follows(2, 'meter'), do: { name: 'meter', retroactive: true, penaltyMicroEuro: euros * EURO } },
    ],
  });
const DAILY = [
  { figure: 'mean-seconds', below: 40, do: { name: 'report' } },
  { figure: 'asr-percent', below: 50, do: { name: 'report' } },
];
const CEILING = {
  ceilingMicroEuro: 45 * EURO,
  rangeMicroEuro: { from: 45 * EURO, to: 60 * EURO },
  steps: [warn80, at100('cut-roaming-data')],
};
const OUTSIDE_UNLIMITED = ['short', 'directory', 'satellite', 'premium-special', 'mobile-special-service'];

const imesit: readonly Sentence[] = [
  ['F-1', 'Internet 2.1.4', 'access.failoverMinimumLinks', 2],
  ['F-1', 'Internet 2.1.4', 'access.failoverSeparateLans', true],
  ['F-4', 'fixe 2.3', 'access.voiceOnlyPenaltyPerChannelMicroEuro', 180 * EURO],
  ['F-5', 'Internet 5', 'access.substitutePrice', 'cheaper-of-both'],
  ['F-6', 'mobile 2.1', 'sim.routerUse', 'failover-only'],
  ['F-7', 'Internet 2.1', 'access.publicHotspot', false],
  ['Q-2', 'fixe 8.2', 'voice.udpPorts', [389, 5060, 5061, 8060, [16_384, 16_482]]],
  ['Q-2', 'fixe 8.2', 'voice.networks', [161, 162, 163, 164].map((third) => `83.136.${third}.0/24`)],
  ['Q-4', 'fixe 2.3', 'channels.callsPerBasicAccess', 2],
  ['Q-4', 'fixe 2.3', 'channels.codecOnDsl', 'G.729'],
  ['V-2', 'fixe 2', 'maximumCallSeconds', 14_400],
  ['V-3', 'fixe 8.2', 'signalling.messagesPerSecond', 60],
  ['V-3', 'CGS 9.1', 'signalling.transactionsPerSecond', 30],
  ['V-4', 'CGS 9.1', 'limits.dailyFigures', holds({ minimumAttempts: 20, steps: DAILY })],
  ['V-5', 'fixe 2', 'callerId.mayPresent', ['assigned', 'authorized']],
  ['V-6', 'fixe 2.1', 'barring.liftedBy', 'signed-waiver'],
  ['V-7', 'fixe 2.1', 'abuse.excludedFromUnlimited', OUTSIDE_UNLIMITED],
  ['V-7', 'fixe 2.1', 'limits.automaticDialing', metered(180)],
  ['V-8', 'fixe 4', 'preselection.endsWith', 'ip-service-live'],
  ['V-9', 'fixe 2.3', 'trunk.unfitDevices', ['fax', 'payment-terminal', 'franking-machine', 'alarm', 'door-phone']],
  ['V-11', 'fixe 2', 'numberBlocks.minimumUsePercent', 80],
  ['X-1', 'fixe 2.4', 'fax.bearer', 'T.38'],
  ['X-2', 'fixe 2.4', 'fax.receptionFormat', 'pdf'],
  ['X-3', 'fixe 2.4', 'limits.faxPace', holds({ perMinute: 1 })],
  ['X-4', 'fixe 2.1', 'limits.massFax', holds({ steps: [warn(1), follows(1, 'suspend-fax')] })],
  ['X-6', 'Internet 3.2', 'mail.connectionsPerSecond', 3],
  ['X-6', 'Internet 3.2', 'mail.mailsPerConnection', 100],
  ['X-6', 'Internet 3.2', 'mail.recipientsPerMail', 10],
  ['X-6', 'Internet 3.2', 'mail.distinctRecipientsPerWeek', 200],
  ['S-2', 'mobile 6', 'sim.lossConfirmedWithin', { count: 48, unit: 'hour' }],
  ['S-4', 'mobile 2', 'sim.dataByDefault', 'closed'],
  ['S-5', 'mobile 9.2', 'roaming.byDefault', 'barred'],
  ['S-5', 'mobile 9.2', 'roaming.openedBy', ['signed-waiver']],
  ['S-5', 'mobile 9.2', 'roaming.effectiveAfter', { count: 48, unit: 'working-hour' }],
  ['S-6', 'mobile 9.3', 'limits.roamingCeiling', CEILING],
  ['S-6', 'mobile 9.3', 'roaming.ceilingLiftedBy', 'signed-waiver'],
  ['S-7', 'mobile 2.1', 'limits.fairUse', { home: [warn80, past('throttle')], roaming: [warn80, past('throttle')] }],
  ['S-7', 'mobile 2.1', 'fairUse.packsRestore', true],
  ['S-10', 'mobile 10.1', 'sim.portingInterruptionHours', 4],
  ['S-11', 'mobile 5.2', 'sim.unreadSmsDays', 14],
  ['U-4', 'CGS 6', 'records.retentionMonths', 12],
  ['R-9', 'DG 3.2', 'billing.cycle', 'calendar-month'],
  ['R-9', 'fixe 5', 'billing.usage', 'in-arrears'],
  ['R-11', 'fixe 6', 'billing.planChangesPerYear', 2],
  ['R-11', 'fixe 6', 'billing.planChangesPerMonth', 1],
  ['R-11', 'fixe 6', 'billing.planChangeEffective', 'next-cycle'],
  ['P-4', 'CGS 5', 'billing.tariffNotice', months(1)],
  ['U-6', 'CGS 6', 'billing.contestation', days(30)],
  ['C-2', 'DG 3.2', 'credit.kind', 'credit-threshold'],
  ['C-2', 'DG 3.2', 'limits.creditThreshold', { steps: [warn80, past('bar-outgoing')] }],
  ['C-6', 'CGS 9.1', 'limits.abnormalRise', holds({ against: 'same-weekday', heldDays: 7 })],
  ['R-8', 'mobile 2.2', 'limits.internationalOption', holds({ measure: 'seconds' })],
  ['C-4', 'default', 'credit.cut_running_calls', false],
  ['C-5', 'DG 5', 'suspension.afterReminder', days(8)],
  ['C-5', 'CGS 9.1', 'suspension.reopeningFee', 'tariff-sheet'],
  ['C-5', 'CGS 9.1', 'suspension.terminationAfter', months(2)],
  ['G-2', 'CGS 7', 'gtr.clock_start', 'report'],
  ['G-4', 'fixe 8.1', 'longOutageTerms.days', 2],
  ['G-4', 'fixe 8.1', 'longOutageTerms.fees', 1],
  ['G-4', 'fixe 8.1', 'longOutageTerms.services', ['fixed', 'mobile', 'internet']],
  ['G-4', 'default', 'longOutageTerms.count', 'elapsed'],
  ['M-8', 'CGS 8', 'lentServices.stopWithin', { count: 1, unit: 'hour' }],
  ['P-3', 'mobile 3', 'sim.selfActivationDays', 30],
];

const cmi: readonly Sentence[] = [
  ['F-1', 'Internet 1.1.5', 'access.failoverMinimumLinks', 2],
  ['Q-2', 'CGV 11.8', 'voice.udpPorts', [389, 5060, 5061, 8060, [16_384, 16_482]]],
  ['Q-4', 'fixe 1.3', 'channels.callsPerBasicAccess', 2],
  ['Q-4', 'fixe 1.3.1', 'channels.codecHd', 'G.722'],
  ['V-2', 'fixe 1', 'maximumCallSeconds', 7_200],
  ['V-3', 'fixe 7', 'signalling.messagesPerSecond', 60],
  ['V-3', 'CGV 12.1', 'signalling.transactionsPerSecond', 30],
  ['V-4', 'CGV 12.1', 'limits.dailyFigures', holds({ minimumAttempts: 20, steps: DAILY })],
  ['V-5', 'Numéros spéciaux 2', 'callerId.forbidden', ['089B']],
  ['V-7', 'fixe 1.1', 'limits.automaticDialing', metered(180)],
  ['V-8', 'fixe 1.5', 'preselection.prefix', '0'],
  ['V-8', 'fixe 1.5', 'preselection.numberLength', 10],
  ['V-10', 'fixe 1.1', 'perSite.minimumUnlimitedPlans', 2],
  ['V-10', 'fixe 1.1', 'perSite.maximumPerUsePercent', 10],
  ['V-11', 'fixe 1', 'numberBlocks.minimumUsePercent', 80],
  ['X-3', 'fixe 1.4', 'limits.faxPace', holds({ perMinute: 1, atOnce: 2 })],
  ['S-4', 'mobile 1', 'sim.dataByDefault', 'open'],
  ['S-5', 'mobile 8.2.1', 'roaming.openedBy', ['telephone', 'mail', 'signed-waiver']],
  ['S-6', 'mobile 8.3.3', 'limits.roamingCeiling', CEILING],
  ['S-11', 'fixe 1.7', 'smsApi.perSecond', 1],
  ['S-11', 'fixe 1.7', 'smsApi.perMinute', 10],
  ['U-4', 'CGV 9.2', 'records.retentionMonths', 6],
  ['R-9', 'CGV 8.4', 'billing.cycle', 'anniversary'],
  ['R-11', 'fixe 5', 'billing.planChangesPerYear', 2],
  ['U-6', 'CGV 9.1', 'billing.contestation', days(30)],
  ['C-2', 'CGV 8.3', 'credit.kind', 'credit-threshold'],
  ['C-5', 'CGV 8.6.1', 'suspension.afterReminder', days(8)],
  ['C-5', 'CGV 12.1', 'suspension.terminationAfter', months(2)],
  ['G-2', 'Internet 1.1.1–1.1.3', 'gtr.clock_start', 'report_and_restart'],
  ['G-4', 'mobile 6.1.3', 'longOutageTerms.services', ['mobile']],
  ['M-8', 'CGV 11.12', 'lentServices.stopWithin', { count: 1, unit: 'hour' }],
  ['P-3', 'mobile 2.1', 'sim.selfActivationDays', 30],
];

const mie: readonly Sentence[] = [
  ['Q-2', 'definitions', 'voice.udpPorts', [2427, 2727, 5060, [16_384, 16_482]]],
  ['Q-4', 'art. 3', 'channels.recommendedAccess', { downKbps: 5_000, upKbps: 1_000, calls: 5 }],
  ['V-5', 'art. 5', 'callerId.mayPresent', ['assigned']],
  ['V-5', 'art. 2.2', 'callerId.masking', 'on-request'],
  ['V-6', 'art. 4', 'barring.beforeDocuments', ['incoming', 'on-net']],
  ['V-7', 'art. 5', 'abuse.forms', ['robots']],
  ['X-2', 'art. 2.2', 'fax.receptionFormat', 'pdf'],
  ['X-5', 'annexe 1', 'fax.billedBy', 'page-sent'],
  ['U-4', 'art. 14.6', 'records.retentionMonths', 12],
  ['R-10', 'art. 14.1', 'billing.priceTax', 'TTC'],
  ['P-4', 'art. 14.1', 'billing.tariffNotice', months(1)],
  ['U-6', 'art. 14.4', 'billing.contestation', months(1)],
  ['C-1', 'art. 13', 'credit.kind', 'hard-cap'],
  ['C-1', 'art. 13', 'credit.limitMicroEuro', 150 * EURO],
  [
    'C-1',
    'art. 13',
    'limits.outOfBundleCap',
    {
      steps: [
        { ...warn80, lines: 'all' },
        { ...at100('incoming-only'), lines: 'metered' },
        { ...at100('bundle-only'), lines: 'bundle' },
      ],
    },
  ],
  ['C-4', 'art. 13', 'credit.cut_running_calls', true],
  ['C-5', 'art. 14.4', 'suspension.afterReminder', days(0)],
];

const nexis: readonly Sentence[] = [
  ['F-6', 'art. 10', 'sim.routerUse', 'forbidden'],
  ['V-7', 'art. 10', 'abuse.forms', ['simbox', 'relaying', 'peer-to-peer']],
  ['S-5', 'art. 3', 'roaming.openedBy', ['order']],
  [
    'S-7',
    'art. 15',
    'limits.fairUse',
    { home: [warn80, past('throttle')], roaming: [warn80, past('cut-roaming-data')] },
  ],
  ['R-8', 'art. 16', 'limits.roamingAbuse', holds({ months: 3 })],
  ['S-13', 'art. 16', 'limits.simRotation', holds({ windowDays: 90 })],
  ['S-9', 'art. 11', 'sim.hostChangeNotice', months(1)],
  ['S-10', 'art. 5', 'sim.portingInterruptionHours', 4],
  ['U-5', 'art. 8', 'records.lateAfter', workingDays(60)],
  ['R-1', 'art. 16', 'roaming.likeHome', 'eea'],
  ['R-7', 'art. 15', 'unlimited.retroactive', false],
  ['P-4', 'art. 11', 'billing.tariffNotice', months(2)],
  ['P-4', 'art. 14', 'billing.usageTariffNotice', workingDays(7)],
  ['C-2', 'default', 'credit.kind', 'none'],
  ['C-5', 'art. 12', 'suspension.afterFormalNotice', workingDays(10)],
  ['C-5', 'art. 12', 'suspension.terminationAfter', months(1)],
  ['C-5', 'art. 12', 'suspension.terminationNotice', months(1)],
];

const networth: readonly Sentence[] = [
  ['V-7', 'art. 7.1.1', 'limits.automaticDialing', metered(200)],
  ['V-7', 'art. 7.1.2', 'abuse.returnToUnlimited', false],
  ['F-6', 'art. 7.1.1', 'sim.routerUse', 'forbidden'],
  ['R-5', 'Cely 1', 'sms.stop_chars', 10],
  ['R-9', 'art. 9.2', 'billing.subscriptions', 'in-advance'],
  ['P-4', 'art. 9.6.1', 'billing.tariffNotice', months(1)],
  ['U-6', 'art. 9.4', 'billing.contestation', months(3)],
  ['R-10', 'art. 9.1', 'billing.priceTax', 'HT'],
  ['C-5', 'art. 11.1', 'suspension.afterFormalNotice', workingDays(5)],
  ['C-5', 'art. 11.4', 'suspension.terminationAfter', months(1)],
];

describe.each([
  ['imesit', imesit],
  ['cmi', cmi],
  ['mie', mie],
  ['nexis', nexis],
  ['networth', networth],
] as const)('the contract of %s', (id, sentences) => {
  const { regime, raw } = shippedContract(id);
  const leaves = leavesOf(regime, raw);

  test.each(sentences)('%s, %s: %s is %j', (_requirement, article, path, value) => {
    const leaf = leaves.find((one) => one.path === path);
    expect(leaf?.value).toEqual(value);
    const cited = leaf !== undefined && 'article' in leaf.from ? leaf.from.article : undefined;
    expect(cited?.startsWith(article), cited).toBe(true);
  });
});
