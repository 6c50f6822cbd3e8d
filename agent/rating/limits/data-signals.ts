import type { Plan } from '../../model/deck.ts';
import type { Step } from '../../model/limit-action.ts';
import type { LimitUse } from '../../model/limit-use.ts';
import type { Signal, Standing } from '../../model/signal.ts';
import { cycleOf } from '../calendar/cycles.ts';
import type { Contract } from '../credit/contract.ts';
import { bytesFor, dataCost } from '../deck/data-price.ts';
import { isAbroad } from './abroad.ts';
import { type DataMonths, monthsBefore, usesOfDays, usesOfMonth } from './data-months.ts';
import { fairUse } from './fair-use.ts';
import { roamingAbuse } from './roaming-abuse.ts';
import { roamingCeiling } from './roaming-ceiling.ts';
import { TICKS_OF_A_MICRO_EURO } from './signals.ts';

/** What a line of the site has used of its data, and the contract that limits it. */
export type LineData = {
  readonly line: string;
  readonly data: DataMonths;
  readonly contract: Contract;
  readonly now: number;
};

/** S-6, S-7, R-8 from what the box counted itself: what is due now. Each ends with its month, or by a waiver or a pack. */
export function dataSignals(asked: LineData): readonly Signal[] {
  const { ceiling, fair } = standings(asked);
  const { line, data, contract } = asked;
  const rule = contract.regime.limits.roamingAbuse;
  const now = presentAt(asked);
  const abuse =
    rule === undefined
      ? []
      : roamingAbuse({ line, months: monthsBefore(now, rule.value.months), uses: usesOfDays(line, data), now }, rule)
          .inForce;
  return [...(ceiling?.inForce ?? []), ...(fair?.home.inForce ?? []), ...(fair?.roaming.inForce ?? []), ...abuse];
}

/** How many bytes more, at home or abroad, until the next step of any kind is due, and until one that cuts data. */
export function bytesUntil(asked: LineData, abroad: boolean): { readonly step?: number; readonly cut?: number } {
  const { ceiling, fair } = standings(asked);
  const { roamingCeiling: s6, fairUse: s7 } = asked.contract.regime.limits;
  const price = dearest(asked.contract);
  const roamed = sumOf(usesOfMonth(asked.line, asked.data).filter(isAbroad));
  const ahead = [
    ...(fair === undefined || s7 === undefined
      ? []
      : (abroad ? s7.value.roaming : s7.value.home).map((step) => ({
          step,
          bytes: roomOf(step, abroad ? fair.roaming : fair.home, 1),
        }))),
    ...(ceiling === undefined || s6 === undefined || price === undefined || !abroad
      ? []
      : s6.value.steps.map((step) => {
          const ticks = roomOf(step, ceiling, TICKS_OF_A_MICRO_EURO);
          // The first byte that costs so much is one beyond the last that costs less.
          return { step, bytes: ticks === undefined ? undefined : bytesFor(ticks - 1, roamed, price) + 1 };
        })),
  ].flatMap(({ step, bytes }) => (bytes === undefined ? [] : [{ cuts: CUTS.has(step.do.name), bytes }]));
  const least = (all: readonly { readonly bytes: number }[]) =>
    all.reduce((min, { bytes }) => Math.min(min, bytes), Number.POSITIVE_INFINITY);
  const [step, cut] = [least(ahead), least(ahead.filter(({ cuts }) => cuts))];
  return { ...(Number.isFinite(step) && { step }), ...(Number.isFinite(cut) && { cut }) };
}

const CUTS: ReadonlySet<string> = new Set(['cut-data', 'cut-roaming-data']);

/** What may still be used until the step is due, in the unit of the rule; undefined: it is, or nothing limits. */
function roomOf(step: Step, { measured, limit }: Standing, unit: number): number | undefined {
  if (limit === undefined) return undefined;
  const point =
    'percent' in step.at ? Number((BigInt(limit) * BigInt(step.at.percent) + 99n) / 100n) : step.at.value * unit;
  const room = point - measured + (step.is === 'exceeded' ? 1 : 0);
  return room > 0 ? room : undefined;
}

function standings({ line, data, contract, now }: LineData) {
  const { roamingCeiling: s6, fairUse: s7 } = contract.regime.limits;
  const present = Math.max(now, data.at);
  const month = cycleOf(present, { is: 'calendar' });
  const uses = usesOfMonth(line, data);
  const asked = { line, period: month, now: present };
  const threshold = planOf(contract, line)?.data?.fairUseBytes;
  const price = dearest(contract);
  const { waivers } = data;
  const packs = contract.regime.fairUse.packsRestore?.value === false ? [] : data.packs;
  return {
    ceiling: s6 && price && roamingCeiling({ ...asked, uses: priced(uses, price), waivers }, s6),
    fair: s7 && threshold !== undefined ? fairUse({ ...asked, uses, thresholdBytes: threshold, packs }, s7) : undefined,
  };
}

const presentAt = ({ data, now }: LineData): number => Math.max(now, data.at);

/** The plan of the mobile line, by the price list that travels with the configuration; undefined: nobody named one. */
export function planOf({ account, tariff, simPlan }: Contract, line: string): Plan | undefined {
  const plan = account.lines.find(({ number }) => number === line)?.plans.at(-1)?.plan ?? simPlan;
  return tariff.plans.find(({ id }) => id === plan);
}

type Price = { readonly perUnitMicroEuro: number; readonly unitBytes: number };

/** S-6: the box does not know the country, and must not pass the ceiling in any: it counts by the dearest price abroad. */
function dearest({ tariff }: Contract): Price | undefined {
  const abroad = tariff.data.filter(({ visited }) => visited !== undefined);
  return abroad.reduce<Price | undefined>(
    (most, one) =>
      most === undefined || one.perUnitMicroEuro * most.unitBytes > most.perUnitMicroEuro * one.unitBytes ? one : most,
    undefined,
  );
}

/** What a month's data abroad costs, by cumulative difference. */
function priced(uses: readonly LimitUse[], price: Price): readonly LimitUse[] {
  let before = 0;
  return uses.map((one) => {
    if (!isAbroad(one) || one.use.kind !== 'data') return one;
    const after = before + one.use.bytes;
    const ticks = dataCost(before, after, price);
    before = after;
    return { ...one, ticks };
  });
}

const sumOf = (uses: readonly LimitUse[]): number =>
  uses.reduce((sum, { use }) => sum + (use.kind === 'data' ? use.bytes : 0), 0);
