import type { AtCommand } from './at/command.ts';
import { IMEI, IMSI } from './at/commands/identity.ts';
import { MESSAGE_MEMORY, type MessageMemory } from './at/commands/messages.ts';
import { PIN_STATE, type PinState, type TriesLeft } from './at/commands/pin.ts';
import type { SlotDialect } from './at/dialects/dialect.ts';
import { answered, firstOf, type Modem } from './modem.ts';
import { readTries } from './pin-keeper.ts';

/** The card in use and what it says; undefined where modem or card did not say. */
export type CardState = {
  /** 1 or 2; undefined where the family has no word for it. */
  readonly slot: number | undefined;
  readonly iccid: string | undefined;
  readonly imsi: string | undefined;
  readonly imei: string | undefined;
  /** False when the modem said that no card is inserted (TS 27.007 9.2.2, 10). */
  readonly inserted: boolean;
  readonly pin: PinState | undefined;
  readonly tries: TriesLeft | undefined;
  readonly memory: MessageMemory | undefined;
};

export async function readCard(modem: Modem): Promise<CardState | undefined> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return undefined;
  const { ask } = modem;
  const pin = await ask(PIN_STATE);
  if (pin.at === 'lost' || pin.at === 'silent') return undefined;
  const inserted = !(pin.at === 'refused' && pin.refusal.code === 10);
  const common = {
    slot: dialect.slot && answered(await ask(slotInUse(dialect.slot))),
    imei: answered(await ask(IMEI)),
    inserted,
    pin: answered(pin),
  };
  if (!inserted) return { ...common, iccid: undefined, imsi: undefined, tries: undefined, memory: undefined };
  const isOpen = common.pin?.wants === 'nothing';
  return {
    ...common,
    iccid: await firstOf(ask, dialect.iccid),
    // A locked card gives neither; asking costs seconds each (CARD_PATIENCE).
    imsi: isOpen ? answered(await ask(IMSI)) : undefined,
    tries: await readTries(modem),
    memory: isOpen ? answered(await ask(MESSAGE_MEMORY)) : undefined,
  };
}

/** 1 or 2, however the maker numbers them. */
export const slotInUse = ({ ask, answer, first }: SlotDialect): AtCommand<number> => ({
  send: [ask],
  claims: answer,
  read(lines) {
    const said = answer.exec(lines.at(-1) ?? '')?.[1];
    return said === undefined ? undefined : Number(said) + 1 - first;
  },
  patience: PIN_STATE.patience,
});
