import type { AccountState } from '../snapshot.ts';
import type { CentralStore, HeldAccount, Range } from '../store/central-store.ts';
import type { Countersignature } from '../witness.ts';
import type { Row } from '../words.ts';

type Kept<Kind extends Row['keep']> = Extract<Row, { keep: Kind }>;

/**
 * An account as it stands in the store, on which everything may be tried and of which nothing is kept: what is tried stays
 * in memory, and the account is held only while something is read.
 */
export function createTrial(store: CentralStore, account: string, from: AccountState): HeldAccount {
  const ask = <T>(work: (held: HeldAccount) => Promise<T>): Promise<T> => store.hold(account, work);
  const bodies = new Map<string, Kept<'record'>>();
  const signed: Countersignature[] = [];
  let position = from.position;

  /** What was tried stands behind what is in the store. */
  async function withTried(
    { device, epoch, from: first, to }: Range,
    column: 'hash' | 'body',
    inStore: () => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    const found = [...(await inStore())];
    for (let seq = first + found.length; seq <= to; seq += 1) {
      const row = bodies.get(`${device}/${epoch}/${seq}`);
      if (row !== undefined) found.push(row[column]);
    }
    return found;
  }

  return {
    get position() {
      return position;
    },
    ...{ books: 0, records: 0 },
    booksAfter: (after) => ask((held) => held.booksAfter(after)),
    recordsAfter: (after, limit) => ask((held) => held.recordsAfter(after, limit)),
    hashes: (range) => withTried(range, 'hash', () => ask((held) => held.hashes(range))),
    bodies: (range) => withTried(range, 'body', () => ask((held) => held.bodies(range))),
    countersignatures: async (place) => {
      const { before, after } = await ask((held) => held.countersignatures(place));
      const ours = signed.filter(({ device, epoch }) => device === place.device && epoch === place.epoch);
      const all = [before, after, ...ours].filter((one) => one !== undefined).toSorted((a, b) => a.size - b.size);
      return {
        before: all.findLast(({ size }) => size < place.size),
        after: all.find(({ size }) => size >= place.size),
      };
    },
    snapshot: () => Promise.resolve(undefined),
    keep: (rows) => {
      for (const row of rows) {
        if (row.keep === 'record') bodies.set(`${row.device}/${row.epoch}/${row.seq}`, row);
        if (row.keep === 'countersignature') signed.push(row);
      }
      position += rows.length;
      return Promise.resolve(position);
    },
    keepSnapshot: () => Promise.resolve(),
  };
}
