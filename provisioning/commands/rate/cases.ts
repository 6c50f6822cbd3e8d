import { availabilityCase } from './availability.ts';
import { campaignCase } from './campaign.ts';
import { capCase } from './cap.ts';
import type { Case } from './case.ts';
import { dailyCase } from './daily.ts';
import { encoursCase } from './encours.ts';
import { gtrCase } from './gtr.ts';
import { payoutCase } from './payout.ts';
import { roamingCase } from './roaming.ts';
import { smsCase } from './sms.ts';
import { unlimitedCase } from './unlimited.ts';
import { workingHoursCase } from './working-hours.ts';

/** The questions of billing that can be checked by hand, by the word after `relais rate`. */
export const CASES: Readonly<Record<string, Case>> = {
  sms: smsCase,
  campaign: campaignCase,
  gtr: gtrCase,
  availability: availabilityCase,
  'working-hours': workingHoursCase,
  payout: payoutCase,
  unlimited: unlimitedCase,
  cap: capCase,
  encours: encoursCase,
  roaming: roamingCase,
  daily: dailyCase,
};
