import { isFault } from '../../agent/model/fault.ts';
import { SLOTS, type Slot } from '../../agent/model/release.ts';
import type { FirmwareSight, FirmwareSlot, Updates } from '../../agent/ports/updates.ts';
import { type ReleasePorts, takeRelease } from './take-release.ts';
import { otherSlot } from './update-book.ts';

const FRESH = 5_000;

type Doing = { readonly status: 'Downloading' | 'DownloadFailed' | 'ValidationFailed'; readonly failure: string };

/** The releases of this box for its agent: seen, fetched, wished for. It is the supervisor that starts them. */
export function createUpdates(ports: ReleasePorts): Updates {
  const { slots, clock } = ports;
  let seen: { readonly until: number; readonly sight: FirmwareSight } | undefined;
  let doing: Doing | undefined;

  const slotOf = (slot: Slot, lived: boolean, failed: string | undefined): FirmwareSlot => {
    const version = slots.manifestIn(slot)?.version ?? '';
    const plain = { name: `slot-${slot}`, version };
    if (lived) return { ...plain, status: 'Active', failure: '' };
    if (doing !== undefined) return { ...plain, ...doing };
    if (version === '') return { ...plain, status: 'NoImage', failure: '' };
    return failed === undefined
      ? { ...plain, status: 'Available', failure: '' }
      : { ...plain, status: 'ActivationFailed', failure: failed };
  };

  function look(): FirmwareSight {
    const book = slots.book();
    const lives = book?.trial?.slot ?? book?.confirmed;
    return {
      slots: SLOTS.map((slot) => {
        const version = slots.manifestIn(slot)?.version;
        const failed = version !== undefined && book?.failed?.version === version ? book.failed.why : undefined;
        return slotOf(slot, slot === lives, failed);
      }),
      active: SLOTS.indexOf(lives ?? 'a') + 1,
      onTrial: book?.trial !== undefined,
    };
  }

  return {
    // Two signatures are proved by it, and support looks every second.
    sight() {
      if (seen !== undefined && clock.mono() < seen.until) return seen.sight;
      seen = { until: clock.mono() + FRESH, sight: look() };
      return seen.sight;
    },
    take(url, done, checkSum) {
      if (doing?.status === 'Downloading') return done('another release is being fetched: wait until that is over');
      doing = { status: 'Downloading', failure: '' };
      seen = undefined;
      takeRelease(url, ports, checkSum).then(
        () => {
          doing = undefined;
          seen = undefined;
          done(undefined);
        },
        (error: unknown) => {
          // What is no fault of the release or of the line is one of the medium, and is told the same way.
          const { field, remedy } = (isFault(error) ? error.context : {}) as { field?: string; remedy?: string };
          const why = remedy === undefined ? String(error) : `${field ?? 'URL'}: ${remedy}`;
          const status = isFault(error, 'release.refused') ? 'ValidationFailed' : 'DownloadFailed';
          doing = { status, failure: why.slice(0, 200) };
          seen = undefined;
          done(why);
        },
      );
    },
    wish(by) {
      const book = slots.book();
      if (book === undefined) return 'this box was installed without slots';
      if (book.trial !== undefined) return `${book.trial.version} is being tried: wait until that is over`;
      const manifest = slots.manifestIn(otherSlot(book.confirmed));
      if (manifest === undefined) return 'there is no whole release in the other slot: fetch one first';
      slots.keepWish({ version: manifest.version, by });
      return undefined;
    },
    withdraw: () => slots.keepWish(undefined),
    wished: () => slots.wish() !== undefined && slots.book()?.trial === undefined,
  };
}
