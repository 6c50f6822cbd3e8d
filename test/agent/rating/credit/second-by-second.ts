import type { Twist } from './sample.ts';

/** What the naive account knows of a destination, written out by hand rather than read from a deck. */
export type Fare = {
  readonly dialled: string;
  readonly perSecond: number;
  readonly fee: number;
  readonly inBundle: boolean;
  readonly free: boolean;
};

type Amounts = { readonly bundleSeconds: number; readonly paidSeconds: number; readonly ticks: number };

type Token = { readonly kind: 'bundle' | 'paid' | 'fee'; readonly ticks: number; readonly cycle: number };
type Call = { readonly fare: Fare; readonly tokens: Token[] };
type Kept = { readonly cycle: number; ticks: number; bundle: number };

const amounts = (tokens: readonly Token[]): Amounts => ({
  bundleSeconds: tokens.filter((token) => token.kind === 'bundle').length,
  paidSeconds: tokens.filter((token) => token.kind === 'paid').length,
  ticks: tokens.reduce((sum, token) => sum + token.ticks, 0),
});

/**
 * A second implementation of articles 12.2 and 13 that shares nothing with the first: one purse that is emptied and
 * filled, one token for each second set aside, and each second of a call asked for, spent and given back on its own.
 */
export function createSecondBySecond({ setupFeeDue, sticky }: Required<Pick<Twist, 'setupFeeDue' | 'sticky'>>) {
  const leases = new Map<string, Kept>();
  let calls = new Map<string, Call>();
  let purse = { ticks: 0, bundle: 0 };
  let cycle = 0;
  let limited = false;

  const give = (token: Token): void => {
    if (token.cycle !== cycle) return;
    if (token.kind === 'bundle') purse.bundle += 1;
    else purse.ticks += token.ticks;
  };

  const pay = (kind: 'paid' | 'fee', ticks: number, call: Call): boolean => {
    if (purse.ticks < ticks || (sticky && limited && ticks > 0)) return false;
    purse.ticks -= ticks;
    call.tokens.push({ kind, ticks, cycle });
    return true;
  };

  const askSecond = (call: Call): boolean => {
    const { fare, tokens } = call;
    if (fare.inBundle && purse.bundle > 0) {
      purse.bundle -= 1;
      tokens.push({ kind: 'bundle', ticks: 0, cycle });
      return true;
    }
    const first = setupFeeDue === 'first_paid_second' && !tokens.some((token) => token.kind === 'paid');
    return pay('paid', fare.perSecond + (first ? fare.fee : 0), call);
  };

  const ask = (call: Call, wanted: number): Amounts => {
    const before = call.tokens.length;
    if (call.fare.free) return amounts([]);
    const atStart = setupFeeDue === 'call_start' && before === 0;
    if (atStart && !pay('fee', call.fare.fee, call)) return amounts([]);
    let got = 0;
    while (got < wanted && askSecond(call)) got += 1;
    if (got === 0) for (const token of call.tokens.splice(before)) give(token);
    return amounts(call.tokens.slice(before));
  };

  return {
    available: () => ({ ticks: purse.ticks, bundleSeconds: purse.bundle }),
    isRunning: (call: string): boolean => calls.has(call),

    lend(id: string, of: number, ticks: number, bundle: number): void {
      if (leases.has(id)) return;
      leases.set(id, { cycle: of, ticks, bundle });
      if (of !== cycle) return;
      purse.ticks += ticks;
      purse.bundle += bundle;
      if (ticks > 0) limited = false;
    },

    close(id: string, spentTicks: number, spentBundle: number): void {
      const lease = leases.get(id);
      if (lease === undefined) return;
      const back = (had: number, spent: number, left: number): number => Math.min(Math.max(0, had - spent), left);
      if (lease.cycle !== cycle) {
        leases.set(id, { ...lease, ticks: 0, bundle: 0 });
        return;
      }
      const given = {
        ticks: back(lease.ticks, spentTicks, purse.ticks),
        bundle: back(lease.bundle, spentBundle, purse.bundle),
      };
      lease.ticks -= given.ticks;
      lease.bundle -= given.bundle;
      purse.ticks -= given.ticks;
      purse.bundle -= given.bundle;
    },

    openCycle(next: number): void {
      if (next <= cycle) return;
      cycle = next;
      limited = false;
      purse = { ticks: 0, bundle: 0 };
      for (const lease of leases.values()) {
        if (lease.cycle !== next) continue;
        purse.ticks += lease.ticks;
        purse.bundle += lease.bundle;
      }
    },

    openEpoch(): void {
      for (const [id, lease] of leases) leases.set(id, { ...lease, ticks: 0, bundle: 0 });
      calls = new Map();
      purse = { ticks: 0, bundle: 0 };
      limited = false;
    },

    admit(id: string, fare: Fare, wanted: number): Amounts {
      const call: Call = { fare, tokens: [] };
      const got = ask(call, wanted);
      if (fare.free || got.bundleSeconds + got.paidSeconds > 0) calls.set(id, call);
      return got;
    },

    extend(id: string, wanted: number): Amounts {
      const call = calls.get(id);
      return call === undefined ? amounts([]) : ask(call, wanted);
    },

    end(id: string, seconds: number, answered: boolean): Amounts {
      const call = calls.get(id);
      calls.delete(id);
      const spent: Token[] = [];
      let left = answered ? seconds : 0;
      for (const token of call?.tokens ?? []) {
        const taken = token.kind === 'fee' ? answered : left > 0;
        if (taken && token.kind !== 'fee') left -= 1;
        if (taken) spent.push(token);
        else give(token);
      }
      return amounts(spent);
    },

    refuse(): void {
      limited = true;
    },
  };
}
