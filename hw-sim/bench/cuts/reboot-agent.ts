import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDayCounts } from '../../../agent/edge/day-counts.ts';
import { openDeviceKey } from '../../../agent/edge/device-key.ts';
import { openSqliteCheckpoints } from '../../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { openStartPoint } from '../../../agent/edge/start-point-file.ts';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import { deviceKey } from '../../../agent/evidence/checkpoint.ts';
import { EMPTY_FRONTIER, grow, rootOf } from '../../../agent/evidence/merkle.ts';
import { writeVerifierKey } from '../../../agent/evidence/note.ts';
import { recordLeaf } from '../../../agent/evidence/record-leaf.ts';
import { erasedHash } from '../../../agent/model/erased.ts';
import { RecordSchema } from '../../../agent/model/record.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import type { AgentPorts } from '../../../agent/ports/agent-ports.ts';
import type { KeptCheckpoint } from '../../../agent/ports/checkpoint-store.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { type Contract, contractOf } from '../../../agent/rating/credit/contract.ts';
import { type Agent, startAgent } from '../../../agent/runtime/agent.ts';
import { type Evidence, openEvidence } from '../../../agent/runtime/evidence.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { foldBasis } from '../../../agent/runtime/start-point.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import type { Found } from '../../power-cut/cut-everywhere.ts';
import type { Files } from '../../power-cut/medium.ts';
import { putFiles } from '../../power-cut/record.ts';
import { callName, checkpointName, DEVICE_KEY } from './published.ts';
import { createSmallWorld } from './small-world.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const fatal = (fault: Error): never => {
  throw fault;
};

/** The whole agent is started on one state in so many; the others go through its opening path. */
const WHOLE_EVERY = 25;

/** Boots the real agent on what a cut left, and answers what it then holds of everything that may have been promised. */
export function createReboot(config: SiteConfig): (root: string, files: Files) => Promise<Found> {
  const contract = contractOf(config);
  let reboots = 0;
  return async (root, files) => {
    rmSync(root, { recursive: true, force: true });
    putFiles(root, files);
    const box = await openPorts(root, config);
    const { ports } = box;
    const before = await holdings(ports, config);
    reboots += 1;
    if (reboots % WHOLE_EVERY === 0) await liveOn(config, ports);
    else await openOnly(config, contract, ports);
    await new Promise<void>((done) => ports.store.close(done));
    await new Promise<void>((done) => ports.checkpoints.close(done));
    return { records: before, alarms: box.faults.length + box.setAside() };
  };
}

type Box = { readonly ports: AgentPorts; readonly faults: readonly string[]; readonly setAside: () => number };

async function openPorts(root: string, { voice }: SiteConfig): Promise<Box> {
  const clock = systemClock();
  const faults: string[] = [];
  const startPoint = openStartPoint(join(root, 'start-point'));
  const check = startPoint.read() === undefined ? 'whole' : 'later';
  const store = await openSqliteStore(join(root, 'usage.db'), fatal, { reserveBytes: 0, check });
  const ports: AgentPorts = {
    ...createSmallWorld(clock, 'reboot', voice.sipServers).world,
    clock,
    random: systemRandom(),
    store,
    startPoint,
    dayCounts: openDayCounts(join(root, 'uplink-days.json'), (error) => void faults.push(error.message)),
    checkpoints: await openSqliteCheckpoints(join(root, 'checkpoints.db'), fatal),
    signing: openDeviceKey(join(root, 'device.key')),
    uplink: {
      open: () => undefined,
      publish: (_topic, _payload, done) => done(false),
      renew: () => undefined,
      use: () => ({ bytes: 0, packets: 0, connections: 0 }),
      close: (done) => done(),
    },
    journal: { step: () => undefined, fault: (message) => void faults.push(message) },
    boot: { id: 'after the cut', software: 'relais boxed', quality: () => 'synced' },
    sha256,
  };
  return { ports, faults, setAside: () => store.use().setAside };
}

/** What stands on the medium by name: records, paid calls, checkpoints with the root of the records, the device's key. */
async function holdings(ports: AgentPorts, config: SiteConfig): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  const { epoch } = ports.store.state();
  const rows = await new Promise<readonly StoredRecord[]>((done) => ports.store.read(1, 1_000_000, done));
  const roots = new Map<number, string>();
  let tree = EMPTY_FRONTIER;
  for (const { seq, body } of rows) {
    held.set(`${epoch}/${seq}`, erasedHash(body) ?? sha256(body));
    const { event } = RecordSchema.parse(JSON.parse(body));
    if (event.kind === 'call-admitted') held.set(callName(event.dialog.sipCallId), 'admitted');
    tree = grow(tree, recordLeaf(body, ports.signing.digest), ports.signing.digest);
    roots.set(seq, Buffer.from(rootOf(tree, ports.signing.digest)).toString('hex'));
  }
  for (const { size } of await checkpointsOf(ports, epoch ?? ''))
    held.set(checkpointName(epoch ?? '', size), roots.get(size) ?? '');
  const { publicKey, digest } = ports.signing;
  held.set(DEVICE_KEY, writeVerifierKey(deviceKey(config.tenant, config.device.id, publicKey, digest)));
  return held;
}

async function checkpointsOf({ checkpoints }: AgentPorts, epoch: string): Promise<readonly KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (;;) {
    const next = await new Promise<KeptCheckpoint | undefined>((done) =>
      checkpoints.next(epoch, kept.at(-1)?.size ?? 0, done),
    );
    if (next === undefined) return kept;
    kept.push(next);
  }
}

/** What an agent does before it takes its first call: the chain is walked, the account folded, the tree gone on with. */
async function openOnly(config: SiteConfig, contract: Contract, ports: AgentPorts): Promise<void> {
  const turns = createTurns();
  const quiet = () => undefined;
  const ledger = await new Promise<Ledger>((ready) =>
    openLedger(
      {
        ports,
        turns,
        device: config.device.id,
        contract,
        basis: foldBasis(config, ports),
        changed: quiet,
        grown: quiet,
      },
      ready,
    ),
  );
  const needs = { config, ports, turns, ledger, publish: quiet };
  const evidence = await new Promise<Evidence>((ready) => openEvidence(needs, ready));
  // A store that opens and takes no record would be no better than none.
  await new Promise<void>((durable) => turns(() => ledger.append({ kind: 'cycle-opened', cycle: 1 }, durable)));
  ledger.stop();
  await new Promise<void>((asleep) => turns(() => evidence.sleep(asleep)));
}

/** The agent itself: it says that it has started, on the medium, and goes to sleep with a signed checkpoint. */
async function liveOn(config: SiteConfig, ports: AgentPorts): Promise<void> {
  const before = ports.store.state().head?.seq ?? 0;
  const agent = await new Promise<Agent>((ready) => startAgent(config, ports, ready));
  while ((ports.store.state().head?.seq ?? 0) === before) await new Promise((done) => setImmediate(done));
  await new Promise<void>((asleep) => agent.stop(asleep));
}
