import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { ICCID_OF_FILE, iccidBy } from '../commands/identity.ts';
import { TRIES_LEFT, type TriesLeft } from '../commands/pin.ts';
import type { SignalDetail } from '../commands/signal.ts';
import { fieldsAfter, numberOf } from '../fields.ts';
import { BASE } from './base.ts';
import { celsius } from './celsius.ts';
import type { Dialect } from './dialect.ts';

/**
 * Mends an order that differs: SIM800 says pin, pin2, puk, puk2 and SIM7x00 pin, puk, pin2, puk2. A PUK starts with ten
 * tries and a PIN with three, so a number above three is a PUK's; where none is, the PUK's tries are not known.
 */
const SPIC_IN_EITHER_ORDER: AtCommand<TriesLeft> = {
  send: ['AT+SPIC'],
  claims: /^\+SPIC:/,
  read(lines) {
    const [pin, second, third] = (fieldsAfter(lines, '+SPIC:') ?? []).map(numberOf);
    if (pin === undefined) return undefined;
    return { pin, puk: [second, third].find((tries) => tries !== undefined && tries > 3) };
  },
  patience: AT_ONCE,
};

/** SIM7600 AT manual 4.2 +CPSI. Mends two scales: SIM7600 and A76xx print tenths of dB, SIM70x0 whole ones. */
const CPSI_IN_EITHER_SCALE: AtCommand<SignalDetail> = {
  send: ['AT+CPSI?'],
  claims: /^\+CPSI:/,
  read(lines) {
    const fields = fieldsAfter(lines, '+CPSI:');
    if (fields === undefined) return undefined;
    if (!fields[0]?.startsWith('LTE')) return {};
    const [rsrq, rsrp, , sinr] = fields.slice(10).map(numberOf);
    if (rsrp === undefined || rsrq === undefined) return undefined;
    // -157 dBm is the least that E-UTRA reports.
    const step = rsrp < -200 ? 10 : 1;
    return { rsrpDbm: rsrp / step, rsrqDb: rsrq / step, sinrDb: sinr };
  },
  patience: AT_ONCE,
};

const SIMCOM: Dialect = {
  ...BASE,
  name: 'SIMCom SIM7x00',
  found: /SIMCOM|SIM7\d{3}/i,
  iccid: [iccidBy('AT+CICCID'), ICCID_OF_FILE],
  tries: [TRIES_LEFT, SPIC_IN_EITHER_ORDER],
  signal: CPSI_IN_EITHER_SCALE,
  temperature: celsius('AT+CPMUTEMP', /^\+CPMUTEMP: ?(-?\d+)/),
  restart: order('AT+CRESET'),
  // SIM7500/SIM7600 AT manual, +CNMP: 2 all, 14 WCDMA.
  upTo3G: { ask: 'AT+CNMP?', claims: /^\+CNMP:/, isOn: /^\+CNMP: ?14$/, on: 'AT+CNMP=14', off: 'AT+CNMP=2' },
};

export const SIMCOM_DIALECTS: readonly Dialect[] = [
  {
    ...SIMCOM,
    name: 'SIMCom A76xx',
    found: /\bA76\d\d/i,
    slot: {
      before: [],
      choose: 'AT+SWITCHSIM={slot}',
      ask: 'AT+SWITCHSIM?',
      answer: /^\+SWITCHSIM: ?(\d)/,
      first: 0,
      settles: 'radio-cycle',
    },
  },
  {
    ...SIMCOM,
    name: 'SIMCom SIM82xx',
    found: /\bSIM8[23]\d\d/i,
    slot: {
      before: [],
      choose: 'AT+SMSIMCFG=1,{slot}',
      ask: 'AT+SMSIMCFG?',
      answer: /^\+SMSIMCFG: ?1, ?(\d)/,
      first: 1,
      settles: 'radio-cycle',
    },
  },
  SIMCOM,
];
