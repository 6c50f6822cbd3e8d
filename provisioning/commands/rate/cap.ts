import { z } from 'zod';
import { CapReadingsSchema } from '../../../agent/model/readings/cap.ts';
import type { Change, Demand } from '../../../agent/rating/book/demand.ts';
import { sweep } from '../../../agent/rating/book/sweep.ts';
import { type CallPrice, costOf } from '../../../agent/rating/deck/call-price.ts';
import { caseOf } from './case.ts';
import { readingsOf } from './with-regime.ts';

const TICKS_PER_MICRO_EURO = 60;
const id = z.string().min(1).max(200);
const instant = z.int().min(0);
const microEuro = z.int().min(0).max(100_000_000_000);
const price = z.int().min(0).max(900_000_000);

const CallSchema = z.strictObject({
  id,
  /** Unix time in milliseconds. */
  at: instant,
  seconds: z.int().min(0).max(10_000_000),
  perMinuteMicroEuro: price,
  perCallMicroEuro: price.default(0),
  firstSeconds: z.int().min(1).max(3600).default(1),
  stepSeconds: z.int().min(1).max(3600).default(1),
  inBundle: z.boolean().default(false),
});
const FaxSchema = z.strictObject({ id, at: instant, pages: z.int().min(0).max(10_000), perPageMicroEuro: price });

const onceEach = ({ calls, faxes }: { calls: readonly { id: string }[]; faxes: readonly { id: string }[] }): boolean =>
  new Set([...calls, ...faxes].map((use) => use.id)).size === calls.length + faxes.length;

/** C-1, C-4, M1 to M6: one account's bundle and cap over its calls and faxes. */
const InputSchema = z
  .strictObject({
    cap: CapReadingsSchema.prefault({}),
    cutRunningCalls: z.boolean().default(true),
    capMicroEuro: microEuro,
    bundleSeconds: z.int().min(0).max(100_000_000).default(0),
    calls: z.array(CallSchema).default([]),
    faxes: z.array(FaxSchema).default([]),
    /** M1: new-month orders; the first month is there from the beginning. */
    months: z.array(instant).default([]),
    /** C-1: other caps, each from its instant on. */
    caps: z.array(z.strictObject({ at: instant, capMicroEuro: microEuro })).default([]),
  })
  .refine(onceEach, 'calls and faxes have an id of their own each; one occurs twice');
type Input = z.output<typeof InputSchema>;

export const capCase = caseOf(
  'bundle and out-of-bundle cap of an account (mie art. 12.2, 13)',
  InputSchema,
  answer,
  ({ cap, credit }) => ({
    cap: readingsOf(cap),
    cutRunningCalls: credit.cut_running_calls.value,
    capMicroEuro: credit.limitMicroEuro?.value,
  }),
);

function answer(input: Input): unknown {
  const { cap, cutRunningCalls } = input;
  const swept = sweep(demandsOf(input), changesOf(input), { hard: cutRunningCalls, sticky: cap.sticky });
  const uses = [...input.calls, ...input.faxes].map(({ id: name, at }) => {
    const outcome = swept.outcomes.get(name);
    const refusedAt = outcome?.refusedAt;
    const isCall = input.calls.some((call) => call.id === name);
    return {
      id: name,
      bundleSeconds: outcome?.bundleSeconds ?? 0,
      paid: outcome?.paid ?? 0,
      ticks: outcome?.ticks ?? 0,
      cutAt: refusedAt === undefined ? null : isCall ? at + refusedAt * 1000 : at,
    };
  });
  return {
    uses,
    spentTicks: swept.spent,
    bundleSecondsLeft: swept.pools.bundle ?? 0,
    limitedAt: swept.limitedAt ?? null,
  };
}

function demandsOf({ calls, faxes, cap }: Input): readonly Demand[] {
  const streams = calls.map((call): Demand => {
    const paid: CallPrice = {
      ticksPerSecond: call.perMinuteMicroEuro,
      feeTicks: call.perCallMicroEuro * TICKS_PER_MICRO_EURO,
      minimumTicks: 0,
      firstSeconds: call.firstSeconds,
      stepSeconds: call.stepSeconds,
      feeDue: cap.setup_fee_due,
    };
    const { id: name, at, seconds, inBundle } = call;
    return { is: 'stream', id: name, at, seconds, pool: inBundle ? 'bundle' : undefined, cost: (n) => costOf(n, paid) };
  });
  const lumps = faxes.map(
    ({ id: name, at, pages, perPageMicroEuro }): Demand => ({
      is: 'lump',
      id: name,
      at,
      units: pages,
      cost: (n) => n * perPageMicroEuro * TICKS_PER_MICRO_EURO,
    }),
  );
  return [...streams, ...lumps];
}

function changesOf({ capMicroEuro, bundleSeconds, months, caps }: Input): readonly Change[] {
  const month = { bundle: bundleSeconds };
  return [
    { at: 0, month },
    { at: 0, cap: capMicroEuro * TICKS_PER_MICRO_EURO },
    ...months.map((at): Change => ({ at, month })),
    ...caps.map((cap): Change => ({ at: cap.at, cap: cap.capMicroEuro * TICKS_PER_MICRO_EURO })),
  ];
}
