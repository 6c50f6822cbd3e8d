import { z } from 'zod';

const column = z.union([z.string().min(1).max(100), z.int().min(1).max(500)]);
const text = z.string().min(1).max(100);
/** What a cell may say, and what it means; nothing else is understood. */
const meanings = <T extends z.ZodType>(meaning: T) => z.record(z.string().max(100), meaning);
/** Told by a column, or the same for every record. */
const told = <T extends z.ZodType>(meaning: T) =>
  z.union([z.strictObject({ column, means: meanings(meaning) }), z.strictObject({ is: meaning })]);

const KINDS = ['call', 'sms', 'mms', 'data'] as const;
const DATE_PARTS = ['YYYY', 'MM', 'DD', 'HH', 'mm', 'ss'] as const;

/**
 * How one host operator writes its files of call records: data, one JSON file a format (U-5). Columns are named as in the
 * file's line of names, or numbered from 1 where it has none.
 */
export const HostFormatSchema = z
  .strictObject({
    schema: z.literal('relais/host-format/1'),
    id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, starting with a letter'),
    version: z.int().min(1),
    label: text,
    separator: z.enum([';', ',', '\t', '|']),
    decimalMark: z.enum([',', '.']),
    /** Whether a line with the names of the columns comes before the records. */
    names: z.boolean(),
    /** First cell of a line before everything else, and of the last line. A file without its last line was cut off. */
    head: z.strictObject({ mark: text }).optional(),
    trailer: z
      .strictObject({
        mark: text,
        /** Column of the number of records. */
        count: z.int().min(2).max(50).optional(),
        /** Columns of sums over all records that are not canceled: seconds of calls, bytes of data. */
        seconds: z.int().min(2).max(50).optional(),
        bytes: z.int().min(2).max(50).optional(),
      })
      .optional(),
    kind: told(z.enum(KINDS)),
    direction: told(z.enum(['outgoing', 'incoming'])),
    line: column,
    party: column.optional(),
    /** `international`: with its country code, with or without plus or 00; `national`: of `country`, with its first 0. */
    numbers: z.strictObject({
      form: z.enum(['international', 'national']),
      country: z.string().regex(/^[1-9]\d{0,2}$/),
    }),
    start: z.strictObject({
      column,
      /** Where the time of day has a column of its own. */
      timeColumn: column.optional(),
      /** Such as "DD/MM/YYYY HH:mm:ss": each part once, with two blanks' worth of digits as shown. */
      written: z
        .string()
        .max(40)
        .refine(
          (written) => DATE_PARTS.every((part) => written.split(part).length === 2),
          'YYYY, MM, DD, HH, mm and ss, each once',
        ),
      zone: z.enum(['UTC', 'Europe/Paris']),
    }),
    /** Length of calls, and volume of data. A started second counts (U-2); a part of a byte does not. */
    duration: z.strictObject({ column, unit: z.enum(['seconds', 'minutes', 'HH:mm:ss']) }).optional(),
    volume: z.strictObject({ column, unit: z.enum(['B', 'kB', 'MB', 'KiB', 'MiB']) }).optional(),
    /** Parts of an SMS; one where there is no such column. */
    segments: column.optional(),
    /** Where the line was: an ISO 3166-1 code, or what `means` makes one of; `home` and an empty cell are France. */
    visited: z
      .strictObject({ column, means: meanings(z.string().regex(/^[A-Z]{2}$/)).default({}), home: z.array(text) })
      .optional(),
    /** The host operator's own name of a record, never used again. */
    recordId: column.optional(),
    /** Whether a record is new, takes the place of an earlier one (named in `replaces`) or takes it back. */
    action: z.strictObject({ column, means: meanings(z.enum(['new', 'corrects', 'cancels'])) }).optional(),
    replaces: column.optional(),
  })
  .refine(({ recordId, replaces }) => (recordId === undefined) === (replaces === undefined), {
    path: ['replaces'],
    message: 'recordId and replaces go together: a correction names the record that it corrects',
  })
  .refine(
    ({ action, recordId }) => recordId !== undefined || !Object.values(action?.means ?? {}).includes('corrects'),
    {
      path: ['action'],
      message: 'without a recordId records can be canceled, by the same content, but not corrected',
    },
  );
export type HostFormat = z.infer<typeof HostFormatSchema>;
export type Column = z.infer<typeof column>;
