import { canonical } from '../../agent/model/canonical.ts';
import { never } from '../../agent/model/never.ts';
import type { Value } from './sqlite-connection.ts';
import type { Row } from './words.ts';

type Statement = { readonly sql: string; readonly values: readonly Value[] };

/** The statement that keeps a row. A record or a loan that is there already is a bug and ends the transaction. */
export function statementFor(row: Row): Statement {
  switch (row.keep) {
    case 'record':
      return insert('records', {
        device: row.device,
        epoch: row.epoch,
        seq: row.seq,
        hash: row.hash,
        body: row.body,
        at: row.at,
      });
    case 'charge':
      return chargeStatement(row);
    case 'hold':
      return {
        sql: 'UPDATE charges SET held = 1 WHERE device = ? AND epoch = ? AND seq = ?',
        values: [row.device, row.epoch, row.seq],
      };
    case 'aside': {
      const { keep: _keep, ...columns } = row;
      return insert('aside', columns, 'OR IGNORE');
    }
    case 'loan':
      return loanStatement(row);
    case 'return':
      return {
        sql: 'UPDATE loans SET returned_ticks = ?, returned_bundle_seconds = ? WHERE id = ?',
        values: [row.returned.ticks, row.returned.bundleSeconds, row.lease],
      };
    case 'write-off':
      return writeOffStatement(row);
    case 'account':
      return insert('accounts', {
        account: row.account,
        cap_micro_euro: row.entry.capMicroEuro,
        cycle: row.entry.cycle,
        at: row.at,
      });
    case 'greeting': {
      const { device, epoch, size, software, configVersion } = row.hello;
      return insert('greetings', { device, epoch, size, software, config_version: configVersion, at: row.at }, REPLACE);
    }
    case 'device-key':
      return insert('device_keys', { device: row.device, key: row.key, at: row.at });
    case 'countersignature': {
      const { keep: _keep, ...columns } = row;
      return insert('countersignatures', columns);
    }
    case 'fork': {
      const { keep: _keep, ...columns } = row;
      return insert('forks', columns, 'OR IGNORE');
    }
    case 'telemetry':
      return insert('telemetry', { device: row.telemetry.device, body: canonical(row.telemetry), at: row.at }, REPLACE);
    default:
      return never(row);
  }
}

const REPLACE = 'OR REPLACE';

function chargeStatement({ charge, account, cycle, configVersion }: Extract<Row, { keep: 'charge' }>): Statement {
  return insert('charges', {
    device: charge.device,
    epoch: charge.epoch,
    seq: charge.seq,
    account,
    cycle,
    config_version: configVersion,
    call: charge.call,
    class: charge.class,
    called: charge.called,
    bundle_seconds: charge.bundleSeconds,
    paid_seconds: charge.paidSeconds,
    ticks: charge.ticks,
    rule: charge.rule,
    article: charge.article,
  });
}

function loanStatement({ loan, at }: Extract<Row, { keep: 'loan' }>): Statement {
  const { lease, device, epoch, request, grantedAfter } = loan;
  return insert('loans', {
    id: lease.id,
    account: lease.account,
    cycle: lease.cycle,
    ticks: lease.ticks,
    bundle_seconds: lease.bundleSeconds,
    device,
    epoch,
    request,
    granted_after: grantedAfter,
    at,
  });
}

function writeOffStatement({ writeOff, at }: Extract<Row, { keep: 'write-off' }>): Statement {
  const { id, account, cycle, device, epoch, size, leases, ticks, bundleSeconds, by, why } = writeOff;
  return insert('write_offs', {
    ...{ id, account, cycle, device, epoch, size, ticks },
    bundle_seconds: bundleSeconds,
    leases: JSON.stringify(leases),
    ...{ by, why, at },
  });
}

function insert(table: string, columns: Readonly<Record<string, Value>>, otherwise = ''): Statement {
  const names = Object.keys(columns);
  const marks = names.map(() => '?').join(', ');
  return {
    sql: `INSERT ${otherwise} INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${marks})`,
    values: Object.values(columns),
  };
}
