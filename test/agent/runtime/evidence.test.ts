import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EMPTY_FRONTIER, grow, leafHash, writeFrontier } from '../../../agent/evidence/merkle.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { type Evidence, openEvidence } from '../../../agent/runtime/evidence.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createLife } from '../../../hw-sim/site/life.ts';
import { createSimCheckpoints } from '../../../hw-sim/site/sim-checkpoint-store.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { createSimDisk } from '../../../hw-sim/site/sim-record-store.ts';
import { createSimStartPoint } from '../../../hw-sim/site/sim-start-point.ts';
import { siteConfig } from '../../example-site.ts';
import { check, digest, keyFrom } from '../evidence/crypto.ts';

const config = siteConfig();
const contract = contractOf(config);
const LATENCY = { least: millis(1), most: millis(9) };
/** The tree over these takes three readings of the store. */
const RECORDS = 1_200;

/** A ledger with many records that no checkpoint covers, and its evidence just begun. */
function bench(seed: string) {
  const clock = createSimClock(millis(0));
  const random = createSimRandom(seed);
  const disk = createSimDisk(clock, random.fork('disk'), LATENCY);
  const checkpoints = createSimCheckpoints(clock, random.fork('checkpoints'), LATENCY);
  const life = createLife(1, 'boot');
  const ports = {
    store: disk.open(life),
    startPoint: createSimStartPoint(),
    checkpoints: checkpoints.open(life),
    signing: { ...keyFrom(digest(Uint8Array.of(1))), verify: check, digest },
    clock,
    random,
    sha256: (text: string) => createHash('sha256').update(text, 'utf8').digest('hex'),
    boot: { id: 'boot', software: 'relais test', quality: () => 'synced' as const },
    journal: { step: () => undefined, fault: () => undefined },
  };
  const turns = createTurns();
  const parts: { ledger?: Ledger; evidence?: Evidence } = {};
  const grown = (size: number): void => parts.evidence?.grown(size);
  const needs = { ports, turns, device: config.device.id, contract, basis: '', changed: () => undefined, grown };
  openLedger(needs, (ledger) => {
    parts.ledger = ledger;
  });
  const { ledger } = parts;
  if (ledger === undefined) throw new Error('an empty store opens at once');
  for (let cycle = 1; cycle < RECORDS; cycle += 1) ledger.append({ kind: 'cycle-opened', cycle });
  clock.advance(seconds(5));
  openEvidence({ config, ports, turns, ledger, publish: () => undefined }, (evidence) => {
    parts.evidence = evidence;
  });
  return { clock, disk, checkpoints, turns, ledger, parts };
}

describe('U-3, U-7: the epoch ends while its tree is being computed', () => {
  it('comes to nothing at whatever instant, and the tree of the new epoch is over its records alone', () => {
    const signedBefore = new Set<number>();
    for (let late = 0; late < 40; late += 1) {
      const { clock, disk, checkpoints, turns, ledger, parts } = bench(`epoch ${late}`);
      clock.advance(millis(late));
      const old = ledger.epoch();
      turns(() => {
        ledger.beginAgain('central-disagrees');
        parts.evidence?.epochBegan();
      });
      clock.advance(minutes(20));
      expect(disk.aside()).toMatchObject([{ reason: 'central-disagrees', epoch: old }]);
      signedBefore.add(checkpoints.rows().filter(({ epoch }) => epoch === old).length);
      const fresh = checkpoints.rows().filter(({ epoch }) => epoch === ledger.epoch());
      const tree = disk.rows().reduce((at, { body }) => grow(at, leafHash(body, digest), digest), EMPTY_FRONTIER);
      expect(fresh.map(({ size, frontier }) => [size, frontier])).toEqual([[disk.rows().length, writeFrontier(tree)]]);
    }
    // Some ended before their checkpoint was kept, some after.
    expect([...signedBefore].toSorted()).toEqual([0, 1]);
  });

  it('who waits for the sleep of the evidence is told all the same', () => {
    for (let late = 10; late < 30; late += 1) {
      const { clock, turns, ledger, parts } = bench(`sleep ${late}`);
      let asleep = 0;
      clock.advance(millis(late));
      turns(() => {
        parts.evidence?.sleep(() => {
          asleep += 1;
        });
      });
      turns(() => {
        ledger.beginAgain('central-disagrees');
        parts.evidence?.epochBegan();
      });
      clock.advance(minutes(1));
      expect(asleep).toBe(1);
    }
  });
});
