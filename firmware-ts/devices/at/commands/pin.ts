import { AT_ONCE, type AtCommand, CARD_PATIENCE, secret } from '../command.ts';
import { fieldsOf, numberOf } from '../fields.ts';

/** What the card waits for (TS 27.007 8.3). `other` names a lock that is not the card's own, such as PH-NET PIN. */
export type PinState =
  | { readonly wants: 'nothing' | 'pin' | 'puk' | 'pin2' | 'puk2' }
  | { readonly wants: 'other'; readonly lock: string };

/** TS 27.007 8.3. */
export const PIN_STATE: AtCommand<PinState> = {
  send: ['AT+CPIN?'],
  claims: /^\+CPIN:/,
  read(lines) {
    const [, said] = /^\+CPIN: ?(.+)$/.exec(lines.at(-1) ?? '') ?? [];
    if (said === undefined || said === 'NOT READY') return undefined;
    const wants = WANTS[said.replace(/"/g, '')];
    return wants === undefined ? { wants: 'other', lock: said } : { wants };
  },
  patience: CARD_PATIENCE,
};

const WANTS: Readonly<Record<string, 'nothing' | 'pin' | 'puk' | 'pin2' | 'puk2'>> = {
  READY: 'nothing',
  'SIM PIN': 'pin',
  'SIM PUK': 'puk',
  'SIM PIN2': 'pin2',
  'SIM PUK2': 'puk2',
};

const accepted = (...send: AtCommand<true>['send']): AtCommand<true> => ({
  send,
  read: () => true,
  patience: CARD_PATIENCE,
});

/** TS 27.007 8.3. */
export const enterPin = (pin: string): AtCommand<true> => accepted('AT+CPIN="', secret(pin), '"');
export const unblockPin = (puk: string, pin: string): AtCommand<true> =>
  accepted('AT+CPIN="', secret(puk), '","', secret(pin), '"');
/** TS 27.007 7.4: whether the card asks for its PIN at the next start. */
export const lockCard = (on: boolean, pin: string): AtCommand<true> =>
  accepted(`AT+CLCK="SC",${on ? 1 : 0},"`, secret(pin), '"');
/** TS 27.007 7.5. */
export const changePin = (old: string, pin: string): AtCommand<true> =>
  accepted('AT+CPWD="SC","', secret(old), '","', secret(pin), '"');

/** TS 27.007 7.4. */
export const CARD_LOCKED: AtCommand<boolean> = {
  send: ['AT+CLCK="SC",2'],
  claims: /^\+CLCK:/,
  read: (lines) => (lines[0] === undefined ? undefined : numberOf(fieldsOf(lines[0])[0]) === 1),
  patience: CARD_PATIENCE,
};

/** Attempts that the card still allows. Undefined where it was not said, which forbids the attempt (S-8). */
export type TriesLeft = { readonly pin: number | undefined; readonly puk: number | undefined };

/** TS 27.007 8.65. */
export const TRIES_LEFT: AtCommand<TriesLeft> = {
  send: ['AT+CPINR'],
  claims: /^\+CPINR:/,
  read(lines) {
    const of = (code: string) => {
      const fields = lines.map(fieldsOf).find(([name]) => name === code);
      return numberOf(fields?.[1]);
    };
    const tries = { pin: of('SIM PIN'), puk: of('SIM PUK') };
    return tries.pin === undefined && tries.puk === undefined ? undefined : tries;
  },
  patience: AT_ONCE,
};

/**
 * ETSI TS 102 221 11.1.9 and 11.1.11: VERIFY and UNBLOCK without a code cost no try and answer 63Cx; 6983 says that none
 * is left, 9000 that none is needed.
 */
export const triesOfCard = (code: 'pin' | 'puk'): AtCommand<number> => ({
  send: [code === 'pin' ? 'AT+CSIM=10,"0020000100"' : 'AT+CSIM=10,"002C000100"'],
  claims: /^\+CSIM:/,
  read(lines) {
    const word = /"?(63C([0-9A-F])|6983)"?$/i.exec(lines.at(-1) ?? '');
    if (word === null) return undefined;
    return word[2] === undefined ? 0 : Number.parseInt(word[2], 16);
  },
  patience: CARD_PATIENCE,
});
