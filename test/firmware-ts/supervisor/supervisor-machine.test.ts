import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import {
  FIRST_REST,
  type Supervisor,
  type SupervisorEffect,
  type SupervisorEvent,
  superviseStep,
} from '../../../firmware-ts/supervisor/supervisor-machine.ts';

const at = (n: number) => millis(n);
const running = (since: number, rest = 200, falls = 0): Supervisor => ({
  ...{ at: 'running', since: at(since), rest: millis(rest) },
  falls,
});
const opening = (rest: number, falls = 1): Supervisor => ({ at: 'opening', rest: millis(rest), falls });
const resting = (rest: number, falls = 1): Supervisor => ({ at: 'resting', rest: millis(rest), falls });
const exited = (now: number, status = 137): SupervisorEvent => ({ on: 'exited', now: at(now), status });
const rested = (now: number): SupervisorEvent => ({ on: 'wait-over', name: 'restart', now: at(now) });
const terminate: SupervisorEvent = { on: 'stop-asked', signal: 'SIGTERM' };

const launch: SupervisorEffect = { do: 'launch' };
const firstBeat: SupervisorEffect = { do: 'wait', name: 'beat', for: minutes(5) };
const failOpen: SupervisorEffect = { do: 'open-straight-path' };
const restart = (rest: number): SupervisorEffect => ({ do: 'wait', name: 'restart', for: millis(rest) });
const grace: SupervisorEffect = { do: 'wait', name: 'grace', for: seconds(5) };

describe('the supervisor', () => {
  type Row = readonly [string, Supervisor, SupervisorEvent, Supervisor, readonly SupervisorEffect[]];
  const rows: readonly Row[] = [
    [
      'launches the agent first of all',
      { at: 'starting' },
      { on: 'begun', now: at(5) },
      running(5),
      [launch, firstBeat],
    ],
    ['opens the straight path when the agent dies (V-1)', running(0), exited(100), opening(200), [failOpen]],
    ['rests once the path is open', opening(400), { on: 'path-opened' }, resting(400), [restart(400)]],
    [
      'rests also where the path could not be opened',
      opening(400),
      { on: 'path-refused' },
      resting(400),
      [restart(400)],
    ],
    [
      'launches after the rest, and would rest longer the next time',
      resting(400),
      rested(9),
      running(9, 800, 1),
      [launch, firstBeat],
    ],
    ['never rests longer than ten seconds', resting(8_000), rested(9), running(9, 10_000, 1), [launch, firstBeat]],
    ['rests as long as it must after a short life', running(0, 6_400), exited(59_999), opening(6_400), [failOpen]],
    [
      'forgets old troubles after a minute of life',
      running(0, 6_400),
      exited(60_000),
      opening(FIRST_REST, 0),
      [failOpen],
    ],
    [
      'passes the wish to stop on',
      running(0),
      terminate,
      { at: 'stopping' },
      [{ do: 'kill', signal: 'SIGTERM' }, grace],
    ],
    [
      'passes a second wish on as well',
      { at: 'stopping' },
      terminate,
      { at: 'stopping' },
      [{ do: 'kill', signal: 'SIGTERM' }],
    ],
    [
      'kills an agent that does not stop',
      { at: 'stopping' },
      { on: 'wait-over', name: 'grace', now: at(9) },
      { at: 'stopping' },
      [{ do: 'kill', signal: 'SIGKILL' }],
    ],
    [
      'leaves the straight path open when it stops',
      { at: 'stopping' },
      exited(9, 0),
      { at: 'leaving', status: 0 },
      [failOpen],
    ],
    [
      'leaves with the status of the agent',
      { at: 'leaving', status: 3 },
      { on: 'path-opened' },
      { at: 'stopped', status: 3 },
      [{ do: 'finish', status: 3 }],
    ],
    [
      'leaves also where the path could not be opened',
      { at: 'leaving', status: 3 },
      { on: 'path-refused' },
      { at: 'stopped', status: 3 },
      [{ do: 'finish', status: 3 }],
    ],
    [
      'stops at once while it rests',
      resting(400),
      terminate,
      { at: 'stopped', status: 0 },
      [{ do: 'finish', status: 0 }],
    ],
    ['waits for the path when it is to stop just then', opening(400), terminate, { at: 'leaving', status: 0 }, []],
    ['hears nothing once it stopped', { at: 'stopped', status: 0 }, rested(9), { at: 'stopped', status: 0 }, []],
  ];
  it.each(rows)('%s', (_, from, event, to, effects) => {
    expect(superviseStep(from, event)).toEqual([to, effects]);
  });
});

describe('V-1: safe mode', () => {
  const sheltered = (over: boolean): Supervisor => ({ at: 'sheltered', over });
  const words = (effects: readonly SupervisorEffect[]) =>
    effects.map((effect) => (effect.do === 'wait' ? `${effect.name} ${effect.for}` : effect.do));

  it.each<readonly [string, Supervisor, SupervisorEvent, Supervisor, readonly string[]]>([
    [
      'begins after five short lives in a row',
      resting(3_200, 5),
      rested(9),
      sheltered(false),
      ['say', 'shelter', `shelter ${minutes(10)}`],
    ],
    ['does not begin after four', resting(1_600, 4), rested(9), running(9, 3_200, 4), ['launch', `beat ${minutes(5)}`]],
    [
      'is left after ten minutes, to see whether the agent lives again',
      sheltered(false),
      { on: 'wait-over', name: 'shelter', now: at(9) },
      sheltered(true),
      ['kill', 'hang 5000'],
    ],
    [
      'ends by force if it must',
      sheltered(true),
      { on: 'wait-over', name: 'hang', now: at(9) },
      sheltered(true),
      ['kill'],
    ],
    ['gives the agent one life', sheltered(true), exited(9, 0), opening(10_000, 4), ['open-straight-path']],
    ['that ends by itself is begun again', sheltered(false), exited(9, 1), opening(10_000, 5), ['open-straight-path']],
    ['is passed the wish to stop', sheltered(false), terminate, { at: 'stopping' }, ['kill', 'grace 5000']],
    [
      'comes back at once when that one life was short',
      running(0, 10_000, 4),
      exited(100),
      opening(10_000, 5),
      ['open-straight-path'],
    ],
    [
      'is forgotten after a healthy life',
      running(0, 10_000, 4),
      exited(60_000),
      opening(FIRST_REST, 0),
      ['open-straight-path'],
    ],
  ])('%s', (_, from, event, to, effects) => {
    const [next, orders] = superviseStep(from, event);
    expect([next, words(orders)]).toEqual([to, effects]);
  });

  it('begins when the agent asks for it, however long and well it has lived', () => {
    const [state] = superviseStep(running(0), { on: 'rest-asked' });
    expect(superviseStep(state, exited(minutes(90), 0))).toEqual([opening(200, 5), [failOpen]]);
  });

  it('counts an agent that never said a word as fallen, however long its start took', () => {
    const hung: Supervisor = { at: 'hung', since: at(0), rest: millis(200), falls: 1, opened: true };
    expect(superviseStep(hung, exited(minutes(5) + 7_200))[0]).toEqual(opening(200, 2));
  });
});

describe('an agent that hangs', () => {
  const life = { since: at(0), rest: millis(200), falls: 0 };
  const over = (name: 'beat' | 'doubt' | 'hang'): SupervisorEvent => ({ on: 'wait-over', name, now: at(9_000) });
  const beat: SupervisorEvent = { on: 'beat' };
  const said = (effects: readonly SupervisorEffect[]) =>
    effects.map((effect) => (effect.do === 'wait' ? `${effect.name} ${effect.for}` : effect.do));
  const hung = (opened: boolean): Supervisor => ({ at: 'hung', opened, ...life });

  it.each<readonly [string, Supervisor, SupervisorEvent, Supervisor, readonly string[]]>([
    ['is expected to speak again within a second', running(0), beat, running(0), ['beat 1000']],
    [
      'is doubted first: what it said may only wait to be read',
      running(0),
      over('beat'),
      { at: 'doubtful', ...life },
      ['doubt 200'],
    ],
    ['is believed again', { at: 'doubtful', ...life }, beat, running(0), ['beat 1000']],
    [
      'V-1: has the straight path opened past it within 1.2 s',
      { at: 'doubtful', ...life },
      over('doubt'),
      hung(false),
      ['open-straight-path', 'say', 'hang 6000'],
    ],
    ['is not told while the order to open is under way', hung(false), beat, hung(false), []],
    ['may be told once the path is open', hung(false), { on: 'path-opened' }, hung(true), []],
    ['may be told also where it could not be opened', hung(false), { on: 'path-refused' }, hung(true), []],
    ['leads SIP back when it comes to itself', hung(true), beat, running(0), ['say', 'tell-away', 'beat 1000']],
    ['is ended when it does not', hung(true), over('hang'), hung(true), ['say', 'kill']],
    ['is started again then', hung(true), exited(9_000), opening(200), ['open-straight-path']],
    ['dies while the path is being opened', hung(false), exited(9_000), opening(200), []],
    ['is no concern of a wait that is over late', running(0), over('hang'), running(0), []],
    [
      'hangs when it was asked to stop: SIP goes straight all the same',
      { at: 'stopping' },
      over('beat'),
      { at: 'stopping' },
      ['open-straight-path'],
    ],
  ])('%s', (_, from, event, to, effects) => {
    const [next, orders] = superviseStep(from, event);
    expect([next, said(orders)]).toEqual([to, effects]);
  });
});

/** A world that answers each effect as it can be answered; `lives` are how long each agent lives. */
function history(lives: readonly number[], refusals: readonly boolean[]): readonly SupervisorEffect[] {
  let state: Supervisor = { at: 'starting' };
  let now = 0;
  const all: SupervisorEffect[] = [];
  const pending: SupervisorEvent[] = [{ on: 'begun', now: at(0) }];
  let deaths = 0;
  for (let event = pending.shift(); event !== undefined; event = pending.shift()) {
    const [next, effects] = superviseStep(state, event);
    state = next;
    for (const effect of effects) {
      all.push(effect);
      if ((effect.do === 'launch' || effect.do === 'shelter') && deaths < lives.length) {
        now += lives[deaths] ?? 0;
        pending.push(exited(now));
        deaths += 1;
      }
      if (effect.do === 'open-straight-path')
        pending.push({ on: refusals[deaths % 5] ? 'path-refused' : 'path-opened' });
      if (effect.do === 'wait' && effect.name === 'restart') {
        now += effect.for;
        pending.push(rested(now));
      }
    }
  }
  return all;
}

describe('whatever happens to the agent', () => {
  const lives = fc.array(fc.nat({ max: minutes(2) }), { maxLength: 40 });
  const refusals = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });

  it('the straight path is opened after every death, and before every new launch (V-1, Q-3)', () => {
    fc.assert(
      fc.property(lives, refusals, (lives, refusals) => {
        const orders = history(lives, refusals).flatMap((effect) =>
          effect.do === 'wait'
            ? effect.name === 'restart'
              ? ['rest']
              : []
            : effect.do === 'say'
              ? []
              : [effect.do === 'shelter' ? 'launch' : effect.do],
        );
        const round = ['open-straight-path', 'rest', 'launch'];
        expect(orders).toEqual(['launch', ...lives.flatMap(() => round)]);
      }),
    );
  });

  it('every rest lies between 0.2 and 10 seconds', () => {
    fc.assert(
      fc.property(lives, refusals, (lives, refusals) => {
        for (const effect of history(lives, refusals)) {
          if (effect.do !== 'wait' || effect.name !== 'restart') continue;
          expect(effect.for).toBeGreaterThanOrEqual(200);
          expect(effect.for).toBeLessThanOrEqual(10_000);
        }
      }),
    );
  });

  it('rests double while it dies young', () => {
    const rests = history(Array(8).fill(50), Array(5).fill(false)).flatMap((effect) =>
      effect.do === 'wait' && effect.name === 'restart' ? [effect.for] : [],
    );
    expect(rests).toEqual([200, 400, 800, 1_600, 3_200, 10_000, 10_000, 10_000]);
  });
});
