import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepFaxLine } from '../../../agent/machines/fax-line.ts';
import {
  type FaxLineEffect,
  type FaxLineEvent,
  type FaxLineState,
  startFaxLine,
} from '../../../agent/machines/fax-line-state.ts';

const RULES = { imageAtOnce: false };

/** State and effects in words after each event. */
function play(from: FaxLineState, ...events: readonly FaxLineEvent[]) {
  let state = from;
  let effects: readonly FaxLineEffect[] = [];
  for (const event of events) [state, effects] = stepFaxLine(state, event, RULES);
  return { at: state.at, did: effects.map(inWords) };
}

function inWords(effect: FaxLineEffect): string {
  const more =
    'tone' in effect ? effect.tone : 'digits' in effect ? effect.digits : 'outcome' in effect ? effect.outcome : '';
  const name = 'name' in effect ? effect.name : 'caller' in effect ? effect.caller : '';
  return [effect.do, more, name].filter((word) => word !== '').join(' ');
}

const ON_HOOK: FaxLineState = { at: 'on-hook' };
const TALKING: FaxLineState = { at: 'talking', open: false, ending: undefined };
const digits = (number: string): readonly FaxLineEvent[] => [...number].map((digit) => ({ on: 'digit', digit }));
const CLEARED = ['watch-handset', 'wait clear'];

describe('X-1, X-3: the line of a fax machine', () => {
  it.each<readonly [string, FaxLineState, readonly FaxLineEvent[], string, readonly string[]]>([
    ['a dial tone when it is lifted', ON_HOOK, [{ on: 'lifted' }], 'dialling', ['sound dial', 'wait digits']],
    [
      'ten digits are a whole number',
      ON_HOOK,
      [{ on: 'lifted' }, ...digits('0142000001')],
      'admitting',
      ['sound none', 'stop-waiting digits', 'admit 0142000001'],
    ],
    [
      'a short number is over when nothing more is dialed',
      ON_HOOK,
      [{ on: 'lifted' }, ...digits('3900'), { on: 'waited', name: 'digits' }],
      'admitting',
      ['sound none', 'stop-waiting digits', 'admit 3900'],
    ],
    [
      'a number from abroad is over at #',
      ON_HOOK,
      [{ on: 'lifted' }, ...digits('0049301234#')],
      'admitting',
      ['sound none', 'stop-waiting digits', 'admit 0049301234'],
    ],
    [
      'who dials nothing hears busy',
      ON_HOOK,
      [{ on: 'lifted' }, { on: 'waited', name: 'digits' }],
      'refused-with-busy',
      ['sound busy'],
    ],
    [
      'what is refused is not dialed: busy',
      { at: 'admitting', digits: '1', abandoned: undefined },
      [{ on: 'refused' }],
      'refused-with-busy',
      ['sound busy'],
    ],
    ['busy ends when it hangs up', { at: 'refused-with-busy' }, [{ on: 'replaced' }], 'on-hook', ['sound none']],
    [
      'who hung up while it was judged is not dialed for',
      { at: 'admitting', digits: '1', abandoned: undefined },
      [{ on: 'replaced' }, { on: 'admitted' }],
      'on-hook',
      ['end machine-stopped'],
    ],
    [
      'answered: the bridge begins, and T.38 is waited for',
      { at: 'calling' },
      [{ on: 'call-answered' }],
      'talking',
      ['sound none', 'stop-waiting answer', 'begin-bridge machine', 'wait turn'],
    ],
    ['nobody offered T.38: we do', TALKING, [{ on: 'waited', name: 'turn' }], 'talking', ['turn-to-fax', 'wait open']],
    [
      'T.38 refused: the call ends, and the machine hears of it',
      TALKING,
      [{ on: 'fax-refused' }],
      'talking',
      ['stop-waiting turn', 'stop-waiting open', 'hang-up', 'refuse-far'],
    ],
    [
      'the end that follows is called so, whatever the bridge made of it',
      TALKING,
      [{ on: 'fax-refused' }, { on: 'call-over', outcome: 'hung-up' }, { on: 'bridge-over', outcome: 'disconnected' }],
      'clearing',
      [
        ...['stop-waiting turn', 'stop-waiting open', 'stop-waiting answer', 'hang-up'],
        ...['end network-refused-fax', ...CLEARED],
      ],
    ],
    [
      'M6: the credit is spent: the call ends as that',
      { ...TALKING, open: true },
      [{ on: 'credit-spent' }],
      'talking',
      ['hang-up', 'close-far'],
    ],
    ['a call rings the machine', ON_HOOK, [{ on: 'called' }], 'ringing', ['begin-bridge far', 'wait answer']],
    [
      'it answers, and then we do',
      ON_HOOK,
      [{ on: 'called' }, { on: 'fax-heard' }],
      'talking',
      ['stop-waiting answer', 'answer', 'turn-to-fax', 'wait open'],
    ],
    [
      'it does not answer: 480',
      ON_HOOK,
      [{ on: 'called' }, { on: 'bridge-over', outcome: 'machine-silent' }],
      'clearing',
      [
        ...['stop-waiting turn', 'stop-waiting open', 'stop-waiting answer', 'turn-away'],
        ...['end machine-silent', ...CLEARED],
      ],
    ],
    ['the handset is watched again', { at: 'clearing' }, [{ on: 'ready' }], 'on-hook', ['stop-waiting clear']],
    [
      'a modem that is gone ends a call that was not answered',
      { at: 'calling' },
      [{ on: 'modem-gone' }],
      'out-of-service',
      ['sound none', 'stop-waiting answer', 'hang-up', 'end machine-silent'],
    ],
    [
      'a modem that is gone while its fax is judged leaves nothing to dial with',
      { at: 'admitting', digits: '1', abandoned: undefined },
      [{ on: 'modem-gone' }, { on: 'admitted' }],
      'out-of-service',
      ['end machine-silent'],
    ],
    [
      'a modem that is there again in time dials nothing that was dialed on the one before',
      { at: 'admitting', digits: '1', abandoned: undefined },
      [{ on: 'modem-gone' }, { on: 'ready' }, { on: 'admitted' }],
      'on-hook',
      ['end machine-stopped'],
    ],
    [
      'a fax whose modem is gone ends as the bridge says, which hears of it before',
      { ...TALKING, open: true },
      [{ on: 'bridge-over', outcome: 'all-confirmed' }, { on: 'modem-gone' }],
      'out-of-service',
      ['sound none', 'stop-waiting digits'],
    ],
  ])('%s', (_, from, events, at, did) => {
    expect(play(from, ...events)).toEqual({ at, did });
  });

  it('X-3, U-1: whatever comes, nothing is dialed that was not admitted, and whatever was admitted or rung is ended once', () => {
    const event = fc.oneof(
      fc.constantFrom<FaxLineEvent>(
        ...(['ready', 'modem-gone', 'lifted', 'replaced', 'admitted', 'refused', 'called'] as const).map((on) => ({
          on,
        })),
        ...(['call-ringing', 'call-answered', 'fax-opened', 'fax-refused', 'fax-heard', 'credit-spent'] as const).map(
          (on) => ({ on }),
        ),
        { on: 'digit', digit: '#' },
        { on: 'digit', digit: '7' },
        { on: 'call-over', outcome: 'busy' },
        { on: 'bridge-over', outcome: 'hung-up' },
      ),
      fc
        .constantFrom('digits', 'answer', 'turn', 'open', 'clear')
        .map((name) => ({ on: 'waited', name }) as FaxLineEvent),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = startFaxLine();
        let open = 0;
        for (const one of events) {
          const before = state.at;
          const [next, effects] = stepFaxLine(state, one, RULES);
          if (one.on === 'admitted' && before === 'admitting') open += 1;
          if (before === 'on-hook' && next.at === 'ringing') open += 1;
          if (effects.some((effect) => effect.do === 'dial'))
            expect([before, one.on]).toEqual(['admitting', 'admitted']);
          open -= effects.filter((effect) => effect.do === 'end').length;
          expect(open).toBe(['calling', 'ringing', 'talking'].includes(next.at) ? 1 : 0);
          state = next;
        }
      }),
    );
  });
});
