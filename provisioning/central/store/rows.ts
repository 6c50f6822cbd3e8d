import { canonical } from '../../../agent/model/canonical.ts';
import { never } from '../../../agent/model/never.ts';
import type { Row } from '../words.ts';
import type { Value } from './connection.ts';
import type { TableName } from './tables.ts';

type Columns = Readonly<Record<string, Value>>;

/** Where a row goes: into a table, or into what stands there already. */
export type Keeping =
  | { readonly into: TableName; readonly columns: Columns }
  | { readonly change: TableName; readonly set: Columns; readonly where: Columns };

/** The one place that says what becomes of each kind of row, in both databases; `TABLES` says what the tables are. */
export function keepingOf(row: Row): Keeping {
  switch (row.keep) {
    case 'record': {
      const { device, epoch, seq, hash, body, at } = row;
      return { into: 'records', columns: { device, epoch, seq, hash, body, at } };
    }
    case 'charge':
      return charged(row);
    case 'hold': {
      const { keep: _keep, ...where } = row;
      return { change: 'charges', set: { held: 1 }, where };
    }
    case 'aside': {
      const { keep: _keep, ...columns } = row;
      return { into: 'aside', columns };
    }
    case 'loan':
      return lent(row);
    case 'return': {
      const { ticks, bundleSeconds } = row.returned;
      const set = { returned_ticks: ticks, returned_bundle_seconds: bundleSeconds };
      return { change: 'loans', set, where: { id: row.lease } };
    }
    case 'write-off':
      return writtenOff(row);
    case 'account': {
      const { capMicroEuro, cycle } = row.entry;
      return { into: 'accounts', columns: { cap_micro_euro: capMicroEuro, cycle, at: row.at } };
    }
    case 'greeting': {
      const { device, epoch, size, software, configVersion } = row.hello;
      const columns = { device, epoch, size, software, config_version: configVersion, at: row.at };
      return { into: 'greetings', columns };
    }
    case 'device-key':
      return { into: 'device_keys', columns: { device: row.device, key: row.key, at: row.at } };
    case 'countersignature': {
      const { device, epoch, size, root, frontier, note, at } = row;
      return { into: 'countersignatures', columns: { device, epoch, size, root, frontier, note, at } };
    }
    case 'fork': {
      const { keep: _keep, ...columns } = row;
      return { into: 'forks', columns };
    }
    case 'suspension': {
      const columns = { id: row.suspension.id, body: canonical(row.suspension), at: row.at };
      return { into: 'suspensions', columns };
    }
    case 'suspension-applied':
      return { into: 'suspensions_applied', columns: { device: row.device, version: row.version, at: row.at } };
    case 'trouble': {
      const columns = { device: row.device, kind: row.of, count: 1, what: row.what, first_at: row.at, last_at: row.at };
      return { into: 'troubles', columns };
    }
    case 'telemetry': {
      const columns = { device: row.telemetry.device, body: canonical(row.telemetry), at: row.at };
      return { into: 'telemetry', columns };
    }
    default:
      return never(row);
  }
}

function charged({ charge, cycle, configVersion }: Extract<Row, { keep: 'charge' }>): Keeping {
  const { device, epoch, seq, call, called, ticks, rule, article } = charge;
  const columns = {
    ...{ device, epoch, seq, cycle, config_version: configVersion, call, class: charge.class, called },
    ...{ bundle_seconds: charge.bundleSeconds, paid_seconds: charge.paidSeconds, ticks, rule, article, held: 0 },
  };
  return { into: 'charges', columns };
}

function writtenOff({ writeOff, at }: Extract<Row, { keep: 'write-off' }>): Keeping {
  const { id, cycle, device, epoch, size, leases, ticks, bundleSeconds, by, why } = writeOff;
  const columns = {
    ...{ id, cycle, device, epoch, size, leases: JSON.stringify(leases), ticks },
    ...{ bundle_seconds: bundleSeconds, given_by: by, why, at },
  };
  return { into: 'write_offs', columns };
}

function lent({ loan, at }: Extract<Row, { keep: 'loan' }>): Keeping {
  const { lease, device, epoch, request, grantedAfter, returned } = loan;
  const columns = {
    ...{ id: lease.id, cycle: lease.cycle, ticks: lease.ticks, bundle_seconds: lease.bundleSeconds },
    ...{ device, epoch, request, granted_after: grantedAfter, at },
    ...{ returned_ticks: returned.ticks, returned_bundle_seconds: returned.bundleSeconds },
  };
  return { into: 'loans', columns };
}
