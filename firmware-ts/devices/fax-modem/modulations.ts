import { MODULATIONS, type Modulation } from '../../../agent/model/fax-modem.ts';

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
