import type { FaxRate } from '../fax/t30/capability-bits.ts';
import { startedSeconds } from '../machines/fax-traffic.ts';
import type { Class } from '../model/destination.ts';
import type { FaxEnded, FaxOutcomeCode } from '../model/fax-events.ts';
import type { ClockBlock } from '../model/record.ts';
import type { FaxCallNews } from '../ports/fax-calls.ts';

/** What the box knows of a fax before and while it goes. */
export type FaxFacts = {
  readonly fax: string;
  readonly direction: 'sent' | 'received';
  readonly line: string;
  /** As dialled, or as the caller presented itself; empty where withheld. */
  readonly party: string;
  readonly class: Class;
  readonly startedAt: ClockBlock;
};

export type FaxMachines = {
  readonly rate: FaxRate | undefined;
  readonly ecm: boolean | undefined;
  readonly mended: { readonly ppr: number; readonly rtn: number };
};

export type FaxCourse = {
  readonly begun: boolean;
  readonly answeredAt: ClockBlock | undefined;
  readonly pages: number;
  /** Pages came to a machine that called for them (polling): nothing was sent. */
  readonly polled: boolean;
  /** Of the last agreement of the machines, where there was one. */
  readonly machines: FaxMachines | undefined;
  readonly sipCallId: string | undefined;
};

/** The detail record of a fax (U-1). */
export function faxEnded(
  facts: FaxFacts,
  course: FaxCourse,
  end: { outcome: FaxOutcomeCode; at: ClockBlock },
): FaxEnded {
  const { startedAt, ...named } = facts;
  const { answeredAt, machines, sipCallId } = course;
  const { outcome, at } = end;
  return {
    kind: 'fax-ended',
    ...named,
    direction: course.polled ? 'received' : facts.direction,
    begun: course.begun,
    startedAt: startedAt.wall,
    answeredAt: answeredAt?.wall ?? null,
    endedAt: at.wall,
    seconds: answeredAt === undefined ? 0 : startedSeconds(at.mono - answeredAt.mono),
    pages: course.pages,
    rate: machines?.rate === undefined ? null : Number(machines.rate.split('-')[1]),
    ecm: machines?.ecm ?? null,
    mended: machines?.mended ?? { ppr: 0, rtn: 0 },
    sipCallId: sipCallId ?? null,
    outcome,
    complete: true,
  };
}

/** How a call that came to nothing is told to the client (RFC 3261 21). */
export function outcomeOfCall({ by, status }: Extract<FaxCallNews, { on: 'over' }>): FaxOutcomeCode {
  if (by === 'policy') return 'call-refused';
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 408:
    case 480:
    case 487:
      return 'no-answer';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'number-unknown';
    case 415:
    case 488:
    case 606:
      return 'network-refused-fax';
    case 0:
      return 'hung-up';
    default:
      return 'not-reached';
  }
}
