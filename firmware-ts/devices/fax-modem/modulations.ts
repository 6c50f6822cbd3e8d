/** Values of +FTM and +FRM (T.31 table 3) with their rates in bits per second. */
export const MODULATIONS = {
  24: { name: 'V.27ter', rate: 2_400 },
  48: { name: 'V.27ter', rate: 4_800 },
  72: { name: 'V.29', rate: 7_200 },
  96: { name: 'V.29', rate: 9_600 },
  73: { name: 'V.17', rate: 7_200 },
  74: { name: 'V.17 short', rate: 7_200 },
  97: { name: 'V.17', rate: 9_600 },
  98: { name: 'V.17 short', rate: 9_600 },
  121: { name: 'V.17', rate: 12_000 },
  122: { name: 'V.17 short', rate: 12_000 },
  145: { name: 'V.17', rate: 14_400 },
  146: { name: 'V.17 short', rate: 14_400 },
} as const;

export type Modulation = keyof typeof MODULATIONS;

/** Value of the frames at 300 bit/s. */
export const V21 = 3;

/** Modulations in an answer to +FTM=? or +FRM=?, such as `3,24,48,72-74` or `(3,24,48)`; those that T.31 does not know are left out. */
export function readModulations(answer: string): readonly Modulation[] {
  const values = [...answer.matchAll(/(\d{1,3})(?:-(\d{1,3}))?/g)].map(([, from, to]) => [
    Number(from),
    Number(to ?? from),
  ]);
  const known = Object.keys(MODULATIONS).map(Number) as readonly Modulation[];
  return known.filter((modulation) =>
    values.some(([from, to]) => modulation >= (from ?? modulation + 1) && modulation <= (to ?? 0)),
  );
}
