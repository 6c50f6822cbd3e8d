import type { LineOrder } from '../registry/line-orders.ts';
import { lineOrderTo, simOrderTo, smsOrderTo } from './replies.ts';
import type { Answer, CentralEffect, CentralState, Enrolled, World } from './words.ts';

type Of<Is extends LineOrder['is']> = Extract<LineOrder, { is: Is }>;

/** Messages that a box is told of in one go; it sends ten a minute. */
const MESSAGES_AT_ONCE = 50;

/**
 * S-1 to S-3, S-5 to S-7, S-9 to S-11: what a box must be told for its mobile line: nothing that its own record says is over. Of its card one
 * order at a time, a loss before anything else; of what the line may do all, in the order given; each is done once under its name, however often it is told.
 */
export function lineOrdersFor(
  state: CentralState,
  device: string,
  { book, lineOrders }: World,
): readonly CentralEffect[] {
  const site = book.get(device);
  if (site === undefined || state.greeted[device] === undefined) return [];
  const over = new Set(state.lineOrdersOver[device]);
  const open = (lineOrders?.get(device) ?? []).filter(
    ({ order, canceled }) => canceled === undefined && !over.has(order.id),
  );
  const cards = open.filter((one): one is Of<'sim'> => one.is === 'sim');
  const card = cards.find(({ order }) => order.reason === 'loss' || order.reason === 'theft') ?? cards[0];
  const messages = open.filter((one): one is Of<'sms'> => one.is === 'sms').slice(0, MESSAGES_AT_ONCE);
  return [
    ...(card === undefined ? [] : [simOrderMessage(site, card)]),
    ...open.flatMap((one) => (one.is === 'line' ? [lineOrderTo(site, one.order)] : [])),
    ...messages.map(({ order }) => smsOrderTo(site, order)),
  ];
}

const simOrderMessage = (site: Enrolled, { device, order, download, pin, oldPin }: Of<'sim'>): CentralEffect =>
  simOrderTo(site, { device, order, ...(download && { download }), ...(pin && { pin }), ...(oldPin && { oldPin }) });

/** The book of orders has changed, or the link was away: every box of the account that was heard of is told. */
export const tellLineOrders = (state: CentralState, account: string, world: World): readonly CentralEffect[] =>
  Object.keys(state.greeted)
    .filter((device) => world.book.get(device)?.account === account)
    .flatMap((device) => lineOrdersFor(state, device, world));

/** A box is done with orders: the next one for its card is told, and more messages whenever half a hundred have gone. */
export function nextLineOrders(before: CentralState, [state, effects]: Answer, site: Enrolled, world: World): Answer {
  if (state.lineOrdersOver === before.lineOrdersOver) return [state, effects];
  const was = overOf(before, site.device, world);
  const is = overOf(state, site.device, world);
  const isFull = Math.floor(is.sms / MESSAGES_AT_ONCE) > Math.floor(was.sms / MESSAGES_AT_ONCE);
  if (is.sim === was.sim && !isFull) return [state, effects];
  return [state, [...effects, ...lineOrdersFor(state, site.device, world)]];
}

/** How many orders of each kind a box is done with. */
function overOf({ lineOrdersOver }: CentralState, device: string, { lineOrders }: World) {
  const over = new Set(lineOrdersOver[device]);
  const done = (lineOrders?.get(device) ?? []).filter(({ order }) => over.has(order.id));
  const of = (kind: LineOrder['is']): number => done.filter(({ is }) => is === kind).length;
  return { sim: of('sim'), sms: of('sms') };
}
