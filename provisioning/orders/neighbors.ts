import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/** What an order may not contradict in the sites that are there already: whose device, whose account, whose number. */
export function neighborProblems(order: Order, others: readonly SiteConfig[]): readonly Problem[] {
  const before = others.find((other) => other.device.id === order.device.id);
  const rest = others.filter((other) => other !== before);
  return [
    ...deviceProblems(order, before),
    ...rest.flatMap((other) => accountProblems(order, other)),
    ...rest.flatMap((other) => lineProblems(order, other)),
  ];
}

/** The records of a device belong to one client and one account for good: another client's site is another device. */
function deviceProblems(order: Order, before: SiteConfig | undefined): readonly Problem[] {
  if (before === undefined) return [];
  const pairs = [
    ['tenant', order.tenant, before.tenant],
    ['client.id', order.client.id, before.client.id],
    ['account.id', order.account.id, before.account.id],
  ] as const;
  return pairs
    .filter(([, value, known]) => value !== known)
    .map(([field, value, known]) => ({
      field,
      value,
      remedy: `device ${before.device.id} belongs to "${known}"; give the site a device of its own`,
    }));
}

/** A billing account belongs to one client, and a client to one regime (requirements.md). */
function accountProblems(order: Order, other: SiteConfig): readonly Problem[] {
  if (other.account.id !== order.account.id) return [];
  const pairs = [
    ['tenant', order.tenant, other.tenant],
    ['client.id', order.client.id, other.client.id],
    ['regime', order.regime, other.regime.id],
  ] as const;
  return pairs
    .filter(([, value, known]) => value !== known)
    .map(([field, value, known]) => ({
      field,
      value,
      remedy: `account ${other.account.id} is used by device ${other.device.id} with "${known}"; write the same`,
    }));
}

/** V-5: a number is assigned to one line of one client. */
function lineProblems(order: Order, other: SiteConfig): readonly Problem[] {
  const taken = new Set(other.lines.map((line) => line.number));
  return order.lines.flatMap((line, index) =>
    taken.has(line.number)
      ? [
          {
            field: `lines[${index}].number`,
            value: line.number,
            remedy: `already assigned to device ${other.device.id}`,
          },
        ]
      : [],
  );
}
