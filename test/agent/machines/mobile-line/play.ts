import { firstTerms, type OrderTerms } from '../../../../agent/machines/mobile-line/obey.ts';
import { type LineRules, servicesOf } from '../../../../agent/machines/mobile-line/services.ts';
import {
  type LineEffect,
  type LineEvent,
  type MobileLine,
  startLine,
  stepLine,
} from '../../../../agent/machines/mobile-line.ts';
import type { LineOrder } from '../../../../agent/model/mobile-line.ts';

export const LINE = '+33612345003';
export const RULES: LineRules = { roamingByDefault: 'barred', dataOpen: true, slowKbps: 128 };
export const CONTRACT: OrderTerms = {
  roamingAt: 1_000,
  grounds: ['signed-waiver'],
  noticeOver: 500,
  portingUntil: 9_000,
};
export const OPTIONS = { international: true, fourG: true, iphone: false };
export const fresh = (): MobileLine => startLine(LINE, firstTerms(OPTIONS));

let names = 0;
export type Bare = LineOrder extends infer One
  ? One extends LineOrder
    ? Omit<One, 'id' | 'by' | 'line'>
    : never
  : never;
export const orderOf = (bare: Bare): LineOrder => {
  names += 1;
  return { id: `order-${names}`, by: 'support', line: LINE, ...bare } as LineOrder;
};
export const order = (bare: Bare, now = 0): LineEvent => ({
  on: 'ordered',
  order: orderOf(bare),
  contract: CONTRACT,
  now,
});

/** Lives through events; the answer is the state, all effects, and what is on at last. */
export function live(events: readonly LineEvent[], from = fresh(), rules = RULES) {
  let state = from;
  const effects: LineEffect[] = [];
  for (const event of events) {
    const [next, more] = stepLine(state, event, rules);
    state = next;
    effects.push(...more);
  }
  return { state, effects, services: servicesOf(state, rules, events.at(-1)?.now ?? 0) };
}
export const last = <Do extends LineEffect['do']>(effects: readonly LineEffect[], what: Do) =>
  effects.findLast((one): one is Extract<LineEffect, { do: Do }> => one.do === what);
export const refusedOf = (effects: readonly LineEffect[]): string | undefined => last(effects, 'record')?.refused;

export const ALL_ON = {
  data: { kbps: undefined, bytes: undefined },
  voice: { out: true, international: true, in: true },
  messages: { out: true, in: true },
};
