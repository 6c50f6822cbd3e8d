import type { Modulation } from '../../model/fax-modem.ts';
import type { FaxRate, ModulationFamily } from '../t30/capability-bits.ts';
import type { DataType, Indicator } from '../t38/code-points.ts';

/** How T.38 names what a Class 1 modem calls by a number: its training, and what is carried by it. */
const NAMES = {
  24: { training: 'v27ter-2400-training', data: 'v27ter-2400' },
  48: { training: 'v27ter-4800-training', data: 'v27ter-4800' },
  72: { training: 'v29-7200-training', data: 'v29-7200' },
  96: { training: 'v29-9600-training', data: 'v29-9600' },
  73: { training: 'v17-7200-long-training', data: 'v17-7200' },
  74: { training: 'v17-7200-short-training', data: 'v17-7200' },
  97: { training: 'v17-9600-long-training', data: 'v17-9600' },
  98: { training: 'v17-9600-short-training', data: 'v17-9600' },
  121: { training: 'v17-12000-long-training', data: 'v17-12000' },
  122: { training: 'v17-12000-short-training', data: 'v17-12000' },
  145: { training: 'v17-14400-long-training', data: 'v17-14400' },
  146: { training: 'v17-14400-short-training', data: 'v17-14400' },
} as const satisfies Readonly<Record<Modulation, { readonly training: Indicator; readonly data: DataType }>>;

const ALL = Object.keys(NAMES).map(Number) as readonly Modulation[];

export type Training = 'long' | 'short';

export const trainingIndicator = (modulation: Modulation): Indicator => NAMES[modulation].training;
export const dataTypeOf = (modulation: Modulation): DataType => NAMES[modulation].data;

/**
 * The modulation of a carrier that is named by its data; only V.17 has two trainings. Undefined for what no Class 1 modem has
 * (V.33, V.34).
 */
export function modulationOf(data: FaxRate | DataType, training: Training): Modulation | undefined {
  const same = ALL.filter((modulation) => NAMES[modulation].data === data);
  return same.find((modulation) => NAMES[modulation].training.includes(training)) ?? same[0];
}

/** The modulation that an indicator announces; undefined when it announces none that a Class 1 modem has. */
export const modulationTrained = (indicator: Indicator): Modulation | undefined =>
  ALL.find((modulation) => NAMES[modulation].training === indicator);

/** The same modulation with its long training, which a training check begins with whatever was said (T.30 5.3.6.1.3). */
export const withLongTraining = (modulation: Modulation): Modulation =>
  modulationOf(NAMES[modulation].data, 'long') ?? modulation;

const FAMILIES: readonly (readonly [ModulationFamily, needs: Modulation, leastRate: number])[] = [
  ['v27ter-2400', 24, 2_400],
  ['v27ter-4800', 48, 4_800],
  ['v29', 96, 9_600],
  ['v17', 145, 14_400],
];

/** What may be promised to the other machine: what the modem has, and no faster than the T.38 peers agreed on. */
export const familiesWithin = (modulations: readonly Modulation[], maxBitRate: number): readonly ModulationFamily[] =>
  FAMILIES.filter(([, needs, rate]) => modulations.includes(needs) && rate <= maxBitRate).map(([family]) => family);
