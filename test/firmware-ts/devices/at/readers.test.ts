import { describe, expect, it } from 'vitest';
import type { AtCommand } from '../../../../firmware-ts/devices/at/command.ts';
import {
  closeLogicalChannel,
  openLogicalChannel,
  sendApdu,
  sendOnChannel,
} from '../../../../firmware-ts/devices/at/commands/apdu.ts';
import {
  ACTIVE_CONTEXTS,
  CONTEXTS,
  contextAddress,
  defineContext,
} from '../../../../firmware-ts/devices/at/commands/data-context.ts';
import { ICCID_OF_FILE, IMEI, IMSI, iccidBy, MODEL } from '../../../../firmware-ts/devices/at/commands/identity.ts';
import { MESSAGE_MEMORY, STORED_MESSAGES, sendPdu } from '../../../../firmware-ts/devices/at/commands/messages.ts';
import { OPERATOR } from '../../../../firmware-ts/devices/at/commands/operator.ts';
import { CARD_LOCKED, PIN_STATE, TRIES_LEFT, triesOfCard } from '../../../../firmware-ts/devices/at/commands/pin.ts';
import {
  isDefinitive,
  registrationIn,
  registrationReport,
} from '../../../../firmware-ts/devices/at/commands/registration.ts';
import { EXTENDED_SIGNAL, SIGNAL } from '../../../../firmware-ts/devices/at/commands/signal.ts';
import { chooseDialect, DIALECTS } from '../../../../firmware-ts/devices/at/dialects/choose-dialect.ts';
import { resultOf } from '../../../../firmware-ts/devices/at/result.ts';
import { restOf, scan } from '../../../../firmware-ts/devices/at/scanner.ts';

/** In the form that these modules print, as their AT manuals show it; not captures from a site. */
type Reply = readonly [who: string, command: AtCommand<unknown>, lines: readonly string[], value: unknown];
const nothing = { area: undefined, cell: undefined, technology: undefined, reject: undefined, messagesOnly: false };
const dialect = (says: string) => chooseDialect(says);
const tries = (says: string, at = 0) => dialect(says).tries[at] ?? TRIES_LEFT;
const heat = (says: string) => dialect(says).temperature ?? SIGNAL;

const REPLIES: readonly Reply[] = [
  ['Quectel EC25', SIGNAL, ['+CSQ: 24,99'], { rssiDbm: -65, bitErrorClass: undefined }],
  ['a modem without cover', SIGNAL, ['+CSQ: 99,99'], { rssiDbm: undefined, bitErrorClass: undefined }],
  [
    'SIM7600 in TD-SCDMA, whose scale goes on from 100',
    SIGNAL,
    ['+CSQ: 141,99'],
    { rssiDbm: undefined, bitErrorClass: undefined },
  ],
  ['Telit LE910, no space', SIGNAL, ['+CSQ:14,2'], { rssiDbm: -85, bitErrorClass: 2 }],
  ['a modem that is cut off', SIGNAL, ['+CSQ: 2'], undefined],
  ['LTE', EXTENDED_SIGNAL, ['+CESQ: 99,99,255,255,20,45'], { rsrqDb: -10, rsrpDbm: -96 }],
  ['UTRAN', EXTENDED_SIGNAL, ['+CESQ: 99,99,40,30,255,255'], { rscpDbm: -81, ecnoDb: -9.5 }],
  ['GSM', EXTENDED_SIGNAL, ['+CESQ: 30,0,255,255,255,255'], { rxlevDbm: -81 }],
  [
    'NR of release 15',
    EXTENDED_SIGNAL,
    ['+CESQ: 99,99,255,255,255,255,65,70,60'],
    { ssRsrqDb: -11, ssRsrpDbm: -87, ssSinrDb: 6.5 },
  ],
  [
    'the ends of the scales',
    EXTENDED_SIGNAL,
    ['+CESQ: 63,0,96,49,34,97'],
    { rxlevDbm: -48, rscpDbm: -25, ecnoDb: 0, rsrqDb: -3, rsrpDbm: -44 },
  ],
  ['a short one', EXTENDED_SIGNAL, ['+CESQ: 99,99,255'], undefined],
  [
    'Quectel EC25',
    dialect('Quectel EC25').signal,
    ['+QCSQ: "LTE",-52,-81,195,-10'],
    { rsrpDbm: -81, sinrDb: 19, rsrqDb: -10 },
  ],
  [
    'Quectel RM500Q',
    dialect('Quectel RM500Q-GL').signal,
    ['+QCSQ: "NR5G",-90,20,-11'],
    { ssRsrpDbm: -90, ssSinrDb: 20, ssRsrqDb: -11 },
  ],
  ['Quectel without service', dialect('Quectel EC25').signal, ['+QCSQ: "NOSERVICE"'], undefined],
  [
    'SIM7600, tenths',
    dialect('SIMCOM_SIM7600E').signal,
    ['+CPSI: LTE,Online,460-11,0x5A1E,187214780,257,EUTRAN-BAND3,1850,5,5,-94,-850,-545,15'],
    { rsrqDb: -9.4, rsrpDbm: -85, sinrDb: 15 },
  ],
  [
    'SIM7070, whole',
    dialect('SIMCOM SIM7070').signal,
    ['+CPSI: LTE CAT-M1,Online,240-07,0x2AFE,34564631,149,EUTRAN-BAND20,6400,3,3,-12,-81,-52,10'],
    { rsrqDb: -12, rsrpDbm: -81, sinrDb: 10 },
  ],
  [
    'SIM7600 in GSM',
    dialect('SIMCOM_SIM7600E').signal,
    ['+CPSI: GSM,Online,208-01,0x182d,12401,27 EGSM 900,-64,2110,42-42'],
    {},
  ],
  ['registered at home', registrationIn('CREG'), ['+CREG: 0,1'], { ...nothing, state: 'home' }],
  [
    'roaming, with place',
    registrationIn('CREG'),
    ['+CREG: 2,5,"1A2B","01C3F205",7'],
    { ...nothing, state: 'roaming', area: '1A2B', cell: '01C3F205', technology: '4G' },
  ],
  [
    'place without quotes',
    registrationIn('CREG'),
    ['+CREG: 2,1,1A2B,01C3F205'],
    { ...nothing, state: 'home', area: '1A2B', cell: '01C3F205' },
  ],
  [
    'EPS, denied with its cause',
    registrationIn('CEREG'),
    ['+CEREG: 3,3,"1A2B","01C3F205",7,0,15'],
    {
      state: 'denied',
      messagesOnly: false,
      area: '1A2B',
      cell: '01C3F205',
      technology: '4G',
      reject: { cause: 15, ofMaker: false },
    },
  ],
  [
    'EPS, denied and nothing else',
    registrationIn('CEREG'),
    ['+CEREG: 3,3,,,,0,8'],
    { ...nothing, state: 'denied', reject: { cause: 8, ofMaker: false } },
  ],
  [
    'EPS with power saving',
    registrationIn('CEREG'),
    ['+CEREG: 4,1,"FFFE","0A","9",,,"00000000","00000110"'],
    { ...nothing, state: 'home', area: 'FFFE', cell: '0A', technology: '4G' },
  ],
  [
    'GPRS with its routing area',
    registrationIn('CGREG'),
    ['+CGREG: 2,1,"1A2B","01C3",2,"05",0,0'],
    { ...nothing, state: 'home', area: '1A2B', cell: '01C3', technology: '3G' },
  ],
  [
    '5G with its slices',
    registrationIn('C5GREG'),
    ['+C5GREG: 3,3,"00A1B2","0000000012",11,1,"01",0,11'],
    {
      state: 'denied',
      messagesOnly: false,
      area: '00A1B2',
      cell: '0000000012',
      technology: '5G',
      reject: { cause: 11, ofMaker: false },
    },
  ],
  ['messages only', registrationIn('CREG'), ['+CREG: 0,6'], { ...nothing, state: 'home', messagesOnly: true }],
  ['emergencies only', registrationIn('CREG'), ['+CREG: 0,8'], { ...nothing, state: 'emergency-only' }],
  ['a state that no release knows', registrationIn('CREG'), ['+CREG: 0,42'], undefined],
  [
    'by name',
    OPERATOR,
    ['+COPS: 0,0,"Orange F",7'],
    { selected: 'automatic', name: 'Orange F', network: undefined, technology: '4G' },
  ],
  [
    'by number',
    OPERATOR,
    ['+COPS: 0,2,"20810",2'],
    { selected: 'automatic', name: undefined, network: '20810', technology: '3G' },
  ],
  [
    'with a comma in its name',
    OPERATOR,
    ['+COPS: 1,0,"A, B",0'],
    { selected: 'manual', name: 'A, B', network: undefined, technology: '2G' },
  ],
  [
    'nobody',
    OPERATOR,
    ['+COPS: 0'],
    { selected: 'automatic', name: undefined, network: undefined, technology: undefined },
  ],
  ['ready', PIN_STATE, ['+CPIN: READY'], { wants: 'nothing' }],
  ['a PIN', PIN_STATE, ['+CPIN: SIM PIN'], { wants: 'pin' }],
  ['a PUK', PIN_STATE, ['+CPIN: SIM PUK'], { wants: 'puk' }],
  ['a lock of the network', PIN_STATE, ['+CPIN: PH-NET PIN'], { wants: 'other', lock: 'PH-NET PIN' }],
  ['FM350 without profile', PIN_STATE, ['+CPIN: EMPTY_EUICC'], { wants: 'other', lock: 'EMPTY_EUICC' }],
  ['not ready', PIN_STATE, ['+CPIN: NOT READY'], undefined],
  [
    'TS 27.007',
    TRIES_LEFT,
    ['+CPINR: SIM PIN,3,3', '+CPINR: SIM PUK,10,10', '+CPINR: SIM PIN2,2,3'],
    { pin: 3, puk: 10 },
  ],
  ['TS 27.007 with quotes', TRIES_LEFT, ['+CPINR: "SIM PIN",1,3'], { pin: 1, puk: undefined }],
  ['Quectel', tries('Quectel EC25'), ['+QPINC: "SC",3,10', '+QPINC: "P2",0,10'], { pin: 3, puk: 10 }],
  ['SIM7600', tries('SIM7600', 1), ['+SPIC: 3,10,0,10'], { pin: 3, puk: 10 }],
  ['SIM800', tries('SIM7600', 1), ['+SPIC: 2,3,10,10'], { pin: 2, puk: 10 }],
  ['SIMCom, nearly used up', tries('SIM7600', 1), ['+SPIC: 0,3,3,3'], { pin: 0, puk: undefined }],
  ['Sierra', tries('Sierra Wireless EM7455'), ['+CPINC: 3,3,10,10'], { pin: 3, puk: 10 }],
  ['u-blox', tries('u-blox SARA-R5'), ['+UPINCNT: 0,3,5,5'], { pin: 0, puk: 5 }],
  ['a card', triesOfCard('pin'), ['+CSIM: 4,"63C3"'], 3],
  ['a card without a try', triesOfCard('puk'), ['+CSIM: 4,"6983"'], 0],
  ['a card that asks for nothing', triesOfCard('pin'), ['+CSIM: 4,"9000"'], undefined],
  ['a locked card', CARD_LOCKED, ['+CLCK: 1'], true],
  ['any module', IMSI, ['208011234567890'], '208011234567890'],
  ['with the software version', IMEI, ['86758403001234501'], '867584030012345'],
  ['Quectel, padded', iccidBy('AT+QCCID'), ['+QCCID: 8933012345678901234F'], '8933012345678901234'],
  ['SIM7600', iccidBy('AT+CICCID'), ['+ICCID: 89330123456789012345'], '89330123456789012345'],
  ['Telit', iccidBy('AT#CCID'), ['#CCID: 8933012345678901234'], '8933012345678901234'],
  ['a card file of 19 digits', ICCID_OF_FILE, ['+CRSM: 144,0,"983310325476981032F4"'], '8933012345678901234'],
  ['a card file of 20 digits', ICCID_OF_FILE, ['+CRSM: 144,0,98331032547698103254'], '89330123456789012345'],
  ['a card that refuses', ICCID_OF_FILE, ['+CRSM: 106,130,""'], undefined],
  ['Quectel', heat('Quectel EC25'), ['+QTEMP: 38,255,34'], 38],
  [
    'Quectel RM5xx',
    heat('Quectel RM502Q-AE'),
    ['+QTEMP:"modem-lte-sub6-pa1","44"', '+QTEMP:"modem-sdr0-pa0","-273"', '+QTEMP:"cpu0-a7-usr","51"'],
    51,
  ],
  ['SIMCom', heat('SIM7600'), ['+CPMUTEMP: -4'], -4],
  ['Telit', heat('Telit'), ['#TEMPMEAS: 0,28'], 28],
  ['Sierra', heat('Sierra EM7565'), ['Temperature: 36.50'], 36.5],
  ['Fibocom', heat('Fibocom FM150'), ['+MTSM: 52'], 52],
  [
    'contexts',
    CONTEXTS,
    ['+CGDCONT: 1,"IPV4V6","orange.m2m","0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0",0,0', '+CGDCONT: 2,"IP","ims"'],
    [
      { id: 1, type: 'IPV4V6', accessPoint: 'orange.m2m' },
      { id: 2, type: 'IP', accessPoint: 'ims' },
    ],
  ],
  ['contexts that are up', ACTIVE_CONTEXTS, ['+CGACT: 1,1', '+CGACT: 2,0'], [1]],
  [
    'an address with its mask',
    contextAddress(1),
    ['+CGCONTRDP: 1,5,"orange.m2m","10.64.3.7.255.255.255.252","10.64.3.8","194.2.0.20","194.2.0.50"'],
    { accessPoint: 'orange.m2m', address: '10.64.3.7', gateway: '10.64.3.8', dns: ['194.2.0.20', '194.2.0.50'] },
  ],
  ['an address of another context', contextAddress(2), ['+CGCONTRDP: 1,5,"a","10.0.0.1"'], undefined],
  ['a storage', MESSAGE_MEMORY, ['+CPMS: "SM",3,20,"SM",3,20,"SM",3,20'], { storage: 'SM', used: 3, total: 20 }],
  [
    'stored messages',
    STORED_MESSAGES,
    ['+CMGL: 0,0,,24', '0004', '+CMGL: 7,1,"",24', '00AA'],
    [
      { index: 0, kind: 'unread', pdu: '0004' },
      { index: 7, kind: 'read', pdu: '00AA' },
    ],
  ],
  ['no stored message', STORED_MESSAGES, [], []],
  ['a message taken', sendPdu('0001000B91'), ['+CMGS: 214'], 214],
  ['an APDU', sendApdu({ hex: '00A40004023F00' }), ['+CSIM: 4,"9000"'], '9000'],
  ['an APDU cut short', sendApdu({ hex: '00A40004023F00' }), ['+CSIM: 8,"9000"'], undefined],
  ['a bare channel number (FM350, lpac#209)', openLogicalChannel('A0'), ['1'], 1],
  ['a named channel number', openLogicalChannel('A0'), ['+CCHO: 3'], 3],
  ['an APDU on a channel, without quotes', sendOnChannel(1, { hex: '80E2' }), ['+CGLA: 4,6a82'], '6A82'],
  ['a channel closed (lpac#143)', closeLogicalChannel(1), ['+CCHC'], true],
  ['a model with its name before it', MODEL, ['+CGMM: "LE910C4"'], 'LE910C4'],
];

describe('S-8, S-11, S-12: what modems reply', () => {
  it.each(REPLIES)('%s', (_, command, lines, value) => {
    for (const line of lines) if (!command.body?.test(line)) expect(command.claims?.test(line)).toBe(true);
    expect(command.read(lines)).toEqual(value);
  });

  it('is read from a report as from an answer', () => {
    expect(registrationReport('+CEREG: 5,"1A2B","01C3F205",7')).toMatchObject({
      state: 'roaming',
      technology: '4G',
      cell: '01C3F205',
    });
    expect(registrationReport('+CREG: 1')).toMatchObject({ state: 'home', area: undefined });
    expect(registrationReport('+CMTI: "SM",1')).toBeUndefined();
  });

  it('tells causes that waiting does not cure from the others', () => {
    expect([2, 3, 6, 7, 8, 11, 13, 15].every(isDefinitive)).toBe(true);
    expect([17, 19, 22, 25, 111].some(isDefinitive)).toBe(false);
  });

  it('refuses what no network would take, and names the field', () => {
    expect(() => defineContext({ id: 0, type: 'IP', accessPoint: 'a' })).toThrow(/^id:/);
    expect(() => defineContext({ id: 1, type: 'IP', accessPoint: 'a"b' })).toThrow(/^accessPoint:/);
    expect(defineContext({ id: 1, type: 'IPV4V6', accessPoint: 'orange.m2m' }).send).toEqual([
      'AT+CGDCONT=1,"IPV4V6","orange.m2m"',
    ]);
  });
});

describe('the dialect of a modem', () => {
  const modems: readonly [string, string][] = [
    ['Quectel EC25 EC25EFAR06A06M4G', 'Quectel EC2x/EG2x'],
    ['Quectel EG25-G', 'Quectel EC2x/EG2x'],
    ['Quectel EM06', 'Quectel EM/EG06, EG12, EG18'],
    ['Quectel EM061K-GL', 'Quectel EM/EG06, EG12, EG18'],
    ['Quectel EG916Q-GL', 'Quectel EG916Q'],
    ['Quectel EC200U-EU', 'Quectel EC200/EG91x/UC200'],
    ['Quectel RM520N-GL', 'Quectel RM5xx/RG5xx'],
    ['Fibocom Wireless Inc. FM350-GL', 'Fibocom L8/FM'],
    ['SIMCOM INCORPORATED SIM7600E-H', 'SIMCom SIM7x00'],
    ['SIMCOM INCORPORATED A7672E', 'SIMCom A76xx'],
    ['SIMCOM INCORPORATED SIM8202G-M2', 'SIMCom SIM82xx'],
    ['Telit LE910C4-EU', 'Telit LE910'],
    ['Sierra Wireless, Incorporated EM9191', 'Sierra EM/MC'],
    ['u-blox SARA-R510S', 'u-blox SARA/LARA/TOBY'],
    ['Nobody Knows 1', '3GPP'],
  ];
  it.each(modems)('%s is %s', (says, name) => {
    expect(chooseDialect(says).name).toBe(name);
  });

  it('has each its own name', () => {
    expect(new Set(DIALECTS.map(({ name }) => name)).size).toBe(DIALECTS.length);
  });
});

describe('the end of an answer (TS 27.007 9)', () => {
  const lines: readonly [string, unknown][] = [
    ['OK', 'ok'],
    ['ERROR', { by: 'plain', code: undefined, says: 'ERROR' }],
    ['+CME ERROR: 10', { by: 'cme', code: 10, says: '10' }],
    ['+CME ERROR: SIM not inserted', { by: 'cme', code: 10, says: 'SIM not inserted' }],
    ['+CME ERROR: what nobody lists', { by: 'cme', code: undefined, says: 'what nobody lists' }],
    ['+CMS ERROR: 310', { by: 'cms', code: 310, says: '310' }],
    ['COMMAND NOT SUPPORT', { by: 'plain', code: undefined, says: 'COMMAND NOT SUPPORT' }],
    ['OK, but not quite', undefined],
    ['+CMTI: "SM",1', undefined],
    ['RING', undefined],
  ];
  it.each(lines)('%s', (line, result) => {
    expect(resultOf(line)).toEqual(result);
  });
});

describe('the scanner', () => {
  it('finds lines between line ends of any kind, and a prompt only where one is wanted', () => {
    expect(scan('\r\nOK\r\n', 0, false)).toEqual({ token: { is: 'line', text: 'OK' }, next: 5 });
    expect(scan('\r\n> ', 0, true)).toEqual({ token: { is: 'prompt' }, next: 3 });
    expect(scan('\r\n> ', 0, false)).toEqual({ token: undefined, next: 2 });
    expect(scan('AT\r\n', 2, false)).toEqual({ token: undefined, next: 4 });
  });

  it('keeps no more of a line without an end than any answer has', () => {
    expect(restOf('x'.repeat(20_000), 0)).toHaveLength(16_384);
    expect(scan(`${'x'.repeat(20_000)}\r`, 0, false)).toMatchObject({
      token: { text: 'x'.repeat(16_384) },
      next: 20_001,
    });
  });
});
