import type { HandsetTone } from '../../../agent/model/fax-modem.ts';
import { type Millis, millis } from '../../../agent/model/units.ts';

/** Where a family of fax modems differs from T.31, as a table. Quirks are named for what they mend. */
export type FaxDialect = {
  readonly name: string;
  /** Looked for in what ATI says; the first dialect that is found is taken. */
  readonly found: RegExp;
  /** Sent at the start, refusals allowed. */
  readonly setUp: readonly string[];
  /** Octets that the modem surely takes ahead of what it has sent. */
  readonly buffer: number;
  readonly quirks: FaxQuirks;
  readonly handset: HandsetWords;
};

/** How the modem watches the machine at its pair (V.253). A modem without voice class answers the first line by ERROR. */
export type HandsetWords = {
  readonly watch: readonly string[];
  readonly leave: readonly string[];
  /** One beat each, in hundredths of a second. */
  readonly tones: Readonly<Record<HandsetTone, string>>;
};

export type FaxQuirks = {
  /**
   * Says CONNECT to +FTH once more when the preamble is over and no frame is there yet: where the two cross, the CONNECT would be
   * taken for that of the next frame, which would be lost. So the first frame waits for it.
   */
  readonly spareConnectAfterPreamble: boolean;
  /** Says +FCERROR before the far end had a chance to train: how often +FRM is asked anew. */
  readonly prematureFcerrors: number;
  /** Does not double a DLE in what it received. */
  readonly singleDle: boolean;
  /** Says CONNECT to +FTM when the training begins: it takes no octet for so long. */
  readonly connectBeforeTraining: Millis;
};

const NO_QUIRKS: FaxQuirks = {
  spareConnectAfterPreamble: false,
  prematureFcerrors: 2,
  singleDle: false,
  connectBeforeTraining: millis(0),
};

/** V.253: label 2 of +VLS feeds the local phone from the modem, away from the line; DLE codes tell of it from then on. */
const V253: HandsetWords = {
  watch: ['AT+FCLASS=8', 'AT+VLS=2'],
  leave: ['AT+FCLASS=1'],
  tones: { dial: 'AT+VTS=[440,,100]', ringing: 'AT+VTS=[440,,150]', busy: 'AT+VTS=[440,,50],[,,50]' },
};

/** T.31 and nothing else. Its buffers hold 1 kB in the chips that are met. */
const BASE: FaxDialect = {
  name: 'T.31',
  found: /^/,
  setUp: ['AT+FAR=1'],
  buffer: 1_024,
  quirks: NO_QUIRKS,
  handset: V253,
};

/** spandsp's T.31 soft modem, 0.0.6 of Debian. */
const SPANDSP: FaxDialect = {
  ...BASE,
  name: 'spandsp',
  found: /spandsp/i,
  // T31_TX_BUF_LEN.
  buffer: 4_096,
  quirks: { ...NO_QUIRKS, spareConnectAfterPreamble: true },
};

/** Only families that were tried stand here; what a site's modem needs beyond is told by `quirks`. */
const FAX_DIALECTS: readonly FaxDialect[] = [SPANDSP, BASE];

/**
 * @param identity what the modem says about itself, in one string.
 * @param quirks what the operator knows about this modem.
 */
export function chooseFaxDialect(identity: string, quirks: Partial<FaxQuirks> = {}): FaxDialect {
  const dialect = FAX_DIALECTS.find(({ found }) => found.test(identity)) ?? BASE;
  return { ...dialect, quirks: { ...dialect.quirks, ...quirks } };
}
