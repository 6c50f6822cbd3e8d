import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { DayCounts } from '../ports/day-counts.ts';

const CountsSchema = z.array(z.strictObject({ link: z.string(), day: z.int().min(0), spent: z.int().min(0) }));

/** A file of the state directory, replaced whole; not flushed: what a power cut takes of it is assumed to have been spent. */
export function openDayCounts(file: string, fault: (error: Error) => void): DayCounts {
  return {
    read() {
      try {
        return CountsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return [];
      }
    },
    keep(counts) {
      try {
        writeFileSync(`${file}.new`, JSON.stringify(counts));
        renameSync(`${file}.new`, file);
      } catch (error) {
        // A full disk costs the memory of the day's bytes; it must not cost the connection.
        fault(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}
