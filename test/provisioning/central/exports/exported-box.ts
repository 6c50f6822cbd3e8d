import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceKeyOf } from '../../../../agent/edge/device-key.ts';
import { deviceKey } from '../../../../agent/evidence/checkpoint.ts';
import { type ExportEntry, writeExport } from '../../../../agent/evidence/export.ts';
import { EMPTY_FRONTIER, type Frontier, grow, leafHash } from '../../../../agent/evidence/merkle.ts';
import { writeVerifierKey } from '../../../../agent/evidence/note.ts';
import { hours } from '../../../../agent/model/units.ts';
import type { KeptCheckpoint } from '../../../../agent/ports/checkpoint-store.ts';
import { exampleSite } from '../../../../hw-sim/day/day.ts';
import { CENTRAL_KEY, createWholeSite, DEVICE_KEY } from '../../../../hw-sim/day/whole-site.ts';
import { playDay } from '../../../../hw-sim/site/play-day.ts';
import { trafficDay } from '../../../../hw-sim/site/traffic-day.ts';
import { writeAtomic } from '../../../../provisioning/atomic-file.ts';
import { bookOf } from '../../../../provisioning/central/book.ts';
import type { CentralCore } from '../../../../provisioning/central/central-core.ts';
import { openStore, type StorePlace } from '../../../../provisioning/central/store/open-store.ts';
import { witnessOf } from '../../../../provisioning/central/witness-key.ts';
import type { Row, World } from '../../../../provisioning/central/words.ts';
import { registryPaths } from '../../../../provisioning/registry/paths.ts';
import { initRegistry, writeAccount } from '../../../../provisioning/registry/registry.ts';
import { payloadOf } from '../../../../provisioning/signing.ts';
import { sha256hex } from '../../example.ts';

export const config = exampleSite();
export const signing = deviceKeyOf(DEVICE_KEY);
export const deviceVerifier = deviceKey(config.tenant, config.device.id, signing.publicKey, signing.digest);
export const exportWorld: World = { book: bookOf([config]), sha256hex, witness: witnessOf(CENTRAL_KEY) };

/** A box whose uplink died at noon, as the central knew it then, and as the central would know it had the uplink come back. */
export type ExportedBox = {
  readonly epoch: string;
  readonly bodies: readonly string[];
  readonly checkpoints: readonly KeptCheckpoint[];
  /** What the central had kept when the uplink died, and in the end by MQTT. */
  readonly known: readonly Row[];
  readonly byMqtt: readonly Row[];
  readonly held: number;
};

/** The real agent and the real central through a day in simulated time. */
export function playExportedBox(): ExportedBox {
  const whole = createWholeSite({ seed: 'export', config });
  const plan = trafficDay({
    ...{ seed: 'export', calls: 120, phones: ['front', 'back', 'shop'], incidents: false },
    ...{ mainLink: 'main', secondLink: 'second' },
  });
  playDay(whole.site, plan, { agentStarts: whole.adopt, central: () => undefined });
  whole.start();
  const { clock, disk } = whole.site;
  clock.advance(hours(12));
  whole.setCentral(false);
  const known = rowsOf(whole.central);
  clock.advance(hours(6));
  const bodies = disk.rows().map(({ body }) => body);
  const checkpoints = whole.site.checkpoints.rows();
  whole.setCentral(true);
  clock.advance(hours(2));
  const epoch = String(JSON.parse(bodies[0] ?? '').epoch);
  const held = known.filter(({ keep }) => keep === 'record').length;
  return { epoch, bodies, checkpoints, known, byMqtt: rowsOf(whole.central), held };
}

const KINDS = ['account', 'greeting', 'device-key', 'loan', 'record', 'charge', 'return', 'countersignature'] as const;
const rowsOf = (central: CentralCore): readonly Row[] => KINDS.flatMap((kind): readonly Row[] => central.rows(kind));

export const entriesOf = (bodies: readonly string[]): readonly ExportEntry[] => bodies.map((body) => ({ body }));

export const treeOver = (bodies: readonly string[]): Frontier =>
  bodies.reduce((tree, body) => grow(tree, leafHash(body, signing.digest), signing.digest), EMPTY_FRONTIER);

type Written = {
  readonly epoch: string;
  readonly entries: readonly ExportEntry[];
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
};

/** As `relais ledger export` writes it. */
export function exportOf({ epoch, entries, checkpoints }: Written): string {
  const centralKeys = [writeVerifierKey(exportWorld.witness.key)];
  const about = { tenant: config.tenant, device: config.device.id, epoch, deviceKey: deviceVerifier, centralKeys };
  return writeExport({ ...about, entries, checkpoints }, signing.sign, signing.digest);
}

/** The operator's book and a store that knows of the box what the rows say. */
export async function settleStore(directory: string, place: StorePlace, rows: readonly Row[]): Promise<void> {
  initRegistry(directory);
  const paths = registryPaths(directory);
  writeFileSync(paths.witnessKey, CENTRAL_KEY);
  writeAtomic(paths.payload(config.device.id, config.version), payloadOf(config));
  writeAccount(directory, config.account.id, { capMicroEuro: 1_000_000_000, cycle: 1 });
  const store = await openExportStore(place);
  await store.hold(config.account.id, (held) => held.keep(rows));
  await store.close();
}

export const openExportStore = (place: StorePlace) =>
  openStore(place, {
    accountOf: () => config.account.id,
    lost: (error) => {
      throw error;
    },
  });

export const fileIn = (directory: string, name: string, text: string): string => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};
