import { z } from 'zod';
import { Fault } from '../../../agent/model/fault.ts';
import { InstantSchema } from '../../../agent/model/usage.ts';
import type { EvidenceByDevice } from '../../../agent/rating/service/account-credits.ts';
import type { SiteEvidence } from '../../../agent/rating/service/site-evidence.ts';
import { textOf } from './batch.ts';

const interval = { from: InstantSchema, to: InstantSchema };
const inOrder = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from <= to;
const ORDER = { path: ['to'], error: 'ends before it begins' };

/** One line of `relais central outages`: what one box saw. Instants are Unix milliseconds. */
const LineSchema = z.strictObject({
  device: z.string().min(1),
  outages: z.array(
    z
      .strictObject({
        ...interval,
        /** Null: nothing of the site passed. */
        link: z.string().nullable(),
        detected: InstantSchema,
        open: z.boolean(),
        unseen: z.array(z.strictObject(interval).refine(inOrder, ORDER)),
        dated: z.boolean(),
      })
      .refine(inOrder, ORDER),
  ),
  mains: z.array(z.strictObject(interval).refine(inOrder, ORDER)),
});

export const outagesLine = (device: string, { outages, mains }: SiteEvidence): string =>
  JSON.stringify({ device, outages: outages.map((one) => ({ ...one, link: one.link ?? null })), mains });

/**
 * What the boxes saw, from a file with one JSON object a line; nothing where no file is named.
 * @throws Fault `config.unreadable` without the file, `config.refused` naming line and field: an outage that was left out
 * would be money that a client does not get.
 */
export function readOutages(file: string | undefined): EvidenceByDevice {
  const known = new Map<string, SiteEvidence>();
  const lines = file === undefined ? [] : textOf(file).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const { device, outages, mains } = readLine(line, `${file}:${index + 1}`);
    if (known.has(device)) throw refused(`${file}:${index + 1}`, [`device: ${device} stands on a line before already`]);
    known.set(device, { outages: outages.map((one) => ({ ...one, link: one.link ?? undefined })), mains });
  }
  return known;
}

function readLine(line: string, place: string): z.output<typeof LineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw refused(place, [`not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const read = LineSchema.safeParse(value);
  if (read.success) return read.data;
  throw refused(
    place,
    read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

const refused = (file: string, fields: readonly string[]): Fault => new Fault('config.refused', { file, fields });
