import type { Step } from '../../model/limit-action.ts';
import type { LimitUse } from '../../model/limit-use.ts';
import type { Signal, Standing } from '../../model/signal.ts';
import { cycleOf } from '../calendar/cycles.ts';
import type { Contract } from '../credit/contract.ts';
import { bytesFor, dataCost } from '../deck/data-price.ts';
import { isAbroad } from './abroad.ts';
import { countryOf, type DataMonths, monthsBefore, usesOfDays, usesOfMonth } from './data-months.ts';
import { fairUse } from './fair-use.ts';
import { planOf } from './line-plan.ts';
import { roamingAbuse } from './roaming-abuse.ts';
import { roamingCeiling } from './roaming-ceiling.ts';
import { roamingPriceOf } from './roaming-price.ts';
import { TICKS_OF_A_MICRO_EURO } from './signals.ts';

/** What a line of the site has used of its data, and the contract that limits it. */
export type LineData = {
  readonly line: string;
  readonly data: DataMonths;
  readonly contract: Contract;
  readonly now: number;
  /** MCC and MNC of the network that serves the line now, where the modem said. */
  readonly network?: string | undefined;
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
  const { contract, line, network } = asked;
  const price = roamingPriceOf({ contract, line, network, at: presentAt(asked) });
  const here = network === undefined ? undefined : countryOf(network);
  const there = usesOfMonth(line, asked.data).filter((one) => isAbroad(one) && one.country === here);
  const roamed = sumOf(there);
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

function standings(asked: LineData) {
  const { line, data, contract, now } = asked;
  const { roamingCeiling: s6, fairUse: s7 } = contract.regime.limits;
  const present = Math.max(now, data.at);
  const month = cycleOf(present, { is: 'calendar' });
  const uses = usesOfMonth(line, data);
  const judged = { line, period: month, now: present };
  const threshold = planOf(contract, line)?.data?.fairUseBytes;
  const { waivers } = data;
  const packs = contract.regime.fairUse.packsRestore?.value === false ? [] : data.packs;
  return {
    ceiling: s6 && roamingCeiling({ ...judged, uses: priced(asked), waivers }, s6),
    fair:
      s7 && threshold !== undefined ? fairUse({ ...judged, uses, thresholdBytes: threshold, packs }, s7) : undefined,
  };
}

const presentAt = ({ data, now }: LineData): number => Math.max(now, data.at);

/** What a month's data abroad costs, country by country, by cumulative difference. */
function priced({ contract, line, data }: LineData): readonly LimitUse[] {
  const before = new Map<string | undefined, number>();
  return usesOfMonth(line, data).map((one) => {
    if (!isAbroad(one) || one.use.kind !== 'data') return one;
    const price = roamingPriceOf({ contract, line, network: one.country, at: one.use.at });
    const from = before.get(one.country) ?? 0;
    const to = from + one.use.bytes;
    before.set(one.country, to);
    return price === undefined ? one : { ...one, ticks: dataCost(from, to, price) };
  });
}

const sumOf = (uses: readonly LimitUse[]): number =>
  uses.reduce((sum, { use }) => sum + (use.kind === 'data' ? use.bytes : 0), 0);
