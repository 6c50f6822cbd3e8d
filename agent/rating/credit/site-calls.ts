import type { LedgerEvent, LedgerRecord, Reservation } from '../../model/record.ts';
import { whole } from '../whole.ts';
import { available } from './available.ts';
import { burnt } from './burn.ts';
import { type Charge, chargeOf } from './charge.ts';
import type { Contract } from './contract.ts';
import { type Credit, NO_CREDIT, plus } from './credit.ts';
import type { Folded, RunningCall, SiteAccount } from './site-account.ts';
import { append, honored, type Slice, spend, type Used } from './slices.ts';
import { needsCredit, type Terms, termsOf } from './terms.ts';

type On<Kind extends LedgerEvent['kind']> = Extract<LedgerEvent, { kind: Kind }>;

export function afterCallAdmitted(
  account: SiteAccount,
  admitted: On<'call-admitted'>,
  contract: Contract,
  at: number,
): SiteAccount {
  if (account.calls.some((running) => running.call === admitted.call)) return account;
  const terms = termsOf(contract, { ...admitted, at });
  const call = extended(account, { call: admitted.call, terms, slices: [] }, admitted.reserved);
  return { ...account, calls: [...account.calls, call] };
}

export const afterCallExtended = (account: SiteAccount, { call: id, reserved }: On<'call-extended'>): SiteAccount => ({
  ...account,
  calls: account.calls.map((call) => (call.call === id ? extended(account, call, reserved) : call)),
});

function extended(account: SiteAccount, running: RunningCall, reserved: Reservation): RunningCall {
  const { price } = running.terms;
  // A free call needs nothing, and a number without a price can have nothing.
  if (!needsCredit(running.terms) || price === undefined) return running;
  const slice = honored(reserved, available(account), account.cycle, { ...running, price });
  return { ...running, slices: append(running.slices, slice) };
}

export function afterCallEnded(
  account: SiteAccount,
  record: LedgerRecord,
  ended: On<'call-ended'>,
  contract: Contract,
): Folded {
  const running = account.calls.find((call) => call.call === ended.call);
  const terms = running?.terms ?? termsOf(contract, { ...ended, at: ended.startedAt });
  const used = usedOf(account, ended, terms, running?.slices ?? []);
  const charge = chargeOf(record, ended, terms, used);
  const refused = ended.cause === 'refused-credit' || ended.cause === 'cut-credit';
  const taken = used.reduce<Credit>(plus, NO_CREDIT);
  const after: SiteAccount = {
    ...account,
    burn: burnt(account.burn, taken),
    calls: account.calls.filter((call) => call !== running),
    charged: used.filter((slice) => slice.cycle === account.cycle).reduce<Credit>(plus, account.charged),
    charges: charge === undefined ? account.charges : counted(account.charges, charge),
    limited: account.limited || refused,
  };
  return { account: after, charge };
}

function usedOf(
  account: SiteAccount,
  { answeredAt, seconds }: On<'call-ended'>,
  terms: Terms,
  slices: readonly Slice[],
): readonly Used[] {
  const { price } = terms;
  if (answeredAt === null || price === undefined || !needsCredit(terms)) return [];
  const left = { cycle: account.cycle, bundleSeconds: available(account).bundleSeconds };
  // what a service gave beyond its longest time, if it ever did, is nobody's debt.
  return spend({ terms, slices, price }, Math.min(seconds, terms.longest ?? seconds), left);
}

const counted = (charges: SiteAccount['charges'], charge: Charge): SiteAccount['charges'] => ({
  ...plus(charges, charge),
  count: whole(charges.count + 1),
});
