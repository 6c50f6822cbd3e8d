import { canonical } from '../../agent/model/canonical.ts';
import type { SuspensionOrder } from '../../agent/model/suspension.ts';
import { suspensionTo } from './replies.ts';
import {
  type Answer,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  type Enrolled,
  emptyStream,
  keep,
  streamKey,
  type World,
} from './words.ts';

type Changed = Extract<CentralInput, { on: 'suspensions-changed' }>;

/** C-5: takes the orders of the operator's book that are new or were lifted, and tells every site that does not carry them out. */
export function changeSuspensions(state: CentralState, { suspensions, now }: Changed, world: World): Answer {
  const changed = suspensions.filter((one) => canonical(one) !== canonical(state.suspensions[one.id] ?? null));
  const after: CentralState = {
    ...state,
    suspensions: { ...state.suspensions, ...Object.fromEntries(changed.map((one) => [one.id, one])) },
    suspensionChanges: state.suspensionChanges + changed.length,
  };
  const told = Object.keys(after.greeted).flatMap((device) => suspensionsFor(after, device, world));
  return [after, [...changed.map((suspension) => keep({ keep: 'suspension', suspension, at: now })), ...told]];
}

/** What a device must be told: nothing while its own record says what is ordered. */
export function suspensionsFor(state: CentralState, device: string, { book }: World): readonly CentralEffect[] {
  const site = book.get(device);
  const epoch = state.greeted[device];
  if (site === undefined || epoch === undefined) return [];
  const { account } = state.streams[streamKey(device, epoch)] ?? emptyStream();
  const orders = ordersFor(state, site);
  if (canonical(orders) === canonical(account.suspensions.orders)) return [];
  return [suspensionTo(site, { device, version: state.suspensionChanges, orders: [...orders] })];
}

/** In the order of ids. An order for one line is for the site that has it. */
function ordersFor({ suspensions }: CentralState, site: Enrolled): readonly SuspensionOrder[] {
  const newest = site.contracts.get(Math.max(...site.contracts.keys()));
  return Object.values(suspensions)
    .filter(({ account, device, line, lifted }) => {
      const isTheirs = account === site.account && (device ?? site.device) === site.device;
      return isTheirs && lifted === undefined && (line === undefined || newest?.numbers.has(line) === true);
    })
    .map(({ id, scope, line, from, reason }) => ({
      id,
      scope,
      lines: line === undefined ? null : [line],
      from,
      reason,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
