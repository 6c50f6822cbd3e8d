import { createHash, generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topics } from '../../../agent/model/messages.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { type CentralCore, createCentralCore } from '../../../provisioning/central/central-core.ts';
import { witnessOf } from '../../../provisioning/central/witness-key.ts';
import { shippedFile } from '../../demo/relais.ts';
import { cutEverywhere, cutOnce, type PromiseMade, replayed, type Tally } from '../../power-cut/cut-everywhere.ts';
import type { Files } from '../../power-cut/medium.ts';
import { compileRecorder, filesBelow, type Recorded, recordProcess } from '../../power-cut/record.ts';
import { createSimRandom } from '../../site/sim-random.ts';
import { promisesOf, publishedIn, type Said } from './published.ts';
import { createReboot } from './reboot-agent.ts';
import { openRecordingBroker } from './recording-broker.ts';

/** One life of the agent: how many calls, how it ends, and what is broken on purpose. */
export type LifeOrder = {
  readonly calls: number;
  readonly ending: 'kill' | 'sleep';
  readonly sabotage?: 'sync-normal' | 'sync-off' | 'early';
  readonly start?: Files;
  readonly before?: readonly PromiseMade[];
  /** What the central has heard in the lives before: it is not cut. */
  readonly heard?: readonly Said[];
};

export type Lived = Recorded & { readonly published: readonly Said[]; readonly warnings: readonly string[] };

/** A box whose power is cut: lives of the real agent are recorded, and each is cut everywhere. */
export interface CutBox {
  live(order: LifeOrder): Promise<Lived>;
  judge(lived: Lived, seed: string, more?: Judging): Promise<Tally>;
  /** A life that begins on what a cut at a random instant left of the one before; the central knows what it had heard. */
  next(lived: Lived, order: LifeOrder, seed: string): LifeOrder;
}

export type Judging = { readonly flushesCount?: boolean; readonly every?: number };

type Place = {
  /** A directory for files that come and go, best in memory. */
  readonly directory: string;
  readonly config: SiteConfig;
  /** The agent's process as JavaScript. */
  readonly script: string;
};

const LANES = 3;
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export async function createCutBox({ directory, config, script }: Place): Promise<CutBox> {
  const library = await compileRecorder(shippedFile('hw-sim/power-cut/recorder.c'), directory);
  const configFile = join(directory, 'site.json');
  writeFileSync(configFile, JSON.stringify(config));
  const on = topics(config.tenant, config.device.id);
  const openState = createReboot(config);
  const witness = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  let lives = 0;

  return {
    async live({ calls, ending, sabotage, start = new Map(), before = [], heard = [] }) {
      lives += 1;
      const root = join(directory, `life-${lives}`);
      const central = centralFor(config, witness);
      for (const { topic, payload } of heard) central.receive({ topic, payload, now: Date.now() });
      const broker = await openRecordingBroker((topic, payload) =>
        central.receive({ topic, payload, now: Date.now() }),
      );
      const words = [configFile, String(broker.port), String(calls), ending, ...(sabotage ? [sabotage] : [])];
      const recorded = await recordProcess({ library, script, words, root, start, port: broker.port });
      await broker.close();
      checkComplete(recorded, filesBelow(root));
      rmSync(root, { recursive: true });
      const published = publishedIn(recorded.events);
      return {
        ...recorded,
        before,
        heard: promisesOf(published, on, sha256),
        published: [...heard.map((one) => ({ ...one, at: -1 })), ...published],
        warnings: central.warnings().map((warning) => JSON.stringify(warning)),
      };
    },
    judge: (lived, seed, more = {}) =>
      cutEverywhere(lived, {
        open: (files, lane) => openState(join(directory, `lane-${lane}`), files),
        dice: createSimRandom(seed),
        lanes: LANES,
        ...more,
      }),
    next(lived, order, seed) {
      const { files, promises, until } = cutOnce(lived, createSimRandom(seed));
      return { ...order, start: files, before: promises, heard: lived.published.filter(({ at }) => at < until) };
    },
  };
}

function centralFor(config: SiteConfig, witness: string): CentralCore {
  const { tenant, device, account, version, regime } = config;
  const contracts = new Map([[version, contractOf(config)]]);
  const enrolled = { tenant, device: device.id, account: account.id, contracts };
  const central = createCentralCore({
    book: new Map([[device.id, enrolled]]),
    sha256hex: sha256,
    witness: witnessOf(witness),
  });
  const capMicroEuro = regime.credit.limitMicroEuro?.value ?? 0;
  central.change(account.id, { capMicroEuro, cycle: 1 }, Date.now());
  return central;
}

/** A call to the kernel that the recorder does not know would make every verdict worthless. */
function checkComplete(recorded: Recorded, left: Files): void {
  const again = replayed(recorded);
  const wrong = [...new Set([...again.keys(), ...left.keys()])].filter(
    (path) => !(again.get(path)?.equals(left.get(path) ?? Buffer.of(0)) ?? false),
  );
  if (wrong.length > 0) throw new Error(`the trace does not give the files that the process left: ${wrong.join(', ')}`);
}

/** The agent's process as it stands beside this module after a build. */
export const BUILT_AGENT = fileURLToPath(new URL('../boxed-agent.js', import.meta.url));
