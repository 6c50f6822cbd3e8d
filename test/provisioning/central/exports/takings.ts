import { beforeEach, expect } from 'vitest';
import { checkStore } from '../../../../provisioning/central/check.ts';
import { readReport } from '../../../../provisioning/central/report.ts';
import type { StorePlace } from '../../../../provisioning/central/store/open-store.ts';
import type { Row } from '../../../../provisioning/central/words.ts';
import { central } from '../../../../provisioning/commands/central.ts';
import { meddle, placesFor, type StoreKind } from '../stores.ts';
import { exportWorld, fileIn, openExportStore, settleStore } from './exported-box.ts';

export const NOW = 1_795_500_000_000;

/** For each test of a describe block a central that knows what `known` says, and the command to hand files in. */
export function takingsOn(kind: StoreKind, known: () => readonly Row[]) {
  const places = placesFor(kind);
  let place: StorePlace;
  let registry: string;
  beforeEach(async () => {
    place = await places.create();
    registry = places.folder();
    await settleStore(registry, place, known());
  });

  async function type(...argv: readonly string[]) {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const state = place.kind === 'sqlite' ? place.directory : registry;
    const databaseUrl = place.kind === 'postgres' ? place.url : undefined;
    const terminal = { out: say, err: say, stopped: () => Promise.resolve() };
    const whole = ['take-export', '--directory', registry, '--state', state, ...argv];
    const status = await central(whole, terminal, { databaseUrl, now: () => NOW });
    return { status, said: said.join('\n') };
  }

  /** What the store holds, with every hash of it made anew. */
  async function contents() {
    const store = await openExportStore(place);
    for await (const { snapshotAgrees } of checkStore(store, exportWorld)) expect(snapshotAgrees).toBe(true);
    await store.close();
    const report = await readReport(place);
    const connection = await meddle(place);
    const records = await connection.all<{ body: string }>('SELECT body FROM records ORDER BY epoch, seq');
    const aside = await connection.all<{ seq: number; why: string }>('SELECT seq, why FROM aside ORDER BY seq');
    const signed = await connection.all<{ size: number }>('SELECT size FROM countersignatures ORDER BY size');
    const forks = await connection.all<{ size: number; theirs: string }>('SELECT size, theirs FROM forks');
    await connection.close();
    return { report, bodies: records.map(({ body }) => body), aside, signed: signed.map(({ size }) => size), forks };
  }

  return {
    take: (text: string, ...more: readonly string[]) => type(fileIn(registry, 'box.jsonl', text), ...more),
    type,
    contents,
    place: () => place,
    folder: () => registry,
  };
}
