import { BASE } from './base.ts';
import type { Dialect } from './dialect.ts';
import { FIBOCOM, SIERRA, TELIT, UBLOX } from './makers.ts';
import { QUECTEL_DIALECTS } from './quectel.ts';
import { SIMCOM_DIALECTS } from './simcom.ts';

/** The dialect of a modem that says this of itself (+CGMI, +CGMM, ATI); an unknown one is taken at the standard's word. */
export function chooseDialect(says: string): Dialect {
  return DIALECTS.find(({ found }) => found.test(says)) ?? BASE;
}

/** Makers before those whose numbers of models are alike. */
export const DIALECTS: readonly Dialect[] = [
  ...QUECTEL_DIALECTS,
  FIBOCOM,
  TELIT,
  UBLOX,
  ...SIMCOM_DIALECTS,
  SIERRA,
  BASE,
];
