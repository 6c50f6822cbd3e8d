import { existsSync, readFileSync } from 'node:fs';
import { COSIGNED, readVerifierKey } from '../../../agent/evidence/note.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { isFault } from '../../../agent/model/fault.ts';
import { bookOf } from '../../central/book.ts';
import { type Outcome, takeExport } from '../../central/exports/take-export.ts';
import { worldOf } from '../../central/service.ts';
import { openStore, readStore } from '../../central/store/open-store.ts';
import { openWitness } from '../../central/witness-key.ts';
import { readRegistry } from '../../registry/registry.ts';
import { DONE, FAILED, REFUSED } from '../command.ts';
import { outcomeJson, outcomeLines } from './outcome-lines.ts';
import { noStore, refuse, type WithRegistry } from './wish.ts';

/** U-3, U-7: takes the ledger of a box out of a file: beside a running service with PostgreSQL, instead of it with SQLite. */
export async function takeExportFile(wish: WithRegistry): Promise<number> {
  const { words, values, flags, directory, store: place, shipped, terminal } = wish;
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) return refuse(terminal, 'take-export: name one file');
  if (!existsSync(file)) return refuse(terminal, `${file}: there is no such file`);
  const hasRun = await readStore(place, () => Promise.resolve(true));
  if (hasRun === undefined) return refuse(terminal, noStore(place));
  const world = worldOf(bookOf(readRegistry(directory).configs), openWitness(directory));
  const former = values['central-key'];
  const formerKey = former === undefined ? undefined : readVerifierKey(former.trim(), world.witness.digest);
  if (former !== undefined && formerKey?.type !== COSIGNED)
    return refuse(terminal, '--central-key is the text of a central.vkey of before: name+id+base64');
  const accountOf = (device: string): string | undefined => world.book.get(device)?.account;
  try {
    const store = await openStore(place, { accountOf, lost: () => {} });
    try {
      const dryRun = flags.has('dry-run');
      const by = { store, world, formerKeys: formerKey === undefined ? [] : [formerKey], now: shipped.now(), dryRun };
      const outcome = await takeExport(readFileSync(file), by);
      if (flags.has('json')) terminal.out(canonical(outcomeJson(file, outcome, dryRun)));
      else for (const line of outcomeLines(file, outcome, dryRun)) terminal.out(line);
      return STATUS[outcome.so];
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!isFault(error, 'ledger.locked') || place.kind !== 'sqlite') throw error;
    return refuse(
      terminal,
      `--state ${place.directory}: a central runs on it, and SQLite is for one process: stop it, hand the file in, start it again`,
    );
  }
}

/** Everything of it is held now; or a person must look; or nothing was taken. */
const STATUS: Readonly<Record<Outcome['so'], number>> = {
  taken: DONE,
  incomplete: FAILED,
  forked: FAILED,
  refused: REFUSED,
};
