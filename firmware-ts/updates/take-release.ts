import { Fault } from '../../agent/model/fault.ts';
import type { CheckSum, ReleaseManifest } from '../../agent/model/release.ts';
import { type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { BundleFiles, BundleSource, SlotFiles } from '../wires/release-files.ts';
import { otherSlot, refusalOf } from './update-book.ts';

export type ReleasePorts = {
  readonly clock: Clock;
  readonly slots: SlotFiles;
  readonly bundle: BundleFiles;
  readonly source: BundleSource;
};

/** Attempts in a row that bring no byte; with the rests between them a box waits about an hour for its line. */
const MOST_VAIN = 16;
const FIRST_REST = seconds(2);
const LONGEST_REST = minutes(5);

/**
 * Fetches a bundle over a line that may break at any byte, and makes the slot that is not lived on of it. What has come is
 * kept through breaks and restarts; the signature, the version and the room are looked at as soon as the first line is
 * there, before the rest costs anything. Nothing is started by it.
 * @throws Fault 'release.refused' with the field and the remedy, 'release.unreachable'.
 */
export async function takeRelease(url: string, ports: ReleasePorts, checkSum?: CheckSum): Promise<ReleaseManifest> {
  const { slots, bundle } = ports;
  if (!url.startsWith('https://')) throw refused('URL', 'an address that begins with https://');
  const book = slots.book();
  if (book === undefined)
    throw refused('updates', 'this box was installed without slots: install it as docs/deploy.md says');
  // A trial is over, one way or the other, before its slot or the one behind it may be written.
  if (book.trial !== undefined) throw refused('trial', `${book.trial.version} is being tried: wait until that is over`);
  for (let begun = 1; ; begun += 1) {
    try {
      bundle.keepOf(url);
      await fetchAll(url, ports);
      const manifest = look(ports);
      if (manifest === undefined) throw refused('size', 'the bundle ends before its first line does');
      if (checkSum !== undefined && (await bundle.digest(checkSum.algorithm)) !== checkSum.value)
        throw refused('CheckSum', `the file at that address has another ${checkSum.algorithm}`);
      await bundle.unpack(otherSlot(book.confirmed));
      bundle.keepOf(undefined);
      return manifest;
    } catch (error) {
      const resumed = error instanceof Fault && (error.context.field === 'sha256' || error.context.field === 'size');
      if (error instanceof Fault && error.code === 'release.refused') bundle.keepOf(undefined);
      // What lay here may have been of another bundle: once, it is fetched from its first byte.
      if (!resumed || begun > 1) throw error;
    }
  }
}

async function fetchAll(url: string, ports: ReleasePorts): Promise<void> {
  const { bundle, source, clock } = ports;
  let vain = 0;
  let rest: Millis = FIRST_REST;
  for (;;) {
    if (isComplete(ports)) return;
    const before = bundle.size();
    let broke: unknown;
    const how = await source.fetch(url, before, (bytes) => {
      bundle.append(bytes);
      try {
        look(ports);
      } catch (error) {
        broke = error;
      }
      return broke === undefined;
    });
    if (broke !== undefined) throw broke;
    if (how === 'refused')
      throw new Fault('release.unreachable', { url, remedy: 'the server has nothing at that address' });
    if (how === 'over') bundle.keepOf(undefined);
    if (how === 'complete' && !isComplete(ports))
      throw refused('size', 'the bundle at that address is shorter than was signed');
    vain = bundle.size() > before ? 0 : vain + 1;
    rest = vain === 0 ? FIRST_REST : longer(rest);
    if (vain >= MOST_VAIN)
      throw new Fault('release.unreachable', { url, got: bundle.size(), remedy: 'try again when the line is back' });
    if (how === 'broken') await new Promise<void>((over) => clock.after(rest, over));
  }
}

const longer = (rest: Millis): Millis => millis(Math.min(rest * 2, LONGEST_REST));

/** What is known of the bundle so far. @throws Fault 'release.refused'. */
function look({ bundle, slots }: ReleasePorts): ReleaseManifest | undefined {
  const head = bundle.head();
  if (head === undefined) return undefined;
  const { manifest, bytes } = head;
  const came = bundle.size() - bytes;
  if (came > manifest.size) throw refused('size', 'more bytes come than were signed');
  const refusal = refusalOf(manifest, slots.book() ?? { floor: '0.0.0' }, bundle.room() + came);
  if (refusal) throw refused(refusal.field, refusal.remedy);
  return manifest;
}

function isComplete(ports: ReleasePorts): boolean {
  const manifest = look(ports);
  const head = ports.bundle.head();
  return manifest !== undefined && head !== undefined && ports.bundle.size() - head.bytes === manifest.size;
}

const refused = (field: string, remedy: string): Fault => new Fault('release.refused', { field, remedy });
