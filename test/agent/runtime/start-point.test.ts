import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import { eraseBody, erasedHash } from '../../../agent/model/erased.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';
import type { StartPointStore } from '../../../agent/ports/start-point-store.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createLife, createLifeClock } from '../../../hw-sim/site/life.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../../hw-sim/site/sim-record-store.ts';
import { createSimStartPoint } from '../../../hw-sim/site/sim-start-point.ts';
import { siteConfig } from '../../example-site.ts';
import { callEnded } from '../../hw-sim/power-cut/box.ts';

const contract = contractOf(siteConfig());
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** A box that outlives its agents; `reads` tells how many records each start has read. */
function box() {
  const clock = createSimClock(millis(Date.UTC(2026, 10, 22)));
  const random = createSimRandom('start point');
  const disk = createSimDisk(clock, random.fork('disk'), { least: millis(1), most: millis(2) });
  const startPoint = createSimStartPoint();
  let life = createLife(0, 'boot');
  return {
    ...{ clock, startPoint },
    live(more: { basis?: string; point?: StartPointStore; spoil?: (row: StoredRecord) => StoredRecord } = {}) {
      life.end();
      disk.crash();
      life = createLife(life.number + 1, 'boot');
      const store = disk.open(life);
      let read = 0;
      const spoiled: RecordStore = {
        ...store,
        read: (from, limit, done) =>
          store.read(from, limit, (rows) => {
            read += rows.length;
            done(more.spoil ? rows.map(more.spoil) : rows);
          }),
      };
      const ports = {
        ...{
          store: spoiled,
          startPoint: more.point ?? startPoint,
          clock: createLifeClock(clock, life, millis(0)),
          random: random.fork(`life ${life.number}`),
          sha256,
        },
        boot: { id: 'boot', software: 'relais test', quality: () => 'synced' as const },
        journal: { step: () => undefined, fault: () => undefined },
      };
      const quiet = () => undefined;
      const needs = { ports, turns: createTurns(), device: 'relais-0001', contract, basis: more.basis ?? 'same' };
      let opened: Ledger | undefined;
      openLedger({ ...needs, changed: quiet, grown: quiet }, (ledger) => {
        opened = ledger;
      });
      clock.advance(seconds(3));
      if (opened === undefined) throw new Error('the ledger did not open');
      const atStart = read;
      return { ledger: opened, atStart };
    },
  };
}

function fill(ledger: Ledger, clock: ReturnType<typeof box>['clock'], count: number): void {
  for (let call = 0; call < count; call += 1) ledger.append(callEnded(call));
  clock.advance(seconds(30));
}

const seen = (ledger: Ledger): string =>
  canonical({
    account: ledger.account(),
    ...ledger.durable(),
    open: [...ledger.openCalls()],
    leases: ledger.leasesReceived(),
  });

function filled() {
  const world = box();
  const { ledger } = world.live();
  fill(ledger, world.clock, 2_000);
  // What no credit depends on any more may be erased: everything before the open cycle.
  ledger.append({ kind: 'cycle-opened', cycle: 1 });
  fill(ledger, world.clock, 3_000);
  ledger.stop();
  return { ...world, was: seen(ledger) };
}

describe('U-1, U-3: a start from a start point', () => {
  it('reads one record instead of all, and comes to the very same', () => {
    const { live, was } = filled();
    const { ledger, atStart } = live();
    // The recheck has begun by now: a few hundred of its records are among them.
    expect(atStart).toBeLessThan(5_000);
    expect(seen(ledger)).toBe(was);
    ledger.stop();
  });

  it.each([
    ['of another configuration', (text: string) => text, 'other'],
    ['with a turned bit', (text: string) => text.replace('"size":5', '"size":6'), 'same'],
    ['that is cut off', (text: string) => text.slice(0, 300), 'same'],
  ])('goes on from the first record with a point %s', (_, spoil, basis) => {
    const { live, was, startPoint } = filled();
    startPoint.keep(spoil(startPoint.read() ?? ''));
    const { ledger, atStart } = live({ basis });
    expect(atStart).toBeGreaterThanOrEqual(5_000);
    expect(seen(ledger)).toBe(was);
    ledger.stop();
  });

  it('records before it that were altered are found while the agent works; the next start sets the store aside', () => {
    const { live, clock, startPoint } = filled();
    const spoil = (row: StoredRecord): StoredRecord =>
      row.seq === 3_000 ? { ...row, body: row.body.replace('"seconds":60', '"seconds":61') } : row;
    const { ledger } = live({ spoil });
    const epoch = ledger.epoch();
    expect(() => clock.advance(minutes(5))).toThrow(/ledger\.damaged.*3000/);
    expect(startPoint.read()).toBeUndefined();
    expect(live({ spoil }).ledger.epoch()).not.toBe(epoch);
  });

  it('U-4: erased records before it are no damage', () => {
    const { live, clock, was } = filled();
    const spoil = (row: StoredRecord): StoredRecord =>
      row.seq > 1 && row.seq < 2_000 && erasedHash(row.body) === undefined
        ? { ...row, body: eraseBody(row.body, sha256) }
        : row;
    const { ledger } = live({ spoil });
    clock.advance(minutes(5));
    expect(seen(ledger)).toBe(was);
    ledger.stop();
  });
});
