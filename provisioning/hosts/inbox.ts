import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../atomic-file.ts';
import { type Desk, openDesk } from '../central/desk.ts';
import type { NewsLine } from '../central/news.ts';
import type { StorePlace } from '../central/store/open-store.ts';
import { readFormat } from './format-files.ts';
import { type Intake, takeHostFile } from './take-file.ts';

type InboxSettings = {
  /** `HOST/FILE` in it. */
  readonly folder: string;
  readonly store: StorePlace;
  /** Folders of the formats; a host's format has the host's name. */
  readonly formats: readonly string[];
  readonly now: () => number;
  readonly tell: (line: NewsLine) => void;
};

export type Inbox = {
  /** Takes what lies there and has not changed since the look before. */
  look(): Promise<void>;
};

/**
 * U-5: the folder where files of host operators are put for the service. A file that was dealt with is moved to `taken` or
 * `refused` beside it, with a report; one that is still being written is left until it is at rest.
 */
export function createInbox({ folder, store, formats, now, tell }: InboxSettings): Inbox {
  let resting = new Map<string, string>();
  /** What could not be taken, so that it is told once. */
  const told = new Set<string>();

  async function takeOne(desk: Desk, host: string, name: string): Promise<void> {
    const path = join(folder, host, name);
    const format = readFormat(host, formats);
    const delivery = { bytes: readFileSync(path), name, host, format, wrongLines: 'refuse', now: now() } as const;
    const intake = await takeHostFile(desk, delivery);
    const where = join(folder, host, intake.so === 'refused' ? 'refused' : 'taken');
    mkdirSync(where, { recursive: true });
    writeAtomic(join(where, `${name}.report.json`), `${JSON.stringify(intake, undefined, 2)}\n`);
    renameSync(path, join(where, name));
    tell(newsOf(host, name, intake));
  }

  return {
    look: async () => {
      const found = filesIn(folder);
      const ready = found.filter(({ path, print }) => resting.get(path) === print);
      resting = new Map(found.map(({ path, print }) => [path, print]));
      if (ready.length === 0) return;
      const desk = await openDesk(store);
      if (desk === undefined) return;
      try {
        for (const { host, name, path, print } of ready) {
          await takeOne(desk, host, name).catch((error: unknown) => {
            if (told.has(`${path} ${print}`)) return;
            told.add(`${path} ${print}`);
            tell({ level: 'warn', message: 'host file not taken', fields: { host, name, why: String(error) } });
          });
        }
      } finally {
        await desk.close();
      }
    },
  };
}

type Lying = { readonly host: string; readonly name: string; readonly path: string; readonly print: string };

function filesIn(folder: string): readonly Lying[] {
  const hosts = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return hosts
    .filter((host) => host.isDirectory())
    .flatMap((host) =>
      readdirSync(join(folder, host.name), { withFileTypes: true })
        .filter((file) => file.isFile() && !file.name.startsWith('.'))
        .map(({ name }) => {
          const path = join(folder, host.name, name);
          const { size, mtimeMs } = statSync(path);
          return { host: host.name, name, path, print: `${size} ${mtimeMs}` };
        }),
    );
}

function newsOf(host: string, name: string, intake: Intake): NewsLine {
  switch (intake.so) {
    case 'taken':
      return {
        level: 'info',
        message: 'host file taken',
        fields: { host, name, records: intake.file.records, fresh: intake.fresh },
      };
    case 'known':
      return { level: 'info', message: 'host file known', fields: { host, name, before: intake.before.name } };
    case 'refused':
      return { level: 'warn', message: 'host file refused', fields: { host, name, wrong: intake.bad.length } };
  }
}
