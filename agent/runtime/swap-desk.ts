import type { Progress, SwapEffect, SwapEvent } from '../machines/swap/step.ts';
import { FRESH_SWAP, recoverSwap, stepSwap } from '../machines/swap.ts';
import { never } from '../model/never.ts';
import type { SimOrder, SimReport } from '../model/sim-swap.ts';
import { type Swap, SwapSchema } from '../model/swap-journal.ts';
import type { Clock } from '../ports/clock.ts';
import type { SwapJournal } from '../ports/swap-journal.ts';
import type { DownloadOrder } from '../uicc/lpa/download-state.ts';
import { createErrands, type Errands } from './errands.ts';
import { changeCard, downloadProfile, type Found, lookAround, openCard, type SwapHands } from './swap-work.ts';
import { createTimers, type Timers } from './timers.ts';
import { createTurns, type Turns } from './turns.ts';

export type SwapNeeds = {
  readonly hands: SwapHands;
  readonly journal: SwapJournal;
  readonly clock: Clock;
  /** Durable when answered with `kept`; `later`: whoever keeps the record is not here. */
  readonly record: (report: SimReport, done: (so: 'kept' | 'later' | 'no-room') => void) => void;
  readonly told: (news: Progress) => void;
  /** What stood in the journal could not be read: nothing is known of a swap that may have been under way. */
  readonly damaged?: () => void;
};

/** The codes of a profile that is yet to come, and the PINs of the card that the line goes to and of the one it leaves (S-8). */
export type SwapSecrets = {
  readonly download?: DownloadOrder;
  readonly pin?: string | undefined;
  readonly oldPin?: string | undefined;
};

/** The mobile line of a box: changes its card, goes back by itself, and finishes or undoes what power broke off (S-1). */
export interface SwapDesk {
  /** `secrets` go with it and are written down nowhere. */
  order(order: SimOrder, secrets?: SwapSecrets): void;
  /** The modem was started anew by somebody. */
  restarted(): void;
  state(): Swap;
  /** Calls back as soon as nothing is under way and nobody is asked. */
  whenQuiet(done: () => void): void;
  stop(): void;
}

type TimerName = Extract<SwapEffect, { do: 'wait' }>['name'];
type Works = SwapNeeds & {
  readonly turns: Turns;
  readonly timers: Timers<TimerName>;
  readonly waiting: SwapEvent[];
  readonly errands: Errands;
  readonly secrets: Map<string, SwapSecrets>;
  readonly quiet: (() => void)[];
  state: Swap;
  kept: string;
  keeping: boolean;
  /** Questions are numbered: the answer to one that is no longer asked is nobody's. */
  asked: number;
  recorded: number;
  giveUp: (() => void) | undefined;
  stopped: boolean;
};

export function createSwapDesk(needs: SwapNeeds): SwapDesk {
  const turns = createTurns();
  const found = readJournal(needs);
  const works: Works = {
    ...needs,
    turns,
    timers: createTimers(needs.clock, turns),
    errands: createErrands(turns, () => lookQuiet(works)),
    ...{ waiting: [], secrets: new Map(), quiet: [] },
    ...{ state: found, kept: JSON.stringify(found), keeping: false },
    ...{ asked: 0, recorded: 0, giveUp: undefined, stopped: false },
  };
  turns(() => take(works, recoverSwap(found, needs.clock.wall())));
  return {
    order(order, secrets) {
      if (secrets !== undefined) works.secrets.set(order.id, secrets);
      hear(works, { on: 'ordered', order });
    },
    restarted: () => hear(works, { on: 'restarted' }),
    state: () => works.state,
    whenQuiet(done) {
      works.quiet.push(done);
      works.turns(() => lookQuiet(works));
    },
    stop() {
      works.stopped = true;
      works.giveUp?.();
      works.errands.stop();
      works.timers.stop();
    },
  };
}

function readJournal({ journal, damaged }: SwapNeeds): Swap {
  const text = journal.read();
  if (text === undefined) return FRESH_SWAP;
  try {
    return SwapSchema.parse(JSON.parse(text));
  } catch {
    damaged?.();
    return FRESH_SWAP;
  }
}

function hear(works: Works, found: Found): void {
  works.turns(() => {
    if (works.stopped) return;
    works.waiting.push({ ...found, now: works.clock.wall() } as SwapEvent);
    next(works);
  });
}

function next(works: Works): void {
  while (!works.keeping) {
    const event = works.waiting.shift();
    if (event === undefined) return lookQuiet(works);
    take(works, stepSwap(works.state, event));
  }
}

/** The state is on the medium before anything that follows from it is done. */
function take(works: Works, [state, effects]: readonly [Swap, readonly SwapEffect[]]): void {
  works.state = state;
  const text = JSON.stringify(state);
  if (text === works.kept) return perform(works, effects);
  works.keeping = true;
  works.journal.keep(text, (kept) =>
    works.turns(() => {
      works.keeping = false;
      if (works.stopped) return;
      if (kept) {
        works.kept = text;
        perform(works, effects);
      } else {
        const [after, instead] = stepSwap(state, { on: 'not-kept', now: works.clock.wall() });
        works.state = after;
        // A wait changes nothing out there, and without it nothing would end.
        perform(works, effects.filter(isWait));
        perform(works, instead);
      }
      next(works);
    }),
  );
}

const isWait = (effect: SwapEffect): boolean => effect.do === 'wait';

const perform = (works: Works, effects: readonly SwapEffect[]): void => {
  for (const effect of effects) performOne(works, effect);
};

function performOne(works: Works, effect: SwapEffect): void {
  const { hands } = works;
  switch (effect.do) {
    case 'look':
      return ask(works, (done) => lookAround(hands, done));
    case 'check':
      return ask(works, (done) => hands.modem.check(effect.accessPoint, (line) => done({ on: 'checked', line })));
    case 'switch':
      return ask(
        works,
        whole((done) => changeCard(hands, effect.to, effect.form, done)),
      );
    case 'climb':
      return ask(
        works,
        whole((done) => hands.modem.climb(effect.rung, () => done({ on: 'climbed' }))),
      );
    case 'download':
      return ask(
        works,
        whole((done) => downloadProfile(hands, works.secrets.get(effect.order)?.download, done)),
      );
    case 'open':
      return ask(
        works,
        whole((done) => openCard(hands, works.secrets.get(effect.order)?.pin, done)),
      );
    case 'unlock':
      return ask(
        works,
        whole((done) => openCard(hands, works.secrets.get(effect.order)?.oldPin, done)),
      );
    case 'fit':
      return ask(
        works,
        whole((done) => hands.modem.fit(() => done({ on: 'fitted' }))),
      );
    case 'bar':
    case 'admit':
      return works.errands.run((over) => hands.modem.serve(effect.do === 'admit', over));
    case 'deliver':
      return works.errands.run((over) =>
        hands.profiles === undefined ? over() : hands.profiles.deliver(() => over()),
      );
    case 'record':
      return record(works, effect.report);
    case 'wait':
      return works.timers.set(effect.name, effect.for, () => hear(works, { on: 'waited', name: effect.name }));
    case 'tell':
      return works.told(effect.news);
    default:
      return never(effect);
  }
}

type Question = (done: (found: Found) => void) => (() => void) | undefined;

/** A change that was begun is not given up in the middle. */
const whole =
  (change: (done: (found: Found) => void) => void): Question =>
  (done) => {
    change(done);
    return undefined;
  };

/** A new question gives up the one before, where that can be given up; what cannot ends before the new one begins. */
function ask(works: Works, question: Question): void {
  works.asked += 1;
  const mine = works.asked;
  works.giveUp?.();
  works.errands.run((over) => {
    if (mine !== works.asked) return over();
    let isOver = false;
    const end = (): void => {
      isOver = true;
      works.giveUp = undefined;
      over();
    };
    const giveUp = question((found) => {
      if (!isOver) end();
      if (mine === works.asked) hear(works, found);
    });
    if (giveUp === undefined || isOver) return;
    works.giveUp = () => {
      giveUp();
      end();
    };
  });
}

function record(works: Works, report: SimReport): void {
  works.recorded += 1;
  const mine = works.recorded;
  works.record(report, (so) => {
    if (mine === works.recorded) hear(works, { on: 'recorded', so });
  });
}

function lookQuiet(works: Works): void {
  const isBusy = works.state.at !== 'resting' || works.keeping || !works.errands.idle();
  if (isBusy || works.waiting.length > 0) return;
  for (const done of works.quiet.splice(0)) done();
}
