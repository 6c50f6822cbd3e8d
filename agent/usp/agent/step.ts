import { type Controller, controllerPath } from '../controller.ts';
import { SUBSCRIPTIONS } from '../model/bind-agent.ts';
import { writeDateTime } from '../model/bind-site.ts';
import { isServed } from '../model/service-objects.ts';
import { siteModel } from '../model/site-model.ts';
import { followActivations } from './activate.ts';
import { answer } from './answer.ts';
import { boot } from './boot.ts';
import { bulkLost, bulkPublished, collectBulk } from './bulk.ts';
import { compare } from './compare.ts';
import { endDocuments, finish, outcomeOf } from './finish.ts';
import { happen, retry } from './notify.ts';
import { onboard } from './onboard.ts';
import { ownerOf } from './operate.ts';
import { withServices } from './serve.ts';
import type { Book, Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';
import { pullTriggers } from './trigger.ts';
import { withTrust } from './trust.ts';
import { watchAlarms } from './watch-alarms.ts';

/*
 *   away ──joined──▶ joined ──left──▶ away
 *
 * On the way in: a connect record to each controller, then what waited, then `Boot!`. Everything that changes is compared
 * with what was told last; the whole book is kept when a part of it that must survive a restart is another.
 */

export function stepUsp(state: UspState, event: UspEvent, rules: UspRules): Step {
  const now = withServices(state, event.sight.services);
  const trusted = withTrust(rules, now.book);
  const [next, effects] = follow([hear(now, event, trusted), looking], event, trusted);
  const kept = writeBook(next.book);
  return [next, kept === writeBook(state.book) ? effects : [...effects, { do: 'keep', book: next.book }]];
}

type Look = (state: UspState, event: UspEvent, rules: UspRules) => Step;

function follow([first, look]: readonly [Step, Look], event: UspEvent, rules: UspRules): Step {
  const [state, effects] = first;
  const [next, more] = look(state, event, rules);
  return [next, [...effects, ...more]];
}

function hear(state: UspState, event: UspEvent, rules: UspRules): Step {
  switch (event.on) {
    case 'joined':
      return joined(state, event, rules);
    case 'left':
      return [bulkLost({ ...state, at: 'away', road: { lost: state.road.lost + 1 } }), []];
    case 'published':
      return [bulkPublished(state, event.profile, event.taken), []];
    case 'heard':
      return answer(state, event, rules);
    case 'finished':
      return finish(state, event.request, outcomeOf(event), event, rules);
    case 'looked':
      return [state, []];
  }
}

function joined(before: UspState, event: UspEvent, rules: UspRules): Step {
  const greetings = rules.controllers.map(({ number }): UspEffect => ({ do: 'greet', controller: number }));
  let state: UspState = { ...before, at: 'joined', road: { ...before.road, since: event.sight.wall } };
  const effects: UspEffect[] = [...greetings];
  const take = ([next, more]: Step): void => {
    state = next;
    effects.push(...more);
  };
  if (!before.booted) take(boot(state, event, rules));
  take(onboard(state, rules, event));
  return [state, effects];
}

/** What time brings: timers, periods, subscriptions that end, answers that do not come, values that are others. */
function looking(before: UspState, event: UspEvent, rules: UspRules): Step {
  let state = before;
  const effects: UspEffect[] = [];
  const take = ([next, more]: Step): void => {
    state = next;
    effects.push(...more);
  };
  const { sight } = event;
  for (const { number, due } of before.going) {
    if (due !== undefined && due <= sight.mono) take(fire(state, number, event, rules));
  }
  take(endDocuments(state, event, rules));
  take(followActivations(state, event, rules));
  for (const controller of rules.controllers) take(periodic(state, controller, event, rules));
  take(expire(state, event, rules));
  take(retry(state, event));
  take(onboard(state, rules, event));
  take(watchAlarms(state, event, rules));
  take(collectBulk(state, () => siteModel(sight, state, rules), event, rules));
  if (state.at === 'joined') take(compare(state, () => siteModel(sight, state, rules), rules, event));
  take(pullTriggers(state, event, rules));
  return [state, effects];
}

/** `ScheduleTimer()` is over: its event, and its end. */
function fire(before: UspState, request: number, event: UspEvent, rules: UspRules): Step {
  const going = before.going.find(({ number }) => number === request);
  if (going === undefined) return [before, []];
  const objPath = going.command.slice(0, going.command.lastIndexOf('.') + 1);
  const over = (state: UspState): Step => finish(state, request, { reqOutputArgs: { outputArgs: {} } }, event, rules);
  if (objPath === 'Device.') return over(before);
  const only = ownerOf(objPath, rules.controllers)?.number ?? going.controller;
  const told = { event: { objPath, eventName: 'Timer!', params: { CommandKey: going.commandKey } } };
  const [state, effects] = happen(before, { type: 'Event', path: `${objPath}Timer!`, only, told }, rules, event);
  const [next, more] = over(state);
  return [next, [...effects, ...more]];
}

const DAY_SECONDS = 86_400;

/** `Periodic!` of a controller, from when it was first looked at. */
function periodic(state: UspState, controller: Controller, event: UspEvent, rules: UspRules): Step {
  const set = state.book.rows[`${controllerPath(controller)}.`]?.PeriodicNotifInterval;
  const interval = Math.max(1, Number(set ?? DAY_SECONDS)) * 1_000;
  const { mono } = event.sight;
  const due = state.periodic[controller.number];
  const rearmed = { ...state, periodic: { ...state.periodic, [controller.number]: mono + interval } };
  // A shorter interval holds at once.
  if (due === undefined || due > mono + interval) return [rearmed, []];
  if (due > mono) return [state, []];
  const told = { event: { objPath: 'Device.LocalAgent.', eventName: 'Periodic!', params: {} } };
  const path = 'Device.LocalAgent.Periodic!';
  return happen(rearmed, { type: 'Event', path, only: controller.number, told }, rules, event);
}

/** Subscriptions whose time to live is over are deleted (TR-369 1.4, R-NOT.6). */
function expire(state: UspState, event: UspEvent, rules: UspRules): Step {
  const over = Object.entries(state.book.rows).filter(([path, { TimeToLive = '0', CreationDate = '' }]) => {
    const seconds = Number(TimeToLive);
    if (!path.startsWith(SUBSCRIPTIONS) || seconds === 0) return false;
    return writeDateTime(event.sight.wall - seconds * 1_000) >= CreationDate;
  });
  if (over.length === 0) return [state, []];
  const rows = Object.fromEntries(
    Object.entries(state.book.rows).filter(([path]) => !over.some(([gone]) => gone === path)),
  );
  let next: UspState = { ...state, book: { ...state.book, rows } };
  const effects: UspEffect[] = [];
  for (const [path] of over) {
    const told = { objDeletion: { objPath: path } };
    const [after, more] = happen(next, { type: 'ObjectDeletion', path, told }, rules, event);
    next = after;
    effects.push(...more);
  }
  return [next, effects];
}

/** What must survive a restart, as it is written down. Subscriptions that are not persistent live as long as the agent. */
export function writeBook({ rows, last, notices, restart, restarts, alarms }: Book): string {
  const kept = Object.entries(rows).filter(
    ([path, { Persistent }]) => !isServed(path) && (!path.startsWith(SUBSCRIPTIONS) || Persistent === 'true'),
  );
  const waiting = notices.filter(({ keeps }) => keeps).map((notice) => ({ ...notice, attempts: 0, due: 0 }));
  const words = { ...(restart && { restart }), ...(restarts && { restarts }), ...(alarms.events > 0 && { alarms }) };
  return JSON.stringify({ rows: Object.fromEntries(kept), last, notices: waiting, ...words });
}
