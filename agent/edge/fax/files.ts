import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';

/** What the spool asks of a file system; each does one thing, so that a power cut between any two can be played. */
export type Files = {
  readonly write: (path: string, octets: Uint8Array) => Promise<void>;
  /** A file's content, or a folder's names, to the medium. */
  readonly sync: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** With those above it; nothing where it is there. */
  readonly makeFolder: (path: string) => Promise<void>;
  /** A file, or a folder with all that is in it; nothing where there is none. */
  readonly remove: (path: string) => Promise<void>;
  /** Undefined where there is no such file. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
  /** Names in a folder, in order; none where there is no such folder. */
  readonly list: (path: string) => Promise<readonly string[]>;
};

export const createFiles = (): Files => ({
  async write(path, octets) {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(octets);
    } finally {
      await file.close();
    }
  },
  async sync(path) {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  remove: (path) => rm(path, { recursive: true, force: true }),
  read: (path) => readFile(path).catch(absent),
  list: async (path) => ((await readdir(path).catch(absent)) ?? []).toSorted(),
});

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** The content under that name, old or new, whenever the power goes; and new from here on. */
export async function keepFile(files: Files, path: string, octets: Uint8Array): Promise<void> {
  await files.write(`${path}.new`, octets);
  await files.sync(`${path}.new`);
  await files.rename(`${path}.new`, path);
  await files.sync(folderOf(path));
}

export const keepJson = (files: Files, path: string, content: unknown): Promise<void> =>
  keepFile(files, path, Buffer.from(`${JSON.stringify(content, null, 2)}\n`));

/** A folder whose name lasts. */
export async function keepFolder(files: Files, path: string): Promise<void> {
  await files.makeFolder(path);
  await files.sync(folderOf(path));
}

export async function readJson(files: Files, path: string): Promise<unknown> {
  const octets = await files.read(path);
  if (octets === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(octets).toString('utf8'));
  } catch {
    return undefined;
  }
}
