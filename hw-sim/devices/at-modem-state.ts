/** A card that a simulated modem holds. */
export type SimCard = {
  readonly iccid: string;
  readonly imsi: string;
  readonly pin: string;
  readonly puk: string;
  readonly pinTries: number;
  readonly pukTries: number;
  /** The PIN is asked at each start. */
  readonly locked: boolean;
  /** The PIN was entered since the last start. */
  readonly verified: boolean;
  /** Places of its message storage; undefined where one is free. */
  readonly messages: readonly (StoredMessage | undefined)[];
};

/** TS 27.005 3.1 `<stat>`. */
export type StoredMessage = { readonly status: 0 | 1 | 2 | 3; readonly pdu: string };

/** A network that is heard where the modem stands. */
export type SimNetwork = {
  readonly number: string;
  readonly name: string;
  /** `<AcT>` of TS 27.007 7.3. */
  readonly technology: number;
  readonly area: string;
  readonly cell: string;
  /** TS 24.301 9.9.3.9: it refuses everybody with this cause. */
  readonly rejects?: number;
  /** It refuses these cards, by ICCID, with these causes. */
  readonly rejectsCards?: Readonly<Record<string, number>>;
  /** It takes everybody in, and no context comes up. */
  readonly isClogged?: true;
  /** It takes everybody in, gives an address, and passes nothing on. */
  readonly swallows?: true;
};

export type ModemState = {
  /** TS 27.007 8.5: 0..31, 99 not known. */
  readonly rssi: number;
  /** 0..7, 99 not known. */
  readonly ber: number;
  /** TS 27.007 8.69: 0..97 and 0..34, 255 not known. */
  readonly rsrp: number;
  readonly rsrq: number;
  readonly temperature: number;
  readonly echo: boolean;
  /** `+CMEE`: errors without number, by number, by word. */
  readonly errors: 0 | 1 | 2;
  /** `+CFUN`: 0 all off, 1 on, 4 radio off. */
  readonly power: 0 | 1 | 4;
  /** Settings that a start does not forget: home networks only, and nothing above 3G. */
  readonly homeOnly: boolean;
  readonly upTo3G: boolean;
  /** Which operator's configuration it works with, whether it chooses one by its card, and whether the present one was dropped. */
  readonly carrier: { readonly of: Carrier; readonly byCard: boolean; readonly dropped: boolean };
  /** `+COPS=2`: it was told to leave the network. */
  readonly left: boolean;
  /** A card may be pulled out of the slot in use. */
  readonly simInserted: boolean;
  readonly slots: readonly [SimCard | undefined, SimCard | undefined];
  readonly slot: 0 | 1;
  readonly networks: readonly SimNetwork[];
  /** `<n>` of +CREG, +CGREG, +CEREG, +C5GREG. */
  readonly reporting: Readonly<Record<string, number>>;
  readonly operatorFormat: 0 | 2;
  readonly contexts: Readonly<
    Record<number, { readonly type: string; readonly accessPoint: string; readonly up: boolean }>
  >;
  /** `<mt>` and `<ds>` of +CNMI. */
  readonly announce: readonly [number, number];
  readonly pduMode: boolean;
  readonly sent: readonly string[];
  readonly reference: number;
  /** Messages that the network keeps because the storage is full. */
  readonly kept: readonly string[];
  /** Doors that were opened since the start, such as Sierra's !ENTERCND. */
  readonly unlocked: boolean;
  readonly singleStandby: boolean;
};

/** Configurations of an operator, by the networks of its cards; the one for all of them fits every card. */
const CARRIERS = { orange: '20801', sfr: '20810' } as const;
export type Carrier = keyof typeof CARRIERS | 'all';

/** At a start the choice is made anew where it is left to the modem and nothing stands in its way. */
function chosenAnew({ carrier, slots, slot }: ModemState): ModemState['carrier'] {
  if (!carrier.byCard || !carrier.dropped) return carrier;
  const imsi = slots[slot]?.imsi ?? '';
  const of = (['orange', 'sfr'] as const).find((name) => imsi.startsWith(CARRIERS[name])) ?? 'all';
  return { ...carrier, of, dropped: false };
}

/** The card in use, if it can be read. */
export const cardOf = (state: ModemState): SimCard | undefined =>
  state.simInserted && state.power !== 0 ? state.slots[state.slot] : undefined;

export const withCard = (state: ModemState, card: SimCard): ModemState => ({
  ...state,
  slots: state.slot === 0 ? [card, state.slots[1]] : [state.slots[0], card],
});

/** The card lets itself be used: nothing is asked. */
export const isOpen = (card: SimCard): boolean => card.pinTries > 0 && (!card.locked || card.verified);

export type Served = {
  readonly stat: number;
  readonly network: SimNetwork | undefined;
  readonly cause: number | undefined;
};

/** Where the modem stands: the home network when it is heard, else one that takes guests, else the last refusal. */
export function servedBy(state: ModemState): Served {
  if (state.power !== 1 || state.left) return { stat: 0, network: undefined, cause: undefined };
  const card = cardOf(state);
  if (card === undefined || !isOpen(card))
    return { stat: state.networks.length === 0 ? 0 : 8, network: undefined, cause: undefined };
  const { of } = state.carrier;
  // VoCat#110: the card is read, and nothing is found for it.
  if (of !== 'all' && !card.imsi.startsWith(CARRIERS[of])) return { stat: 2, network: undefined, cause: undefined };
  const isHome = ({ number }: SimNetwork) => card.imsi.startsWith(number);
  const heard = state.networks.filter(
    (network) => (!state.homeOnly || isHome(network)) && (!state.upTo3G || network.technology < 7),
  );
  const inOrder = heard.toSorted((one, other) => Number(isHome(other)) - Number(isHome(one)));
  const causeOf = ({ rejects, rejectsCards }: SimNetwork) => rejects ?? rejectsCards?.[card.iccid];
  const open = inOrder.find((network) => causeOf(network) === undefined);
  if (open !== undefined) return { stat: isHome(open) ? 1 : 5, network: open, cause: undefined };
  const refusal = inOrder.at(0);
  return refusal === undefined
    ? { stat: 2, network: undefined, cause: undefined }
    : { stat: 3, network: undefined, cause: causeOf(refusal) };
}

export const ORANGE: SimNetwork = { number: '20801', name: 'Orange F', technology: 7, area: '1A2B', cell: '01C3F205' };
export const SFR: SimNetwork = { number: '20810', name: 'F SFR', technology: 7, area: '3C4D', cell: '02B1E001' };

export const createCard = (change: Partial<SimCard> = {}): SimCard => ({
  iccid: '8933012345678901234',
  imsi: '208011234567890',
  pin: '4711',
  puk: '98765432',
  pinTries: 3,
  pukTries: 10,
  locked: false,
  verified: false,
  messages: Array(10).fill(undefined),
  ...change,
});

/** After a start: what is not kept is as the maker left it. */
export const started = (state: ModemState): ModemState => ({
  ...state,
  echo: true,
  errors: 0,
  power: 1,
  left: false,
  reporting: {},
  operatorFormat: 0,
  announce: [0, 0],
  pduMode: false,
  unlocked: false,
  carrier: chosenAnew(state),
  contexts: Object.fromEntries(Object.entries(state.contexts).map(([id, one]) => [id, { ...one, up: false }])),
  slots: [unverified(state.slots[0]), unverified(state.slots[1])],
});

const unverified = (card: SimCard | undefined): SimCard | undefined => card && { ...card, verified: false };

export const FACTORY: ModemState = started({
  rssi: 20,
  ber: 99,
  rsrp: 45,
  rsrq: 22,
  temperature: 38,
  carrier: { of: 'all', byCard: false, dropped: false },
  homeOnly: false,
  upTo3G: false,
  echo: true,
  errors: 0,
  power: 1,
  left: false,
  simInserted: true,
  slots: [createCard(), undefined],
  slot: 0,
  networks: [ORANGE],
  reporting: {},
  operatorFormat: 0,
  contexts: {},
  announce: [0, 0],
  pduMode: false,
  sent: [],
  reference: 0,
  kept: [],
  unlocked: false,
  singleStandby: false,
});
