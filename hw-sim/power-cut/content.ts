/** One change of a file's content that no flush has made certain yet. */
export type Change =
  | { readonly do: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly do: 'truncate'; readonly size: number };

/** What a disk writes whole or not at all. */
export const SECTOR = 512;

/** `base` with the changes done to it, in their order; `keep` says which sectors of a write reach the medium. */
export function applied(
  base: Buffer,
  changes: readonly Change[],
  keep: (change: number, sector: number) => boolean = () => true,
): Buffer {
  let content: Buffer = Buffer.from(base);
  for (const [index, change] of changes.entries()) {
    if (change.do === 'truncate') content = keep(index, 0) ? resized(content, change.size) : content;
    else content = written(content, change, (sector) => keep(index, sector));
  }
  return content;
}

function written(
  content: Buffer,
  { at, bytes }: Extract<Change, { do: 'write' }>,
  keep: (sector: number) => boolean,
): Buffer {
  let result: Buffer = content;
  for (let from = at; from < at + bytes.length; ) {
    const sector = Math.floor(from / SECTOR);
    const to = Math.min((sector + 1) * SECTOR, at + bytes.length);
    if (keep(sector)) {
      if (to > result.length) result = resized(result, to);
      bytes.copy(result, from, from - at, to - at);
    }
    from = to;
  }
  return result;
}

function resized(content: Buffer, size: number): Buffer {
  if (size <= content.length) return content.subarray(0, size);
  return Buffer.concat([content, Buffer.alloc(size - content.length)]);
}

/** Sectors that the changes touch. */
export function touched(changes: readonly Change[]): ReadonlySet<number> {
  const sectors = new Set<number>();
  for (const change of changes) {
    if (change.do === 'truncate') continue;
    const last = Math.floor((change.at + change.bytes.length - 1) / SECTOR);
    for (let sector = Math.floor(change.at / SECTOR); sector <= last; sector += 1) sectors.add(sector);
  }
  return sectors;
}
