import type { CentralEffect, Refusal } from '../words.ts';
import type { Envelope } from './envelopes.ts';

/** Records `from` to `to` of one epoch. */
export type Span = { readonly from: number; readonly to: number };

/** What handing records and checkpoints in has come to. */
export type Tally = {
  /** Records that were held already, byte for byte. */
  readonly same: number;
  /** Records that were not held before; undefined when there was none. */
  readonly taken: Span | undefined;
  readonly charges: number;
  readonly ticks: number;
  /** The record at which it stopped, and why. */
  readonly stopped: { readonly seq: number; readonly why: Refusal } | undefined;
  /** Sizes of checkpoints that were countersigned. */
  readonly countersigned: readonly number[];
};

export const NOTHING: Tally = {
  ...{ same: 0, taken: undefined, charges: 0, ticks: 0, stopped: undefined },
  ...{ countersigned: [] },
};

/** The tally with what more steps of the central did; the last of the envelopes alone may have stopped it. */
export function plusSteps(at: Tally, effects: readonly CentralEffect[], envelopes: readonly Envelope[]): Tally {
  const rows = effects.flatMap((effect) => (effect.do === 'keep' ? [effect.row] : []));
  const seqs = rows.flatMap((row) => (row.keep === 'record' ? [row.seq] : []));
  const charges = rows.flatMap((row) => (row.keep === 'charge' ? [row.charge.ticks] : []));
  const [stopped] = effects.flatMap((effect) =>
    effect.do === 'warn' && effect.warning.of === 'record-refused' ? [effect.warning] : [],
  );
  const offered = envelopes.reduce((sum, one) => sum + before(one, stopped?.seq), 0);
  const [first] = seqs;
  return {
    same: at.same + offered - seqs.length,
    taken: first === undefined ? at.taken : { from: at.taken?.from ?? first, to: seqs.at(-1) ?? first },
    charges: at.charges + charges.length,
    ticks: at.ticks + charges.reduce((sum, ticks) => sum + ticks, 0),
    stopped: at.stopped ?? (stopped && { seq: stopped.seq, why: stopped.why }),
    countersigned: [...at.countersigned, ...rows.flatMap((row) => (row.keep === 'countersignature' ? [row.size] : []))],
  };
}

/** How many of its records come before the one that stopped it. */
function before({ records: { from, bodies } }: Envelope, stopped = Number.MAX_SAFE_INTEGER): number {
  return Math.min(bodies.length, Math.max(0, stopped - from));
}
