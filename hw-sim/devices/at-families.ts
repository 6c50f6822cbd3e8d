import { withOpenSim } from './at-card-commands.ts';
import { type Carrier, cardOf, type ModemState, type SimCard, servedBy } from './at-modem-state.ts';
import type { Command, Obeyed } from './at-obey.ts';

/** What a simulated modem is, in its own words, and what it knows beyond the standard. */
type Family = {
  readonly says: readonly [maker: string, model: string];
  /** Said at a start; families that say nothing must be found out. */
  readonly banner: string;
  readonly commands: readonly Command[];
};

const iccid = (form: RegExp, name: string): Command => [
  form,
  (_, state) => withCardIn(state, (card) => ({ lines: [`${name}: ${card.iccid}`] })),
];
const withCardIn = (state: ModemState, does: (card: SimCard) => Obeyed): Obeyed => {
  const card = cardOf(state);
  return card === undefined ? { error: 10 } : does(card);
};
const line = (form: RegExp, text: (state: ModemState) => string): Command => [
  form,
  (_, state) => ({ lines: [text(state)] }),
];
const restart = (form: RegExp): Command => [form, () => ({ restarts: true })];
const tries = (form: RegExp, text: (card: SimCard) => string): Command => [
  form,
  (_, state) => withCardIn(state, (card) => ({ lines: [text(card)] })),
];

/** The choice is kept; which card is read changes with the next radio cycle or start, here at once with the radio down. */
const slots = (
  choose: RegExp,
  ask: RegExp,
  answer: string,
  first: 0 | 1,
  needsRadioDown = true,
): readonly Command[] => [
  [
    choose,
    ([slot], state) => {
      const chosen = Number(slot) - first;
      if (chosen !== 0 && chosen !== 1) return { error: 50 };
      if (needsRadioDown && state.power === 1) return { error: 3 };
      return { state: { ...state, slot: chosen } };
    },
  ],
  line(ask, ({ slot }) => `${answer}${slot + first}`),
];

const setting = (
  [set, ask, answer]: readonly [RegExp, RegExp, string],
  name: 'homeOnly' | 'upTo3G',
  [on, off]: readonly [string, string],
): readonly Command[] => [
  [
    set,
    ([value], state) => (value === on || value === off ? { state: { ...state, [name]: value === on } } : { error: 50 }),
  ],
  line(ask, (state) => `${answer}${state[name] ? on : off}`),
];

/** What each family calls the configuration for all cards, and those of one operator. */
type CarrierNames = Readonly<Record<Carrier, string>>;
const MBN: CarrierNames = { all: 'ROW_Generic_3GPP', orange: 'Orange-Commercial', sfr: 'SFR-Commercial' };
const PRI: CarrierNames = { all: 'GENERIC', orange: 'ORANGE', sfr: 'SFR' };
const MNO: CarrierNames = { all: '100', orange: '46', sfr: '47' };
const IMAGES: CarrierNames = { all: '40', orange: '14', sfr: '15' };

const withCarrier = (state: ModemState, change: Partial<ModemState['carrier']>) => ({
  state: { ...state, carrier: { ...state.carrier, ...change } },
});

/** The present one works on until it is dropped and the modem started. */
const QUECTEL_CARRIER: readonly Command[] = [
  [
    /^AT\+QMBNCFG="LIST"$/i,
    (_, { carrier }) => ({
      lines: Object.entries(MBN).map(
        ([of, name], index) =>
          `+QMBNCFG: "List",${index},${carrier.of === of ? '1,1' : '0,0'},"${name}",0x0501081F,202307241`,
      ),
    }),
  ],
  [/^AT\+QMBNCFG="AUTOSEL",([01])$/i, ([on], state) => withCarrier(state, { byCard: on === '1' })],
  [/^AT\+QMBNCFG="DEACTIVATE"$/i, (_, state) => withCarrier(state, { dropped: true })],
];

const QUECTEL_COMMON: readonly Command[] = [
  ...QUECTEL_CARRIER,
  ...setting([/^AT\+QCFG="roamservice",(\d+),1$/, /^AT\+QCFG="roamservice"$/, '+QCFG: "roamservice",'], 'homeOnly', [
    '1',
    '2',
  ]),
  ...setting([/^AT\+QCFG="nwscanmode",(\d),1$/, /^AT\+QCFG="nwscanmode"$/, '+QCFG: "nwscanmode",'], 'upTo3G', [
    '5',
    '0',
  ]),

  iccid(/^AT\+QCCID$/, '+QCCID'),
  tries(/^AT\+QPINC="SC"$/, ({ pinTries, pukTries }) => `+QPINC: "SC",${pinTries},${pukTries}`),
  [/^AT\+QURCCFG="URCPORT","ALL"$/i, () => ({})],
  line(/^AT\+QTEMP$/, ({ temperature }) => `+QTEMP: ${temperature},255,${temperature - 4}`),
  line(/^AT\+QCSQ$/, (state) =>
    servedBy(state).network === undefined
      ? '+QCSQ: "NOSERVICE"'
      : `+QCSQ: "LTE",-63,${state.rsrp - 141},137,${state.rsrq / 2 - 20}`,
  ),
];
const QUECTEL_BANNER =
  '\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n';

export const FAMILIES = {
  plain: { says: ['Relais', 'Simulated modem'], banner: '\0\r\nRDY\r\n\r\n+CPIN: READY\r\n', commands: [] },
  EC25: { says: ['Quectel', 'EC25'], banner: QUECTEL_BANNER, commands: QUECTEL_COMMON },
  EM12: {
    says: ['Quectel', 'EM12-G'],
    banner: QUECTEL_BANNER,
    commands: [...QUECTEL_COMMON, ...slots(/^AT\+QUIMSLOT=(\d)$/, /^AT\+QUIMSLOT\?$/, '+QUIMSLOT: ', 1)],
  },
  EG916Q: {
    says: ['Quectel', 'EG916Q-GL'],
    banner: QUECTEL_BANNER,
    commands: [
      // EG916Q reads no EF ICCID by +CRSM.
      [/^AT\+CRSM=/, () => ({ error: 3 })],
      [/^AT\+QDSIMCFG="DSSS",1$/i, (_, state) => ({ state: { ...state, singleStandby: true } })],
      [/^AT\+QDSIM=\d$/, (_, { singleStandby }) => (singleStandby ? undefined : { error: 4 })],
      ...QUECTEL_COMMON,
      ...slots(/^AT\+QDSIM=(\d)$/, /^AT\+QDSIM\?$/, '+QDSIM: ', 0),
    ],
  },
  SIM7600: {
    says: ['SIMCOM INCORPORATED', 'SIMCOM_SIM7600E-H'],
    banner: '\r\nSTART\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n',
    commands: [
      iccid(/^AT\+CICCID$/, '+ICCID'),
      tries(/^AT\+SPIC$/, ({ pinTries, pukTries }) => `+SPIC: ${pinTries},${pukTries},3,10`),
      line(/^AT\+CPMUTEMP$/, ({ temperature }) => `+CPMUTEMP: ${temperature}`),
      line(
        /^AT\+CPSI\?$/,
        (state) =>
          `+CPSI: LTE,Online,208-01,0x1A2B,29618693,257,EUTRAN-BAND3,1675,5,5,${state.rsrq * 5 - 200},${(state.rsrp - 141) * 10},-640,14`,
      ),
      ...setting([/^AT\+CNMP=(\d+)$/, /^AT\+CNMP\?$/, '+CNMP: '], 'upTo3G', ['14', '2']),
      restart(/^AT\+CRESET$/),
    ],
  },
  LE910: {
    says: ['Telit', 'LE910C4-EU'],
    banner: '',
    commands: [
      iccid(/^AT#CCID$/, '#CCID'),
      line(/^AT#TEMPMON=1$/, ({ temperature }) => `#TEMPMEAS: 0,${temperature}`),
      [/^AT#ENSIM2=1$/, (_, state) => ({ state: { ...state, singleStandby: true } })],
      ...slots(/^AT#SIMSELECT=(\d)$/, /^AT#SIMSELECT\?$/, '#SIMSELECT: ', 1),
      line(/^AT#FWSWITCH\?$/, ({ carrier }) => `#FWSWITCH: ${IMAGES[carrier.of]},1`),
      [/^AT#FWSWITCH=40,1$/, (_, state) => ({ ...withCarrier(state, { of: 'all' }), restarts: true })],
      restart(/^AT#REBOOT$/),
    ],
  },
  EM7565: {
    says: ['Sierra Wireless, Incorporated', 'EM7565'],
    banner: '',
    commands: [
      [/^AT!ENTERCND="A710"$/, (_, state) => ({ state: { ...state, unlocked: true } })],
      [
        /^AT!IMPREF\?$/,
        (_, { carrier }) => ({
          lines: [
            '!IMPREF:',
            ' preferred fw version:    01.14.22.00',
            ` preferred carrier name:  ${carrier.byCard ? 'AUTO-SIM' : PRI[carrier.of]}`,
            ' current fw version:      01.14.22.00',
            ` current carrier name:    ${PRI[carrier.of]}`,
          ],
        }),
      ],
      [/^AT!IMPREF="AUTO-SIM"$/, (_, state) => withCarrier(state, { byCard: true, dropped: true })],
      [/^AT!(?:UIMS)/, (_, { unlocked }) => (unlocked ? undefined : { error: 'plain' })],
      ...slots(/^AT!UIMS=(\d)$/, /^AT!UIMS\?$/, '!UIMS: ', 0, false),
      iccid(/^AT!ICCID\?$/, '!ICCID'),
      tries(/^AT\+CPINC\?$/, ({ pinTries, pukTries }) => `+CPINC: ${pinTries},3,${pukTries},10`),
      [/^AT!PCTEMP\?$/, (_, { temperature }) => ({ lines: ['Temp state: Normal', `Temperature: ${temperature}.25`] })],
      restart(/^AT!RESET$/),
    ],
  },
  SARA: {
    says: ['u-blox', 'SARA-R510S'],
    banner: '',
    commands: [
      line(/^AT\+UMNOPROF\?$/, ({ carrier }) => `+UMNOPROF: ${carrier.byCard ? 1 : MNO[carrier.of]}`),
      [
        /^AT\+UMNOPROF=1$/,
        (_, state) => (state.power === 1 ? { error: 3 } : withCarrier(state, { byCard: true, dropped: true })),
      ],
      iccid(/^AT\+CCID$/, '+CCID'),
      tries(/^AT\+UPINCNT$/, ({ pinTries, pukTries }) => `+UPINCNT: ${pinTries},3,${pukTries},10`),
    ],
  },
  FM350: {
    says: ['Fibocom Wireless Inc.', 'FM350-GL'],
    banner: '\r\n+SIM: Inserted\r\n',
    commands: [
      iccid(/^AT\+ICCID$/, '+ICCID'),
      line(/^AT\+MTSM=1$/, ({ temperature }) => `+MTSM: ${temperature}`),
      [
        /^AT\+CPINR$/,
        (_, state) =>
          withCardIn(state, ({ pinTries, pukTries }) => ({
            lines: [`+CPINR: SIM PIN,${pinTries},3`, `+CPINR: SIM PUK,${pukTries},10`],
          })),
      ],
      ...slots(/^AT\+GTDUALSIM=(\d)$/, /^AT\+GTDUALSIM\?$/, '+GTDUALSIM: ', 0, false),
    ],
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;

/** V.250 6.1.3, TS 27.007 5.1 and 5.2. */
export function namesOf(family: FamilyName): readonly Command[] {
  const [maker, model] = FAMILIES[family].says;
  return [
    [/^ATI$/, () => ({ lines: [maker, model] })],
    [/^AT\+CGMI$/, () => ({ lines: [maker] })],
    [/^AT\+CGMM$/, () => ({ lines: [model] })],
    [/^AT\+CNUM$/, (_, state) => withOpenSim(state, () => ({}))],
  ];
}
