import { canonical } from '../model/canonical.ts';
import { base64Of, hexOf, utf8 } from './bytes.ts';
import { originOf, type Sign, signNote } from './checkpoint.ts';
import type { Digest } from './merkle.ts';
import { type VerifierKey, writeVerifierKey } from './note.ts';
import { recordLeaf } from './record-leaf.ts';

export const EXPORT_FORMAT = 'relais/ledger-export/1';

export type Exported = {
  readonly tenant: string;
  readonly device: string;
  readonly epoch: string;
  /** The device's own key, and those that its checkpoints were countersigned with. Hints: a verifier brings his own. */
  readonly deviceKey: VerifierKey;
  readonly centralKeys: readonly string[];
  /** All records of the epoch in order, byte for byte; an erased one has its leaf hash instead (U-4). Of a broken ledger also gaps. */
  readonly entries: readonly ExportEntry[];
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
};
export type ExportEntry = { readonly body: string } | { readonly leaf: string } | { readonly gap: Gap };
/**
 * Records of a broken ledger of which nothing sound is left, and the frontier from which the tree goes on, that of the next
 * checkpoint at or behind `to`; without one nothing behind the gap can be proved by a checkpoint.
 */
export type Gap = { readonly from: number; readonly to: number; readonly tree?: string };

/**
 * The ledger as a file that can be judged without us (U-3): a line about the log, then each record as the very bytes that
 * were hashed, each checkpoint behind the record that it ends with, and a seal of the device over all lines before it.
 * docs/evidence.md has the format.
 */
export function writeExport(exported: Exported, sign: Sign, digest: Digest): string {
  const { tenant, device, epoch, deviceKey, centralKeys, entries, checkpoints } = exported;
  const origin = originOf(tenant, device, epoch);
  const about = { format: EXPORT_FORMAT, device, epoch, origin, deviceKey: writeVerifierKey(deviceKey), centralKeys };
  const notes = new Map(checkpoints.map(({ size, note }) => [size, [canonical({ checkpoint: note })]]));
  let records = 0;
  const lines = [canonical(about), ...(notes.get(0) ?? [])];
  for (const entry of entries) {
    records = 'gap' in entry ? entry.gap.to : records + 1;
    lines.push(lineOf(entry, records), ...(notes.get(records) ?? []));
  }
  const before = lines.map((line) => `${line}\n`).join('');
  const seal = signNote(sealText(origin, records, digest(utf8(before))), deviceKey, sign);
  return `${before}${canonical({ seal })}\n`;
}

/** What the device signs at the end of an export. Its first line keeps it from ever being read as a checkpoint. */
export const sealText = (origin: string, records: number, hash: Uint8Array): string =>
  `${EXPORT_FORMAT}\n${origin}\n${records}\n${base64Of(hash)}\n`;

/** What stays of a record when its body is erased (U-4), or was before: nothing of the client, and the proof still holds. */
export const erasedEntry = (body: string, digest: Digest): ExportEntry => ({ leaf: hexOf(recordLeaf(body, digest)) });

function lineOf(entry: ExportEntry, seq: number): string {
  if ('gap' in entry) return canonical({ gap: entry.gap });
  return 'body' in entry ? entry.body : canonical({ erased: { seq, leaf: entry.leaf } });
}
