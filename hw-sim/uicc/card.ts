import { bytes, der, upper } from './ber.ts';
import { type Command, commandIn, type Obeyed, withChannel } from './card-command.ts';
import { obeyFileCommand } from './card-files.ts';
import { type CardState, cut, FRESH_CHANNEL, imageOf, type Kept, POWER_ON } from './card-state.ts';
import { obeyEuicc } from './euicc.ts';
import type { EuiccKeys } from './euicc-call.ts';

/*
 * A UICC, with an eUICC on it or not: logical channels, files, PIN and PUK (ETSI TS 102 221), and the ISD-R of SGP.22.
 * Left out: the electrical layer, authentication in a network, phone book, toolkit but for REFRESH, updates over the air,
 * deactivation of files, more than one record type, and the time that a card takes.
 */
export type Card = {
  /** One APDU with its channel in the class byte; data and status word. */
  readonly transmit: (apdu: string) => string;
  readonly state: () => CardState;
  /** Puts the card into a state, as after a power cut: give it one that `cut` made, or any other. */
  readonly become: (state: CardState) => void;
  /** Power off and on. */
  readonly restart: () => void;
};

export const ISD_R = 'A0000005591010FFFFFFFF8900000100';

export function createCard(kept: Kept, keys: EuiccKeys | undefined): Card {
  let state: CardState = { kept, live: POWER_ON };
  return {
    transmit(apdu) {
      const [next, reply] = obey(state, bytes(apdu), keys);
      state = next;
      return reply;
    },
    state: () => state,
    become(other) {
      state = other;
    },
    restart() {
      state = cut(state);
    },
  };
}

/** Pure but for the keys that the eUICC draws. */
function obey(state: CardState, apdu: Buffer, keys: EuiccKeys | undefined): readonly [CardState, string] {
  const command = commandIn(apdu);
  if (command === undefined) return [state, '6700'];
  const number = channelOf(command.cla);
  const channel = state.live.channels[number];
  if (channel === undefined) return [state, '6881'];
  const { word, answer = Buffer.alloc(0), state: next = state } = dispatch(state, number, command, keys);
  return reply(next, number, { word, answer, expects: command.expects });
}

type Said = { readonly word: string; readonly answer: Buffer; readonly expects: number | undefined };

/** T=0 (ETSI TS 102 221 7.3.1.1): an answer behind data is fetched by GET RESPONSE; one that was asked for comes at once. */
function reply(state: CardState, number: number, { word, answer, expects }: Said): readonly [CardState, string] {
  const channel = state.live.channels[number];
  if (channel === undefined || word !== '9000') return [state, word];
  const now = expects === undefined ? Buffer.alloc(0) : answer.subarray(0, expects);
  const later = answer.subarray(now.length);
  const waiting = withChannel(state, number, { ...channel, waiting: later.toString('hex') });
  if (later.length > 0)
    return [waiting, `${now.toString('hex')}61${hex(Math.min(later.length, 256) % 256)}`.toUpperCase()];
  const text = now.toString('hex').toUpperCase();
  // REFRESH: the terminal restarts the card before it asks anything else.
  return state.live.refreshes ? [cut(state), `${text}910B`] : [waiting, `${text}9000`];
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');

function dispatch(state: CardState, number: number, command: Command, keys: EuiccKeys | undefined): Obeyed {
  const channel = state.live.channels[number] ?? FRESH_CHANNEL;
  switch (command.ins) {
    case 0x70:
      return manageChannel(state, number, command);
    case 0xc0: {
      if (channel.waiting === '') return { word: '6985' };
      return { word: '9000', answer: Buffer.from(channel.waiting, 'hex') };
    }
    case 0xaa:
      return { word: '9000' };
    case 0xa4:
      if (command.p1 === 4) return selectApplication(state, number, command, keys !== undefined);
      return obeyFileCommand(state, number, command);
    case 0xe2:
      if (channel.application !== 'isd-r' || keys === undefined) return { word: '6985' };
      return obeyEuicc(state, number, command, keys);
    default:
      return obeyFileCommand(state, number, command);
  }
}

/** ETSI TS 102 221 11.1.17; channels to 19. */
function manageChannel(state: CardState, number: number, { p1, p2 }: Command): Obeyed {
  if (p1 === 0x80) {
    const closes = p2 === 0 ? number : p2;
    if (closes === 0 || state.live.channels[closes] === undefined) return { word: '6881' };
    return { word: '9000', state: withChannel(state, closes, undefined) };
  }
  const free = Array.from({ length: 19 }, (_, at) => at + 1).find((at) => state.live.channels[at] === undefined);
  if (p1 !== 0 || p2 !== 0) return { word: '6A86' };
  if (free === undefined) return { word: '6A81' };
  return { word: '9000', answer: Buffer.from([free]), state: withChannel(state, free, FRESH_CHANNEL) };
}

function selectApplication(state: CardState, number: number, { data }: Command, hasEuicc: boolean): Obeyed {
  const name = upper(data);
  const channel = state.live.channels[number] ?? FRESH_CHANNEL;
  if (name === ISD_R && hasEuicc) {
    const answer = der('6F', der('84', data), der('A5', der('E0', der('82', bytes('020202')))));
    const selected = { ...channel, application: 'isd-r', asked: '', blocks: 0 } as const;
    return { word: '9000', answer, state: withChannel(state, number, selected) };
  }
  const isUsim = name.startsWith('A0000000871002') && imageOf(state.kept) !== undefined;
  if (!isUsim) return { word: '6A82' };
  const selected = withChannel(state, number, { ...channel, application: 'usim', file: '3F00/7FFF' });
  return { word: '9000', answer: der('62', der('84', data)), state: selected };
}

const channelOf = (cla: number): number => ((cla & 0x40) === 0 ? cla & 3 : (cla & 0xf) + 4);
