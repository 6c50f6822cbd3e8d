import { seconds } from '../../../agent/model/units.ts';
import { afterReturn } from '../../../agent/rating/credit/account-cap.ts';
import { atMost, type Credit, less, NO_CREDIT, plus } from '../../../agent/rating/credit/credit.ts';
import { type CentralState, exposureKey, streamKey } from '../../../provisioning/central/words.ts';
import { answersTooSoon, neverDisagrees, receiptOnPuback } from './box-defects.ts';
import type { Seams } from './fleet.ts';

/** Mistakes that others have made, planted around the parts and never inside them. The invariants must find each. */
export const DEFECTS: Readonly<Record<string, () => Seams>> = {
  /** A lease that was not heard of for a while is lent again without the word of its site. */
  'the central frees a lease when its time is over': centralFreesOnTimeout,
  'a grant is sent before it is committed': () => ({ central: { kept: withoutLast('loan') } }),
  'a PUBACK counts as a receipt': () => ({ box: { uplink: receiptOnPuback } }),
  'the service begins before the debit is on the medium': () => ({ box: { store: answersTooSoon } }),
  'names of requests are not remembered': requestsForgotten,
  'what an epoch holds is not compared': () => ({ box: { uplink: neverDisagrees } }),
  'a return takes what running calls hold with it': () => ({ central: { after: returningHeld } }),
  'what is lent is not summed up again at a restart': () => ({
    central: { rebuilt: (state) => ({ ...state, exposures: {} }) },
  }),
  'a return counts twice': () => ({ central: { after: returningTwice } }),
  'a lowered cap is not looked at': capNeverFalls,
  'a grant is not bounded by what others have': () => ({ central: { after: forgettingOthers } }),
  'what was given back is forgotten': () => ({ central: { after: forgettingReturns } }),
};

const PATIENCE = seconds(30);

function centralFreesOnTimeout(): Seams {
  const heard = new Map<string, number>();
  let now = 0;
  return {
    central: {
      before(input) {
        now = 'now' in input ? input.now : now;
        if ('site' in input) heard.set(input.site.device, now);
        return input;
      },
      after: (_, state) =>
        [...heard].reduce((at, [device, last]) => (now - last > PATIENCE ? freed(at, device) : at), state),
    },
  };
}

/** Everything that one device has and that its records do not show as spent. */
function freed(state: CentralState, device: string): CentralState {
  return Object.values(state.loans).reduce((at, loan) => {
    if (loan.device !== device) return at;
    const { account } = at.streams[streamKey(device, loan.epoch)] ?? {};
    const rest = less(less(loan.lease, loan.returned), account?.charged ?? NO_CREDIT);
    return returned(at, loan.lease.id, rest);
  }, state);
}

function returned(state: CentralState, lease: string, credit: Credit): CentralState {
  const loan = state.loans[lease];
  if (loan === undefined) return state;
  const back = atMost(credit, less(loan.lease, loan.returned));
  const key = exposureKey(loan.lease.account, loan.lease.cycle);
  const exposure = state.exposures[key];
  if (exposure === undefined) return state;
  return {
    ...state,
    loans: { ...state.loans, [lease]: { ...loan, returned: plus(loan.returned, back) } },
    exposures: { ...state.exposures, [key]: afterReturn(exposure, back) },
  };
}

type After = NonNullable<NonNullable<Seams['central']>['after']>;

const returnsIn = (effects: Parameters<After>[2]): readonly string[] =>
  effects.flatMap((effect) => (effect.do === 'keep' && effect.row.keep === 'return' ? [effect.row.lease] : []));

const returningTwice: After = (before, after, effects) =>
  returnsIn(effects).reduce((at, lease) => {
    const now = at.loans[lease]?.returned ?? NO_CREDIT;
    return returned(at, lease, less(now, before.loans[lease]?.returned ?? NO_CREDIT));
  }, after);

const returningHeld: After = (_, after, effects) =>
  returnsIn(effects).reduce((at, lease) => {
    const loan = at.loans[lease];
    if (loan === undefined) return at;
    const calls = at.streams[streamKey(loan.device, loan.epoch)]?.account.calls ?? [];
    const held = calls.flatMap(({ slices }) => slices).reduce<Credit>((sum, slice) => plus(sum, slice), NO_CREDIT);
    return returned(at, lease, held);
  }, after);

/** Each grant is weighed against what that one device has. */
const forgettingOthers: After = (_, after, effects) => {
  const loan = effects.flatMap((effect) =>
    effect.do === 'keep' && effect.row.keep === 'loan' ? [effect.row.loan] : [],
  )[0];
  if (loan === undefined) return after;
  const key = exposureKey(loan.lease.account, loan.lease.cycle);
  const own = Object.values(after.loans).filter(
    ({ device, lease }) => device === loan.device && lease.cycle === loan.lease.cycle,
  );
  const granted = own.reduce<Credit>((sum, { lease }) => plus(sum, lease), NO_CREDIT);
  const back = own.reduce<Credit>((sum, one) => plus(sum, one.returned), NO_CREDIT);
  return { ...after, exposures: { ...after.exposures, [key]: { granted, returned: back } } };
};

/** The credit comes back on paper and to nobody. */
const forgettingReturns: After = (before, after, effects) =>
  returnsIn(effects).length === 0 ? after : { ...after, exposures: before.exposures };

/** At a crash the newest row of its kind was not on the medium yet. */
const withoutLast =
  (kind: 'loan'): NonNullable<NonNullable<Seams['central']>['kept']> =>
  (rows) => {
    const last = rows.findLastIndex(({ keep }) => keep === kind);
    return rows.filter((_, index) => index !== last);
  };

function requestsForgotten(): Seams {
  let asked = 0;
  return {
    central: {
      before(input) {
        if (input.on !== 'lease-requested') return input;
        asked += 1;
        return { ...input, request: { ...input.request, request: `${input.request.request}#${asked}` } };
      },
      sent: ({ topic, payload }) => ({ topic, payload: payload.replace(/"request":"([^"#]*)#\d+"/, '"request":"$1"') }),
    },
  };
}

function capNeverFalls(): Seams {
  let highest = 0;
  return {
    central: {
      before(input) {
        if (input.on !== 'account-changed') return input;
        highest = Math.max(highest, input.entry.capMicroEuro);
        return { ...input, entry: { ...input.entry, capMicroEuro: highest } };
      },
    },
  };
}
