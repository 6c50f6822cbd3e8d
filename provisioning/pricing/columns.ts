import {
  type ReadCell,
  readAs,
  readBytes,
  readClass,
  readCount,
  readDate,
  readDirection,
  readEuroCell,
  readPrefix,
  readService,
  readShort,
  readTax,
  readTerritory,
  readText,
  readYesNo,
  readZone,
} from './read-cell.ts';

/** One column of the CSV format: how its cells are read, and the field of the price that they become. */
export type Column = {
  readonly read: ReadCell;
  /** Absent for the columns that `readRow` puts together. */
  readonly field?: string;
};

const columns: Readonly<Record<string, Column>> = {
  service: { read: readService },
  prefix: { read: readPrefix },
  short: { read: readShort },
  class: { read: readClass },
  territory: { read: readTerritory },
  zone: { read: readZone },
  'visited-territory': { read: readTerritory },
  'visited-zone': { read: readZone },
  direction: { read: readDirection, field: 'direction' },
  name: { read: readText, field: 'name' },
  tier: { read: readText, field: 'tier' },
  'per-minute': { read: readEuroCell, field: 'perMinuteMicroEuro' },
  'per-call': { read: readEuroCell, field: 'perCallMicroEuro' },
  'per-unit': { read: readEuroCell, field: 'perUnitMicroEuro' },
  unit: { read: readBytes, field: 'unitBytes' },
  first: { read: readCount, field: 'firstSeconds' },
  step: { read: readCount, field: 'stepSeconds' },
  minimum: { read: readEuroCell, field: 'minimumMicroEuro' },
  tax: { read: readTax, field: 'tax' },
  from: { read: readDate, field: 'from' },
  until: { read: readDate, field: 'until' },
  barred: { read: readYesNo, field: 'barred' },
  as: { read: readAs, field: 'as' },
};

/** Every column that a price list may have, in the order of the documentation. */
export const COLUMNS: ReadonlyMap<string, Column> = new Map(Object.entries(columns));

const SELECTORS = ['prefix', 'short', 'class', 'territory', 'zone'];
const VISITED = ['visited-territory', 'visited-zone'];
const ALWAYS = ['service', 'name', 'tax', 'from', 'until'];
const DURATION = ['per-minute', 'per-call', 'first', 'step', 'minimum', 'barred'];

/** The columns that mean something in a row of each service. */
export const COLUMNS_OF: Readonly<Record<string, ReadonlySet<string>>> = {
  voice: new Set([...ALWAYS, ...SELECTORS, ...DURATION, 'tier', 'as']),
  'roaming-voice': new Set([...ALWAYS, ...SELECTORS, ...VISITED, ...DURATION, 'direction']),
  sms: new Set([...ALWAYS, ...SELECTORS, ...VISITED, 'per-unit']),
  mms: new Set([...ALWAYS, ...SELECTORS, ...VISITED, 'per-unit']),
  fax: new Set([...ALWAYS, ...SELECTORS, 'per-unit']),
  data: new Set([...ALWAYS, ...VISITED, 'per-unit', 'unit']),
};
