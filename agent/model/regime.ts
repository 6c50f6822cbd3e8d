import { z } from 'zod';
import { cited } from './cited.ts';
import { LimitsSchema } from './limits.ts';
import { AvailabilityTermsSchema } from './readings/availability.ts';
import { GtrTermsSchema, LongOutageTermsSchema } from './readings/gtr.ts';
import { PayoutTermsSchema } from './readings/payout.ts';
import { SmsTermsSchema } from './readings/sms.ts';
import { UnlimitedTermsSchema } from './readings/unlimited.ts';
import { ArticlesSchema } from './regime/articles.ts';
import { LeaseTermsSchema } from './regime/lease-terms.ts';
import { FairUseSchema, RoamingSchema, SimSchema, SmsApiSchema } from './regime/mobile.ts';
import { BillingSchema, CreditSchema, RecordsSchema, SuspensionSchema } from './regime/money.ts';
import { READING_GROUPS } from './regime/reading-groups.ts';
import { FaxSchema, LentServicesSchema, MailSchema } from './regime/services.ts';
import { AccessSchema, ChannelsSchema, VoiceSchema } from './regime/voice-facts.ts';
import {
  AbuseSchema,
  BarringSchema,
  CallerIdSchema,
  NumberBlocksSchema,
  PerSiteSchema,
  PreselectionSchema,
  SignallingSchema,
  TrunkSchema,
} from './regime/voice-policy.ts';

/**
 * A regime: what one operator's contract says, as data (requirements.md "A regime is data, not code"). Each value stands
 * beside its article; what a contract is silent about is absent, or has a default that says so in its article.
 * Amounts are micro-euro excluding VAT. The six groups of readings say how an ambiguous clause is read.
 */
export const RegimeSchema = z.strictObject({
  /** Names the JSON Schema for editors; no part of the contract. */
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'lower-case letters, digits and dashes, starting with a letter'),
  version: z.int().min(1),
  operator: z.string().min(1),
  access: AccessSchema.prefault({}),
  voice: VoiceSchema.prefault({}),
  channels: ChannelsSchema.prefault({}),
  /** V-2: longest call, in seconds; absent where the contract sets none. */
  maximumCallSeconds: cited(
    z.int().min(60).max(86_400),
    'V-2: longest call, in seconds',
    "V-2 : durée maximale d'un appel, en secondes",
  ).optional(),
  signalling: SignallingSchema.prefault({}),
  callerId: CallerIdSchema.prefault({}),
  barring: BarringSchema.prefault({}),
  abuse: AbuseSchema.prefault({}),
  preselection: PreselectionSchema.prefault({}),
  trunk: TrunkSchema.prefault({}),
  perSite: PerSiteSchema.prefault({}),
  numberBlocks: NumberBlocksSchema.prefault({}),
  fax: FaxSchema.prefault({}),
  mail: MailSchema.prefault({}),
  sim: SimSchema.prefault({}),
  roaming: RoamingSchema.prefault({}),
  fairUse: FairUseSchema.prefault({}),
  smsApi: SmsApiSchema.prefault({}),
  records: RecordsSchema.prefault({}),
  billing: BillingSchema.prefault({}),
  credit: CreditSchema.prefault({}),
  suspension: SuspensionSchema.prefault({}),
  lentServices: LentServicesSchema.prefault({}),
  ...READING_GROUPS,
  /** Facts beside those readings; absent where the contract says nothing of the matter (R-6; G-1 to G-3; G-4; G-5; R-4). */
  smsTerms: SmsTermsSchema.optional(),
  gtrTerms: GtrTermsSchema.optional(),
  longOutageTerms: LongOutageTermsSchema.optional(),
  availabilityTerms: AvailabilityTermsSchema.optional(),
  payoutTerms: PayoutTermsSchema.optional(),
  /** limits of unlimited plans, each absent where the contract sets none. */
  unlimitedTerms: UnlimitedTermsSchema.prefault({}),
  /** C-1, C-2, C-6, R-8, S-6, S-7, S-13, V-4, V-7, X-3, X-4: limits and what is done at them. */
  limits: LimitsSchema.prefault({}),
  articles: ArticlesSchema.prefault({}),
  /** C-3: how credit is lent to a site that may lose its central. */
  lease: LeaseTermsSchema,
});
export type Regime = z.infer<typeof RegimeSchema>;
