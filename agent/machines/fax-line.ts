import type { FaxOutcomeCode } from '../model/fax-events.ts';
import { never } from '../model/never.ts';
import { type Millis, millis, seconds } from '../model/units.ts';
import type { FaxLineEffect, FaxLineEvent, FaxLineRules, FaxLineState, FaxLineTimer } from './fax-line-state.ts';

type Answer = readonly [FaxLineState, readonly FaxLineEffect[]];
type At<K extends FaxLineState['at']> = Extract<FaxLineState, { at: K }>;

/** A machine dials its first digit at once; a person has so long (ETSI ES 201 970). */
const FIRST_DIGIT = seconds(20);
const NEXT_DIGIT = seconds(4);
/** Who answers offers T.38 himself when he hears CED; we offer it when he did not, so that the offers do not cross. */
const THEIR_OFFER = seconds(1);
const OUR_OFFER = seconds(12);
const NO_ANSWER = seconds(90);
const MACHINE_ANSWERS = seconds(60);
const CLEARING = seconds(30);
/** Nobody dials so much; what is longer is noise. */
const MOST_DIGITS = 32;

const go = (state: FaxLineState, ...effects: readonly FaxLineEffect[]): Answer => [state, effects];
const wait = (name: FaxLineTimer, patience: Millis): FaxLineEffect => ({ do: 'wait', name, for: patience });
const quiet = (name: FaxLineTimer): FaxLineEffect => ({ do: 'stop-waiting', name });
const sound = (tone: Extract<FaxLineEffect, { do: 'sound' }>['tone']): FaxLineEffect => ({ do: 'sound', tone });
const end = (outcome: FaxOutcomeCode): FaxLineEffect => ({ do: 'end', outcome });

/** The line of a fax machine between its handset, the policy of the box, a SIP call and the bridge to T.38. */
export function stepFaxLine(state: FaxLineState, event: FaxLineEvent, rules: FaxLineRules): Answer {
  if (event.on === 'modem-gone') return onModemGone(state);
  switch (state.at) {
    case 'out-of-service':
    case 'clearing':
      return onClearing(state, event);
    case 'on-hook':
      return onHook(state, event);
    case 'dialling':
      return onDialling(state, event);
    case 'admitting':
      return onAdmitting(state, event);
    case 'refused-with-busy':
      if (event.on !== 'replaced') return go(state);
      return go({ at: 'on-hook' }, sound('none'));
    case 'calling':
      return onCalling(state, event, rules);
    case 'ringing':
      return onRinging(state, event);
    case 'talking':
      return onTalking(state, event);
    default:
      return never(state);
  }
}

/** A running bridge hears of it before, and says how its call ended: it may have been at its last word. */
function onModemGone(state: FaxLineState): Answer {
  switch (state.at) {
    case 'calling':
      return go({ at: 'out-of-service' }, sound('none'), quiet('answer'), { do: 'hang-up' }, end('machine-silent'));
    case 'admitting':
      return go({ ...state, abandoned: 'with-modem' }, sound('none'));
    case 'ringing':
    case 'talking':
      return go(state);
    default:
      return go({ at: 'out-of-service' }, sound('none'), quiet('digits'));
  }
}

function onClearing(state: At<'clearing' | 'out-of-service'>, event: FaxLineEvent): Answer {
  if (event.on === 'ready') return go({ at: 'on-hook' }, quiet('clear'));
  if (event.on === 'waited' && event.name === 'clear' && state.at === 'clearing')
    return go(state, { do: 'watch-handset' }, wait('clear', CLEARING));
  return go(state);
}

function onHook(state: At<'on-hook'>, event: FaxLineEvent): Answer {
  if (event.on === 'lifted') return go({ at: 'dialling', digits: '' }, sound('dial'), wait('digits', FIRST_DIGIT));
  if (event.on === 'called')
    return go(
      { at: 'ringing', ending: undefined },
      { do: 'begin-bridge', caller: 'far' },
      wait('answer', MACHINE_ANSWERS),
    );
  return go(state);
}

function onDialling(state: At<'dialling'>, event: FaxLineEvent): Answer {
  const { digits } = state;
  switch (event.on) {
    case 'replaced':
      return go({ at: 'on-hook' }, sound('none'), quiet('digits'));
    case 'waited':
      if (event.name !== 'digits') return go(state);
      if (digits === '') return go({ at: 'refused-with-busy' }, sound('busy'));
      return admit(digits);
    case 'digit': {
      if (event.digit === '#') return digits === '' ? go(state) : admit(digits);
      const dialed = `${digits}${event.digit}`.slice(0, MOST_DIGITS);
      if (isWhole(dialed)) return admit(dialed);
      return go({ at: 'dialling', digits: dialed }, sound('none'), wait('digits', NEXT_DIGIT));
    }
    default:
      return go(state);
  }
}

/** Ten digits from 0 on are a whole number of the French plan; anything else is over when nothing more is dialed. */
const isWhole = (digits: string): boolean => /^0[1-9]\d{8}$/.test(digits);

const admit = (digits: string): Answer =>
  go({ at: 'admitting', digits, abandoned: undefined }, sound('none'), quiet('digits'), { do: 'admit', digits });

function onAdmitting(state: At<'admitting'>, event: FaxLineEvent): Answer {
  const { abandoned } = state;
  const left = { at: abandoned === 'with-modem' ? 'out-of-service' : 'on-hook' } as const;
  switch (event.on) {
    case 'replaced':
      return go({ ...state, abandoned: abandoned ?? 'by-machine' });
    case 'ready':
      // The machine's call was forgotten with the modem that it was dialed on.
      return go({ ...state, abandoned: abandoned && 'by-machine' });
    case 'refused':
      return abandoned ? go(left) : go({ at: 'refused-with-busy' }, sound('busy'));
    case 'admitted':
      if (abandoned) return go(left, end(abandoned === 'with-modem' ? 'machine-silent' : 'machine-stopped'));
      return go({ at: 'calling' }, { do: 'dial' }, wait('answer', NO_ANSWER));
    default:
      return go(state);
  }
}

function onCalling(state: At<'calling'>, event: FaxLineEvent, { imageAtOnce }: FaxLineRules): Answer {
  const begins = [sound('none'), quiet('answer'), { do: 'begin-bridge', caller: 'machine' }] as const;
  const talking = { at: 'talking', open: false, ending: undefined } as const;
  switch (event.on) {
    case 'call-ringing':
      return go(state, sound('ringing'));
    case 'call-answered':
      return go(talking, ...begins, imageAtOnce ? wait('open', OUR_OFFER) : wait('turn', THEIR_OFFER));
    case 'fax-opened':
      return go({ ...talking, open: true }, ...begins, { do: 'open-far' });
    case 'replaced':
      return go({ at: 'on-hook' }, sound('none'), quiet('answer'), { do: 'hang-up' }, end('machine-stopped'));
    case 'call-over':
      return go({ at: 'refused-with-busy' }, sound('busy'), quiet('answer'), end(event.outcome));
    case 'waited':
      if (event.name !== 'answer') return go(state);
      return go({ at: 'refused-with-busy' }, sound('busy'), { do: 'hang-up' }, end('no-answer'));
    default:
      return go(state);
  }
}

function onRinging(state: At<'ringing'>, event: FaxLineEvent): Answer {
  switch (event.on) {
    case 'fax-heard':
      return go(
        { at: 'talking', open: false, ending: undefined },
        ...([quiet('answer'), { do: 'answer' }, { do: 'turn-to-fax' }, wait('open', OUR_OFFER)] as const),
      );
    case 'call-over':
      return go({ ...state, ending: 'hung-up' }, quiet('answer'), { do: 'close-far' });
    case 'waited':
      if (event.name !== 'answer') return go(state);
      return go({ ...state, ending: 'machine-silent' }, { do: 'close-far' });
    case 'bridge-over':
      return clear({ do: 'turn-away' }, state.ending ?? event.outcome);
    default:
      return go(state);
  }
}

function onTalking(state: At<'talking'>, event: FaxLineEvent): Answer {
  const unturned = [quiet('turn'), quiet('open')] as const;
  switch (event.on) {
    case 'fax-opened':
      return state.open ? go(state) : go({ ...state, open: true }, ...unturned, { do: 'open-far' });
    case 'fax-refused':
      return state.open ? go(state) : refuseFar(state);
    case 'waited':
      if (state.open) return go(state);
      if (event.name === 'turn') return go(state, { do: 'turn-to-fax' }, wait('open', OUR_OFFER));
      return event.name === 'open' ? refuseFar(state) : go(state);
    case 'call-over':
      // The machine is still to hear its DCN.
      if (state.ending === 'network-refused-fax') return go(state);
      return go(state, ...unturned, { do: 'close-far' });
    case 'credit-spent':
      return go({ ...state, ending: 'cap-reached' }, { do: 'hang-up' }, { do: 'close-far' });
    case 'bridge-over':
      return clear({ do: 'hang-up' }, state.ending ?? event.outcome);
    default:
      return go(state);
  }
}

/** A Class 1 modem has no voice: the network gets its line back at once, and the machine hears DCN instead of nothing for T1. */
const refuseFar = (state: At<'talking'>): Answer =>
  go(
    { ...state, ending: 'network-refused-fax' },
    ...([quiet('turn'), quiet('open'), { do: 'hang-up' }, { do: 'refuse-far' }] as const),
  );

const clear = (release: FaxLineEffect, outcome: FaxOutcomeCode): Answer =>
  go(
    { at: 'clearing' },
    ...[quiet('turn'), quiet('open'), quiet('answer'), release, end(outcome)],
    { do: 'watch-handset' },
    wait('clear', millis(CLEARING)),
  );
