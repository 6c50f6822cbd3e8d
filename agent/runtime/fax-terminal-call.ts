import type { CodedPage } from '../fax/page/page-format.ts';
import { lossOf } from '../fax/t38/loss-seen.ts';
import { readIfp } from '../fax/t38/read-ifp.ts';
import { stepReceiver } from '../fax/t38/receiver.ts';
import { type Receiver, type ReceiverNews, startReceiver } from '../fax/t38/receiver-state.ts';
import { startSender, stepSender } from '../fax/t38/sender.ts';
import type { Sender, SenderNews } from '../fax/t38/sender-state.ts';
import { stepTerminal } from '../fax/terminal/terminal.ts';
import type {
  FaxOutcome,
  FaxTally,
  Terminal,
  TerminalEffect,
  TerminalEvent,
  TerminalRules,
  TerminalTimer,
} from '../fax/terminal/terminal-state.ts';
import { never } from '../model/never.ts';
import { millis, seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaxCall, FaxCallNews, FaxTerms } from '../ports/fax-calls.ts';
import { outcomeOfCall } from './fax-record.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Turns } from './turns.ts';

export type TerminalCallMaking = {
  readonly clock: Clock;
  readonly turns: Turns;
  /** A machine that has not begun. */
  readonly terminal: Terminal;
  readonly rules: Omit<TerminalRules, 'maxBitRate'>;
  /** Received pages only; `done` may come at any time after. */
  readonly keep: (page: number, coded: CodedPage, tally: FaxTally, done: (kept: boolean) => void) => void;
  /** The call runs, whatever its media are. */
  readonly answered: () => void;
  readonly pageConfirmed: (pages: number, tally: FaxTally) => void;
  /** Told once, when the call is over or about to be; `text` of whoever refused it, where they gave one. */
  readonly over: (outcome: FaxOutcome, tally: FaxTally, text: string) => void;
};

/** Hears the news of a call and speaks T.30 on it. `begin` hands over the call, which `dial` answers with only behind its first news. */
export type TerminalCall = { readonly hear: (news: FaxCallNews) => void; readonly begin: (call: FaxCall) => void };

/** How long a packet may be held behind a gap: there is no modem to be fed, but words are late soon. */
const PATIENCE = { image: millis(1_000), frames: millis(200) };
/** So long may it ring, and so long may the turn from audio to T.38 take. */
const RINGING = seconds(90);
const TURNING = seconds(20);

type Timer = TerminalTimer | 'gap' | 'copy' | 'connect';

type Works = Omit<TerminalCallMaking, 'answered'> & {
  readonly report: () => void;
  readonly timers: Timers<Timer>;
  call: FaxCall | undefined;
  machine: Terminal;
  sender: Sender;
  receiver: Receiver;
  terms: FaxTerms | undefined;
  answered: boolean;
  isOver: boolean;
};

/** Joins the T.30 machine with the T.38 sender and receiver, a clock, and one SIP call. */
export function createTerminalCall(making: TerminalCallMaking): TerminalCall {
  const { answered: report, ...rest } = making;
  const works: Works = {
    ...rest,
    report,
    timers: createTimers<Timer>(making.clock, making.turns),
    call: undefined,
    machine: making.terminal,
    sender: startSender(),
    receiver: startReceiver(),
    terms: undefined,
    answered: false,
    isOver: false,
  };
  return {
    begin: (call) =>
      making.turns(() => {
        works.call = call;
        works.timers.set('connect', RINGING, () => stop(works, 'no-answer', ''));
        if (works.answered) call.turnToFax();
      }),
    hear: (news) => making.turns(() => hear(works, news)),
  };
}

function hear(works: Works, news: FaxCallNews): void {
  if (works.isOver) return;
  switch (news.on) {
    case 'ringing':
      return;
    case 'answered':
      works.answered = true;
      works.report();
      works.timers.set('connect', TURNING, () => stop(works, 'network-refused-fax', ''));
      return works.call?.turnToFax();
    case 'fax-opened':
      return open(works, news.terms);
    case 'fax-refused':
      return stop(works, 'network-refused-fax', '');
    case 'heard':
      return receive(works, { on: 'datagram-heard', octets: news.datagram, now: works.clock.mono() });
    case 'over':
      if (works.terms === undefined) return stop(works, outcomeOfCall(news), news.text);
      return post(works, { on: 'closed', now: works.clock.mono() });
    default:
      return never(news);
  }
}

function open(works: Works, terms: FaxTerms): void {
  const first = works.terms === undefined;
  works.terms = terms;
  works.timers.clear('connect');
  if (!first) return;
  const now = works.clock.mono();
  send(works, { on: 'opened', now });
  post(works, { on: 'opened', now });
}

/** Before there was T.38. */
const stop = (works: Works, outcome: FaxOutcome, text: string): void =>
  finish(works, outcome, works.machine.tally, text);

function finish(works: Works, outcome: FaxOutcome, tally: FaxTally, text: string): void {
  if (works.isOver) return;
  works.isOver = true;
  works.timers.stop();
  works.call?.hangUp();
  works.over(outcome, tally, text);
}

function post(works: Works, event: TerminalEvent): void {
  const rules = { ...works.rules, maxBitRate: works.terms?.maxBitRate ?? 14_400 };
  const [machine, effects] = stepTerminal(works.machine, event, rules);
  works.machine = machine;
  for (const effect of effects) perform(works, effect);
}

function perform(works: Works, effect: TerminalEffect): void {
  const { clock, timers } = works;
  switch (effect.do) {
    case 'say':
      return send(works, { on: 'packet-made', packet: effect.packet, now: clock.mono() });
    case 'wait':
      return timers.set(effect.name, effect.for, () =>
        post(works, { on: 'waited', name: effect.name, now: clock.mono() }),
      );
    case 'forget':
      return timers.clear(effect.name);
    case 'keep-page':
      return works.keep(effect.page, effect.coded, works.machine.tally, (kept) =>
        works.turns(() =>
          post(works, { on: kept ? 'page-kept' : 'page-not-kept', page: effect.page, now: clock.mono() }),
        ),
      );
    case 'tell':
      if (effect.news.on === 'page-confirmed') return works.pageConfirmed(effect.news.pages, works.machine.tally);
      return finish(works, effect.news.outcome, effect.news.tally, '');
    default:
      return never(effect);
  }
}

function send(works: Works, news: SenderNews): void {
  if (works.terms === undefined) return;
  const [sender, effects] = stepSender(works.sender, news, works.terms);
  works.sender = sender;
  for (const effect of effects) {
    if (effect.do === 'send') works.call?.send(effect.octets);
    if (effect.do === 'wait')
      works.timers.set('copy', effect.for, () => send(works, { on: 'waited', now: works.clock.mono() }));
  }
}

function receive(works: Works, news: ReceiverNews): void {
  const version = works.terms?.version ?? 0;
  const patience = works.machine.ear.hears === 'image' ? PATIENCE.image : PATIENCE.frames;
  const before = works.receiver.loss;
  const [receiver, effects] = stepReceiver(works.receiver, news, { version, patience });
  works.receiver = receiver;
  if (receiver.loss !== before) send(works, { on: 'loss-seen', loss: lossOf(receiver.loss) });
  for (const effect of effects) {
    const now = works.clock.mono();
    if (effect.do === 'deliver') {
      const { packet } = readIfp(effect.octets, version);
      if (packet !== undefined) post(works, { on: 'packet', packet, now });
    }
    if (effect.do === 'tell-missing') post(works, { on: 'packets-missing', now });
    if (effect.do === 'wait')
      works.timers.set('gap', effect.for, () => receive(works, { on: 'waited', now: works.clock.mono() }));
  }
}
