import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { ICCID_OF_FILE, iccidBy } from '../commands/identity.ts';
import { TRIES_LEFT, type TriesLeft } from '../commands/pin.ts';
import { EXTENDED_SIGNAL, type SignalDetail } from '../commands/signal.ts';
import { fieldsAfter, fieldsOf, numberOf } from '../fields.ts';
import { BASE } from './base.ts';
import type { CarrierDialect, Dialect, Restriction, SlotDialect } from './dialect.ts';

/** Mends reports that come on another port: zabsalahid/serialport-gsm#12, `urcport` in EC2x AT manual 2.23. */
const REPORTS_ON_THIS_PORT = order('AT+QURCCFG="urcport","all"');

/** EC2x/EG9x AT manual 5.5: `+QPINC: "SC",<pin tries>,<puk tries>`; +CPINR is not there. */
const QPINC: AtCommand<TriesLeft> = {
  send: ['AT+QPINC="SC"'],
  claims: /^\+QPINC:/,
  read(lines) {
    const fields = lines.map(fieldsOf).find(([name]) => name === 'SC');
    const [pin, puk] = [numberOf(fields?.[1]), numberOf(fields?.[2])];
    return pin === undefined || puk === undefined ? undefined : { pin, puk };
  },
  patience: AT_ONCE,
};

/** Absent sensors say 255 or -273; EC/EG/EM print one line of numbers, RM5xx one quoted pair a sensor. */
const QTEMP: AtCommand<number> = {
  send: ['AT+QTEMP'],
  claims: /^\+QTEMP:/,
  read(lines) {
    const degrees = lines
      .flatMap(fieldsOf)
      .map(numberOf)
      .filter((n) => n !== undefined && n > -50 && n < 150);
    return degrees.length === 0 ? undefined : Math.max(...degrees.filter((n) => n !== undefined));
  },
  patience: AT_ONCE,
};

/** EC2x/EG9x AT manual 6.10: `+QCSQ: "LTE",<rssi>,<rsrp>,<sinr>,<rsrq>`, levels in dBm and dB, sinr coded per model. */
const qcsq = (sinrOf: (coded: number) => number): AtCommand<SignalDetail> => ({
  send: ['AT+QCSQ'],
  claims: /^\+QCSQ:/,
  read(lines) {
    const [mode, ...values] = fieldsAfter(lines, '+QCSQ:') ?? [];
    const [first, second, third, fourth] = values.map(numberOf);
    const sinr = (coded: number | undefined) => (coded === undefined ? undefined : sinrOf(coded));
    if (mode === 'LTE') return { rsrpDbm: second, sinrDb: sinr(third), rsrqDb: fourth };
    if (mode === 'NR5G' || mode === 'NR5G-SA') return { ssRsrpDbm: first, ssSinrDb: second, ssRsrqDb: third };
    if (mode === 'WCDMA') return { rscpDbm: second, ecnoDb: third };
    return mode === 'GSM' ? { rxlevDbm: first } : undefined;
  },
  patience: AT_ONCE,
});

/** EC25 codes sinr 0..250 for -20..30 dB. */
const SINR_IN_FIFTHS = qcsq((coded) => coded / 5 - 20);
const SINR_IN_DECIBELS = qcsq((coded) => coded);

const QUIMSLOT: SlotDialect = {
  before: [],
  choose: 'AT+QUIMSLOT={slot}',
  ask: 'AT+QUIMSLOT?',
  answer: /^\+QUIMSLOT: ?(\d)/,
  first: 1,
  settles: 'radio-cycle',
};

/** EC200x and EG91x have single standby, which must be chosen before the card is. */
const QDSIM: SlotDialect = {
  before: ['AT+QDSIMCFG="dsss",1'],
  choose: 'AT+QDSIM={slot}',
  ask: 'AT+QDSIM?',
  answer: /^\+QDSIM: ?(\d)/,
  first: 0,
  settles: 'radio-cycle',
};

/** EC2x/EG9x AT manual, QCFG "roamservice": 1 off, 2 on, 255 as the maker set it; the last value: at once. */
const ROAMSERVICE: Restriction = {
  ask: 'AT+QCFG="roamservice"',
  claims: /^\+QCFG: ?"roamservice"/,
  isOn: /"roamservice", ?1$/,
  on: 'AT+QCFG="roamservice",1,1',
  off: 'AT+QCFG="roamservice",2,1',
};

/** EC2x/EG9x AT manual, QCFG "nwscanmode": 0 all, 5 UMTS. */
const NWSCANMODE: Restriction = {
  ask: 'AT+QCFG="nwscanmode"',
  claims: /^\+QCFG: ?"nwscanmode"/,
  isOn: /"nwscanmode", ?5$/,
  on: 'AT+QCFG="nwscanmode",5,1',
  off: 'AT+QCFG="nwscanmode",0,1',
};

/** RM5xx AT manual, QNWPREFCFG "mode_pref". */
const MODE_PREF: Restriction = {
  ask: 'AT+QNWPREFCFG="mode_pref"',
  claims: /^\+QNWPREFCFG: ?"mode_pref"/,
  isOn: /"mode_pref", ?WCDMA$/,
  on: 'AT+QNWPREFCFG="mode_pref",WCDMA',
  off: 'AT+QNWPREFCFG="mode_pref",AUTO',
};

/**
 * EC2x/EG2x and RM5xx AT manuals, +QMBNCFG: index, selected, active, name, version, date. A dropped configuration is chosen
 * anew by the card at a start, where the choice is left to the modem.
 */
const QMBNCFG: CarrierDialect = {
  ask: 'AT+QMBNCFG="List"',
  claims: /^\+QMBNCFG: ?"List"/i,
  active: /^\+QMBNCFG: ?"List", ?\d+, ?\d, ?1, ?"([^"]+)"/i,
  anyCard: /^ROW_|generic/i,
  anew: ['AT+QMBNCFG="AutoSel",1', 'AT+QMBNCFG="Deactivate"'],
};

const QUECTEL: Dialect = {
  ...BASE,
  name: 'Quectel EC2x/EG2x',
  found: /Quectel/i,
  setUp: [REPORTS_ON_THIS_PORT],
  iccid: [iccidBy('AT+QCCID'), ICCID_OF_FILE],
  tries: [QPINC, TRIES_LEFT],
  signal: SINR_IN_FIFTHS,
  temperature: QTEMP,
  carrier: QMBNCFG,
  homeOnly: ROAMSERVICE,
  upTo3G: NWSCANMODE,
};

/** More particular models first. */
export const QUECTEL_DIALECTS: readonly Dialect[] = [
  {
    ...QUECTEL,
    name: 'Quectel RM5xx/RG5xx',
    found: /\bR[MG]5\d\d/i,
    signal: SINR_IN_DECIBELS,
    slot: QUIMSLOT,
    upTo3G: MODE_PREF,
  },
  {
    ...QUECTEL,
    name: 'Quectel EM/EG06, EG12, EG18',
    found: /\bE[MPG](?:05|06|060|061|12|120|18|160)/i,
    slot: QUIMSLOT,
  },
  // EG916Q refuses to read EF ICCID by +CRSM (openpilot's notes on that module).
  { ...QUECTEL, name: 'Quectel EG916Q', found: /\bEG916Q/i, iccid: [iccidBy('AT+QCCID')], slot: QDSIM },
  {
    ...QUECTEL,
    name: 'Quectel EC200/EG91x/UC200',
    found: /\b(?:EC200|EC600|EG91\d|UC200)/i,
    signal: EXTENDED_SIGNAL,
    slot: QDSIM,
  },
  QUECTEL,
];
