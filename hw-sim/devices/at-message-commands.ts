import { withOpenSim } from './at-card-commands.ts';
import { type ModemState, withCard } from './at-modem-state.ts';
import type { Command, Obeyed } from './at-obey.ts';

/** TS 27.005 in PDU mode, on the card's storage. */
export const MESSAGE_COMMANDS: readonly Command[] = [
  [/^AT\+CMGF=([01])$/, ([text], state) => ({ state: { ...state, pduMode: text === '0' } })],
  [/^AT\+CMGF\?$/, (_, { pduMode }) => ({ lines: [`+CMGF: ${pduMode ? 0 : 1}`] })],
  [/^AT\+CMMS=[012]$/, () => ({})],
  [/^AT\+CNMI=\d,(\d),\d,(\d),\d$/, ([mt, ds], state) => ({ state: { ...state, announce: [Number(mt), Number(ds)] } })],
  [
    /^AT\+CPMS="(\w+)","(\w+)","(\w+)"$/,
    (names, state) =>
      withOpenSim(state, ({ messages }) => {
        if (names.some((name) => name !== 'SM' && name !== 'ME')) return { error: -302 };
        const [used, total] = [messages.filter((place) => place !== undefined).length, messages.length];
        return { lines: [`+CPMS: ${used},${total},${used},${total},${used},${total}`] };
      }),
  ],
  [
    /^AT\+CPMS\?$/,
    (_, state) =>
      withOpenSim(state, ({ messages }) => {
        const part = `"SM",${messages.filter((place) => place !== undefined).length},${messages.length}`;
        return { lines: [`+CPMS: ${part},${part},${part}`] };
      }),
  ],
  [/^AT\+CMGL=([0-4])$/, ([which], state) => list(Number(which), state)],
  [
    /^AT\+CMGD=(\d+)$/,
    ([index], state) =>
      withOpenSim(state, (card) => {
        if (Number(index) >= card.messages.length) return { error: -321 };
        return { state: withCard(state, { ...card, messages: card.messages.with(Number(index), undefined) }) };
      }),
  ],
  [
    /^AT\+CMGS=(\d+)$/,
    ([length], state) =>
      withOpenSim(state, () => ({
        prompts: (text, then) => submit(Number(length), text, then),
      })),
  ],
];

/** TS 27.005 4.1: what was unread is read from then on. */
function list(which: number, state: ModemState): Obeyed {
  if (!state.pduMode) return { error: -303 };
  return withOpenSim(state, (card) => {
    const wanted = card.messages.flatMap((one, index) =>
      one !== undefined && (which === 4 || one.status === which) ? [{ ...one, index }] : [],
    );
    const messages = card.messages.map((one) =>
      one?.status === 0 && wanted.some(({ pdu }) => pdu === one.pdu) ? { ...one, status: 1 as const } : one,
    );
    return {
      lines: wanted.map(({ index, status, pdu }) => `+CMGL: ${index},${status},,${tpduOctets(pdu)}\r\n${pdu}`),
      state: withCard(state, { ...card, messages }),
    };
  });
}

function submit(length: number, text: string, state: ModemState): Obeyed {
  const pdu = text.trim().toUpperCase();
  if (!state.pduMode) return { error: -303 };
  if (!/^(?:[0-9A-F]{2})+$/.test(pdu) || tpduOctets(pdu) !== length) return { error: -304 };
  const reference = (state.reference + 1) % 256;
  return { lines: [`+CMGS: ${state.reference}`], state: { ...state, reference, sent: [...state.sent, pdu] } };
}

/** Octets of a PDU without the service center's address before it. */
export const tpduOctets = (pdu: string): number => pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16);

/** A message arrives from the network; a full storage leaves it there. What is said of it, and the state after. */
export function arrive(pdu: string, isReport: boolean, state: ModemState): readonly [string, ModemState] {
  const card = state.slots[state.slot];
  const [mt, ds] = state.announce;
  const mode = isReport ? ds : mt;
  if (mode === (isReport ? 1 : 2))
    return [`\r\n${isReport ? '+CDS: ' : '+CMT: ,'}${tpduOctets(pdu)}\r\n${pdu}\r\n`, state];
  const free = card?.messages.indexOf(undefined) ?? -1;
  if (card === undefined || free < 0) return ['', { ...state, kept: [...state.kept, pdu] }];
  const after = withCard(state, { ...card, messages: card.messages.with(free, { status: 0, pdu }) });
  return [mode === 0 ? '' : `\r\n${isReport ? '+CDSI' : '+CMTI'}: "SM",${free}\r\n`, after];
}
