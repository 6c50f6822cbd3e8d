import { TelemetrySchema } from '../../agent/model/messages.ts';
import { type Suspension, SuspensionSchema } from '../registry/suspensions.ts';
import type { Connection } from './store/connection.ts';

export type ReportedTrouble = {
  readonly kind: string;
  readonly count: number;
  /** The newest, as the log had it. */
  readonly what: string;
  readonly firstAt: number;
  readonly lastAt: number;
};

/** What support looks for in a device. Instants in Unix ms; null where nothing is known. */
export type ReportedHealth = {
  readonly device: string;
  readonly epoch: string | null;
  readonly lastHeardAt: number | null;
  /** Records that the device has, as it last said, and the central has not. */
  readonly backlog: number;
  /** Checkpoints that contradict the records (U-3, D-2): two histories of one epoch. */
  readonly forks: readonly { readonly epoch: string; readonly size: number; readonly at: number }[];
  /** The device wrote of credit that it was not given: nothing that it returns is believed. */
  readonly disputed: boolean;
  readonly troubles: readonly ReportedTrouble[];
  /** Stores that the device set aside as damaged, as it last said. */
  readonly setAsideStores: number;
  readonly countersigned: { readonly size: number; readonly at: number } | null;
  /** The newest version of suspensions that the device carries out (C-5); 0: it was told of none. */
  readonly suspensionsApplied: number;
};

export type ReportedSuspension = Suspension & { readonly version: number };

type Row = {
  readonly device: string;
  readonly epoch: string | null;
  readonly size: number;
  readonly held: number;
  readonly heardAt: number | null;
  readonly telemetry: string | null;
  readonly signedSize: number | null;
  readonly signedAt: number | null;
  readonly applied: number;
};

const HEALTH = `
  SELECT k.device, g.epoch, coalesce(g.size, 0) AS size, g.at AS "heardAt", t.body AS telemetry,
    (SELECT count(*) FROM records r WHERE r.device = k.device AND r.epoch = g.epoch) AS held,
    (SELECT max(size) FROM countersignatures c WHERE c.device = k.device AND c.epoch = g.epoch) AS "signedSize",
    (SELECT max(at) FROM countersignatures c WHERE c.device = k.device AND c.epoch = g.epoch) AS "signedAt",
    coalesce((SELECT version FROM suspensions_applied s WHERE s.device = k.device), 0) AS applied
  FROM (SELECT device FROM greetings UNION SELECT device FROM records UNION SELECT device FROM troubles) k
    LEFT JOIN greetings g ON g.device = k.device LEFT JOIN telemetry t ON t.device = k.device
  ORDER BY k.device`;
const TROUBLES = `
  SELECT device, kind, count, what, first_at AS "firstAt", last_at AS "lastAt" FROM troubles ORDER BY device, kind`;
const FORKS = 'SELECT device, epoch, size, at FROM forks ORDER BY at';
/** The version of an order is its rank among those of its account. */
const SUSPENSIONS = `
  SELECT body, row_number() OVER (PARTITION BY account ORDER BY position) AS version FROM suspensions
  ORDER BY account, position`;

export async function readHealth(database: Connection): Promise<readonly ReportedHealth[]> {
  const rows = await database.all<Row>(HEALTH);
  const troubles = await database.all<ReportedTrouble & { readonly device: string }>(TROUBLES);
  const forks = await database.all<ReportedHealth['forks'][number] & { readonly device: string }>(FORKS);
  return rows.map((row) => {
    const { device, epoch, heardAt, signedSize, signedAt, applied } = row;
    const told = row.telemetry === null ? undefined : TelemetrySchema.parse(JSON.parse(row.telemetry));
    const theirs = troubles.filter((one) => one.device === device);
    return {
      device,
      epoch,
      lastHeardAt: heardAt === null ? (told?.at ?? null) : Math.max(heardAt, told?.at ?? 0),
      backlog: Math.max(0, row.size - row.held, (told?.ledger?.records ?? 0) - row.held),
      forks: forks.filter((fork) => fork.device === device).map(({ device: _, ...fork }) => fork),
      disputed: theirs.some(({ kind }) => kind === 'foreign-lease'),
      troubles: theirs.map(({ device: _, ...trouble }) => trouble),
      setAsideStores: told?.ledger?.setAside ?? 0,
      countersigned: signedSize === null || signedAt === null ? null : { size: signedSize, at: signedAt * 1_000 },
      suspensionsApplied: applied,
    };
  });
}

/** C-5: the newest of each order, with the version by which a site says that it carries it out. */
export async function readSuspensionRows(database: Connection): Promise<readonly ReportedSuspension[]> {
  const rows = await database.all<{ body: string; version: number }>(SUSPENSIONS);
  const newest = new Map<string, ReportedSuspension>();
  for (const { body, version } of rows) {
    const suspension = SuspensionSchema.parse(JSON.parse(body));
    newest.set(suspension.id, { ...suspension, version });
  }
  return [...newest.values()];
}
