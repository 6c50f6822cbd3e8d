import type { CodedPage, Page } from '../../../../agent/fax/page/page-format.ts';
import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { stepTerminal } from '../../../../agent/fax/terminal/terminal.ts';
import {
  type FaxOutcome,
  type FaxTally,
  startReceiving,
  startSending,
  type Terminal,
  type TerminalEvent,
  type TerminalRules,
  type TerminalTimer,
} from '../../../../agent/fax/terminal/terminal-state.ts';
import { type Millis, millis } from '../../../../agent/model/units.ts';
import type { Cancel } from '../../../../agent/ports/clock.ts';
import { createSimClock, type SimClock } from '../../../../hw-sim/site/sim-clock.ts';

export type Untimed = TerminalEvent extends infer E ? (E extends TerminalEvent ? Omit<E, 'now'> : never) : never;

export type Side = {
  readonly post: (event: Untimed) => void;
  readonly state: () => Terminal;
  readonly pages: readonly CodedPage[];
  readonly confirmed: () => number;
  readonly over: () => { readonly outcome: FaxOutcome; readonly tally: FaxTally } | undefined;
};

export type SideWish = {
  readonly rules: TerminalRules;
  readonly say: (packet: IfpPacket) => void;
  /** What becomes of a page that is to be kept; at once and well unless said otherwise. */
  readonly keep?: (page: number, post: (event: Untimed) => void) => void;
};

/** A machine with a clock around it, and nothing else. */
export function createSide(clock: SimClock, first: Terminal, wish: SideWish): Side {
  let terminal = first;
  const timers = new Map<TerminalTimer, Cancel>();
  const pages: CodedPage[] = [];
  let confirmed = 0;
  let over: ReturnType<Side['over']>;
  const post = (event: Untimed): void => {
    const [next, effects] = stepTerminal(terminal, { ...event, now: clock.mono() } as TerminalEvent, wish.rules);
    terminal = next;
    for (const effect of effects) {
      if (effect.do === 'say') wish.say(effect.packet);
      if (effect.do === 'wait' || effect.do === 'forget') timers.get(effect.name)?.();
      if (effect.do === 'wait')
        timers.set(
          effect.name,
          clock.after(effect.for, () => post({ on: 'waited', name: effect.name })),
        );
      if (effect.do === 'keep-page') {
        pages[effect.page - 1] = effect.coded;
        const keep = wish.keep ?? ((page, tell) => tell({ on: 'page-kept', page }));
        clock.after(millis(5), () => keep(effect.page, post));
      }
      if (effect.do === 'tell' && effect.news.on === 'page-confirmed') confirmed = effect.news.pages;
      if (effect.do === 'tell' && effect.news.on === 'over') over = effect.news;
    }
  };
  return { post, state: () => terminal, pages, confirmed: () => confirmed, over: () => over };
}

export type PairWish = {
  readonly document: readonly Page[];
  readonly ecm?: boolean;
  readonly maxBitRate?: number;
  /** May drop or change what passes; `from` is who says it. */
  readonly pass?: (packet: IfpPacket, from: 'sender' | 'receiver', now: Millis) => readonly IfpPacket[];
  readonly keep?: SideWish['keep'];
  readonly delay?: Millis;
};

/** Two of our machines, packet by packet, until both are done or an hour has passed. */
export function faxBetween(wish: PairWish): {
  readonly sender: Side;
  readonly receiver: Side;
  readonly lasted: Millis;
} {
  const clock = createSimClock(millis(0));
  const { ecm = true, maxBitRate = 14_400, delay = millis(30) } = wish;
  const rules = { stationId: '+33 1 23 45 67 89', ecm, maxBitRate };
  const carry = (packet: IfpPacket, from: 'sender' | 'receiver', to: () => Side): void => {
    const passed = wish.pass?.(packet, from, clock.mono()) ?? [packet];
    if (passed.length === 0) clock.after(delay, () => to().post({ on: 'packets-missing' }));
    for (const one of passed) clock.after(delay, () => to().post({ on: 'packet', packet: one }));
  };
  const sender: Side = createSide(clock, startSending(wish.document), {
    rules,
    say: (packet) => carry(packet, 'sender', () => receiver),
  });
  const receiver: Side = createSide(clock, startReceiving(), {
    rules,
    say: (packet) => carry(packet, 'receiver', () => sender),
    ...(wish.keep ? { keep: wish.keep } : {}),
  });
  sender.post({ on: 'opened' });
  receiver.post({ on: 'opened' });
  while (!(sender.over() && receiver.over()) && clock.mono() < 3_600_000) clock.advance(millis(500));
  return { sender, receiver, lasted: clock.mono() };
}
