import type { Millis } from '../model/units.ts';

/** V-3: what one public address may send, in SIP messages a second, and transactions a second that are worth an alarm. */
export type SignallingLimits = { readonly messages: number; readonly transactions: number };

/** A bucket of messages that fills again with time (RFC 2697 speaks of bytes). */
type Bucket = { readonly tokens: number; readonly at: Millis };

export type Signalling = {
  readonly all: Bucket;
  /** By phone; only those that were heard lately. */
  readonly phones: ReadonlyMap<string, Bucket>;
  readonly transactions: { readonly second: number; readonly begun: ReadonlySet<string> };
  readonly alarmedAt: Millis | undefined;
};

export type Heard = {
  readonly phone: string;
  readonly now: Millis;
  /** Branch of a request that begins a transaction; undefined for everything else. */
  readonly begins: string | undefined;
  /** V-1: an emergency call, or a message of one. */
  readonly exempt: boolean;
};

export type Verdict = { readonly pass: boolean; readonly alarm: 'flood' | 'transactions' | undefined };

/** Phones heard in this time share what the address may send. */
const LATELY = 5_000;
const MOST_PHONES = 1_024;
const ALARM_EVERY = 60_000;

export const quietSignalling = (): Signalling => ({
  all: { tokens: Number.POSITIVE_INFINITY, at: 0 as Millis },
  phones: new Map(),
  transactions: { second: 0, begun: new Set() },
  alarmedAt: undefined,
});

/**
 * May this message of a phone pass? All phones of a site have one public address, which the operator cuts off beyond its
 * limit. So each gets a share: a phone that floods has half of the limit at most, and the shares together are the limit;
 * whoever stays within its share always passes, its registrations too. An emergency call passes whatever the counts say.
 */
export function stepSignalling(
  state: Signalling,
  heard: Heard,
  limits: SignallingLimits,
): readonly [Signalling, Verdict] {
  const { phone, now, exempt } = heard;
  const phones = heardLately(state.phones, now);
  const share = limits.messages / Math.max(2, phones.size + (phones.has(phone) ? 0 : 1));
  const own = filled(phones.get(phone), now, { rate: share, most: limits.messages / 2 });
  const all = filled(state.all, now, { rate: limits.messages, most: limits.messages });
  const pass = exempt || (own.tokens >= 1 && all.tokens >= 1);
  const cost = pass && !exempt ? 1 : 0;
  const transactions = counted(state.transactions, heard, limits.transactions);
  const over = transactions.begun.size > limits.transactions ? 'transactions' : undefined;
  const reason = pass ? over : 'flood';
  const due = state.alarmedAt === undefined || now - state.alarmedAt >= ALARM_EVERY;
  const alarm = due ? reason : undefined;
  phones.delete(phone);
  phones.set(phone, { ...own, tokens: own.tokens - cost });
  return [
    {
      all: { ...all, tokens: all.tokens - cost },
      phones,
      transactions,
      alarmedAt: alarm === undefined ? state.alarmedAt : now,
    },
    { pass, alarm },
  ];
}

function heardLately(phones: Signalling['phones'], now: Millis): Map<string, Bucket> {
  const lately = new Map([...phones].filter(([, { at }]) => now - at <= LATELY));
  const [oldest] = lately.keys();
  if (lately.size >= MOST_PHONES && oldest !== undefined) lately.delete(oldest);
  return lately;
}

function filled(bucket: Bucket | undefined, now: Millis, { rate, most }: { rate: number; most: number }): Bucket {
  if (bucket === undefined) return { tokens: most, at: now };
  return { tokens: Math.min(most, bucket.tokens + ((now - bucket.at) * rate) / 1_000), at: now };
}

/** Counts to one beyond the limit: how far it is passed nobody asks. */
function counted(before: Signalling['transactions'], { now, begins }: Heard, most: number): Signalling['transactions'] {
  const second = Math.floor(now / 1_000);
  const begun = second === before.second ? before.begun : new Set<string>();
  return begins === undefined || begun.size > most || begun.has(begins)
    ? { second, begun }
    : { second, begun: new Set(begun).add(begins) };
}
