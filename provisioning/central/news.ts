import type { Telemetry } from '../../agent/model/messages.ts';
import type { CentralEffect, Row } from './words.ts';

/** One line of the log: a constant message and its fields. Numbers called and secrets are in none of them. */
export type NewsLine = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
};

/** What a step did, in the words of the log; the records of one message are one line. */
export function newsOf(effects: readonly CentralEffect[]): readonly NewsLine[] {
  const rows = effects.flatMap((effect) => (effect.do === 'keep' ? [effect.row] : []));
  return [...received(rows), ...rows.flatMap(lineOf), ...effects.flatMap(warningOf)];
}

function received(rows: readonly Row[]): readonly NewsLine[] {
  const records = rows.filter((row) => row.keep === 'record');
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return [];
  const { device, epoch, seq: from } = first;
  return [info('records received', { device, epoch, from, upTo: last.seq, count: records.length })];
}

function lineOf(row: Row): readonly NewsLine[] {
  switch (row.keep) {
    case 'charge': {
      const { device, epoch, seq, class: destination, bundleSeconds, paidSeconds, ticks } = row.charge;
      const { account, cycle } = row;
      return [
        info('charge', { device, epoch, seq, account, cycle, class: destination, bundleSeconds, paidSeconds, ticks }),
      ];
    }
    case 'loan': {
      const { device, request, lease } = row.loan;
      const { account, cycle, ticks, bundleSeconds } = lease;
      return [info('lease granted', { device, request, account, cycle, ticks, bundleSeconds })];
    }
    case 'return':
      return [info('lease returned', { lease: row.lease, ...row.returned })];
    case 'write-off': {
      const { device, epoch, account, cycle, ticks, bundleSeconds, by, why } = row.writeOff;
      return [info('credit written off', { device, epoch, account, cycle, ticks, bundleSeconds, by, why })];
    }
    case 'account':
      return [info('account changed', { account: row.account, ...row.entry })];
    case 'greeting': {
      const { device, epoch, size, software, configVersion } = row.hello;
      return [info('device greeted', { device, epoch, size, software, configVersion })];
    }
    case 'telemetry':
      return [info('telemetry', sightOf(row.telemetry))];
    case 'device-key':
      return [info('device key learned', { device: row.device, key: row.key })];
    case 'countersignature':
      return [info('checkpoint countersigned', { device: row.device, epoch: row.epoch, size: row.size })];
    case 'suspension': {
      const { id, account, scope, reason, lifted } = row.suspension;
      const done = lifted === undefined ? 'suspension ordered' : 'suspension lifted';
      return [info(done, { id, account, scope, reason })];
    }
    case 'suspension-applied':
      return [info('suspensions carried out', { device: row.device, version: row.version })];
    case 'fork':
    case 'record':
    case 'hold':
    case 'aside':
    case 'trouble':
      return [];
  }
}

/** What the box sees, in words for the log. */
function sightOf({ device, links, calls, modem, power, inventory }: Telemetry): NewsLine['fields'] {
  return {
    device,
    links: links.map(({ name, answered, lost }) => `${name} ${answered}/${answered + lost}`).join(', '),
    calls,
    modem: modem === null ? 'silent' : `${modem.rssiDbm ?? '?'} dBm`,
    power: power === null ? 'silent' : `${power.mains ? 'mains' : 'battery'}, ${power.batteryPercent} %`,
    devices: inventory.length,
  };
}

function warningOf(effect: CentralEffect): readonly NewsLine[] {
  if (effect.do !== 'warn') return [];
  const { of, ...fields } = effect.warning;
  return [{ level: 'warn', message: of.replaceAll('-', ' '), fields }];
}

const info = (message: string, fields: NewsLine['fields']): NewsLine => ({ level: 'info', message, fields });
