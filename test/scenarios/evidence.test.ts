import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifier } from '../../agent/edge/device-key.ts';
import { cosignedAt, openCheckpoint } from '../../agent/evidence/checkpoint.ts';
import { EMPTY_FRONTIER, type Frontier, grow, leafHash, rootOf, writeFrontier } from '../../agent/evidence/merkle.ts';
import { readVerifierKey, type VerifierKey } from '../../agent/evidence/note.ts';
import { eraseBody, erasedHash } from '../../agent/model/erased.ts';
import { CountersignedSchema, topics } from '../../agent/model/messages.ts';
import { hours, millis, minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import { playDay } from '../../hw-sim/site/play-day.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { trafficDay } from '../../hw-sim/site/traffic-day.ts';

const config = exampleSite();
const device = config.device.id;
const PHONES = ['front', 'back', 'shop'] as const;
const BAD_BROKER = { loss: 0.25, duplicate: 0.25, late: 0.25, lateBy: seconds(40) };

function begin(seed: string, calls = 120): WholeSite {
  const whole = createWholeSite({ seed, config });
  const plan = trafficDay({ seed, calls, phones: PHONES, mainLink: 'main', secondLink: 'second', incidents: false });
  playDay(whole.site, plan, { agentStarts: whole.adopt, central: () => undefined });
  whole.start();
  return whole;
}

function keyOf(written: string | undefined): VerifierKey {
  const key = readVerifierKey(written ?? '', verifier.digest);
  if (key === undefined) throw new Error(`not a key: ${written}`);
  return key;
}

const treeOf = (bodies: readonly string[]): Frontier =>
  bodies.reduce((tree, body) => grow(tree, leafHash(body, verifier.digest), verifier.digest), EMPTY_FRONTIER);
const frontierAt = (whole: WholeSite, size: number): Frontier =>
  treeOf(whole.site.disk.rows().flatMap(({ seq, body }) => (seq <= size ? [body] : [])));
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Every checkpoint of the box: the root of its own records, signed by it, countersigned by the central, and kept there too. */
function expectAllCountersigned(whole: WholeSite): number {
  const kept = whole.site.checkpoints.rows();
  const theirs = new Map(whole.central.rows('countersignature').map((row) => [row.size, row]));
  const deviceKey = keyOf(whole.central.state().deviceKeys[device]);
  for (const { size, note, frontier, centralKey } of kept) {
    const open = openCheckpoint(note, deviceKey, verifier.verify);
    const tree = frontierAt(whole, size);
    expect(open?.checkpoint.size).toBe(size);
    expect(open && Buffer.from(open.checkpoint.root).equals(rootOf(tree, verifier.digest))).toBe(true);
    expect(frontier).toBe(writeFrontier(tree));
    expect(open && cosignedAt(open.note, keyOf(centralKey), verifier.verify)).toBeGreaterThan(1_790_000_000);
    expect(theirs.get(size)?.note).toBe(note);
  }
  return kept.length;
}

describe('U-3: checkpoints in simulated time', () => {
  it.each(['e1', 'e2', 'e3', 'e4'])(
    'day %s with messages lost, doubled and late, sixty deaths of the agent: every checkpoint is countersigned in the end',
    (seed) => {
      const whole = begin(seed);
      const { clock, broker } = whole.site;
      const dice = createSimRandom(`deaths/${seed}`);
      broker.behave(BAD_BROKER);
      clock.advance(hours(7));
      for (let death = 0; death < 60; death += 1) {
        clock.advance(millis(Math.floor(dice.fraction() * minutes(18))));
        if (dice.chance(0.2)) whole.site.powerCut();
        else whole.site.kill();
        clock.advance(millis(Math.floor(dice.fraction() * seconds(20))));
        whole.start();
        whole.setCentral(dice.chance(0.8));
        if (dice.chance(0.1)) broker.cut();
        else broker.mend();
      }
      broker.mend();
      whole.setCentral(true);
      clock.runUntil(hours(26));
      expect(expectAllCountersigned(whole)).toBeGreaterThan(20);
      expect(whole.site.checkpoints.rows().at(-1)?.size).toBe(whole.site.disk.rows().length);
      expect(whole.central.rows('fork')).toEqual([]);
      expect(whole.central.warnings().filter(({ of }) => of.startsWith('checkpoint'))).toEqual([]);
    },
  );

  it('signs at the latest fifteen minutes after a record, and nothing while nothing happens', () => {
    const whole = begin('pace', 0);
    whole.site.clock.advance(minutes(16));
    const sizes = whole.site.checkpoints.rows().map(({ size }) => size);
    whole.site.clock.advance(hours(5));
    expect(whole.site.checkpoints.rows().map(({ size }) => size)).toEqual(sizes);
    expect(sizes.at(-1)).toBe(whole.site.disk.rows().length);
  });

  it('signs what has no checkpoint yet before it goes to sleep, and tells when that is kept', () => {
    const whole = begin('sleep');
    const { clock, checkpoints, disk } = whole.site;
    // Between two of its paces: it counts its data before it sleeps, which takes some milliseconds.
    clock.advance(millis(hours(12) - minutes(1)));
    let asleep = 0;
    const before = checkpoints.rows().length;
    expect(checkpoints.rows().at(-1)?.size).toBeLessThan(disk.rows().length);
    whole.sleep(() => {
      asleep = checkpoints.rows().length;
    });
    clock.advance(seconds(2));
    expect(asleep).toBe(before + 1);
    expect(checkpoints.rows().at(-1)?.size).toBe(disk.rows().length);
    clock.advance(hours(1));
    expect(checkpoints.rows()).toHaveLength(asleep);
  });

  it('falls asleep whenever it is told to, also while a checkpoint is being signed and records come', () => {
    const dice = createSimRandom('sleeps');
    const whole = createWholeSite({ seed: 'sleeps', config });
    const { clock, checkpoints, disk, voice } = whole.site;
    whole.start();
    let slept = 0;
    for (let life = 0; life < 100; life += 1) {
      clock.advance(millis(100));
      voice.place({
        id: `call ${life}`,
        direction: 'outgoing',
        phone: PHONES[life % 3] ?? 'front',
        far: '112',
        class: 'emergency',
        destiny: { answer: 'answers', ring: millis(30), talk: millis(40), hungUpBy: 'caller', patience: seconds(60) },
      });
      clock.advance(millis(Math.floor(dice.fraction() * 200)));
      whole.sleep(() => {
        slept += 1;
      });
      clock.advance(seconds(2));
      whole.adopt(whole.site.restart());
    }
    expect(slept).toBe(100);
    expect(disk.rows().length).toBeGreaterThan(250);
    expect(checkpoints.rows().length).toBeGreaterThan(100);
  });

  it('signs while the central is away, and has all of it countersigned in order when it is back', () => {
    const whole = begin('away');
    whole.site.clock.advance(hours(8));
    whole.site.broker.cut();
    whole.site.clock.advance(hours(8));
    const waiting = whole.site.checkpoints.rows().filter(({ centralKey }) => centralKey === undefined);
    expect(waiting.length).toBeGreaterThan(10);
    whole.site.broker.mend();
    whole.site.clock.advance(minutes(20));
    expectAllCountersigned(whole);
    const times = whole.central.rows('countersignature').map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('goes on when its file of checkpoints is lost: the tree is computed anew, and agrees', () => {
    const whole = begin('lost');
    const { clock, checkpoints, disk } = whole.site;
    clock.advance(hours(12));
    const before = checkpoints.rows().length;
    whole.site.kill();
    checkpoints.lose();
    whole.start();
    clock.runUntil(hours(26));
    expect(before).toBeGreaterThan(5);
    expectAllCountersigned(whole);
    expect(checkpoints.rows().at(-1)?.size).toBe(disk.rows().length);
    expect(whole.central.rows('fork')).toEqual([]);
  });

  it('refuses a countersignature that is not over a checkpoint of its own', () => {
    const whole = begin('forged', 0);
    const { clock, broker, checkpoints, journal } = whole.site;
    whole.setCentral(false);
    const on = topics(config.tenant, device);
    clock.advance(minutes(16));
    const [row] = checkpoints.rows();
    const other = begin('forged elsewhere', 0);
    other.site.clock.advance(minutes(20));
    const foreign = other.site.checkpoints.rows().find(({ centralKey }) => centralKey);
    const message = CountersignedSchema.parse({
      device,
      epoch: row?.epoch,
      size: row?.size,
      key: foreign?.centralKey,
      note: foreign?.note,
    });
    broker.sendDown(on.countersigned, JSON.stringify(message));
    broker.sendDown(on.countersigned, JSON.stringify({ ...message, note: row?.note }));
    clock.advance(minutes(1));
    expect(checkpoints.rows()).toEqual([row]);
    expect(
      journal.faults().filter(({ message: said }) => said.startsWith('a countersignature was refused')),
    ).toHaveLength(2);
  });

  it('U-4: goes on over erased records by the leaves that stand in their place, also from the first one', () => {
    const whole = begin('erased');
    const { clock, checkpoints, disk } = whole.site;
    clock.advance(hours(12));
    whole.site.kill();
    const upTo = checkpoints.rows().findLast(({ centralKey }) => centralKey)?.size ?? 0;
    const bodies = disk.rows().map(({ body }) => body);
    const isCall = (body: string): boolean => body.includes('"kind":"call-');
    for (const { seq, body } of disk.rows().slice(0, upTo)) if (isCall(body)) disk.alter(seq, eraseBody(body, sha256));
    expect(disk.rows().filter(({ body }) => erasedHash(body) !== undefined).length).toBeGreaterThan(20);
    checkpoints.lose();
    whole.start();
    clock.runUntil(hours(26));
    const last = checkpoints.rows().at(-1);
    const all = disk.rows().map(({ seq, body }) => bodies[seq - 1] ?? body);
    expect(last?.size).toBe(all.length);
    expect(last?.frontier).toBe(writeFrontier(treeOf(all)));
    expect(last?.centralKey).toBeDefined();
    expect(disk.aside()).toEqual([]);
    expect(whole.central.rows('fork')).toEqual([]);
  });

  it('U-7: begins anew with a new epoch, while the agent runs: its tree is over the records of that epoch alone', () => {
    const whole = begin('epochs');
    const { clock, checkpoints, disk } = whole.site;
    clock.advance(hours(9));
    const image = disk.rows().length;
    const old = disk.epoch();
    clock.advance(hours(3));
    whole.site.kill();
    disk.putBack(image);
    whole.start();
    clock.runUntil(hours(26));
    expect(disk.aside()).toMatchObject([{ reason: 'central-disagrees', epoch: old }]);
    const fresh = checkpoints.rows().filter(({ epoch }) => epoch === disk.epoch());
    expect(fresh.length).toBeGreaterThan(5);
    for (const { size, frontier, centralKey } of fresh) {
      expect(frontier).toBe(writeFrontier(frontierAt(whole, size)));
      expect(centralKey).toBeDefined();
    }
    expect(fresh.at(-1)?.size).toBe(disk.rows().length);
    expect(whole.central.rows('fork')).toEqual([]);
  });

  it('U-7: a full medium neither ends the agent nor keeps it awake; checkpoints go on when there is room again', () => {
    const whole = begin('no room');
    const { clock, checkpoints, disk } = whole.site;
    clock.advance(hours(8));
    checkpoints.setRoom(false);
    const before = checkpoints.rows().length;
    clock.advance(hours(2));
    expect(checkpoints.rows()).toHaveLength(before);
    checkpoints.setRoom(true);
    clock.advance(minutes(20));
    expect(checkpoints.rows().length).toBeGreaterThan(before);
    expectAllCountersigned(whole);
    checkpoints.setRoom(false);
    clock.advance(hours(1));
    let slept = false;
    whole.sleep(() => {
      slept = true;
    });
    clock.advance(minutes(1));
    expect(slept).toBe(true);
    checkpoints.setRoom(true);
    whole.adopt(whole.site.restart());
    clock.runUntil(hours(26));
    expectAllCountersigned(whole);
    expect(checkpoints.rows().at(-1)?.size).toBe(disk.rows().length);
  });
});
