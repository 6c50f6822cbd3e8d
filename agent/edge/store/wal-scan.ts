import { FRAME_HEADER, readWal, WAL_HEADER, type Wal } from './wal-file.ts';

/** The database beside the log; `read` answers what there is, less at the end. */
export type DatabaseFile = { readonly length: number; read(at: number, length: number): Buffer };

/**
 * Would SQLite drop committed records of this write-ahead log without a word? For SQLite the first frame that does not
 * verify is the end of the log, and `integrity_check` says ok (U-3, U-7).
 *
 * Under `synchronous=FULL` a power cut can spoil only the last commit. So two commits in one unbroken run of verified
 * frames, beyond a frame that does not verify, were there before it was spoiled. A run left by a write that failed and
 * was written over holds one commit at most.
 * A spoiled header is legal after a power cut as well, when the log was about to be reused: then everything in it is
 * in the database already, and only a page that is not tells of damage.
 */
export function walIsDamaged(bytes: Buffer, database: DatabaseFile): boolean {
  if (bytes.length < WAL_HEADER + FRAME_HEADER) return false;
  const wal = readWal(bytes, pageSizeOf(database));
  if (wal === undefined) return false;
  if (wal.headerHolds) return database.length === 0 ? goodFrames(wal) > 0 : hasCommitsBeyond(wal, goodFrames(wal));
  return holdsWhatDatabaseLacks(wal, database);
}

/** SQLite file format 1.3.2: bytes 16 and 17, 1 stands for 65,536. */
function pageSizeOf(database: DatabaseFile): number {
  if (database.length < 100) return 4096;
  const size = database.read(16, 2).readUInt16BE(0);
  return size === 1 ? 65_536 : size;
}

function goodFrames(wal: Wal): number {
  let good = 0;
  while (good < wal.count && wal.ofGeneration(good) && wal.continues(good)) good += 1;
  return good;
}

function hasCommitsBeyond(wal: Wal, good: number): boolean {
  let commits = 0;
  for (let frame = good + 1; frame < wal.count; frame += 1) {
    if (!wal.ofGeneration(frame) || !wal.continues(frame)) commits = 0;
    else if (wal.commits(frame)) commits += 1;
    if (commits > 1) return true;
  }
  return false;
}

/** Frame 0 can't be verified without the header; the ones after it verify against the sum that is written in it. */
function holdsWhatDatabaseLacks(wal: Wal, database: DatabaseFile): boolean {
  const pages = new Map<number, Buffer>();
  const pending = new Map<number, Buffer>();
  for (let frame = 1; frame < wal.count && wal.sameGeneration(frame, 1) && wal.continues(frame); frame += 1) {
    pending.set(wal.page(frame), wal.image(frame));
    if (!wal.commits(frame)) continue;
    for (const [page, image] of pending) pages.set(page, image);
    pending.clear();
  }
  return [...pages].some(([page, image]) => !image.equals(database.read((page - 1) * image.length, image.length)));
}
