import type { LineOptions, LineOrder, LineService, LineTerms, RoamingChange } from '../../model/mobile-line.ts';
import { never } from '../../model/never.ts';
import { isRioOf } from '../../model/rio.ts';

/** What the contract makes of an order; computed where the calendar is. Unix ms. */
export type OrderTerms = {
  /** S-5: when a change of roaming has its effect, 48 working hours after the request. */
  readonly roamingAt: number;
  /** S-5: by what roaming may be opened; absent: the contract does not say. */
  readonly grounds: readonly string[] | undefined;
  /** S-9: when the notice of a change of host operator is over. */
  readonly noticeOver: number;
  /** S-10: end of the interruption of the porting day. */
  readonly portingUntil: number;
};

/** What holds once an order was heard: the terms, or why it is refused. */
export type Obeyed =
  | { readonly terms: LineTerms; readonly effective?: number | undefined }
  | { readonly refused: string };

/** Orders as of before anybody gave one: the contract's own state of a line (S-3). */
export const firstTerms = (options: LineOptions): LineTerms => ({
  ...{ service: 'active', options, roaming: [], waivers: [], packs: [], done: [] },
});

/**
 * S-3, S-5 to S-7, S-9, S-10: one order. A suspension touches neither options, nor roaming, nor waivers: what was on before
 * it is on after it, and what was ordered meanwhile holds as if there had been none.
 */
export function obey(terms: LineTerms, order: LineOrder, contract: OrderTerms): Obeyed {
  if (terms.service === 'terminated') return refuse('the line is terminated; a new line needs a new card');
  switch (order.do) {
    case 'bar-outgoing':
    case 'suspend':
    case 'reactivate':
    case 'terminate':
      return serve(terms, order.do);
    case 'set-options':
      return { terms: { ...terms, options: withOptions(terms.options, order.options) } };
    case 'open-roaming':
      return openRoaming(terms, order, contract);
    case 'close-roaming': {
      const from = Math.max(contract.roamingAt, order.from ?? 0);
      return { terms: roam(terms, { wants: 'closed', from }), effective: from };
    }
    case 'waive-ceiling': {
      const { from, until } = order;
      if (until !== undefined && until <= from) return refuse('until: must be later than from');
      return { terms: { ...terms, waivers: newest([...terms.waivers, span(from, until)], 20) } };
    }
    case 'add-pack':
      return { terms: { ...terms, packs: newest([...terms.packs, { at: order.at, bytes: order.bytes }], 50) } };
    case 'change-host':
      return changeHost(terms, order, contract);
    case 'port-number':
      return portNumber(terms, order, contract);
    default:
      return never(order);
  }
}

const refuse = (refused: string): Obeyed => ({ refused });

/** A suspension in whole stands above barred outgoing calls; only a reactivation comes back from either (nexis 3). */
function serve(terms: LineTerms, wanted: 'bar-outgoing' | 'suspend' | 'reactivate' | 'terminate'): Obeyed {
  const { service } = terms;
  const to = SERVICE_AFTER[wanted];
  if (service === to) return refuse(`the line is ${service} already`);
  if (wanted === 'bar-outgoing' && service === 'suspended')
    return refuse('the line is suspended as a whole; reactivate it first');
  return { terms: { ...terms, service: to } };
}

const SERVICE_AFTER = {
  'bar-outgoing': 'outgoing-barred',
  suspend: 'suspended',
  reactivate: 'active',
  terminate: 'terminated',
} as const satisfies Readonly<Record<string, LineService>>;

type Change = { readonly [Name in keyof LineOptions]?: LineOptions[Name] | undefined };

const withOptions = (before: LineOptions, change: Change): LineOptions => ({
  international: change.international ?? before.international,
  fourG: change.fourG ?? before.fourG,
  iphone: change.iphone ?? before.iphone,
});

type Ordered<Do extends LineOrder['do']> = Extract<LineOrder, { do: Do }>;

function openRoaming(terms: LineTerms, order: Ordered<'open-roaming'>, { roamingAt, grounds }: OrderTerms): Obeyed {
  if (grounds !== undefined && !grounds.includes(order.ground))
    return refuse(`ground: the contract opens roaming by ${grounds.join(' or ')} (S-5)`);
  if (order.until !== undefined && order.until <= roamingAt)
    return refuse('until: lies before the opening has its effect (S-5); ask for a later end');
  const opened = roam(terms, { wants: 'open', from: roamingAt });
  const { until } = order;
  return {
    terms: until === undefined ? opened : roam(opened, { wants: 'closed', from: until }),
    effective: roamingAt,
  };
}

/** The newest request decides: what an earlier one would change later is void. */
const roam = (terms: LineTerms, change: RoamingChange): LineTerms => ({
  ...terms,
  roaming: newest([...terms.roaming.filter(({ from }) => from < change.from), change], 20),
});

function changeHost(terms: LineTerms, order: Ordered<'change-host'>, { noticeOver }: OrderTerms): Obeyed {
  const { id, by, from, until, target, accessPoint } = order;
  if (until <= from) return refuse('until: must be later than from');
  if (from < noticeOver) return refuse('from: lies within the notice that the contract gives the client (S-9)');
  const named = accessPoint === undefined ? {} : { accessPoint };
  return { terms: { ...terms, hostChange: { order: id, by, from, until, target, ...named } }, effective: from };
}

function portNumber(terms: LineTerms, order: Ordered<'port-number'>, { portingUntil }: OrderTerms): Obeyed {
  const { number, rio, at } = order;
  if (!isRioOf(rio, number)) return refuse(`rio: is not one of ${number}; have the client ask 3179 again (S-10)`);
  return { terms: { ...terms, porting: { number, at, until: portingUntil } }, effective: at };
}

const span = (from: number, until: number | undefined) => (until === undefined ? { from } : { from, until });

const newest = <T>(list: readonly T[], most: number): T[] => list.slice(-most);
