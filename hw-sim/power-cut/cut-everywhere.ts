import { createReplay, type Files } from './medium.ts';
import { type State, statesOf } from './states.ts';
import type { TraceEvent } from './trace.ts';

/** A run of a real process: what stood on the medium before it, and everything that it did. */
export type Recording = {
  readonly start: Files;
  readonly events: readonly TraceEvent[];
  /** Promises of runs before, on whose medium this one began. */
  readonly before?: readonly PromiseMade[];
  /** Promises that somebody has read out of the bytes sent; `at` is the index of the event that completed them. */
  readonly heard?: readonly Heard[];
};

/** What the process said outside of a record: `kept` to who made it, `sent` to the central. */
export type PromiseMade = { readonly said: 'kept' | 'sent'; readonly record: string; readonly hash: string };
export type Heard = { readonly at: number; readonly promise: PromiseMade };

/**
 * What a reboot finds: the hash of each record, by `epoch/seq`, and of whatever else is promised, by its name; `alarms`
 * are stores that were taken for damaged.
 */
export type Found = { readonly records: ReadonlyMap<string, string>; readonly alarms: number };

export type Tally = {
  /** Instants at which the power failed. */
  readonly moments: number;
  /** Cuts: pairs of an instant and what the medium then held. */
  readonly cuts: number;
  /** Different contents of the medium among them; each was opened by the real code. */
  readonly opened: number;
  readonly promises: number;
  /** Cuts after which a record that was called kept is not there or is another; records in the worst of them. */
  readonly lost: number;
  readonly worst: number;
  /** Cuts after which a record that was sent is not there or is another. */
  readonly leaked: number;
  /** Cuts after which the store does not open by itself. */
  readonly refused: number;
  /** Cuts after which a sound store was taken for damaged. */
  readonly alarms: number;
};

type Needs = {
  /** Reboots on these files with the real code; `lane` is one of `lanes` places that are used at the same time. */
  readonly open: (files: Files, lane: number) => Promise<Found>;
  readonly dice: { fraction(): number };
  readonly lanes: number;
  /** False for the control: judged as if a flush did nothing. */
  readonly flushesCount?: boolean;
  /** Looks at one instant in so many. */
  readonly every?: number;
};

/** The file below the root into which the process writes its promises, one `kept|sent epoch/seq hash` a line. */
export const PROMISES = 'promises';

type Cut = { readonly state: State; readonly promised: number };
type Verdict = { readonly missing: readonly number[]; readonly refused: boolean; readonly alarms: number };

/** Cuts the power after everything that the process did, and judges what the real code finds after each cut. */
export async function cutEverywhere(recording: Recording, needs: Needs): Promise<Tally> {
  const heard = heardIn(recording);
  const promises = [...(recording.before ?? []), ...heard.map(({ promise }) => promise)];
  const verdicts = new Map<string, Promise<Verdict>>();
  const cuts = cutsOf(recording, heard, needs);
  const tally = { moments: 0, cuts: 0, lost: 0, worst: 0, leaked: 0, refused: 0, alarms: 0 };

  const judge = async (cut: Cut, lane: number): Promise<void> => {
    const verdict = verdicts.get(cut.state.key) ?? openState(cut.state, promises, needs, lane);
    verdicts.set(cut.state.key, verdict);
    const { missing, refused, alarms } = await verdict;
    const broken = missing.filter((index) => index < cut.promised).map((index) => promises[index]?.said);
    const lost = broken.filter((said) => said === 'kept').length;
    tally.cuts += 1;
    tally.lost += lost > 0 ? 1 : 0;
    tally.worst = Math.max(tally.worst, lost);
    tally.leaked += broken.includes('sent') ? 1 : 0;
    tally.refused += refused ? 1 : 0;
    tally.alarms += alarms > 0 ? 1 : 0;
  };
  const walk = async (lane: number): Promise<void> => {
    for (let next = cuts.next(); !next.done; next = cuts.next()) {
      if (next.value === 'moment') tally.moments += 1;
      else await judge(next.value, lane);
    }
  };
  await Promise.all(Array.from({ length: needs.lanes }, (_, lane) => walk(lane)));
  return { ...tally, opened: verdicts.size, promises: promises.length };
}

async function openState(state: State, promises: readonly PromiseMade[], needs: Needs, lane: number): Promise<Verdict> {
  const all = promises.map((_, index) => index);
  try {
    const { records, alarms } = await needs.open(state.files(), lane);
    const missing = all.filter((index) => records.get(promises[index]?.record ?? '') !== promises[index]?.hash);
    return { missing, refused: false, alarms };
  } catch {
    return { missing: all, refused: true, alarms: 0 };
  }
}

function* cutsOf(recording: Recording, heard: readonly Heard[], needs: Needs): Generator<Cut | 'moment'> {
  const replay = createReplay(recording.start, needs.flushesCount ?? true);
  const outside = new Set<number>();
  const before = recording.before?.length ?? 0;
  let said = 0;
  for (const [index, event] of recording.events.entries()) {
    if (isOfPromises(event, outside) === undefined) replay.hear(event);
    while ((heard[said]?.at ?? Number.POSITIVE_INFINITY) <= index) said += 1;
    const promised = before + said;
    if (index % (needs.every ?? 1) !== 0) continue;
    yield 'moment';
    for (const state of statesOf(replay.medium(), needs.dice)) yield { state, promised };
  }
}

/** What the running system sees after the whole recording: to be compared with the files that the process left. */
export function replayed({ start, events }: Recording): Files {
  const replay = createReplay(start);
  const outside = new Set<number>();
  for (const event of events) if (isOfPromises(event, outside) === undefined) replay.hear(event);
  return replay.seen();
}

export type Cutoff = {
  readonly files: Files;
  readonly promises: readonly PromiseMade[];
  /** Events that were before the cut. */
  readonly until: number;
};

/** One cut at a random instant: what the next run begins with. */
export function cutOnce(recording: Recording, dice: { fraction(): number }): Cutoff {
  const until = 1 + Math.floor(dice.fraction() * recording.events.length);
  const events = recording.events.slice(0, until);
  const replay = createReplay(recording.start);
  const outside = new Set<number>();
  for (const event of events) if (isOfPromises(event, outside) === undefined) replay.hear(event);
  const states = statesOf(replay.medium(), dice);
  const state = states[Math.floor(dice.fraction() * states.length)];
  const made = heardIn(recording).flatMap(({ at, promise }) => (at < until ? [promise] : []));
  return { files: state?.files() ?? new Map(), promises: [...(recording.before ?? []), ...made], until };
}

/** Promises go outside: they are no part of the medium. Each is one write. */
function isOfPromises(event: TraceEvent, outside: Set<number>): 'said' | 'silent' | undefined {
  if (event.op === 'open' && event.path === PROMISES) outside.add(event.fd);
  else if (!('fd' in event) || !outside.has(event.fd)) return undefined;
  if (event.op === 'close') outside.delete(event.fd);
  return event.op === 'write' ? 'said' : 'silent';
}

/** Promises of the file of that name and of the wire, in the order in which they were made. */
function heardIn({ events, heard = [] }: Recording): readonly Heard[] {
  const outside = new Set<number>();
  const written = events.flatMap((event, at): readonly Heard[] => {
    if (isOfPromises(event, outside) !== 'said' || event.op !== 'write') return [];
    const [said, record = '', hash = ''] = event.bytes.toString().trim().split(' ');
    if (said !== 'kept' && said !== 'sent') throw new Error(`no promise: ${event.bytes.toString()}`);
    return [{ at, promise: { said, record, hash } }];
  });
  return [...written, ...heard].sort((a, b) => a.at - b.at);
}
