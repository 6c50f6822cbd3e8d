import { setTimeout as pause } from 'node:timers/promises';
import type { CallEnded, LedgerRecord } from '../../../agent/model/record.ts';
import type { Line } from '../../kernel/control-socket.ts';
import { news } from '../acts/act.ts';
import type { Stage } from '../stage.ts';
import type { Check } from '../verdict.ts';

/** For answers, which are asked for again until they are there: what is judged is that they come. */
const PATIENCE_MS = 60_000;
/** In the bundle of the example tariff. */
const NUMBER = '0199000001';

export type LastingCall = {
  /** Ends it at the phone, and answers what both sides counted of it. */
  hangUp(): Promise<CallCounts>;
};
export type CallCounts = {
  /** From the answer to the release, as the phone saw it, in s. */
  readonly seconds: number;
  readonly up: Counted;
  readonly down: Counted;
};
type Counted = { readonly sent: number; readonly received: number; readonly worstGapMs: number };

/** A call of the phone that lasts until it is hung up. @throws Error where it is not answered. */
export async function call(stage: Stage): Promise<LastingCall> {
  const answered = news(stage.phone, (line) => line.on === 'answered' || line.on === 'ended', PATIENCE_MS);
  const { call: id } = await stage.phone.ask({ do: 'call', number: NUMBER });
  if ((await answered)?.on !== 'answered') throw new Error('the call was not answered');
  const began = performance.now();
  return {
    async hangUp() {
      const ended = news(stage.phone, (line) => line.on === 'ended', PATIENCE_MS);
      await stage.phone.ask({ do: 'hangup' });
      const seconds = (performance.now() - began) / 1_000;
      if ((await ended) === undefined) throw new Error('nobody answered the BYE');
      // What is on its way arrives.
      await pause(300);
      const [phone, peer] = [
        lineOf(await stage.phone.ask({ do: 'report' }), id),
        lineOf(await stage.peer.ask({ do: 'report' }), id),
      ];
      return { seconds, up: counted(phone, peer), down: counted(peer, phone) };
    },
  };
}

const numberIn = (line: Line, name: string): number => (typeof line[name] === 'number' ? line[name] : Number.NaN);

const counted = (from: Line, to: Line): Counted => ({
  sent: numberIn(from, 'sent'),
  received: numberIn(to, 'received'),
  worstGapMs: Math.round(numberIn(to, 'worstGapMs')),
});

function lineOf(report: Line, id: unknown): Line {
  const calls: readonly unknown[] = Array.isArray(report.calls) ? report.calls : [];
  const found = calls.find((one) => typeof one === 'object' && one !== null && 'call' in one && one.call === id);
  return Object.fromEntries(Object.entries(found ?? {}));
}

/** Of 20 ms each. The gaps are said, and judged by nobody: they are this machine's as well. */
const PACKETS_A_SECOND = 50;
/** Packets on their way when a side closes its port. */
const ON_THE_WAY = 15;

/** media went on as if nothing happened. U-2: and the call is metered to its true end, `seenWhole` or with a word that the agent was away. */
export function checkCall(
  what: string,
  counts: CallCounts,
  { ended, seenWhole }: { readonly ended: CallEnded | undefined; readonly seenWhole: boolean },
): readonly Check[] {
  const { up, down, seconds } = counts;
  const least = seconds * PACKETS_A_SECOND * 0.95;
  const whole = [up, down].every(({ sent, received }) => received > least && sent - received <= ON_THE_WAY);
  const off = ended === undefined ? Number.NaN : ended.seconds - seconds;
  return [
    {
      name: `Q-1: ${what}: the media are untouched, packet by packet`,
      holds: whole,
      found: JSON.stringify({ up, down }),
    },
    {
      name: `U-1, U-2: ${what}: one record, metered to its true end`,
      holds: ended?.complete === seenWhole && ended.cause === 'caller-hung-up' && off > -0.5 && off < 1.5,
      found: `${ended?.seconds} s by the box, ${seconds.toFixed(2)} s by the phone; ${ended?.cause}, complete ${ended?.complete}`,
    },
  ];
}

export const endedCalls = (records: readonly LedgerRecord[]): readonly CallEnded[] =>
  records.flatMap(({ event }) => (event.kind === 'call-ended' ? [event] : []));
