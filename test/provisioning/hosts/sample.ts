import { readFileSync } from 'node:fs';
import { type HostFormat, HostFormatSchema } from '../../../provisioning/hosts/format.ts';
import { type HostFile, readHostFile } from '../../../provisioning/hosts/read-host-file.ts';
import { folder, sha256hex } from '../example.ts';

export const EXAMPLE: HostFormat = HostFormatSchema.parse(
  JSON.parse(readFileSync(folder('hosts/example-host.json'), 'utf8')),
);

/** The least that a format can be: calls out, without names of records, head or trailer. */
export const PLAIN: HostFormat = HostFormatSchema.parse({
  schema: 'relais/host-format/1',
  id: 'plain',
  version: 1,
  label: 'sample',
  separator: ',',
  decimalMark: '.',
  names: false,
  kind: { is: 'call' },
  direction: { is: 'outgoing' },
  line: 1,
  party: 2,
  numbers: { form: 'national', country: '33' },
  start: { column: 3, written: 'YYYY-MM-DD HH:mm:ss', zone: 'UTC' },
  duration: { column: 4, unit: 'seconds' },
  action: { column: 5, means: { '': 'new', X: 'cancels' } },
});

export const NAMES = 'TYPE;SENS;MSISDN;CORRESPONDANT;DATE;HEURE;DUREE;VOLUME;PAYS;REFERENCE;ACTION;REMPLACE';
/** A file of the example format; its trailer is right unless another is given. */
export const exampleText = (lines: readonly string[], trailer: string): string =>
  ['HDR;20261101', NAMES, ...lines, trailer, ''].join('\r\n');

export const read = (text: string | Uint8Array, format: HostFormat = EXAMPLE, host = 'host'): HostFile =>
  readHostFile(typeof text === 'string' ? new TextEncoder().encode(text) : text, { host, format, sha256hex });

export const uses = (file: HostFile) => file.records.map(({ use }) => use);
export const wrong = (file: HostFile): readonly string[] =>
  [...file.broken, ...file.bad].map(({ line, column, text, remedy }) => `${line}:${column} "${text}" ${remedy}`);
