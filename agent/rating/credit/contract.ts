import type { Account } from '../../model/account.ts';
import type { Deck, Plan } from '../../model/deck.ts';
import type { Numbering } from '../../model/numbering.ts';
import type { Regime } from '../../model/regime.ts';
import type { SiteConfig } from '../../model/site-config.ts';
import type { Holding } from '../book/context.ts';
import { startOfDay } from '../calendar/paris.ts';
import { classify } from '../numbering/classify.ts';
import { whole } from '../whole.ts';

/** What prices a site's calls: the operator's regime, price list and numbering table, and the site's lines with their plans. */
export type Contract = {
  readonly regime: Regime;
  readonly tariff: Deck;
  readonly numbering: Numbering;
  readonly account: Account;
  /** The site's own numbers, which are on-net. */
  readonly numbers: ReadonlySet<string>;
  /** V-7, C-6: lines that support has cleared, and when. */
  readonly cleared?: readonly { readonly line: string; readonly at: number }[] | undefined;
  /** Plan of the mobile line whose SIM is in the box, where it is none of the site's own lines. */
  readonly simPlan?: string | undefined;
  /** lines whose calls are faxes, billed by the page and not by the second. */
  readonly faxLines?: ReadonlySet<string> | undefined;
};

/** A configuration is in force as a whole, so its lines have had their plans for ever. */
const ALWAYS = '1970-01-01';

/** What prices a site's calls, the same on the box and in the central. */
export function contractOf(config: SiteConfig): Contract {
  const { regime, tariff, numbering, account, client, lines, fleet, cleared } = config;
  return {
    cleared,
    simPlan: config.links.find(({ line }) => line !== undefined)?.sim?.plan,
    faxLines: faxLinesOf(config),
    regime,
    tariff,
    numbering,
    numbers: new Set(lines.map((line) => line.number)),
    account: {
      schema: 'relais/account/1',
      id: account.id,
      client: client.name,
      regimes: [{ from: ALWAYS, regime: regime.id }],
      decks: [tariff.id],
      numberings: [numbering.id],
      cycle: { is: 'calendar' },
      lines: lines.map(({ number, label, plan }) => ({ number, label, from: ALWAYS, plans: [{ from: ALWAYS, plan }] })),
      fleet: [...fleet],
      caps: account.limitMicroEuro === undefined ? [] : [{ from: 0, microEuro: account.limitMicroEuro }],
      months: [],
      waivers: [],
      abuses: [],
      reopenings: [],
      packs: [],
      services: [],
      tickets: [],
      unpaid: [],
      ceilingYear: { is: 'calendar' },
      specialNumbers: [],
      payoutInvoices: [],
      rulesBroken: [],
    },
  };
}

/** numbers of the site's fax lines, E.164. */
export const faxLinesOf = ({ fax }: Pick<SiteConfig, 'fax'>): ReadonlySet<string> =>
  new Set(fax?.lines.map(({ number }) => number));

/** What holds for a call of a line; a caller that is none of the site's lines is held to the plan of the first one. */
export function holdingOf(contract: Contract, caller: string): Holding {
  const { regime, tariff: deck, numbering, account, numbers } = contract;
  const named = numbers.has(caller) ? caller : classify(caller, numbering).number;
  const line = account.lines.find(({ number }) => number === named) ?? account.lines[0];
  const plan = deck.plans.find(({ id }) => id === line?.plans[0]?.plan);
  if (line === undefined || plan === undefined) throw new Error('a site has lines, and each a plan of its price list');
  return { regime, deck, numbering, account, numbers, line, plan };
}

/** A clock that is not set yet prices a call as on the first day of the price list. */
export const pricedAt = ({ tariff }: Contract, wall: number): number => Math.max(wall, startOfDay(tariff.from));

/** the seconds of bundle that the lines of a site bring into each cycle of their account. */
export const bundleSecondsOf = (contract: Contract): number =>
  contract.account.lines.reduce((sum, { number }) => whole(sum + bundleOfLine(contract, number)), 0);

/** seconds of bundle of one line of the account; 0 for any other number, and for a line without a bundle. */
export function bundleOfLine({ account, tariff }: Contract, number: string): number {
  const plan = account.lines.find((line) => line.number === number)?.plans[0]?.plan;
  return bundleOf(tariff.plans.find(({ id }) => id === plan));
}

const bundleOf = (plan: Plan | undefined): number => (plan?.voice.is === 'bundle' ? plan.voice.seconds : 0);
