import type { AvailabilityReadings } from '../../agent/model/readings/availability.ts';
import type { CapReadings } from '../../agent/model/readings/cap.ts';
import type { GtrReadings } from '../../agent/model/readings/gtr.ts';
import type { PayoutReadings } from '../../agent/model/readings/payout.ts';
import type { SmsReadings } from '../../agent/model/readings/sms.ts';
import type { UnlimitedReadings } from '../../agent/model/readings/unlimited.ts';

type Ids<Readings> = Readonly<Record<keyof Readings, string>>;

const sms: Ids<SmsReadings> = {
  allow_lower_case: 'S1',
  allow_space: 'S2',
  allow_newline: 'S2',
  typographic_forms: 'S3',
  charset_leftovers: 'S4',
  backslash: 'S5',
  charset_basis: 'S6',
  stop_chars: 'S7',
  segment_count: 'S8',
  long_total: 'S9',
  max_weight: 'S10',
  bill_failed: 'S10',
  empty_text: 'S11',
  normalise: 'S12',
  billed_units: 'S13',
};

const gtr: Ids<GtrReadings> = {
  half_fee_from: 'G1',
  full_fee_from: 'G2',
  tier_clock: 'G3',
  holidays: 'G4',
  alsace_moselle: 'G4',
  ceiling_year: 'G5',
  clock_start: 'G6',
  first_tier_from: 'G7',
  maintenance_stops_clock: 'G8',
  unpaid_invoice: 'G9',
};

const availability: Ids<AvailabilityReadings> = {
  shared_bound: 'N1',
  month_length: 'N2',
  downtime_hours: 'N2',
  usage_months: 'N3',
  ceiling_percent: 'N4',
  ceiling_base: 'N4',
  excusable: 'N5',
  credit_rounding: 'N6',
};

const payout: Ids<PayoutReadings> = {
  month_of_call: 'R1',
  per_day_scope: 'R2',
  per_day_limit: 'R2',
  port_out_months: 'R3',
  call_payout_floor: 'R4',
  long_service_over: 'R5',
  mobile_share_by: 'R6',
  mobile_cost_on: 'R6',
  overseas_cost: 'R7',
  threshold_on: 'R8',
  carry_over: 'R8',
  payout_rounding: 'R9',
  tier_change_notice_days: 'R10',
  payment_term: 'R11',
  over50_policy: 'R12',
  route_required: 'R13',
  mixed_tiers: 'R14',
};

const unlimited: Ids<UnlimitedReadings> = {
  retroactive: 'U1',
  hours_breach: 'U2',
  numbers_breach: 'U2',
  sms_breach: 'U3',
  breach_scope: 'U4',
  counted: 'U5',
  sms_count: 'U6',
  month_of_call: 'U7',
  tie_break: 'U8',
  billing_step_s: 'U9',
  national_by: 'U10',
};

const cap: Ids<CapReadings> = {
  reset: 'M1',
  bundle_order: 'M2',
  sticky: 'M3',
  concurrent_order: 'M4',
  setup_fee_due: 'M5',
  cut: 'M6',
  fax_refusal: 'M6',
  price_tax: 'M7',
  emergency_numbers: 'M8',
};

/** Which reading each parameter of the six groups is. */
export const READING_IDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sms,
  gtr,
  availability,
  payout,
  unlimited,
  cap,
};
