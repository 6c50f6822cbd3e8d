/** Why a use costs what it costs; a regime gives the article of each. */
const RULES = [
  /** V-1: never counted, charged or shown. */
  'emergency',
  'incoming',
  'unanswered',
  'not-sent',
  'on-net',
  'own-fleet',
  /** The number itself is free for the caller. */
  'free-number',
  /** No price list knows it, or it is barred: nothing can be charged, and somebody should look. */
  'no-price',
  'metered',
  'bundle',
  'unlimited',
  /** past the limits of the unlimited plan. */
  'unlimited-breach',
  /** V-7: the unlimited plan was abused. */
  'abuse',
  /** SMS, MMS, pages or data of the plan. */
  'allowance',
  'roaming',
  'fax',
] as const;
export type Rule = (typeof RULES)[number];

/** What stops the rest of a use from being charged (C-1, S-6, R-3). */
const LIMITS = ['cap', 'roaming-ceiling', 'long-service'] as const;
export type Limit = (typeof LIMITS)[number];
