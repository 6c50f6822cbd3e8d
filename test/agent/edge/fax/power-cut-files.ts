import type { Files } from '../../../../agent/edge/fax/files.ts';

/** The power went: nothing more is done by this life. */
export const CUT = 'the power went';

type Entry = Uint8Array | 'folder';

/**
 * Files on a medium that a power cut leaves in any state POSIX allows: what was written and not flushed is lost, cut in half, or
 * there; names that were made, moved or removed and whose folder was not flushed are as before or as after. `cutAfter` calls the
 * power goes. Left out: a medium that lies about having flushed.
 */
export function createPowerCutFiles(
  durable: Map<string, Entry>,
  cutAfter: number,
  chance: () => number,
): Files & {
  readonly calls: () => number;
  /** After a power cut. */
  readonly left: () => Map<string, Entry>;
  /** After the death of the process alone: the kernel still has everything. */
  readonly there: () => Map<string, Entry>;
} {
  const now = new Map(durable);
  const contents = [...durable].map(([name, entry]): [string, Entry] => [`content of ${name}`, entry]);
  const flushed = new Map([...durable, ...contents]);
  let calls = 0;
  const under =
    (path: string) =>
    (name: string): boolean =>
      name === path || name.startsWith(`${path}/`);
  const tick = async (): Promise<void> => {
    calls += 1;
    if (calls > cutAfter) throw new Error(CUT);
  };
  const parent = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  return {
    async write(path, octets) {
      await tick();
      now.set(path, octets.slice());
    },
    async sync(path) {
      await tick();
      const entry = now.get(path);
      if (entry !== undefined && entry !== 'folder') {
        flushed.set(`content of ${path}`, entry);
        return;
      }
      for (const name of new Set([...now.keys(), ...flushed.keys()].filter((one) => parent(one) === path))) {
        const there = now.get(name);
        if (there === undefined) for (const gone of [...flushed.keys()].filter(under(name))) flushed.delete(gone);
        else if (there === 'folder') flushed.set(name, there);
        else
          flushed.set(
            name,
            flushed.get(`content of ${name}`) ?? there.subarray(0, Math.floor(there.length * chance())),
          );
      }
    },
    async rename(from, to) {
      await tick();
      const entry = now.get(from);
      if (entry === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      now.delete(from);
      now.set(to, entry);
      const content = flushed.get(`content of ${from}`) ?? (flushed.has(from) ? entry : undefined);
      if (content !== undefined) flushed.set(`content of ${to}`, content);
      // A rename is one move: both names change together or not at all.
      if (chance() < 0.5 && flushed.has(parent(to))) {
        flushed.delete(from);
        flushed.set(to, content ?? new Uint8Array(0));
      }
    },
    async makeFolder(path) {
      await tick();
      for (let one = path; one !== ''; one = parent(one)) if (!now.has(one)) now.set(one, 'folder');
    },
    async remove(path) {
      await tick();
      const gone = [...now.keys()].filter(under(path));
      for (const name of gone) {
        now.delete(name);
        if (chance() < 0.5) flushed.delete(name);
      }
    },
    async read(path) {
      await tick();
      const entry = now.get(path);
      return entry === 'folder' ? undefined : entry;
    },
    async list(path) {
      await tick();
      return [...now.keys()]
        .filter((name) => parent(name) === path)
        .map((name) => name.slice(path.length + 1))
        .toSorted();
    },
    calls: () => calls,
    there: () => new Map(now),
    left: () => new Map([...flushed].filter(([name]) => !name.startsWith('content of '))),
  };
}
