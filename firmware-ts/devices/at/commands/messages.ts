import { minutes } from '../../../../agent/model/units.ts';
import type { StoredPdu } from '../../../../agent/ports/messages.ts';
import { type AtCommand, CARD_PATIENCE, order } from '../command.ts';
import { fieldsAfter, fieldsOf, numberOf } from '../fields.ts';

const HEX_LINE = /^(?:[0-9A-Fa-f]{2})+$/;

/** TS 27.005 3.2.3: messages as PDUs. */
export const PDU_MODE = order('AT+CMGF=0');

/** TS 27.005 3.4.1: what arrives is stored and announced by +CMTI; delivery reports likewise, by +CDSI. */
export const ANNOUNCE_MESSAGES = order('AT+CNMI=2,1,0,2,0');

/** What a storage holds, of how much it can hold. */
export type MessageMemory = { readonly storage: string; readonly used: number; readonly total: number };

/** TS 27.005 3.2.2: the storage that is read and erased from. */
export const MESSAGE_MEMORY: AtCommand<MessageMemory> = {
  send: ['AT+CPMS?'],
  claims: /^\+CPMS:/,
  read(lines) {
    const [storage, used, total] = fieldsAfter(lines, '+CPMS:') ?? [];
    const [taken, places] = [numberOf(used), numberOf(total)];
    return storage === undefined || taken === undefined || places === undefined
      ? undefined
      : { storage, used: taken, total: places };
  },
  patience: CARD_PATIENCE,
};

/** TS 27.005 3.2.2: all three uses on one storage, so that what is received is what is read. */
export const useMemory = (storage: 'SM' | 'ME'): AtCommand<true> => ({
  send: [`AT+CPMS="${storage}","${storage}","${storage}"`],
  claims: /^\+CPMS:/,
  read: () => true,
  patience: CARD_PATIENCE,
});

/** TS 27.005 4.1: every message in storage (4). Reading marks the unread ones as read. */
export const STORED_MESSAGES: AtCommand<readonly StoredPdu[]> = {
  send: ['AT+CMGL=4'],
  claims: /^\+CMGL:/,
  body: HEX_LINE,
  read(lines) {
    return lines.flatMap((line, at) => {
      if (!line.startsWith('+CMGL:')) return [];
      const [index, status] = fieldsOf(line).map(numberOf);
      const pdu = lines[at + 1];
      if (index === undefined || pdu === undefined || pdu.startsWith('+')) return [];
      return [{ index, kind: kindOf(status), pdu }];
    });
  },
  patience: minutes(0.5),
};

/** TS 27.005 3.1 `<stat>`. */
const kindOf = (status: number | undefined): StoredPdu['kind'] =>
  status === 0 ? 'unread' : status === 1 ? 'read' : status === 2 ? 'unsent' : 'sent';

/** TS 27.005 3.5.4. */
export const eraseMessage = (index: number): AtCommand<true> => order(`AT+CMGD=${index}`, CARD_PATIENCE);

/**
 * TS 27.005 4.3: the length counts the TPDU, without the octets of the service center's address before it. The answer
 * is the message reference that its delivery report will carry.
 */
export const sendPdu = (pdu: string): AtCommand<number> => ({
  send: [`AT+CMGS=${tpduOctets(pdu)}`],
  payload: [pdu],
  claims: /^\+CMGS:/,
  read: (lines) => numberOf(fieldsAfter(lines, '+CMGS:')?.[0]),
  // Vendors' manuals: the network may take two minutes to accept a message.
  patience: minutes(2),
});

const tpduOctets = (pdu: string): number => pdu.length / 2 - 1 - Number.parseInt(pdu.slice(0, 2), 16);
