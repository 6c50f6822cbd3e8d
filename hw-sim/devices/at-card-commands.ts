import { cardOf, isOpen, type ModemState, type SimCard, withCard } from './at-modem-state.ts';
import type { Command, Obeyed } from './at-obey.ts';

const withSim = (state: ModemState, does: (card: SimCard) => Obeyed): Obeyed => {
  const card = cardOf(state);
  return card === undefined ? { error: 10 } : does(card);
};

/** A command that a locked card refuses. */
export const withOpenSim = (state: ModemState, does: (card: SimCard) => Obeyed): Obeyed =>
  withSim(state, (card) => (isOpen(card) ? does(card) : { error: card.pinTries === 0 ? 12 : 11 }));

/** TS 27.007 8.3 and on: codes, identity, files, APDUs. */
export const CARD_COMMANDS: readonly Command[] = [
  [/^AT\+CPIN\?$/, (_, state) => withSim(state, (card) => ({ lines: [`+CPIN: ${asks(card)}`] }))],
  [
    /^AT\+CPIN="?(\d+)"?$/,
    ([pin = ''], state) =>
      withSim(state, (card) => {
        if (card.pinTries === 0) return { error: 12 };
        if (isOpen(card)) return { error: 3 };
        return verify(card, pin, state, (right) => ({ ...right, verified: true }));
      }),
  ],
  [
    /^AT\+CPIN="?(\d+)"?,"?(\d+)"?$/,
    ([puk = '', pin = ''], state) =>
      withSim(state, (card) => {
        if (card.pinTries > 0) return { error: 3 };
        if (card.pukTries === 0) return { error: 13 };
        if (puk !== card.puk) return { state: withCard(state, { ...card, pukTries: card.pukTries - 1 }), error: 16 };
        return { state: withCard(state, { ...card, pin, pinTries: 3, pukTries: 10, verified: true, locked: true }) };
      }),
  ],
  [/^AT\+CLCK="SC",2$/, (_, state) => withSim(state, ({ locked }) => ({ lines: [`+CLCK: ${locked ? 1 : 0}`] }))],
  [
    /^AT\+CLCK="SC",([01]),"(\d+)"$/,
    ([on, pin = ''], state) =>
      withOpenSim(state, (card) =>
        verify(card, pin, state, (right) => ({ ...right, locked: on === '1', verified: true })),
      ),
  ],
  [
    /^AT\+CPWD="SC","(\d+)","(\d+)"$/,
    ([old = '', pin = ''], state) =>
      withOpenSim(state, (card) =>
        card.locked ? verify(card, old, state, (right) => ({ ...right, pin })) : { error: 3 },
      ),
  ],
  [/^AT\+CIMI$/, (_, state) => withOpenSim(state, ({ imsi }) => ({ lines: [imsi] }))],
  [
    /^AT\+CRSM=176,12258,0,0,10$/,
    (_, state) => withSim(state, ({ iccid }) => ({ lines: [`+CRSM: 144,0,"${swapped(iccid)}"`] })),
  ],
  [
    /^AT\+CSIM=(\d+),"([0-9A-F]*)"$/,
    ([length, apdu = ''], state) =>
      withSim(state, (card) =>
        Number(length) === apdu.length
          ? { lines: [`+CSIM: ${response(card, apdu).length},"${response(card, apdu)}"`] }
          : { error: 50 },
      ),
  ],
];

const asks = (card: SimCard): string => {
  if (card.pinTries === 0) return 'SIM PUK';
  return isOpen(card) ? 'READY' : 'SIM PIN';
};

/** TS 31.101 9.5: a right code gives the tries back, a wrong one takes one. */
function verify(card: SimCard, pin: string, state: ModemState, then: (card: SimCard) => SimCard): Obeyed {
  if (pin === card.pin) return { state: withCard(state, then({ ...card, pinTries: 3 })) };
  const pinTries = card.pinTries - 1;
  const after = { ...card, pinTries, verified: pinTries > 0 && card.verified };
  return { state: withCard(state, after), error: pinTries === 0 ? 12 : 16 };
}

/** ETSI TS 102 221 11.1.9, 11.1.11: what is left without spending it. Everything else is unknown to this card. */
function response(card: SimCard, apdu: string): string {
  const left = (tries: number) => (tries === 0 ? '6983' : `63C${tries.toString(16).toUpperCase()}`);
  if (apdu === '0020000100') return isOpen(card) && card.verified ? '9000' : left(card.pinTries);
  return apdu === '002C000100' ? left(card.pukTries) : '6D00';
}

const swapped = (iccid: string): string => iccid.padEnd(20, 'F').replace(/(.)(.)/g, '$2$1');
