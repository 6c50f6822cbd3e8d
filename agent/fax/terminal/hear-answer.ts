import type { Millis } from '../../model/units.ts';
import { readCapabilities } from '../t30/capabilities.ts';
import type { Frame } from '../t30/frame.ts';
import { readFramesWanted } from '../t30/partial-page.ts';
import { chooseMode } from './choose-mode.ts';
import { hush, isSpeaking } from './mouth.ts';
import { blocksIn, framesOfBlock, outgoingPage } from './outgoing-page.ts';
import { ALL_FRAMES, afterPage, ask, askAgain, leave, sendImage, T5, withSending } from './sending.ts';
import type { Sending, SendingTalk } from './sending-state.ts';
import { andThen, go, type Terminal, type TerminalRules, type TerminalStep, withMended } from './terminal-state.ts';

/** After so many PPR of one block the sender slows down or gives up (T.30 Annex A.4.3). */
const REPEATS = 4;
/** A page that was refused as often goes no better the next time. */
const REFUSALS = 3;

/** A frame of the receiver. What comes while we still ask is an answer to a question before. */
export function hearAnswer(terminal: Terminal, frame: Frame, now: Millis, rules: TerminalRules): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'sends') return go(terminal);
  if (isSpeaking(terminal) && work.at !== 'calling') return go(terminal);
  const heard = `${work.at} ${frame.kind}` as const;
  switch (heard) {
    case 'calling DIS':
      return meet(terminal, work, frame, now, rules);
    case 'calling DTC':
    case 'calling DCS':
      // A station that wants to fetch, or to send itself: there is nothing for it here.
      return leave(terminal, 'cannot-receive', now);
    case 'checking CFR':
      return sendImage(terminal, now, 'short');
    case 'checking FTT':
      return slowDown(terminal, work, now, rules);
    case 'checking DIS':
    case 'checking CRP':
    case 'asking CRP':
    case 'retraining CRP':
    case 'dropping CRP':
      return askAgain(terminal, now, rules);
    case 'asking RNR':
      return andThen(go(terminal, { do: 'wait', name: 'limit', for: T5 }), (busy) => ask(busy, 'waiting', now, rules));
    case 'waiting RNR':
      return askAgain(terminal, now, rules);
    case 'retraining CTR':
      return sendImage(terminal, now, 'long');
    case 'dropping ERR':
      return leave(terminal, 'correction-failed', now);
    default:
      return work.at === 'asking' || work.at === 'waiting' ? judged(terminal, work, frame, now, rules) : go(terminal);
  }
}

/** DIS: what the receiver can do, and how the present page goes to it. */
function meet(
  terminal: Terminal,
  sending: Sending,
  { information }: Frame,
  now: Millis,
  rules: TerminalRules,
): TerminalStep {
  const offer = readCapabilities(information);
  if (!offer.readyToReceive) return leave(terminal, 'cannot-receive', now);
  const page = sending.document[sending.page];
  const mode = page && chooseMode(page, offer, rules);
  if (page === undefined || mode === undefined || mode.rates.length === 0) return leave(terminal, 'incompatible', now);
  const talk: SendingTalk = { offer, mode, octets: outgoingPage(page, mode), block: 0, repeats: 0, wanted: ALL_FRAMES };
  return andThen(go(withSending(terminal, { talk }), { do: 'forget', name: 'limit' }), hush, (met) =>
    ask(met, 'checking', now, rules),
  );
}

/** One rate lower, with the page coded for it. */
function slowDown(
  terminal: Terminal,
  { talk, document, page }: Sending,
  now: Millis,
  rules: TerminalRules,
): TerminalStep {
  const own = document[page];
  const rates = talk?.mode.rates.slice(1) ?? [];
  if (talk === undefined || own === undefined || rates.length === 0) return leave(terminal, 'training-failed', now);
  const mode = { ...talk.mode, rates };
  const slower: SendingTalk = {
    ...talk,
    mode,
    octets: outgoingPage(own, mode),
    block: 0,
    repeats: 0,
    wanted: ALL_FRAMES,
  };
  return ask(withSending(terminal, { talk: slower }), 'checking', now, rules);
}

/** The receiver's verdict on a page or block. */
function judged(terminal: Terminal, sending: Sending, frame: Frame, now: Millis, rules: TerminalRules): TerminalStep {
  const calm = go(terminal, ...(sending.at === 'waiting' ? [{ do: 'forget', name: 'limit' } as const] : []));
  switch (frame.kind) {
    case 'MCF':
    case 'PIP':
      return andThen(calm, (now_) => goOn(now_, sending, false, now, rules));
    case 'RTP':
      return andThen(calm, (now_) => goOn(now_, sending, true, now, rules));
    case 'RTN':
    case 'PIN':
      return andThen(calm, (now_) => refused(now_, sending, now, rules));
    case 'PPR':
      return andThen(calm, (now_) => repeat(now_, sending, frame, now, rules));
    default:
      return go(terminal);
  }
}

/** Confirmed: the next block, the next page, or the end. */
function goOn(
  terminal: Terminal,
  sending: Sending,
  trainAnew: boolean,
  now: Millis,
  rules: TerminalRules,
): TerminalStep {
  const { talk, document, page } = sending;
  if (talk === undefined) return go(terminal);
  const withEcm = talk.mode.command.ecmFrame !== undefined;
  if (withEcm && talk.block + 1 < blocksIn(talk.octets)) {
    const next = { ...talk, block: talk.block + 1, repeats: 0, wanted: ALL_FRAMES };
    return sendImage(withSending(terminal, { talk: next }), now, 'short');
  }
  const pages = terminal.tally.pages + 1;
  const confirmed = go(
    { ...terminal, tally: { ...terminal.tally, pages } },
    { do: 'tell', news: { on: 'page-confirmed', pages, direction: 'sent' } },
  );
  const after = afterPage(sending);
  const next = document[page + 1];
  if (after === 'EOP' || next === undefined) return andThen(confirmed, (one) => leave(one, 'all-confirmed', now));
  const turned = (one: Terminal): Terminal => withSending(one, { page: page + 1, refusals: 0 });
  // Behind EOM the receiver says its DIS again.
  if (after === 'EOM') return andThen(confirmed, (one) => awaitOffer(turned(one)));
  const octets = outgoingPage(next, talk.mode);
  const turn = (one: Terminal): Terminal =>
    withSending(turned(one), { talk: { ...talk, octets, block: 0, repeats: 0, wanted: ALL_FRAMES } });
  return andThen(confirmed, (one) =>
    trainAnew ? ask(turn(one), 'checking', now, rules) : sendImage(turn(one), now, 'short'),
  );
}

/** T.30 5.3.6.1.6: for T1, and without the tone that was for the beginning. */
const awaitOffer = (terminal: Terminal): TerminalStep =>
  go(withSending(terminal, { at: 'calling', tries: 0 }), { do: 'wait', name: 'limit', for: T5 });

function refused(terminal: Terminal, sending: Sending, now: Millis, rules: TerminalRules): TerminalStep {
  const refusals = sending.refusals + 1;
  if (refusals >= REFUSALS) return leave(terminal, 'page-refused', now);
  const again = withSending(withMended(terminal, 'rtn'), { refusals });
  const slower = (sending.talk?.mode.rates.length ?? 0) > 1;
  return slower ? slowDown(again, sending, now, rules) : ask(again, 'checking', now, rules);
}

/** PPR: what is missing once more; the fourth time at a lower rate (CTC), and where there is none it ends (EOR). */
function repeat(terminal: Terminal, sending: Sending, frame: Frame, now: Millis, rules: TerminalRules): TerminalStep {
  const { talk } = sending;
  if (talk?.mode.command.ecmFrame === undefined) return go(terminal);
  const own = framesOfBlock(talk.octets, talk.block).length;
  const wanted = readFramesWanted(frame.information).filter((number) => number < own);
  const repeats = talk.repeats + 1;
  const { tally: before } = withMended(terminal, 'ppr');
  const tally = { ...before, corrected: before.corrected + wanted.length };
  const again = withSending({ ...terminal, tally }, { talk: { ...talk, repeats, wanted } });
  if (repeats % REPEATS !== 0) return sendImage(again, now, 'short');
  const rates = talk.mode.rates.slice(1);
  const [rate] = rates;
  if (rate === undefined) return ask(again, 'dropping', now, rules);
  const slower = { ...talk, repeats, wanted, mode: { ...talk.mode, rates } };
  return ask(withSending({ ...terminal, tally: { ...tally, rate } }, { talk: slower }), 'retraining', now, rules);
}
