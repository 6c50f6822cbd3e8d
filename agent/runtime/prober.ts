import type { ProbeNews } from '../machines/failover.ts';
import type { Pace as BeatPace } from '../model/heartbeat.ts';
import { type LinkQuality, linkQuality, noteProbe, type ProbeWindow } from '../model/link-quality.ts';
import { type Millis, millis, seconds } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { ProbeAnswer, Probes } from '../ports/probes.ts';
import type { Turns } from './turns.ts';

export type Pace = { readonly active: Millis; readonly idle: Millis; readonly patience: Millis };

type Needs = {
  readonly clock: Clock;
  readonly probes: Probes;
  readonly turns: Turns;
  /** A site with one link, or without the option of failover, watches the main one alone (G-6). */
  readonly links: { readonly main: string; readonly second: string | undefined };
  readonly pace: Pace;
  /** Does this link carry a call now? Then it is watched closely; a standby link is not worth the volume. */
  readonly busy: (link: string) => boolean;
  /** Heartbeats that the far end is asked for on this link; none where it has none. */
  readonly beats?: (link: string) => BeatPace | undefined;
  readonly hear: (news: ProbeNews) => void;
  /** See each probe by itself, beside the news. */
  readonly eyes?: readonly ProbeEye[];
};

/** `asked` at once; `answered` and `lost` in a turn. Each probe has its number on its link. */
export interface ProbeEye {
  asked(link: string, sequence: number): void;
  answered(link: string, sequence: number, roundTrip: Millis): void;
  lost(link: string, sequence: number): void;
}

export type LinkSight = {
  readonly answered: number;
  readonly lost: number;
  readonly lastRttMicros: number | undefined;
  /** Probes lost since the last answer. */
  readonly lostInRow: number;
  /** Of the last probes; undefined before the first is over. */
  readonly quality?: LinkQuality | undefined;
};

/** Sends probes over both links and turns answers and silence into news. */
export interface Prober {
  start(): void;
  /** Calls have come or gone, or moved to another link: the pace follows at once. */
  quicken(): void;
  sight(link: string): LinkSight;
  stop(): void;
}

export function createProber(needs: Needs): Prober {
  const main = createWatch(needs, 'main', needs.links.main);
  const second = needs.links.second === undefined ? undefined : createWatch(needs, 'second', needs.links.second);
  const watches = second === undefined ? [main] : [main, second];
  const watchOf = (link: string): Watch | undefined => (link === needs.links.main ? main : second);
  needs.probes.open((answer) => watchOf(answer.link)?.answered(answer));
  return {
    start() {
      for (const watch of watches) watch.start();
    },
    quicken() {
      for (const watch of watches) watch.quicken();
    },
    sight: (link) => watchOf(link)?.sight() ?? { answered: 0, lost: 0, lastRttMicros: undefined, lostInRow: 0 },
    stop() {
      for (const watch of watches) watch.stop();
    },
  };
}

interface Watch {
  start(): void;
  quicken(): void;
  answered(answer: ProbeAnswer): void;
  sight(): LinkSight;
  stop(): void;
}

/**
 * After a lost probe a link that carries calls is asked twice as often: is it one, or are they many (F-3)? From the first
 * that is later than any should be, eyes see as many more as tell it within the second; those count for no row of losses,
 * which is ordered in time and not in probes.
 */
const SUSPICION = seconds(2);
const CLOSER = { share: 5, least: millis(20), lasts: millis(600) };
/** Later than twice the last round trip and this: it is not waited for its patience. */
const OVERDUE = millis(40);
const NEVER_WAITED: Cancel = () => undefined;

function createWatch(
  { clock, probes, turns, pace, busy, beats, hear, eyes = [] }: Needs,
  role: 'main' | 'second',
  link: string,
): Watch {
  /** Questions that still wait for their answer, and how to call their patience off. */
  const open = new Map<number, Cancel>();
  let sequence = 0;
  let answers = 0;
  let losses = 0;
  let lostInRow = 0;
  let lastRttMicros: number | undefined;
  let window: ProbeWindow = [];
  let lostAt: Millis | undefined;
  let overdueAt: Millis | undefined;
  let countedAt: Millis | undefined;
  let next: Cancel = NEVER_WAITED;
  let close = false;
  let watching = false;

  const tell = (on: ProbeNews['on']): void => turns(() => hear({ on, link: role, now: clock.mono() }));

  const tellEyes = (see: (eye: ProbeEye) => void): void => {
    for (const eye of eyes) turns(() => see(eye));
  };

  const recent = (at: Millis | undefined, lasts: Millis): boolean => at !== undefined && clock.mono() - at < lasts;
  const closer = millis(Math.min(pace.active, Math.max(CLOSER.least, pace.active / CLOSER.share)));

  const interval = (): Millis => {
    if (!close) return pace.idle;
    if (recent(overdueAt, CLOSER.lasts)) return closer;
    return recent(lostAt, SUSPICION) ? millis(pace.active / 2) : pace.active;
  };

  const lose = (asked: number, counted: boolean): void => {
    open.delete(asked);
    window = noteProbe(window, 'lost');
    lostAt = clock.mono();
    if (counted) {
      losses += 1;
      lostInRow += 1;
      tell('probe-lost');
    }
    tellEyes((eye) => eye.lost(link, asked));
  };

  /** Nobody waits for the next regular one to know more. */
  const overdue = (asked: number): void => {
    if (!open.has(asked) || !close) return;
    const already = recent(overdueAt, CLOSER.lasts);
    overdueAt = clock.mono();
    if (already || closer === pace.active) return;
    next();
    ask();
  };

  const ask = (): void => {
    sequence = (sequence + 1) % 2 ** 32;
    const asked = sequence;
    const counted = !recent(countedAt, millis(pace.active / 2));
    if (counted) countedAt = clock.mono();
    const giveUp = clock.after(pace.patience, () => lose(asked, counted));
    const late = clock.after(lateAfter(lastRttMicros, pace.patience), () => overdue(asked));
    open.set(asked, () => {
      giveUp();
      late();
    });
    for (const eye of eyes) eye.asked(link, asked);
    probes.send(link, asked, beats?.(link));
    close = busy(link);
    next = clock.after(interval(), ask);
  };

  return {
    start() {
      watching = true;
      next = clock.after(millis(0), ask);
    },
    quicken() {
      if (!watching || close || !busy(link)) return;
      next();
      ask();
    },
    answered(answer) {
      const giveUp = open.get(answer.sequence);
      if (giveUp === undefined) return;
      giveUp();
      open.delete(answer.sequence);
      answers += 1;
      lostInRow = 0;
      lastRttMicros = answer.rttMicros;
      window = noteProbe(window, answer.rttMicros);
      tell('probe-answered');
      tellEyes((eye) => eye.answered(link, answer.sequence, millis(answer.rttMicros / 1_000)));
    },
    sight: () => ({ answered: answers, lost: losses, lastRttMicros, lostInRow, quality: linkQuality(window) }),
    stop() {
      watching = false;
      next();
      for (const giveUp of open.values()) giveUp();
      open.clear();
    },
  };
}

/** A link that has never answered has no time of its own. */
const lateAfter = (lastRttMicros: number | undefined, patience: Millis): Millis =>
  millis(Math.min(patience, lastRttMicros === undefined ? patience : (2 * lastRttMicros) / 1_000 + OVERDUE));
