import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkpointText,
  cosignedAt,
  deviceKey,
  openCheckpoint,
  originOf,
  signNote,
} from '../../../agent/evidence/checkpoint.ts';
import { EMPTY_FRONTIER, grow, leafHash, rootOf } from '../../../agent/evidence/merkle.ts';
import { writeVerifierKey } from '../../../agent/evidence/note.ts';
import { canonical } from '../../../agent/model/canonical.ts';
import { CountersignedSchema, topics } from '../../../agent/model/messages.ts';
import type { CentralCore, CentralMessage } from '../../../provisioning/central/central-core.ts';
import type { StorePlace } from '../../../provisioning/central/store/open-store.ts';
import { openWitness, witnessOf } from '../../../provisioning/central/witness-key.ts';
import { check, digest, keyFrom } from '../../agent/evidence/crypto.ts';
import { account, createCentral, NOW, sendAll, tell, world } from './central.ts';
import { open, refolded, run, take } from './durable-central.ts';
import { createSite, type Site } from './site.ts';
import { meddle } from './stores.ts';
import { begun } from './wire.ts';

const TENANT = 'example-operator';
const DEVICE = 'relais-0001';
const KEY = keyFrom(digest(Uint8Array.of(1)));
const OTHER = keyFrom(digest(Uint8Array.of(2)));
const own = deviceKey(TENANT, DEVICE, KEY.publicKey, digest);
const on = topics(TENANT, DEVICE);

const hello = (site: Site, key: string | undefined = writeVerifierKey(own)): CentralMessage => {
  const said = JSON.parse(site.hello().payload);
  return { topic: on.hello, payload: canonical(key === undefined ? said : { ...said, deviceKey: key }) };
};

function noteOver(bodies: readonly string[], epoch: string, sign = KEY.sign): string {
  const tree = bodies.reduce((frontier, body) => grow(frontier, leafHash(body, digest), digest), EMPTY_FRONTIER);
  const origin = originOf(TENANT, DEVICE, epoch);
  return signNote(checkpointText({ origin, size: bodies.length, root: rootOf(tree, digest) }), own, sign);
}

const checkpointOf = (
  site: Site,
  size: number,
  note = noteOver(site.bodies.slice(0, size), site.epoch),
): CentralMessage => ({
  topic: on.checkpoint,
  payload: canonical({ device: DEVICE, epoch: site.epoch, size, note }),
});

const answers = (messages: readonly CentralMessage[]) =>
  messages
    .filter(({ topic }) => topic === on.countersigned)
    .map(({ payload }) => CountersignedSchema.parse(JSON.parse(payload)));

function met(calls = 6): readonly [CentralCore, Site] {
  const central = createCentral();
  const site = begun();
  for (let call = 0; call < calls; call += 1) site.call(`c${call}`, '0172345678', 60);
  tell(central, hello(site));
  for (let from = 1; from <= site.bodies.length; from += 100) tell(central, site.records(from, 100));
  return [central, site];
}

describe('the central countersigns (U-3)', () => {
  test('what its own records come to, with its time; the same question has the same answer', () => {
    const [central, site] = met();
    const [first] = answers(tell(central, checkpointOf(site, 5)));
    const open = openCheckpoint(first?.note ?? '', own, check);
    expect(open?.checkpoint.size).toBe(5);
    expect(open && cosignedAt(open.note, world.witness.key, check)).toBe(NOW / 1_000);
    expect(first?.key).toBe(writeVerifierKey(world.witness.key));
    const rows = central.rows('countersignature').length;
    expect(answers(central.receive({ ...checkpointOf(site, 5), now: NOW + 60_000 }))).toEqual([first]);
    expect(central.rows('countersignature')).toHaveLength(rows);
  });

  test('not before it holds the records, and says nothing until then', () => {
    const central = createCentral();
    const site = begun();
    tell(central, hello(site));
    tell(central, site.records(1, 2));
    expect(tell(central, checkpointOf(site, 3))).toEqual([]);
    sendAll(central, site);
    expect(answers(tell(central, checkpointOf(site, 3)))).toMatchObject([{ size: 3 }]);
  });

  test('never a smaller tree after a larger one: it answers with the larger', () => {
    const [central, site] = met();
    const [large] = answers(tell(central, checkpointOf(site, 6)));
    expect(answers(tell(central, checkpointOf(site, 4)))).toEqual([large]);
    expect(central.rows('countersignature').map(({ size }) => size)).toEqual([6]);
  });

  test('in times that never run backwards, whatever its clock does', () => {
    const [central, site] = met();
    tell(central, checkpointOf(site, 4));
    central.receive({ ...checkpointOf(site, 5), now: NOW - 3_600_000 });
    expect(central.rows('countersignature').map(({ at }) => at)).toEqual([NOW / 1_000, NOW / 1_000]);
  });
});

describe('a device that contradicts the records (U-3, D-2)', () => {
  const forgedBodies = (site: Site): readonly string[] =>
    site.bodies.with(2, (site.bodies[2] ?? '').replace('"cycle":1', '"cycle":2')).slice(0, 5);

  test('is set aside as a fork with both checkpoints, and nothing of it is countersigned any more', () => {
    const [central, site] = met();
    const [honest] = answers(tell(central, checkpointOf(site, 4)));
    const forged = noteOver(forgedBodies(site), site.epoch);
    expect(answers(tell(central, checkpointOf(site, 5, forged)))).toMatchObject([{ size: 5, note: null }]);
    expect(central.rows('fork')).toMatchObject([{ device: DEVICE, size: 5, ours: honest?.note, theirs: forged }]);
    expect(central.warnings()).toMatchObject([{ of: 'checkpoint-forked', size: 5 }]);
    expect(answers(tell(central, checkpointOf(site, 6)))).toMatchObject([{ note: null }]);
    expect(central.rows('countersignature')).toHaveLength(1);
    // Another life of the same device is another log.
    const next = createSite(DEVICE, '00000000000000bb');
    next.write({ kind: 'epoch-opened', reason: 'central-disagrees' });
    tell(central, hello(next));
    sendAll(central, next);
    expect(answers(tell(central, checkpointOf(next, 1)))[0]?.note).toBeTypeOf('string');
  });

  test('also at a size that was countersigned already', () => {
    const [central, site] = met();
    const [honest] = answers(tell(central, checkpointOf(site, 5)));
    tell(central, checkpointOf(site, 5, noteOver(forgedBodies(site), site.epoch)));
    expect(central.rows('fork')).toMatchObject([{ ours: honest?.note }]);
  });

  test.each([
    [
      'signed by another key',
      (site: Site) => checkpointOf(site, 5, noteOver(site.bodies.slice(0, 5), site.epoch, OTHER.sign)),
    ],
    [
      'of another size than it says',
      (site: Site) => checkpointOf(site, 4, noteOver(site.bodies.slice(0, 5), site.epoch)),
    ],
    ['of another log', (site: Site) => checkpointOf(site, 5, noteOver(site.bodies.slice(0, 5), '00000000000000bb'))],
    ['that is no note', (site: Site) => checkpointOf(site, 5, 'hello\n')],
  ])('but a checkpoint %s proves nothing and is refused', (_, message) => {
    const [central, site] = met();
    expect(tell(central, message(site))).toEqual([]);
    expect(central.warnings()).toMatchObject([{ of: 'checkpoint-refused' }]);
    expect(central.rows('fork')).toEqual([]);
    expect(answers(tell(central, checkpointOf(site, 5)))[0]?.note).toBeTypeOf('string');
  });
});

describe('the key of a device (D-3)', () => {
  const otherKey = writeVerifierKey(deviceKey(TENANT, DEVICE, OTHER.publicKey, digest));

  test('is the first that it names; another is refused and reported', () => {
    const [central, site] = met();
    tell(central, hello(site, otherKey));
    expect(central.state().deviceKeys[DEVICE]).toBe(writeVerifierKey(own));
    expect(central.warnings()).toEqual([{ of: 'device-key-refused', device: DEVICE, key: otherKey }]);
    expect(central.rows('device-key')).toHaveLength(1);
  });

  test.each([
    ['no key', undefined],
    ['nonsense', 'not a key'],
    ['the key of another device', writeVerifierKey(deviceKey(TENANT, 'relais-0002', OTHER.publicKey, digest))],
  ])('is not %s', (_, key) => {
    const central = createCentral();
    const site = begun();
    tell(central, hello(site, key ?? ''));
    sendAll(central, site);
    expect(central.state().deviceKeys).toEqual({});
    expect(tell(central, checkpointOf(site, 3))).toEqual([]);
    expect(central.warnings().at(-1)).toMatchObject({ of: 'checkpoint-refused', why: 'the device has named no key' });
  });
});

describe('kept on disk (U-3, U-7)', () => {
  let directory: string;
  const place = (): StorePlace => ({ kind: 'sqlite', directory });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'relais-witness-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('a central that is started again after each message answers as one that never stopped, and remembers a fork', async () => {
    const [steady, site] = met(160);
    const messages = [2, 7, 150, site.bodies.length].map((size) => checkpointOf(site, size));
    const forged = checkpointOf(site, 9, noteOver(site.bodies.slice(1, 10), site.epoch));
    const wanted = [...messages, forged, ...messages].map((message) => answers(tell(steady, message)));
    const first = await run(place());
    first.loop.take({
      on: 'account-changed',
      account: 'boulangerie-martin',
      entry: { capMicroEuro: 1, cycle: 1 },
      now: NOW,
    });
    await take(first, hello(site));
    for (let from = 1; from <= site.bodies.length; from += 100) await take(first, site.records(from, 100));
    await first.store.close();
    const said: unknown[] = [];
    for (const message of [...messages, forged, ...messages]) {
      const running = await run(place());
      await take(running, message);
      said.push(answers(running.sent));
      expect(await refolded(running.store)).toEqual(running.loop.stateOf(account));
      await running.store.close();
    }
    expect(said).toEqual(wanted);
    const database = await meddle(place());
    expect(await database.all('SELECT size, theirs FROM forks')).toHaveLength(1);
    await database.close();
    const store = await open(place());
    expect((await refolded(store)).forked).toEqual({ [`${DEVICE}/${site.epoch}`]: 9 });
    await store.close();
  });

  test("the central's key is made once, with its public half beside it", () => {
    const first = openWitness(directory);
    expect(openWitness(directory).key).toEqual(first.key);
    const message = Uint8Array.of(1);
    expect(first.verify(first.key.publicKey, message, first.sign(message))).toBe(true);
    expect(() => witnessOf('no key', 'central.key')).toThrow(/evidence\.key.*central\.key/);
  });
});
