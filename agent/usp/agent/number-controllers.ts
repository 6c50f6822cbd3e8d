import { controllerPath } from '../controller.ts';
import { PROFILES } from '../model/bulk-objects.ts';
import type { Values } from '../model/object-type.ts';
import type { Book } from './state.ts';

const TABLE = 'Device.LocalAgent.Controller.';
const rowOf = (number: number): string => `${controllerPath({ number })}.`;

/**
 * The numbers of the controllers that the operator named, in its order. One that was known keeps its number and what it left
 * on the box, whoever comes or goes beside it; a new one has a number that nobody had. Of one that is gone nothing stays:
 * subscriptions, profiles, notifications that wait (TR-181 2.19.1, `Subscription.{i}.Recipient`).
 */
export function numberControllers(
  endpoints: readonly string[],
  before: Book,
): { readonly numbers: readonly number[]; readonly book: Book } {
  const known = knownIn(before, endpoints);
  const numbers: number[] = [];
  let last = Math.max(before.last[TABLE] ?? 0, ...known.values());
  for (const endpoint of endpoints) {
    const number = known.get(endpoint) ?? last + 1;
    last = Math.max(last, number);
    numbers.push(number);
  }
  const rows = { ...withoutOthers(before.rows, numbers) };
  for (const [index, number] of numbers.entries())
    rows[rowOf(number)] = { ...rows[rowOf(number)], EndpointID: endpoints[index] ?? '' };
  const notices = before.notices.filter(({ controller }) => numbers.includes(controller));
  return { numbers, book: { ...before, rows, last: { ...before.last, [TABLE]: last }, notices } };
}

/** A book of before names nobody: its numbers are places in the configuration. */
function knownIn({ rows }: Book, endpoints: readonly string[]): ReadonlyMap<string, number> {
  const named = Object.entries(rows).flatMap(([path, { EndpointID }]) => {
    const [, number] = /^Device\.LocalAgent\.Controller\.(\d+)\.$/.exec(path) ?? [];
    return number === undefined || EndpointID === undefined ? [] : [[EndpointID, Number(number)] as const];
  });
  if (named.length > 0 || Object.keys(rows).length === 0) return new Map(named);
  return new Map(endpoints.map((endpoint, index) => [endpoint, index + 1]));
}

function withoutOthers(rows: Book['rows'], numbers: readonly number[]): Book['rows'] {
  const stay = new Set(numbers.map((number) => controllerPath({ number })));
  const isGone = ({ Recipient, Controller }: Values): boolean => {
    const owner = Recipient ?? Controller;
    return owner !== undefined && !stay.has(owner);
  };
  const goneProfiles = Object.entries(rows).flatMap(([path, values]) =>
    path.startsWith(PROFILES) && isGone(values) ? [path] : [],
  );
  return Object.fromEntries(
    Object.entries(rows).filter(([path, values]) => {
      const [, number] = /^Device\.LocalAgent\.Controller\.(\d+)\./.exec(path) ?? [];
      if (number !== undefined) return numbers.includes(Number(number));
      return !isGone(values) && !goneProfiles.some((one) => path.startsWith(one));
    }),
  );
}
