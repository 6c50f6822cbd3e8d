import { expect, test } from 'vitest';
import type { Excuse } from '../../../../agent/model/excuse.ts';
import type { GtrReadings } from '../../../../agent/model/readings/gtr.ts';
import { type GtrIncident, gtrCompensation } from '../../../../agent/rating/service/gtr.ts';
import type { ExcusedCause } from '../../../../agent/rating/service/outage.ts';
import { dice, MINUTE } from '../calendar/intl-calendar.ts';
import { minutesOf, TABLE_FROM, TABLE_MINUTES } from '../calendar/minute-table.ts';
import { CMI_GTR, gtrOf, IMESIT_GTR, NEXIS_GTR } from './contract-terms.ts';

type Operator = 'imesit' | 'cmi' | 'nexis';
const FACTS = { imesit: IMESIT_GTR, cmi: CMI_GTR, nexis: NEXIS_GTR };
const OPERATORS: readonly Operator[] = ['imesit', 'cmi', 'nexis'];
const CAUSES: readonly Excuse[] = ['maintenance', 'mains', 'porting', 'overload', 'client'];
const ACCESSES: readonly GtrIncident['access'][] = ['adsl', 'fibre', 'fibre-pro', 'telephony'];
/** Minutes that count, by operator and by the holidays of Alsace-Moselle. */
const OPEN = Object.fromEntries(
  OPERATORS.flatMap((operator) =>
    [false, true].map((local) => [operator + local, minutesOf(FACTS[operator].terms.weeklyHours.value, local)]),
  ),
);

/** The articles once more, in plain words. All times are minutes of the table. */
function plainPercent(operator: Operator, lost: number, readings: GtrReadings): number {
  if (operator === 'nexis') return 0;
  if (operator === 'imesit') {
    if (lost > 480 || (lost === 480 && readings.full_fee_from === 'inclusive')) return 100;
    return lost > 240 || (lost === 240 && readings.half_fee_from === 'inclusive') ? 50 : 0;
  }
  if (lost > 600) return 100;
  if (lost > 510) return 30;
  if (lost > 390) return 20;
  return lost > 240 || (lost === 240 && readings.first_tier_from === 'inclusive') ? 10 : 0;
}

function plain(operator: Operator, happened: GtrIncident, readings: GtrReadings) {
  let start: number | undefined = happened.reported;
  const waits = operator === 'cmi' && readings.clock_start === 'report_and_restart';
  if (waits && ['adsl', 'sdsl', 'fibre'].includes(happened.access)) {
    start = happened.restarted === undefined ? undefined : Math.max(happened.reported, happened.restarted);
  }
  let lost = 0;
  const open = OPEN[operator + readings.alsace_moselle];
  const stops = (cause: ExcusedCause): boolean => {
    if (cause === 'maintenance') return readings.maintenance_stops_clock;
    return cause !== 'overload' || operator === 'nexis';
  };
  const excused = happened.excused.filter(({ cause }) => stops(cause));
  for (let minute = start ?? happened.restored; minute < happened.restored; minute++) {
    if (open?.[minute] === 1 && !excused.some(({ from, to }) => minute >= from && minute < to)) lost += 1;
  }
  let percent = plainPercent(operator, lost, readings);
  if (happened.unpaidInvoice || (operator === 'cmi' && !happened.total)) percent = 0;
  const exact = BigInt(happened.monthlyFee) * BigInt(percent);
  let amount = Number(exact / 100n) + (exact % 100n >= 50n ? 1 : 0);
  if (operator === 'cmi') amount = Math.min(amount, Math.max(happened.monthlyFee - happened.paidInYear, 0));
  return { start, lost, percent, amount };
}

test('G-1, G-2, G-3, G-7, G1 to G9: 100,000 random incidents agree with the articles walked minute by minute', () => {
  const throws = dice(4);
  const pick = (below: number): number => Math.floor(throws() * below);
  const oneOf = <T>(all: readonly T[]): T => all[pick(all.length)] ?? expect.fail();
  const exactly = [240, 390, 480, 510, 600];
  const inMillis = (minute: number): number => TABLE_FROM + minute * MINUTE;
  const met = new Set<string>();
  for (let run = 0; run < 100_000; run++) {
    const operator = oneOf(OPERATORS);
    const { terms, readings } = gtrOnce(operator, pick(64));
    const reported = 1_440 + pick(TABLE_MINUTES - 20_000);
    const length = throws() < 0.15 ? oneOf(exactly) : throws() < 0.1 ? pick(9_000) : pick(2_500);
    const excused = Array.from({ length: pick(3) }, () => {
      const from = reported - 100 + pick(length + 100);
      return { from, to: from + pick(500), cause: oneOf(CAUSES) };
    });
    const restart = throws() < 0.1 ? {} : { restarted: reported - 60 + pick(throws() < 0.2 ? 900 : 120) };
    const happened: GtrIncident = {
      access: oneOf(ACCESSES),
      total: throws() < 0.9,
      reported,
      ...restart,
      restored: reported + length,
      excused,
      unpaidInvoice: throws() < 0.05,
      monthlyFee: pick(200_000_000),
      paidInYear: throws() < 0.5 ? 0 : pick(200_000_000),
    };
    const expected = plain(operator, happened, readings);
    const real: GtrIncident = {
      ...happened,
      reported: inMillis(reported),
      ...(happened.restarted === undefined ? {} : { restarted: inMillis(happened.restarted) }),
      restored: inMillis(happened.restored),
      excused: excused.map(({ from, to, cause }) => ({ from: inMillis(from), to: inMillis(to), cause })),
    };
    const found = gtrCompensation(real, terms, readings);
    const start = expected.start === undefined ? undefined : inMillis(expected.start);
    const same =
      found.clockStart === start &&
      found.lost === expected.lost * MINUTE &&
      found.percent === expected.percent &&
      found.amount === expected.amount;
    if (!same) expect.fail(JSON.stringify({ run, operator, readings, happened, expected, found }));
    met.add(`${operator} ${found.percent} ${exactly.includes(expected.lost)}`);
  }
  // Every tier was met, and on its very bound as well.
  for (const seen of [
    'imesit 0 true',
    'imesit 50 true',
    'imesit 100 true',
    'cmi 10 true',
    'cmi 20 true',
    'cmi 30 true',
    'cmi 100 false',
  ]) {
    expect(met).toContain(seen);
  }
}, 60_000);

const cache = new Map<string, ReturnType<typeof gtrOf>>();

/** The facts of an operator with the readings that six bits choose. */
function gtrOnce(operator: Operator, bits: number): ReturnType<typeof gtrOf> {
  const key = `${operator}${bits}`;
  const bit = (at: number): boolean => ((bits >> at) & 1) === 1;
  const made =
    cache.get(key) ??
    gtrOf(FACTS[operator], {
      half_fee_from: bit(0) ? 'inclusive' : 'exclusive',
      full_fee_from: bit(1) ? 'inclusive' : 'exclusive',
      first_tier_from: bit(2) ? 'inclusive' : 'exclusive',
      alsace_moselle: bit(3),
      maintenance_stops_clock: bit(4),
      ...(operator === 'cmi' ? { clock_start: bit(5) ? 'report' : 'report_and_restart' } : {}),
    });
  cache.set(key, made);
  return made;
}
