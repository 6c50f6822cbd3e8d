import { describe, expect, test } from 'vitest';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import { READING_IDS } from '../../../provisioning/contracts/reading-ids.ts';
import { nameKnownValues } from '../../../provisioning/known-values.ts';

/** The least that a regime file can be: every reading takes its default. */
const BARE = {
  id: 'bare',
  version: 1,
  operator: 'BARE',
  lease: { microEuro: 1, bundleSeconds: 0 },
};

type Row = readonly [id: string, group: string, parameter: string, fallback: unknown, bold: readonly unknown[]];

/** The table of readings: id, parameter, default, and the other values that have to work. */
const READINGS: readonly Row[] = [
  ['S1', 'sms', 'allow_lower_case', true, []],
  ['S2', 'sms', 'allow_space', true, []],
  ['S2', 'sms', 'allow_newline', false, []],
  ['S3', 'sms', 'typographic_forms', 'both', []],
  ['S4', 'sms', 'charset_leftovers', 'ignore', []],
  ['S5', 'sms', 'backslash', 'double', []],
  ['S6', 'sms', 'charset_basis', 'contract', []],
  ['S7', 'sms', 'stop_chars', 10, [0, 1, 12, 160]],
  ['S8', 'sms', 'segment_count', 'arithmetic', []],
  ['S9', 'sms', 'long_total', 'segments', []],
  ['S10', 'sms', 'max_weight', 1224, []],
  ['S10', 'sms', 'bill_failed', false, []],
  ['S11', 'sms', 'empty_text', 'fail', []],
  ['S12', 'sms', 'normalise', 'NFC', []],
  ['S13', 'sms', 'billed_units', 'segments_x_recipients', []],
  ['G1', 'gtr', 'half_fee_from', 'inclusive', []],
  ['G2', 'gtr', 'full_fee_from', 'exclusive', []],
  ['G3', 'gtr', 'tier_clock', 'business_hours', []],
  ['G4', 'gtr', 'holidays', 'fr_national', []],
  ['G4', 'gtr', 'alsace_moselle', false, [true]],
  ['G5', 'gtr', 'ceiling_year', 'supplied', []],
  ['G6', 'gtr', 'clock_start', 'report_and_restart', ['report']],
  ['G7', 'gtr', 'first_tier_from', 'exclusive', []],
  ['G8', 'gtr', 'maintenance_stops_clock', true, []],
  ['G9', 'gtr', 'unpaid_invoice', 'cancels', []],
  ['N1', 'availability', 'shared_bound', 'better', []],
  ['N2', 'availability', 'month_length', 'elapsed', []],
  ['N2', 'availability', 'downtime_hours', 'always', []],
  ['N3', 'availability', 'usage_months', 3, []],
  ['N4', 'availability', 'ceiling_percent', 20, []],
  ['N4', 'availability', 'ceiling_base', 'failing_month', []],
  ['N5', 'availability', 'excusable', 'removed', []],
  ['N6', 'availability', 'credit_rounding', 'half_up_micro_euro', []],
  ['R1', 'payout', 'month_of_call', 'start', []],
  ['R2', 'payout', 'per_day_scope', 'number_caller_day', []],
  ['R2', 'payout', 'per_day_limit', 50, []],
  ['R3', 'payout', 'port_out_months', 2, []],
  ['R4', 'payout', 'call_payout_floor', 0, []],
  ['R5', 'payout', 'long_service_over', 'exclusive', []],
  ['R6', 'payout', 'mobile_share_by', 'calls', []],
  ['R6', 'payout', 'mobile_cost_on', 'mobile_calls', []],
  ['R7', 'payout', 'overseas_cost', 'always', []],
  ['R8', 'payout', 'threshold_on', 'gross', []],
  ['R8', 'payout', 'carry_over', false, []],
  ['R9', 'payout', 'payout_rounding', 'total_half_up_cent', []],
  ['R10', 'payout', 'tier_change_notice_days', 8, []],
  ['R11', 'payout', 'payment_term', 'd30_then_month_end', []],
  ['R12', 'payout', 'over50_policy', 'client_month', ['caller_day']],
  ['R13', 'payout', 'route_required', 'geo_metro', []],
  ['R14', 'payout', 'mixed_tiers', 'ended', []],
  ['U1', 'unlimited', 'retroactive', false, [true]],
  ['U2', 'unlimited', 'hours_breach', 'part_beyond', []],
  ['U2', 'unlimited', 'numbers_breach', 'whole_call', []],
  ['U3', 'unlimited', 'sms_breach', 'either', []],
  ['U4', 'unlimited', 'breach_scope', 'service', []],
  ['U5', 'unlimited', 'counted', 'included_only', []],
  ['U6', 'unlimited', 'sms_count', 'segments', []],
  ['U7', 'unlimited', 'month_of_call', 'start', []],
  ['U8', 'unlimited', 'tie_break', 'id', []],
  ['U9', 'unlimited', 'billing_step_s', 60, []],
  ['U10', 'unlimited', 'national_by', 'prefix', []],
  ['M1', 'cap', 'reset', 'explicit', []],
  ['M2', 'cap', 'bundle_order', 'oldest_first', []],
  ['M3', 'cap', 'sticky', false, [true]],
  ['M4', 'cap', 'concurrent_order', 'oldest_first', []],
  ['M5', 'cap', 'setup_fee_due', 'first_paid_second', []],
  ['M6', 'cap', 'cut', 'before_unaffordable_second', []],
  ['M6', 'cap', 'fax_refusal', 'per_page', []],
  ['M7', 'cap', 'price_tax', 'HT', []],
  ['M8', 'cap', 'emergency_numbers', 'arcep_12', []],
];

const groups: Readonly<Record<string, unknown>> = RegimeSchema.parse(BARE);
const readingsOf = (group: string): Readonly<Record<string, unknown>> => Object(groups[group]);

describe('the table of readings (S1–S13, G1–G9, N1–N6, R1–R14, U1–U10, M1–M8)', () => {
  test.each(READINGS)('%s: %s.%s is %s where a regime says nothing', (id, group, parameter, fallback) => {
    expect(readingsOf(group)).toHaveProperty(parameter, fallback);
    expect(READING_IDS[group]?.[parameter]).toBe(id);
  });

  test('has sixty readings, and no parameter that is not in the table', () => {
    expect(new Set(READINGS.map(([id]) => id)).size).toBe(60);
    for (const group of ['sms', 'gtr', 'availability', 'payout', 'unlimited', 'cap']) {
      const known = READINGS.filter(([, name]) => name === group).map(([, , parameter]) => parameter);
      expect(Object.keys(readingsOf(group)).filter((name) => name !== 'articles')).toEqual(known);
    }
  });

  const bold = READINGS.flatMap(([id, group, parameter, , others]) =>
    others.map((other) => [id, group, parameter, other] as const),
  );
  test.each(bold)('%s: %s.%s = %s is a value that works', (_id, group, parameter, other) => {
    const regime: Readonly<Record<string, unknown>> = RegimeSchema.parse({ ...BARE, [group]: { [parameter]: other } });
    expect(regime[group]).toHaveProperty(parameter, other);
  });

  test.each(READINGS)('%s: %s.%s refuses a value that it does not know', (_id, group, parameter, fallback) => {
    const read = RegimeSchema.safeParse({ ...BARE, [group]: { [parameter]: 'whim' } }, { error: nameKnownValues });
    expect(read.success).toBe(false);
    const [issue] = read.error?.issues ?? [];
    expect(issue?.path).toEqual([group, parameter]);
    if (typeof fallback === 'string')
      expect(issue?.message).toMatch(new RegExp(`^not known; known: .*\\b${fallback}\\b`));
  });

  test('a reading that is not in the table is refused by name, and so is its article', () => {
    const refused = RegimeSchema.safeParse({ ...BARE, cap: { sticki: true, articles: { sticki: 'art. 13' } } });
    const said = JSON.stringify(refused.error?.issues);
    expect(refused.success).toBe(false);
    expect(said.match(/sticki/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
