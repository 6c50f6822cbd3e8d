/**
 * A cell under load: thousands of simulated devices, each with its own MQTT 5 connection and its own chain of records,
 * on a real Mosquitto and the real central. One JSON line a phase.
 *
 *   npm run build && node dist/hw-sim/bench/fleet.js [--devices 1000] [--store sqlite|postgres] [--calls 4]
 *                 [--day-seconds 60] [--connect-seconds 10] [--offline-calls 1] [--seed 1] [--directory DIR]
 *                 [--broker-only]
 *
 * Each device takes a file descriptor of this process and one of the broker: ulimit -n is the limit of --devices.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFleet } from '../fleet/measure-fleet.ts';
import { sqliteSeat } from '../soak/central-store.ts';
import { postgresSeat } from '../soak/postgres-seat.ts';

const options = {
  devices: { type: 'string', default: '1000' },
  store: { type: 'string', default: 'sqlite' },
  calls: { type: 'string', default: '4' },
  'day-seconds': { type: 'string', default: '60' },
  'connect-seconds': { type: 'string', default: '10' },
  'offline-calls': { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  directory: { type: 'string', default: tmpdir() },
  'broker-only': { type: 'boolean', default: false },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const number = (name: Exclude<keyof typeof options, 'store' | 'directory' | 'broker-only'>): number => {
    const value = Number(values[name]);
    if (Number.isFinite(value) && value >= 0) return value;
    throw new Error(`--${name} ${values[name]}: write a number of 0 or more`);
  };
  mkdirSync(values.directory, { recursive: true });
  const directory = mkdtempSync(join(values.directory, 'relais-fleet-'));
  // The store stays on a disk, wherever the registry lies: what the central promises has to be flushed.
  const home = mkdtempSync(join(tmpdir(), 'relais-fleet-store-'));
  const seat = values.store === 'postgres' ? await postgresSeat(home) : sqliteSeat(home);
  try {
    const { equal } = await measureFleet({
      directory,
      seat,
      devices: number('devices'),
      connectMs: number('connect-seconds') * 1_000,
      calls: number('calls'),
      dayMs: number('day-seconds') * 1_000,
      offlineCalls: number('offline-calls'),
      seed: number('seed'),
      whole: !values['broker-only'],
      hear: (phase, found) => process.stdout.write(`${JSON.stringify({ phase, ...found })}\n`),
    });
    return equal ? 0 : 1;
  } finally {
    await seat.close();
    for (const folder of [directory, home]) rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
