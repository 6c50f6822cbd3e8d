import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { ICCID_OF_FILE, iccidBy } from '../commands/identity.ts';
import { TRIES_LEFT, type TriesLeft } from '../commands/pin.ts';
import { fieldsAfter, numberOf } from '../fields.ts';
import { BASE } from './base.ts';
import { celsius } from './celsius.ts';
import type { Dialect } from './dialect.ts';

/** Four numbers, pin, pin2, puk, puk2: Sierra +CPINC, u-blox +UPINCNT (u-blox cellular AT manual 9.12). */
const triesInFour = (send: string, name: string): AtCommand<TriesLeft> => ({
  send: [send],
  claims: new RegExp(`^\\+${name}:`),
  read(lines) {
    const [pin, , puk] = (fieldsAfter(lines, `+${name}:`) ?? []).map(numberOf);
    return pin === undefined || puk === undefined ? undefined : { pin, puk };
  },
  patience: AT_ONCE,
});

/** Telit LE910 AT reference: #PCT counts only the code that is asked for now, so the card is asked instead. */
export const TELIT: Dialect = {
  ...BASE,
  name: 'Telit LE910',
  found: /Telit|\bLE9[12]0|\bLN94\d/i,
  iccid: [iccidBy('AT#CCID'), ICCID_OF_FILE],
  tries: [TRIES_LEFT],
  temperature: celsius('AT#TEMPMON=1', /^#TEMPMEAS: ?-?\d, ?(-?\d+)/),
  slot: {
    before: ['AT#ENSIM2=1'],
    choose: 'AT#SIMSELECT={slot}',
    ask: 'AT#SIMSELECT?',
    answer: /^#SIMSELECT: ?(\d)/,
    first: 1,
    settles: 'radio-cycle',
  },
  restart: order('AT#REBOOT'),
  // LE910Cx AT reference, #FWSWITCH: the image of a carrier, 40 that of all; models of one region do not know it.
  carrier: {
    ask: 'AT#FWSWITCH?',
    claims: /^#FWSWITCH:/,
    active: /^#FWSWITCH: ?(\d+)/,
    anyCard: /^40$/,
    anew: ['AT#FWSWITCH=40,1'],
  },
};

/** Sierra Wireless EM/MC74xx and EM91xx AT reference (41111748): commands with `!` are behind !ENTERCND. */
export const SIERRA: Dialect = {
  ...BASE,
  name: 'Sierra EM/MC',
  found: /Sierra|\b(?:EM|MC)(?:74|75|91|73)\d\d/i,
  setUp: [order('AT!ENTERCND="A710"')],
  iccid: [iccidBy('AT!ICCID?'), ICCID_OF_FILE],
  tries: [triesInFour('AT+CPINC?', 'CPINC'), TRIES_LEFT],
  temperature: celsius('AT!PCTEMP?', /^Temperature: ?(-?\d+(?:\.\d+)?)/),
  slot: {
    before: [],
    choose: 'AT!UIMS={slot}',
    ask: 'AT!UIMS?',
    answer: /^!UIMS: ?(\d)/,
    first: 0,
    settles: 'restart',
  },
  restart: order('AT!RESET'),
  // EM/MC74xx and 75xx: the image that is preferred, by carrier or by the card.
  carrier: {
    ask: 'AT!IMPREF?',
    claims: /^(?:!IMPREF:| ?(?:preferred|current) (?:fw version|carrier name|config name):)/,
    active: /current carrier name: +(\S+)/,
    anyCard: /^GENERIC$/i,
    anew: ['AT!IMPREF="AUTO-SIM"'],
  },
};

/** u-blox SARA, LARA, TOBY: +CFUN=16 resets module and card, +CFUN=1,1 is not there on all. One card holder. */
export const UBLOX: Dialect = {
  ...BASE,
  name: 'u-blox SARA/LARA/TOBY',
  found: /u-blox|\b(?:SARA|LARA|TOBY)-/i,
  iccid: [iccidBy('AT+CCID'), ICCID_OF_FILE],
  tries: [triesInFour('AT+UPINCNT', 'UPINCNT'), TRIES_LEFT],
  restart: order('AT+CFUN=16'),
  // u-blox cellular AT manual, +UMNOPROF: 0 none, 1 by the card, 90 and 100 of no operator; the radio is down for the choice.
  carrier: {
    ask: 'AT+UMNOPROF?',
    claims: /^\+UMNOPROF:/,
    active: /^\+UMNOPROF: ?(\d+)/,
    anyCard: /^(?:0|1|90|100)$/,
    anew: ['AT+CFUN=0', 'AT+UMNOPROF=1'],
  },
};

/** Fibocom L8xx, FM1xx, FM350. Mends the 10 s that +CCID takes without a card: +ICCID answers at once. */
export const FIBOCOM: Dialect = {
  ...BASE,
  name: 'Fibocom L8/FM',
  found: /Fibocom|\b(?:L8[356]0|FM1[0-9]0|FM350)/i,
  iccid: [iccidBy('AT+ICCID'), ICCID_OF_FILE],
  tries: [TRIES_LEFT],
  temperature: celsius('AT+MTSM=1', /^\+MTSM: ?(-?\d+)/),
  slot: {
    before: [],
    choose: 'AT+GTDUALSIM={slot}',
    ask: 'AT+GTDUALSIM?',
    answer: /^\+GTDUALSIM ?: ?(\d)/,
    first: 0,
    settles: 'restart',
  },
  restart: order('AT+CFUN=15'),
};
