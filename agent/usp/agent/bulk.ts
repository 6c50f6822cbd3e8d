import { type Controller, controllerPath } from '../controller.ts';
import { isProfile } from '../model/bind-bulk.ts';
import { BULK, LEAST_INTERVAL, UNKNOWN_TIME } from '../model/bulk-objects.ts';
import type { Model } from '../model/model.ts';
import type { Values } from '../model/object-type.ts';
import { viewOf } from '../model/site-model.ts';
import { bulkReport, type Encoding, joinReports, type Wanted } from './bulk-report.ts';
import { happen } from './notify.ts';
import type { Profile, Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';

/** Reports kept for a profile whose broker is away; each as long as it is. */
const MOST_FAILED = 24;
const MOST_BYTES = 128_000;

type Due = { readonly path: string; readonly values: Values; readonly owner: Controller; readonly now: boolean };

/** References of the profiles whose report is due: what they name is read before it is made. */
export const bulkReferences = (state: UspState, event: Pick<UspEvent, 'sight'>, rules: UspRules): readonly string[] =>
  dueProfiles(timed(state, event), event, rules)
    .filter(({ now }) => now)
    .flatMap(({ path }) => parametersOf(state, path).map(({ Reference = '' }) => Reference));

/** Makes the reports that are due (TR-369 1.4, Annex A): on the topic of their owner, or as the event `Push!`. */
export function collectBulk(before: UspState, look: () => Model, event: UspEvent, rules: UspRules): Step {
  let state = timed(before, event);
  const effects: UspEffect[] = [];
  const due = dueProfiles(state, event, rules).filter(({ now }) => now);
  if (due.length === 0) return [state, []];
  const model = look();
  for (const profile of due) {
    const { path, values, owner } = profile;
    const text = bulkReport(viewOf(model, owner), wantedOf(state, path), event.sight.wall);
    const { sight } = event;
    const kept = state.bulk[path] ?? FRESH;
    const next = kept.due > sight.mono ? kept.due : dueAfter(values, sight, kept.due);
    state = withProfile(state, path, { ...kept, due: next, forced: false });
    const [after, more] =
      values.Protocol === 'USPEventNotif' ? push(state, profile, text, event, rules) : publish(state, profile, text);
    state = after;
    effects.push(...more);
  }
  return [state, effects];
}

/** `ForceCollection()`: at once, whether the profile is enabled or not; its schedule stays as it is. */
export const forceBulk = (state: UspState, path: string): UspState =>
  withProfile(state, path, { ...(state.bulk[path] ?? FRESH), forced: true });

/** The broker took a report, or did not. */
export function bulkPublished(state: UspState, path: string, taken: boolean): UspState {
  const known = state.bulk[path];
  if (known === undefined) return state;
  const { sending, ...rest } = known;
  const failed = taken ? [] : retain(state, path, sending ?? rest.failed);
  return withProfile(state, path, { ...rest, failed });
}

/** What was under way when the connection went is not known to have arrived. */
export const bulkLost = (state: UspState): UspState =>
  Object.entries(state.bulk).reduce(
    (next, [path, { sending }]) => (sending === undefined ? next : bulkPublished(next, path, false)),
    state,
  );

const FRESH: Profile = { schedule: '', due: Number.POSITIVE_INFINITY, failed: [], forced: false };
const withProfile = (state: UspState, path: string, profile: Profile): UspState => ({
  ...state,
  bulk: { ...state.bulk, [path]: profile },
});

/** Profiles that are gone are forgotten; one whose schedule is another begins anew. */
function timed(state: UspState, { sight }: Pick<UspEvent, 'sight'>): UspState {
  const { rows } = state.book;
  const paths = Object.keys(rows).filter(isProfile);
  if (paths.length === 0 && Object.keys(state.bulk).length === 0) return state;
  let isSame = paths.length === Object.keys(state.bulk).length;
  const entries = paths.map((path) => {
    const values = rows[path] ?? {};
    const { Enable, ReportingInterval, TimeReference, Protocol, EncodingType } = values;
    const isOn = Enable === 'true' && rows[BULK]?.Enable !== 'false';
    const schedule = [isOn, ReportingInterval, TimeReference, Protocol, EncodingType].join(' ');
    const known = state.bulk[path];
    if (known?.schedule === schedule) return [path, known] as const;
    isSame = false;
    // What was encoded otherwise is no part of the next report.
    const isOther = known !== undefined && known.schedule.split(' ').at(-1) !== EncodingType;
    const due = isOn ? dueAfter(values, sight, sight.mono) : Number.POSITIVE_INFINITY;
    return [path, { ...(isOther ? FRESH : (known ?? FRESH)), schedule, due }] as const;
  });
  return isSame ? state : { ...state, bulk: Object.fromEntries(entries) };
}

function dueProfiles(
  { book, bulk }: UspState,
  { sight }: Pick<UspEvent, 'sight'>,
  { controllers }: UspRules,
): readonly Due[] {
  return Object.entries(bulk).flatMap(([path, { due, forced }]) => {
    const values = book.rows[path] ?? {};
    const owner = controllers.find((one) => controllerPath(one) === values.Controller);
    return owner === undefined ? [] : [{ path, values, owner, now: forced || due <= sight.mono }];
  });
}

/** On the monotonic clock: a whole number of intervals away from the reference, or an interval after the last. */
function dueAfter(
  { ReportingInterval, TimeReference = UNKNOWN_TIME }: Values,
  sight: UspEvent['sight'],
  last: number,
): number {
  const interval = Math.max(LEAST_INTERVAL, Number(ReportingInterval ?? 86_400)) * 1_000;
  const reference = new Date(TimeReference).getTime();
  if (TimeReference === UNKNOWN_TIME || Number.isNaN(reference) || sight.clock === 'never') {
    const missed = Math.floor(Math.max(0, sight.mono - last) / interval);
    return last + (missed + 1) * interval;
  }
  const into = (((sight.wall - reference) % interval) + interval) % interval;
  return sight.mono + interval - into;
}

/** In the order of their numbers. */
const parametersOf = ({ book }: UspState, path: string): readonly Values[] =>
  Object.entries(book.rows)
    .filter(([row]) => row.startsWith(`${path}Parameter.`))
    .toSorted(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
    .map(([, values]) => values);

const wantedOf = (state: UspState, path: string): Wanted => ({
  encoding: encodingOf(state, path),
  json: state.book.rows[`${path}JSONEncoding.`] ?? {},
  csv: state.book.rows[`${path}CSVEncoding.`] ?? {},
  parameters: parametersOf(state, path),
});

const encodingOf = ({ book }: UspState, path: string): Encoding =>
  book.rows[path]?.EncodingType === 'CSV' ? 'CSV' : 'JSON';

function push(state: UspState, { path, owner }: Due, text: string, event: UspEvent, rules: UspRules): Step {
  const Data = joinReports([text], Number.POSITIVE_INFINITY, encodingOf(state, path)) ?? '';
  const told = { event: { objPath: path, eventName: 'Push!', params: { Data } } };
  return happen(state, { type: 'Event', path: `${path}Push!`, only: owner.number, told }, rules, event);
}

function publish(state: UspState, { path, owner }: Due, text: string): Step {
  const known = state.bulk[path] ?? FRESH;
  const { sending, ...rest } = known;
  // One that has no answer yet may have arrived: it is sent again with this one rather than lost.
  const reports = [...retain(state, path, sending ?? rest.failed), text];
  if (state.at !== 'joined') return [withProfile(state, path, { ...rest, failed: retain(state, path, reports) }), []];
  const next = withProfile(state, path, { ...rest, failed: rest.failed, sending: reports });
  return [
    next,
    [{ do: 'publish', profile: path, controller: owner.number, reports, encoding: encodingOf(state, path) }],
  ];
}

/** `NumberOfRetainedFailedReports`: the newest of them, -1 as many as may be kept here. */
function retain({ book }: UspState, path: string, reports: readonly string[]): readonly string[] {
  const wanted = Number(book.rows[path]?.NumberOfRetainedFailedReports ?? 0);
  const number = wanted < 0 ? MOST_FAILED : Math.min(wanted, MOST_FAILED);
  const kept: string[] = [];
  let bytes = 0;
  for (const report of number === 0 ? [] : reports.slice(-number).toReversed()) {
    bytes += report.length;
    if (bytes > MOST_BYTES) break;
    kept.unshift(report);
  }
  return kept;
}
