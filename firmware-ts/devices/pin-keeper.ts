import type { AtCommand } from './at/command.ts';
import {
  changePin,
  enterPin,
  lockCard,
  PIN_STATE,
  type TriesLeft,
  triesOfCard,
  unblockPin,
} from './at/commands/pin.ts';
import { answered, firstOf, type Modem } from './modem.ts';
import { isPin, isPuk, type PinRefusal, type PinWish, refusePin } from './pin-rules.ts';

/** What became of a code. `left` are the tries read afterwards. */
export type PinOutcome =
  | { readonly so: 'accepted' }
  | { readonly so: 'wrong'; readonly left: TriesLeft | undefined }
  /** Nothing was sent to the card. */
  | { readonly so: 'refused'; readonly why: PinRefusal }
  /** The modem was away, busy or confused: the code was not counted. */
  | { readonly so: 'not-taken' }
  /** Sent, and no answer: it is not sent again, since it may have been counted. */
  | { readonly so: 'unknown' };

export type PinOrder = { readonly ordered?: boolean };

export interface PinKeeper {
  enter(pin: string): Promise<PinOutcome>;
  unblock(puk: string, pin: string, order?: PinOrder): Promise<PinOutcome>;
  lock(on: boolean, pin: string): Promise<PinOutcome>;
  change(old: string, pin: string): Promise<PinOutcome>;
}

/**
 * S-8: PIN and PUK without ever spending the last try. The tries are read before each attempt, nobody else has the channel
 * in between, and a code that the card refused is not offered to it again. Codes are kept in memory only, and never told.
 */
export function createPinKeeper(modem: Modem): PinKeeper {
  const refused = new Set<string>();
  const attempt = (wish: PinWish, codes: readonly [string, ...string[]], command: AtCommand<true>, ordered = false) =>
    alone(modem, async (held) => {
      const [offered] = codes;
      const wellFormed = wish === 'unblock' ? isPuk(offered) : isPin(offered);
      if (!wellFormed || !codes.slice(1).every(isPin)) return { so: 'refused', why: 'malformed' };
      const state = await held.ask(PIN_STATE, URGENT);
      if (state.at === 'refused' && state.refusal.code === 10) return { so: 'refused', why: 'no-card' };
      const card = { state: answered(state), tries: await readTries(held) };
      const why = refusePin(wish, card, ordered);
      if (why !== undefined) return { so: 'refused', why };
      if (refused.has(`${wish === 'unblock'}${offered}`)) return { so: 'refused', why: 'same-code-again' };
      const answer = await held.ask(command, URGENT);
      if (answer.at === 'answered') return { so: 'accepted' };
      if (answer.at === 'unreadable') return { so: 'unknown' };
      if (answer.at !== 'refused') return { so: answer.sent ? 'unknown' : 'not-taken' };
      const left = await readTries(held);
      if (!wasCounted(answer.refusal.code, wish === 'unblock' ? 'puk' : 'pin', card.tries, left))
        return { so: 'not-taken' };
      refused.add(`${wish === 'unblock'}${offered}`);
      return { so: 'wrong', left };
    });
  return {
    enter: (pin) => attempt('enter', [pin], enterPin(pin)),
    unblock: (puk, pin, order) => attempt('unblock', [puk, pin], unblockPin(puk, pin), order?.ordered),
    lock: (on, pin) => attempt(on ? 'lock' : 'unlock', [pin], lockCard(on, pin)),
    change: (old, pin) => attempt('change', [old, pin], changePin(old, pin)),
  };
}

const URGENT = { priority: 'swap' } as const;

/** The family's command, TS 27.007's, then the card itself; VERIFY without a code costs no try. */
export async function readTries(modem: Pick<Modem, 'ask' | 'dialect'>): Promise<TriesLeft | undefined> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return undefined;
  const told = await firstOf(modem.ask, dialect.tries);
  const pin = told?.pin ?? answered(await modem.ask(triesOfCard('pin')));
  const puk = told?.puk ?? answered(await modem.ask(triesOfCard('puk')));
  return pin === undefined && puk === undefined ? undefined : { pin, puk };
}

async function alone(
  modem: Modem,
  work: (held: Pick<Modem, 'ask' | 'dialect'>) => Promise<PinOutcome>,
): Promise<PinOutcome> {
  // The dialect is asked for before the line is held: it is asked without the hold.
  const dialect = await modem.dialect();
  const { ask, release } = modem.channel.hold();
  try {
    return await work({ ask, dialect: async () => dialect });
  } finally {
    release();
  }
}

/** TS 27.007 9.2.2: 16 says wrong, 12 that it was the last; other refusals are told apart by the tries that are left. */
function wasCounted(
  code: number | undefined,
  which: 'pin' | 'puk',
  before: TriesLeft | undefined,
  left: TriesLeft | undefined,
): boolean {
  if (code === 16 || code === 12) return true;
  return left?.[which] === undefined || left[which] < (before?.[which] ?? 0);
}
