import type { PinState, TriesLeft } from './at/commands/pin.ts';

/** What is wanted of the card's codes. */
export type PinWish = 'enter' | 'unblock' | 'lock' | 'unlock' | 'change';

export type PinRefusal =
  | 'no-card'
  | 'state-unknown'
  | 'not-asked'
  | 'puk-asked'
  | 'other-lock'
  | 'tries-unknown'
  | 'last-try'
  | 'puk-used-before'
  | 'same-code-again'
  | 'malformed';

/** TS 31.101 9.5: a PIN has 4 to 8 digits, a PUK 8. */
export const isPin = (code: string): boolean => /^\d{4,8}$/.test(code);
export const isPuk = (code: string): boolean => /^\d{8}$/.test(code);

/** A fresh card allows ten attempts at its PUK (TS 31.101 9.5). */
const PUK_TRIES = 10;

/**
 * S-8: never the last try. Whether an attempt may be made; undefined when it may. Tries that were not read forbid it. A
 * wrong PUK that was tried before forbids another one as well, unless somebody ordered it: ten wrong ones destroy the card.
 */
export function refusePin(
  wish: PinWish,
  card: { readonly state: PinState | undefined; readonly tries: TriesLeft | undefined },
  ordered: boolean,
): PinRefusal | undefined {
  const { state, tries } = card;
  if (state === undefined) return 'state-unknown';
  if (state.wants === 'other') return 'other-lock';
  if (wish === 'unblock') {
    if (state.wants !== 'puk') return 'not-asked';
    if (tries?.puk === undefined) return 'tries-unknown';
    if (tries.puk <= 1) return 'last-try';
    return tries.puk < PUK_TRIES && !ordered ? 'puk-used-before' : undefined;
  }
  if (state.wants === 'puk') return 'puk-asked';
  if (wish === 'enter' && state.wants !== 'pin') return 'not-asked';
  if (tries?.pin === undefined) return 'tries-unknown';
  return tries.pin <= 1 ? 'last-try' : undefined;
}

/** What to do about a refusal, for a field engineer. */
export const PIN_REMEDIES: Readonly<Record<PinRefusal, string>> = {
  'no-card': 'no card is inserted: check that the slot in use holds one',
  'state-unknown': 'the card did not say what it waits for: wait ten seconds and ask again',
  'not-asked': 'the card does not ask for this code: nothing has to be done',
  'puk-asked': 'the PIN is blocked: get the PUK from the operator and use "relais sim pin unblock"',
  'other-lock': 'the modem is locked to another card or network: have its maker or the operator unlock it',
  'tries-unknown': 'the tries that are left cannot be read, so none is spent: enter the code in a telephone',
  'last-try': 'one try is left, and it is never spent here: ask the operator for code or card',
  'puk-used-before': 'a wrong PUK was tried before: check it with the operator, then add --ordered',
  'same-code-again': 'the card refused this very code before: ask the operator for the right one',
  malformed: 'a PIN has 4 to 8 digits and a PUK has 8',
};
