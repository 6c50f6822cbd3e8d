import type { ClockBlock, Dialog, EndCause, LedgerEvent } from '../../model/record.ts';
import { LINGER } from './patience.ts';
import { type Answer, type CallEffect, go, type Told, wait } from './words.ts';

export type End = {
  readonly cause: EndCause;
  readonly sipStatus: number;
  readonly seconds: number;
  readonly answeredAt?: number;
  readonly complete?: boolean;
  /** The dialog that the phone says it has left; whether the far end agrees is still to be heard. */
  readonly left?: Dialog;
};

export function end(state: Told, now: ClockBlock, how: End): Answer {
  return go(
    { at: 'over', facts: state.facts, ...(how.left === undefined ? {} : { left: how.left }) },
    { do: 'record', event: detail(state, now, how) },
    ...stopTalking,
    wait('linger', LINGER),
  );
}

export const stopTalking: readonly CallEffect[] = (
  ['credit', 'cut', 'longest', 'ringing', 'media', 'session'] as const
).map((name) => ({ do: 'stop-waiting', name }));

/** The call detail record (U-1). */
export function detail(state: Pick<Told, 'facts' | 'links' | 'media'>, now: ClockBlock, how: End): LedgerEvent {
  const { facts } = state;
  return {
    kind: 'call-ended',
    call: facts.call,
    direction: facts.direction,
    caller: facts.caller,
    called: facts.called,
    class: facts.class,
    links: [...state.links],
    startedAt: facts.startedAt.wall,
    answeredAt: how.answeredAt ?? null,
    endedAt: now.wall,
    seconds: how.seconds,
    cause: how.cause,
    sipStatus: how.sipStatus,
    codec: state.media?.codec ?? null,
    complete: how.complete ?? true,
  };
}

/** U-2: from answer to release on the monotonic clock; a second that has begun counts. */
export const secondsSince = (from: ClockBlock, to: ClockBlock): number =>
  Math.max(0, Math.ceil((to.mono - from.mono) / 1000));

export function failure(status: number): EndCause {
  if (status === 487) return 'canceled';
  if (status === 486 || status === 600) return 'busy';
  return status === 408 || status === 480 ? 'not-answered' : 'failed';
}
