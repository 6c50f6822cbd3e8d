import { exportText } from '../../../agent/evidence/export-text.ts';
import { readVerifierKey, type VerifierKey } from '../../../agent/evidence/note.ts';
import { type Proven, provenRecords } from '../../../agent/evidence/proven-records.ts';
import { type About, readAbout } from '../../../agent/evidence/read-export.ts';
import type { Finding } from '../../../agent/evidence/verify-export.ts';
import type { Remembered } from '../account-cache.ts';
import type { CentralStore } from '../store/central-store.ts';
import { type Enrolled, emptyStream, streamKey, type World } from '../words.ts';
import { type BadExport, badExport, badRecord, provenBefore } from './bad-export.ts';
import { checkpointsOf, envelopesOf, type From } from './envelopes.ts';
import { type Handing, handIn, standing, tryOut } from './hand-in.ts';
import { NOTHING, type Span, type Tally } from './tally.ts';

type TakingSettings = {
  readonly store: CentralStore;
  readonly world: World;
  /** Keys of the central of before, whose countersignatures a file may have. */
  readonly formerKeys: readonly VerifierKey[];
  /** Unix ms. */
  readonly now: number;
  /** Only says what would become of it. */
  readonly dryRun: boolean;
};

type Whose = { readonly account: string; readonly device: string; readonly epoch: string };

/** What became of an export, or would in a dry run. */
export type Outcome =
  | { readonly so: 'refused'; readonly whose: Whose | undefined; readonly bad: BadExport; readonly would: Tally }
  | {
      /** `incomplete`: something in it, or before it, is missing, and what stands behind that was not taken. */
      readonly so: 'taken' | 'incomplete' | 'forked';
      readonly whose: Whose;
      readonly file: Proven['held'];
      readonly tally: Tally;
      /** Records of the epoch that the central holds now. */
      readonly held: number;
      /** The first that the central lacks of those that the file is about. */
      readonly lacking: Span | undefined;
      /** Records of the file behind those. */
      readonly behind: number;
      /** Over how many records the box has signed another history of the epoch than the one that is held (D-2). */
      readonly forkedAt: number | undefined;
    };

/**
 * U-3, U-7: takes over what an export proves of records that no box could send any more. All of it holds, under the key that
 * the central has learned of the device, or nothing is taken; then records and checkpoints go the way of those that come by
 * MQTT: what is held is compared byte for byte, the rest continues the chain, is rated, and is not taken twice.
 * @throws Fault `ledger.damaged` when what the store has of the account does not hold together.
 */
export async function takeExport(bytes: Uint8Array, settings: TakingSettings): Promise<Outcome> {
  const text = exportText(bytes);
  if (typeof text !== 'string') return refused(undefined, badExport('', text));
  const about = readAbout(text.split('\n', 1)[0] ?? '');
  if (about === undefined) return refused(undefined, NO_EXPORT);
  const site = settings.world.book.get(about.device);
  if (site === undefined) return refused(undefined, unknownDevice(about));
  const handing: Handing = { store: settings.store, world: settings.world, account: site.account };
  const whose = { account: site.account, device: about.device, epoch: about.epoch };
  const now = await standing(handing);
  const key = readVerifierKey(now.state.deviceKeys[about.device] ?? '', settings.world.witness.digest);
  if (key === undefined) return refused(whose, unknownKey(about));
  const keys = { device: key, central: [settings.world.witness.key, ...settings.formerKeys] };
  const proven = provenRecords(text, keys, settings.world.witness);
  return 'what' in proven
    ? refuse({ text, key, site, about }, proven, { ...settings, handing, standing: now })
    : take({ text, key, site, about }, proven, { ...settings, handing, standing: now });
}

type Given = { readonly text: string; readonly key: VerifierKey; readonly site: Enrolled; readonly about: About };
type Taking = TakingSettings & { readonly handing: Handing; readonly standing: Remembered };

const fromOf = ({ site, about }: Given, { now }: Taking): From => ({ site, epoch: about.epoch, now });
const whoseOf = ({ site, about }: Given): Whose => ({
  account: site.account,
  device: about.device,
  epoch: about.epoch,
});

async function refuse(given: Given, finding: Finding, by: Taking): Promise<Outcome> {
  const { text, key } = given;
  const envelopes = envelopesOf(provenBefore(text, finding, key, by.world), fromOf(given, by));
  const { tally } = await tryOut(by.handing, by.standing, { envelopes, checkpoints: [] });
  return refused(whoseOf(given), badExport(text, finding), tally);
}

async function take(given: Given, { held: file, records }: Proven, by: Taking): Promise<Outcome> {
  const from = fromOf(given, by);
  const envelopes = envelopesOf(records, from);
  const tried = await tryOut(by.handing, by.standing, {
    envelopes,
    checkpoints: checkpointsOf(given.text, given.key, from),
  });
  const { stopped } = tried.tally;
  const whose = whoseOf(given);
  if (stopped !== undefined && !STOPS_SOFTLY.has(stopped.why)) {
    const body = records.find(({ seq }) => seq === stopped.seq)?.body ?? '';
    return refused(whose, badRecord(stopped.seq, body, stopped.why), tried.tally);
  }
  const tally = by.dryRun ? tried.tally : await handIn(by.handing, by.standing, tried.fitting);
  const stream = streamKey(whose.device, whose.epoch);
  const { size } = tried.heldAfter.state.streams[stream] ?? emptyStream();
  const forkedAt = tried.heldAfter.state.forked[stream];
  const next = records.find(({ seq }) => seq > size)?.seq ?? file.records + 1;
  const forked = forkedAt !== undefined || (tally.stopped !== undefined && tally.stopped.why !== 'gap');
  return {
    so: forked ? 'forked' : size < file.records ? 'incomplete' : 'taken',
    ...{ whose, file, tally, held: size },
    lacking: next > size + 1 ? { from: size + 1, to: next - 1 } : undefined,
    behind: records.filter(({ seq }) => seq > size).length,
    forkedAt,
  };
}

/** As with messages of a box: another history is kept beside ours (D-2), and a gap is waited for. */
const STOPS_SOFTLY: ReadonlySet<string> = new Set(['conflict', 'chain-broken', 'gap']);

const refused = (whose: Whose | undefined, bad: BadExport, would: Tally = NOTHING): Outcome => ({
  so: 'refused',
  whose,
  bad,
  would,
});

const NO_EXPORT: BadExport = {
  ...{ record: undefined, line: 1, field: 'format', says: 'this does not begin as an export of a ledger does' },
  remedy: 'name a file that relais ledger export or relais ledger salvage wrote',
};

const unknownDevice = ({ device }: About): BadExport => ({
  ...{ record: undefined, line: 1, field: 'device', says: `no configuration was ever signed for ${device}` },
  remedy: 'name the registry of the operator whose box it is; a box that was removed stays in it',
});

const unknownKey = ({ device }: About): BadExport => ({
  ...{ record: undefined, line: 1, field: 'deviceKey', says: `the central has learned no key of ${device}` },
  remedy: 'a box names its key when it first greets the central: let it greet once, from wherever it can',
});
