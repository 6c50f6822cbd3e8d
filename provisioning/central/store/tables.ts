type Column = 'text' | 'integer';

export type Table = {
  readonly columns: Readonly<Record<string, Column>>;
  readonly key: readonly string[];
  /** What a row does whose key is there already. A refused one is a bug and ends the transaction. */
  readonly again: 'refused' | 'ignored' | 'replaces';
  /** The state of an account is folded from it: what is newer than a position must be found at once. */
  readonly folded: boolean;
};

const PLACE = { device: 'text', epoch: 'text', seq: 'integer' } as const;
const LOG = { device: 'text', epoch: 'text', size: 'integer' } as const;

/**
 * Every table of the store, for both databases. Each has two more columns: the `account` that it belongs to, and the
 * `position` of the row in all that was ever kept of that account.
 */
export const TABLES = {
  records: {
    columns: { ...PLACE, hash: 'text', body: 'text', at: 'integer' },
    key: ['device', 'epoch', 'seq'],
    again: 'refused',
    folded: true,
  },
  charges: {
    columns: {
      ...{ ...PLACE, cycle: 'integer', config_version: 'integer', call: 'text', class: 'text', called: 'text' },
      ...{ bundle_seconds: 'integer', paid_seconds: 'integer', ticks: 'integer', rule: 'text', article: 'text' },
      held: 'integer',
    },
    key: ['device', 'epoch', 'seq'],
    again: 'refused',
    folded: false,
  },
  aside: {
    columns: { ...PLACE, hash: 'text', body: 'text', why: 'text', at: 'integer' },
    key: ['device', 'epoch', 'seq', 'hash'],
    again: 'ignored',
    folded: false,
  },
  loans: {
    columns: {
      ...{ id: 'text', cycle: 'integer', ticks: 'integer', bundle_seconds: 'integer', device: 'text', epoch: 'text' },
      ...{ request: 'text', granted_after: 'integer', at: 'integer' },
      ...{ returned_ticks: 'integer', returned_bundle_seconds: 'integer' },
    },
    key: ['id'],
    again: 'refused',
    folded: true,
  },
  /** Leases of an epoch that support gave up (C-3); `leases` is a JSON array of their ids. */
  write_offs: {
    columns: {
      ...{ id: 'text', cycle: 'integer', device: 'text', epoch: 'text', size: 'integer', leases: 'text' },
      ...{ ticks: 'integer', bundle_seconds: 'integer', given_by: 'text', why: 'text', at: 'integer' },
    },
    key: ['id'],
    again: 'refused',
    folded: true,
  },
  /** Every change of a cap or a cycle stays (M-6); the newest line of an account counts. */
  accounts: {
    columns: { cap_micro_euro: 'integer', cycle: 'integer', at: 'integer' },
    key: ['account', 'position'],
    again: 'refused',
    folded: true,
  },
  greetings: {
    columns: { ...LOG, software: 'text', config_version: 'integer', at: 'integer' },
    key: ['device'],
    again: 'replaces',
    folded: true,
  },
  device_keys: {
    columns: { device: 'text', key: 'text', at: 'integer' },
    key: ['device'],
    again: 'refused',
    folded: true,
  },
  countersignatures: {
    columns: { ...LOG, root: 'text', frontier: 'text', note: 'text', at: 'integer' },
    key: ['device', 'epoch', 'size'],
    again: 'refused',
    folded: true,
  },
  forks: {
    columns: { ...LOG, root: 'text', ours: 'text', theirs: 'text', at: 'integer' },
    key: ['device', 'epoch', 'size', 'theirs'],
    again: 'ignored',
    folded: true,
  },
  telemetry: {
    columns: { device: 'text', body: 'text', at: 'integer' },
    key: ['device'],
    again: 'replaces',
    folded: false,
  },
  /** The folded state of an account at a position: a cache, never the authority. */
  snapshots: {
    columns: { digest: 'text', state: 'text' },
    key: ['account'],
    again: 'replaces',
    folded: false,
  },
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof TABLES;
