import { LimitsSchema } from '../../../../agent/model/limits.ts';

/** One of each rule, small enough for histories of a dozen uses to pass its points. */
export const RULES = LimitsSchema.required().parse({
  creditThreshold: {
    value: {
      thresholdMicroEuro: 100,
      steps: [
        { at: { percent: 80 }, is: 'reached', do: { name: 'warn' } },
        { at: { percent: 100 }, is: 'exceeded', do: { name: 'bar-outgoing' } },
      ],
    },
    article: 'imesit DG 3.2',
  },
  outOfBundleCap: {
    value: {
      capMicroEuro: 100,
      steps: [
        { at: { percent: 100 }, is: 'reached', lines: 'metered', do: { name: 'incoming-only' } },
        { at: { percent: 100 }, is: 'reached', lines: 'bundle', do: { name: 'bundle-only' } },
      ],
    },
    article: 'mie 13',
  },
  abnormalRise: {
    value: {
      against: 'every-day',
      weeks: 1,
      minimumDays: 3,
      minimumMicroEuro: 2,
      minimumPercentOfMean: 150,
      heldDays: 2,
      steps: [
        { deviationPercent: 150, do: { name: 'warn' } },
        { deviationPercent: 200, minutesAfterWarning: 60, do: { name: 'bar-outgoing' } },
      ],
    },
    article: 'imesit CGS 9.1',
  },
  dailyFigures: {
    value: {
      minimumAttempts: 20,
      judged: 'closed',
      steps: [
        { figure: 'mean-seconds', below: 40, do: { name: 'report' } },
        { figure: 'asr-percent', below: 50, do: { name: 'suspend' } },
      ],
    },
    article: 'imesit CGS 9.1',
  },
  automaticDialing: {
    value: {
      signs: [
        { kind: 'different-numbers', seconds: 3_600, over: 3 },
        { kind: 'attempts', seconds: 600, over: 3 },
        { kind: 'regular', toleranceMillis: 2_000, longestSeconds: 300, over: 3 },
        { kind: 'uninterrupted', pauseSeconds: 30, over: 300 },
        { kind: 'at-once', over: 2 },
      ],
      steps: [
        { at: { value: 1 }, is: 'reached', do: { name: 'report' } },
        { at: { value: 2 }, is: 'reached', do: { name: 'meter', retroactive: true, penaltyMicroEuro: 180_000_000 } },
      ],
    },
    article: 'imesit fixe 2.1',
  },
  roamingCeiling: {
    value: {
      ceilingMicroEuro: 50_000_000,
      steps: [
        { at: { percent: 80 }, is: 'reached', do: { name: 'warn' } },
        { at: { percent: 100 }, is: 'reached', do: { name: 'cut-roaming-data' } },
      ],
    },
    article: 'imesit mobile 9.3',
  },
  fairUse: {
    value: {
      home: [{ at: { percent: 100 }, is: 'exceeded', do: { name: 'throttle' } }],
      roaming: [{ at: { percent: 100 }, is: 'exceeded', do: { name: 'cut-roaming-data' } }],
    },
    article: 'nexis 15',
  },
  roamingAbuse: {
    value: {
      months: 3,
      compare: 'whole',
      minimumUses: 2,
      dormant: { days: 30, roamingPercent: 90 },
      steps: [{ at: { value: 1 }, is: 'reached', do: { name: 'surcharge-roaming', retroactive: true } }],
    },
    article: 'nexis 16',
  },
  internationalOption: {
    value: {
      measure: 'seconds',
      minimumUses: 3,
      do: [{ name: 'end-option', retroactive: true, penaltyMicroEuro: 180_000_000 }],
    },
    article: 'imesit mobile 2.2',
  },
  simRotation: {
    value: {
      withinDays: 10,
      windowDays: 30,
      steps: [{ at: { value: 2 }, is: 'exceeded', do: { name: 'report' } }],
    },
    article: 'nexis 16',
  },
  faxPace: {
    value: { perMinute: 1, atOnce: 2, steps: [{ at: { value: 2 }, is: 'reached', do: { name: 'warn' } }] },
    article: 'cmi fixe 1.4, 1.4.1',
  },
  massFax: {
    value: {
      signs: [
        { kind: 'different-numbers', seconds: 3_600, over: 3 },
        { kind: 'attempts', seconds: 3_600, over: 5 },
      ],
      steps: [{ at: { value: 1 }, is: 'reached', do: { name: 'suspend-fax' } }],
    },
    article: 'imesit fixe 2.1',
  },
});
