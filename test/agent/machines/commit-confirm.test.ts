import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startCommitConfirm, stepCommitConfirm } from '../../../agent/machines/commit-confirm.ts';
import type {
  CommitConfirm,
  CommitEffect,
  CommitEvent,
  CommitJournal,
  CommitTimer,
} from '../../../agent/machines/commit-words.ts';
import { seconds } from '../../../agent/model/units.ts';

const PATIENCE = { confirmWithin: seconds(100), reachWithin: seconds(60), tryAgain: seconds(1) };
type Pending = { readonly event: CommitEvent<string>; readonly bad: CommitEvent<string> };

/** A box whose disk and data plane do what they are told when the test says so, and that loses its power when it likes. */
function createBox() {
  let disk: CommitJournal<string> = { committed: 'first', last: 0 };
  let installed = '';
  const pending: { readonly answers: Pending; readonly work: () => void }[] = [];
  const timers = new Set<CommitTimer>();
  const told: string[] = [];
  const confirmed = new Set(['first']);
  let state: CommitConfirm<string>;
  let orders = 0;
  const perform = (effect: CommitEffect<string>): void => {
    if (effect.do === 'keep' || effect.do === 'apply') {
      const { attempt } = effect;
      const [good, bad] =
        effect.do === 'keep' ? (['kept', 'keep-failed'] as const) : (['applied', 'apply-failed'] as const);
      const work = (): void => {
        if (effect.do === 'keep') disk = effect.journal;
        else installed = effect.config;
      };
      pending.push({ answers: { event: { on: good, attempt }, bad: { on: bad, attempt } }, work });
    }
    if (effect.do === 'wait') timers.add(effect.name);
    if (effect.do === 'stop-waiting') for (const name of ['trial', 'reach'] as const) timers.delete(name);
    // What is told to be committed stands on the disk, and what is over is in the kernel as well.
    if (effect.do === 'tell' && effect.what === 'committed') expect(disk.committed).toBe(effect.trial.wanted);
    if (effect.do === 'tell-taken-back') expect([disk.trial, installed]).toEqual([undefined, disk.committed]);
    if (effect.do === 'tell') told.push(`${effect.what} ${effect.trial.wanted}`);
    if (effect.do === 'tell-taken-back') told.push(`${effect.why} ${effect.trial.wanted}`);
  };
  const take = ([next, effects]: readonly [CommitConfirm<string>, readonly CommitEffect<string>[]]): void => {
    state = next;
    for (const effect of effects) perform(effect);
  };
  const hear = (event: CommitEvent<string>): void => {
    if (event.on === 'confirmed' && state.at === 'on-trial' && event.change === state.trial.id)
      confirmed.add(state.trial.wanted);
    if (event.on === 'applied' && state.at === 'applying' && event.attempt === state.attempt && !state.trial.cuts)
      confirmed.add(state.trial.wanted);
    take(stepCommitConfirm(state, event, PATIENCE));
  };
  const boot = (): void => take(startCommitConfirm(disk));
  boot();
  return {
    state: () => state,
    disk: () => disk,
    installed: () => installed,
    told,
    confirmed,
    hear,
    timers,
    want: (cuts: boolean) => {
      orders += 1;
      hear({ on: 'wanted', by: 'alice', wanted: `change-${orders}`, cuts });
    },
    /** The oldest order is carried out, or fails; half of those that fail have done their work all the same. */
    answer(fails: boolean, didIt: boolean) {
      const next = pending.shift();
      if (next === undefined) return;
      if (!fails || didIt) next.work();
      hear(fails ? next.answers.bad : next.answers.event);
    },
    fire(name: CommitTimer) {
      if (timers.delete(name)) hear({ on: 'waited', name });
    },
    /** What was under way has been done or has not; the kernel is empty. */
    cut(doneOfPending: number) {
      for (const { work } of pending.splice(0).slice(0, doneOfPending)) work();
      timers.clear();
      installed = '';
      boot();
    },
    rest() {
      for (let turn = 0; turn < 100 && (pending.length > 0 || timers.size > 0); turn += 1) {
        if (pending.length > 0) this.answer(false, true);
        else for (const name of [...timers]) this.fire(name);
      }
    },
  };
}

describe('M-2: a change that could cut the management path', () => {
  const onTrial = () => {
    const box = createBox();
    box.rest();
    box.want(true);
    for (let turn = 0; turn < 2; turn += 1) box.answer(false, true);
    return box;
  };

  it('is in force only until its controller confirms it over a new connection, and is then committed on the disk first', () => {
    const box = onTrial();
    expect([box.installed(), box.state().at, box.disk().committed]).toEqual(['change-1', 'reaching', 'first']);
    box.hear({ on: 'confirmed', change: 1 });
    expect(box.state().at).toBe('reaching');
    box.hear({ on: 'reached' });
    box.hear({ on: 'confirmed', change: 7 });
    expect(box.state().at).toBe('on-trial');
    box.hear({ on: 'confirmed', change: 1 });
    expect([box.state().at, box.told]).toEqual(['confirming', ['on-trial change-1']]);
    box.rest();
    expect([box.state().at, box.disk(), box.told]).toEqual([
      'settled',
      { committed: 'change-1', last: 1 },
      ['on-trial change-1', 'committed change-1'],
    ]);
  });

  it('goes back when no connection comes, and when the word of the controller does not', () => {
    const silent = onTrial();
    silent.fire('reach');
    silent.rest();
    expect([silent.installed(), silent.told.at(-1)]).toEqual(['first', 'unreachable change-1']);
    const mute = onTrial();
    mute.hear({ on: 'reached' });
    mute.fire('trial');
    mute.rest();
    expect([mute.installed(), mute.told.at(-1)]).toEqual(['first', 'not-confirmed change-1']);
  });

  it('is refused while another is on its way, and one that cannot cut is committed at once', () => {
    const box = onTrial();
    box.want(true);
    expect(box.state()).toMatchObject({ at: 'reaching', trial: { wanted: 'change-1' } });
    const quiet = createBox();
    quiet.rest();
    quiet.want(false);
    quiet.rest();
    expect([quiet.installed(), quiet.disk().committed, quiet.told]).toEqual([
      'change-1',
      'change-1',
      ['committed change-1'],
    ]);
  });

  it('hears nothing from an order that is older than the one it waits for', () => {
    const box = onTrial();
    const { attempt } = box.state();
    box.fire('reach');
    box.hear({ on: 'applied', attempt });
    expect(box.state().at).toBe('undoing');
    box.rest();
    expect([box.state().at, box.installed()]).toEqual(['settled', 'first']);
  });

  it('goes back when the kernel refuses it, again and again until the kernel takes it', () => {
    const box = createBox();
    box.rest();
    box.want(true);
    box.answer(false, true);
    box.answer(true, true);
    expect([box.state().at, box.installed()]).toEqual(['undoing', 'change-1']);
    for (let turn = 0; turn < 3; turn += 1) {
      box.answer(true, false);
      box.fire('again');
    }
    box.rest();
    expect([box.installed(), box.state().at, box.told]).toEqual(['first', 'settled', ['refused change-1']]);
  });
});

it('M-2: whatever happens in whatever order, power cuts among it, a box ends with the old configuration or a confirmed one', () => {
  const happening = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), fails: fc.boolean(), did: fc.boolean() }) },
    { weight: 6, arbitrary: fc.constant({ do: 'answer' as const, fails: false, did: true }) },
    fc.record({ do: fc.constant('want' as const), cuts: fc.boolean() }),
    { weight: 2, arbitrary: fc.constant({ do: 'reached' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('confirm' as const), change: fc.integer({ min: 1, max: 6 }) }),
    },
    fc.record({
      do: fc.constant('fire' as const),
      name: fc.constantFrom('trial' as const, 'reach' as const, 'again' as const),
    }),
    fc.record({ do: fc.constant('cut' as const), done: fc.integer({ min: 0, max: 2 }) }),
    fc.constant({ do: 'put-back' as const }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), fc.boolean(), (happenings, cutAtTheEnd) => {
      const box = createBox();
      for (const one of happenings) {
        if (one.do === 'answer') box.answer(one.fails, one.did);
        if (one.do === 'want') box.want(one.cuts);
        if (one.do === 'reached') box.hear({ on: 'reached' });
        if (one.do === 'put-back') box.hear({ on: 'put-back' });
        if (one.do === 'confirm') box.hear({ on: 'confirmed', change: one.change });
        if (one.do === 'fire') box.fire(one.name);
        if (one.do === 'cut') box.cut(one.done);
      }
      if (cutAtTheEnd) box.cut(1);
      box.rest();
      expect(box.state().at).toBe('settled');
      expect(box.disk().trial).toBeUndefined();
      expect(box.installed()).toBe(box.disk().committed);
      expect(box.state().committed).toBe(box.disk().committed);
      expect(box.confirmed).toContain(box.disk().committed);
    }),
    { numRuns: 3_000, seed: 20_261_122 },
  );
});
