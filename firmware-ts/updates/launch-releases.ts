import type { Slot, UpdateBook } from '../../agent/model/release.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Child, KillSignal, Launch } from '../wires/child.ts';
import type { SlotFiles } from '../wires/release-files.ts';
import { beginTrial, confirm, giveUp, nextStart, otherSlot, TRIES } from './update-book.ts';

type Releases = {
  readonly slots: SlotFiles;
  readonly clock: Clock;
  readonly say: (words: string) => void;
  readonly launch: (slot: Slot) => Launch;
  /** Could the release that is lived on read the ledger as it is now? One on trial may have written what it does not know. */
  readonly canReturn: (slot: Slot) => Promise<boolean>;
};

/** A release that has not said that it is healthy by then goes back: with the end of it, under six minutes. */
const LONGEST_TRIAL = minutes(5);
const GRACE = seconds(5);
/** What a shell says of a program that cannot be started. */
const NOT_STARTED = 127;

/**
 * Launches the agent from the slot that it is to live on. A wish begins a trial; a trial that is healthy is confirmed, and
 * any other is given up, by itself and in bounded time: the release that worked was never touched.
 */
export function launchReleases(releases: Releases): Launch {
  const { slots, clock, say, launch, canReturn } = releases;
  /** What the end of a life decides, the next one waits for. */
  let deciding: Promise<void> = Promise.resolve();

  const keep = (book: UpdateBook): void => slots.keepBook(book);

  /** A medium that takes no note is no end of the box: the trial has its tries, and they run out. */
  const decide = (why: string): void => {
    deciding = goBack(why).catch((error: unknown) => say(`nothing could be noted of the trial: ${String(error)}`));
  };

  const goBack = async (why: string): Promise<void> => {
    const book = slots.book();
    if (book?.trial === undefined) return;
    const { version } = book.trial;
    if (await canReturn(book.confirmed)) {
      keep(giveUp(book, why));
      say(`the release ${version} is given up: ${why}`);
      return;
    }
    keep({ ...book, trial: { ...book.trial, triesLeft: TRIES } });
    say(`the release ${version} stays on trial, for the one before cannot read the ledger any more: ${why}`);
  };

  const choose = async (): Promise<{ readonly slot: Slot; readonly trial: boolean }> => {
    await deciding;
    carryOutWish(slots, say);
    const { trial } = slots.book() ?? {};
    if (trial?.triesLeft === 0) await goBack('the box went down while it was tried');
    if (trial && slots.manifestIn(trial.slot) === undefined)
      keep(giveUp(slots.book() ?? EMPTY, 'its slot is not whole'));
    const start = nextStart(slots.book() ?? EMPTY);
    if (start.trial) keep(start.book);
    return start;
  };

  return (news) => {
    let child: Child | undefined;
    let asked: KillSignal | undefined;
    let onTrial = false;
    let late = false;
    let cancel = (): void => undefined;
    const begin = ({ slot, trial }: { readonly slot: Slot; readonly trial: boolean }): void => {
      if (asked !== undefined) return news.exited(0);
      onTrial = trial;
      if (trial) {
        say(`a new release is tried from slot ${slot}`);
        cancel = clock.after(LONGEST_TRIAL, () => {
          late = true;
          child?.kill('SIGTERM');
          cancel = clock.after(GRACE, () => child?.kill('SIGKILL'));
        });
      }
      child = launch(slot)({
        ...news,
        healthy() {
          news.healthy?.();
          if (!onTrial) return;
          onTrial = false;
          cancel();
          try {
            confirmSlot(slots, slot, say);
          } catch (error) {
            say(`the release could not be confirmed: ${String(error)}`);
          }
        },
        exited(status) {
          cancel();
          // An end that was ordered says nothing of the release; it has its tries left for that.
          const ordered = status === 0 || asked === 'SIGTERM' || asked === 'SIGINT';
          if (onTrial && late) decide('it was not healthy within five minutes');
          else if (onTrial && !ordered) decide(`it ended with status ${status} before it was healthy`);
          news.exited(status);
        },
      });
    };
    choose().then(begin, (error: unknown) => {
      say(`no release could be started: ${String(error)}`);
      news.exited(NOT_STARTED);
    });
    return {
      kill(signal) {
        asked = signal;
        child?.kill(signal);
      },
      tellAway: () => child?.tellAway(),
    };
  };
}

const EMPTY: UpdateBook = { confirmed: 'a', floor: '0.0.0' };

/** A wish is for the release that lies in the other slot now; for any other it is void. */
function carryOutWish(slots: SlotFiles, say: (words: string) => void): void {
  const wish = slots.wish();
  const book = slots.book();
  if (wish === undefined || book === undefined || book.trial !== undefined) return;
  const manifest = slots.manifestIn(otherSlot(book.confirmed));
  if (manifest?.version === wish.version) slots.keepBook(beginTrial(book, manifest));
  else say(`there is no release ${wish.version} to try`);
  slots.keepWish(undefined);
}

/** The link first: a cut behind it finds the slot that it leads to, which is the same (update-book.ts). */
function confirmSlot(slots: SlotFiles, slot: Slot, say: (words: string) => void): void {
  const book = slots.book();
  const manifest = slots.manifestIn(slot);
  if (book === undefined || manifest === undefined) return;
  slots.pointAt(slot);
  slots.keepBook(confirm(book, manifest));
  say(`the release ${manifest.version} is confirmed`);
}
