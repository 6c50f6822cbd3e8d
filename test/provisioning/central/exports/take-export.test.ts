import { beforeAll, describe, expect, test } from 'vitest';
import { checkpointText, originOf, signNote } from '../../../../agent/evidence/checkpoint.ts';
import { erasedEntry } from '../../../../agent/evidence/export.ts';
import { rootOf, writeFrontier } from '../../../../agent/evidence/merkle.ts';
import { canonical } from '../../../../agent/model/canonical.ts';
import { topics } from '../../../../agent/model/messages.ts';
import { createCentralLoop } from '../../../../provisioning/central/central-loop.ts';
import { readMessage } from '../../../../provisioning/central/read-message.ts';
import { STORES } from '../stores.ts';
import {
  config,
  deviceVerifier,
  type ExportedBox,
  entriesOf,
  exportOf,
  exportWorld,
  openExportStore,
  playExportedBox,
  signing,
  treeOver,
} from './exported-box.ts';
import { NOW, takingsOn } from './takings.ts';

let box: ExportedBox;
beforeAll(() => {
  box = playExportedBox();
});
const whole = (): string => exportOf({ ...box, entries: entriesOf(box.bodies) });

describe.each(STORES)('relais central take-export on %s', (kind) => {
  const { take, contents, place } = takingsOn(kind, () => box.known);

  test('U-3, U-7, R-10: what the dead uplink kept back is taken, rated and countersigned as by MQTT; again, nothing happens', async () => {
    expect(box.held).toBeGreaterThan(50);
    expect(box.bodies.length).toBeGreaterThan(box.held + 50);
    const dry = await take(whole(), '--dry-run', '--json');
    expect(dry.status).toBe(0);
    expect((await contents()).bodies).toEqual(box.bodies.slice(0, box.held));

    const real = await take(whole(), '--json');
    expect({ ...JSON.parse(dry.said), dryRun: false }).toEqual(JSON.parse(real.said));
    expect(JSON.parse(real.said)).toMatchObject({
      so: 'taken',
      tally: { same: box.held, taken: { from: box.held + 1, to: box.bodies.length } },
    });
    expect(real.status).toBe(0);
    const after = await contents();
    expect(after.bodies).toEqual(box.bodies);
    expect(after.aside).toEqual([]);
    expect(after.signed).toEqual(box.checkpoints.map(({ size }) => size));
    const byMqtt = box.byMqtt.flatMap((row) =>
      row.keep === 'charge' && row.charge.seq <= box.bodies.length ? [row.charge] : [],
    );
    expect(after.report?.charges.map(({ seq, ticks, rule }) => [seq, ticks, rule])).toEqual(
      byMqtt.map(({ seq, ticks, rule }) => [seq, ticks, rule]),
    );
    expect(byMqtt.filter(({ seq, ticks }) => seq > box.held && ticks > 0).length).toBeGreaterThan(3);

    const again = await take(whole());
    expect(again.said).toContain(`already here, byte for byte: ${box.bodies.length} records`);
    expect(again.said).toContain('taken: no record');
    expect(again.status).toBe(0);
    expect(await contents()).toEqual(after);
  });

  test('D-2: another history from a held record on is set aside as a fork with both signatures, and nothing of it is taken', async () => {
    // Early enough for a second envelope of held records, which must not be looked at any more.
    const at = 5;
    expect(box.held).toBeGreaterThan(105);
    const bodies = otherFrom(at);
    const tree = treeOver(bodies.slice(0, box.held));
    const checkpoint = {
      origin: originOf(config.tenant, config.device.id, box.epoch),
      size: box.held,
      root: rootOf(tree, signing.digest),
    };
    const note = signNote(checkpointText(checkpoint), deviceVerifier, signing.sign);
    const other = exportOf({ ...box, entries: entriesOf(bodies), checkpoints: [{ size: box.held, note }] });
    const before = await contents();
    expect((await take(other, '--dry-run')).status).toBe(1);
    expect(await contents()).toEqual(before);
    const { status, said } = await take(other);
    expect(said).toContain(`FORKED: record ${at} is not the one that the central holds`);
    expect(said).toContain(`FORKED: the box signed another history of ${box.held} records`);
    expect(said).toContain(`already here, byte for byte: ${at - 1} records`);
    expect(said).toContain('taken: no record');
    expect(status).toBe(1);
    const after = await contents();
    expect(after.bodies).toEqual(box.bodies.slice(0, box.held));
    expect(after.aside).toEqual([{ seq: at, why: 'conflict' }]);
    expect(after.forks).toEqual([{ size: box.held, theirs: note }]);
  });

  test('U-4, U-7: what was erased on the box is held already; what stands behind a gap waits until it is there', async () => {
    const isHeld = ({ centralKey, size }: ExportedBox['checkpoints'][number]): boolean =>
      centralKey !== undefined && size <= box.held;
    const signed = box.checkpoints.findLast(isHeld)?.size ?? 0;
    expect(signed).toBeGreaterThan(0);
    const erased = box.bodies.map((body, index) => (index < signed ? erasedEntry(body, signing.digest) : { body }));
    const done = await take(exportOf({ ...box, entries: erased }), '--dry-run');
    expect(done.said).toContain(`would be taken: records ${box.held + 1} to ${box.bodies.length}`);
    expect(done.status).toBe(0);

    const gap = { from: box.held + 3, to: box.held + 4 };
    const entries = [
      ...entriesOf(box.bodies.slice(0, gap.from - 1)),
      { gap: { ...gap, tree: writeFrontier(treeOver(box.bodies)) } },
      ...entriesOf(box.bodies.slice(gap.to)),
    ];
    const checkpoints = box.checkpoints.filter(({ size }) => size < gap.from);
    const { status, said } = await take(exportOf({ ...box, entries, checkpoints }));
    expect(said).toContain(`taken: records ${box.held + 1} to ${gap.from - 1}`);
    const behind = box.bodies.length - gap.to;
    expect(said).toContain(`MISSING: records ${gap.from} to ${gap.to}; ${behind} records behind them`);
    expect(status).toBe(1);
    expect((await take(whole())).said).toContain(`taken: records ${gap.from} to ${box.bodies.length}`);
    expect((await contents()).bodies).toEqual(box.bodies);
  });

  test('C-3, U-7: SQLite is for one process, PostgreSQL is not: a running service goes on from what the file brought', async () => {
    const store = await openExportStore(place());
    const sent: { topic: string; payload: string }[] = [];
    const fail = (error: unknown): void => {
      throw error;
    };
    const send = (topic: string, payload: string): void => void sent.push({ topic, payload });
    const loop = createCentralLoop({ store, world: () => exportWorld, send, tell: () => undefined, fail });
    const on = topics(config.tenant, config.device.id);
    const say = async (from: number, count: number): Promise<unknown> => {
      const bodies = box.bodies.slice(from - 1, from - 1 + count);
      const payload = canonical({ device: config.device.id, epoch: box.epoch, from, bodies });
      loop.take(readMessage({ topic: on.records, payload, now: NOW }, exportWorld.book));
      await loop.settled();
      return JSON.parse(sent.at(-1)?.payload ?? '');
    };
    expect(await say(box.held + 1, 1)).toMatchObject({ upTo: box.held + 1 });
    const { status, said } = await take(whole());
    if (kind === 'sqlite') {
      expect(said).toContain('a central runs on it, and SQLite is for one process: stop it');
      expect(status).toBe(2);
      expect(await say(box.held + 2, 1)).toMatchObject({ upTo: box.held + 2 });
    } else {
      expect(said).toContain(`taken: records ${box.held + 2} to ${box.bodies.length}`);
      expect(status).toBe(0);
      expect(await say(box.held + 2, 1)).toMatchObject({ upTo: box.bodies.length });
    }
    await store.close();
  });
});

/** The box’s history with another record at `from`, and every later one written after it, signed by the box all the same. */
function otherFrom(from: number): readonly string[] {
  const bodies = [...box.bodies];
  for (let seq = from; seq <= bodies.length; seq += 1) {
    const record = JSON.parse(bodies[seq - 1] ?? '');
    const prev = exportWorld.sha256hex(bodies[seq - 2] ?? '');
    bodies[seq - 1] = canonical({ ...record, prev, ...(seq === from ? { salt: 'f'.repeat(32) } : {}) });
  }
  return bodies;
}
