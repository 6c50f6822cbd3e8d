import { AT_ONCE, type AtCommand, CARD_PATIENCE } from '../command.ts';

/** Free text: TS 27.007 5.1, 5.2 and V.250 6.1.3. Some modems put the name of the command before it. */
const said = (send: string): AtCommand<string> => ({
  send: [send],
  claims: /^\+(?:CGMI|CGMM|GMI|GMM): ?/,
  free: true,
  read: (lines) =>
    lines
      .map((line) => line.replace(/^\+(?:CGMI|CGMM|GMI|GMM): ?/, '').replace(/^"(.*)"$/, '$1'))
      .join(' ')
      .slice(0, 200) || undefined,
  patience: AT_ONCE,
});

export const MANUFACTURER = said('AT+CGMI');
export const MODEL = said('AT+CGMM');
export const IDENTIFICATION = said('ATI');

/** TS 27.007 5.4: the IMEI, 15 digits; some firmware adds the two of the software version. */
export const IMEI: AtCommand<string> = {
  send: ['AT+CGSN'],
  claims: /^(?:\+CGSN: ?)?"?\d{15,17}"?$/,
  read: (lines) => digits(lines, /\d{15}/),
  patience: AT_ONCE,
};

/** TS 27.007 5.6: the IMSI, up to 15 digits (TS 23.003 2.2). */
export const IMSI: AtCommand<string> = {
  send: ['AT+CIMI'],
  claims: /^(?:\+CIMI: ?)?"?\d{6,15}"?$/,
  read: (lines) => digits(lines, /\d{6,15}/),
  patience: CARD_PATIENCE,
};

/** The ICCID by a command of the family: `+QCCID`, `+ICCID`, `#CCID`, `+CCID`, `^ICCID`, or bare digits. */
export const iccidBy = (send: string): AtCommand<string> => ({
  send: [send],
  claims: /^(?:[+#!^][A-Z]*CCID: ?)?"?\d{18,20}[0-9Ff]{0,2}"?$/,
  read: (lines) => digits(lines, /\d{18,20}/),
  patience: CARD_PATIENCE,
});

/** TS 27.007 8.18 and TS 31.102 4.2.1 (EF 2FE2): the ICCID as the baseband reads it from the card. */
export const ICCID_OF_FILE: AtCommand<string> = {
  send: ['AT+CRSM=176,12258,0,0,10'],
  claims: /^\+CRSM:/,
  read(lines) {
    const bytes = /^\+CRSM: ?144, ?0, ?"?([0-9A-Fa-f]{20})"?$/.exec(lines.at(-1) ?? '')?.[1];
    const swapped = bytes?.replace(/(.)(.)/g, '$2$1');
    // A French ICCID has 19 digits: the pad is not one of them.
    return /^(\d{18,20})F*$/i.exec(swapped ?? '')?.[1];
  },
  patience: CARD_PATIENCE,
};

const digits = (lines: readonly string[], wanted: RegExp): string | undefined => wanted.exec(lines.at(-1) ?? '')?.[0];
