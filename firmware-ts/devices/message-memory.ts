import type { Handed, Messages } from '../../agent/ports/messages.ts';
import type { AtAnswer } from './at/channel.ts';
import {
  ANNOUNCE_MESSAGES,
  eraseMessage,
  MESSAGE_MEMORY,
  PDU_MODE,
  STORED_MESSAGES,
  sendPdu,
  useMemory,
} from './at/commands/messages.ts';
import { answered, type Modem } from './modem.ts';

const MESSAGE = { priority: 'message' } as const;

/** Short messages of the card in use, as PDUs (S-11). `announced` tells of each that arrived. */
export function createMessages(modem: Modem, announced: () => void = () => undefined): Messages {
  let ready = false;
  modem.channel.listen((news) => {
    if (news.on === 'restarted' || news.on === 'lost') ready = false;
    if (news.on === 'urc' && /^\+C(?:MTI|DSI|MT|DS):/.test(news.line)) announced();
  });

  /** TS 27.005 3.1 leaves the defaults to the maker. Reports are wanted, refused or not: the storage is read anyway. */
  const prepared = async (): Promise<boolean> => {
    if (ready) return true;
    const mode = await modem.ask(PDU_MODE, MESSAGE);
    const card = await modem.ask(useMemory('SM'), MESSAGE);
    // Some modules keep messages in their own memory only.
    const memory = card.at === 'refused' ? await modem.ask(useMemory('ME'), MESSAGE) : card;
    await modem.ask(ANNOUNCE_MESSAGES, MESSAGE);
    ready = mode.at === 'answered' && memory.at === 'answered';
    return ready;
  };

  return {
    async send(pdu, done) {
      if (!(await prepared())) return done({ so: 'kept' });
      done(handedOf(await modem.ask(sendPdu(pdu), MESSAGE)));
    },
    async stored(done) {
      done((await prepared()) ? answered(await modem.ask(STORED_MESSAGES, MESSAGE)) : undefined);
    },
    async erase(index, done) {
      done((await prepared()) && (await modem.ask(eraseMessage(index), MESSAGE)).at === 'answered');
    },
    async memory(done) {
      done((await prepared()) ? answered(await modem.ask(MESSAGE_MEMORY, MESSAGE)) : undefined);
    },
  };
}

function handedOf(answer: AtAnswer<number>): Handed {
  switch (answer.at) {
    case 'answered':
      return { so: 'taken', reference: answer.value };
    case 'refused':
      return { so: 'refused', code: answer.refusal.code };
    case 'lost':
    case 'silent':
    case 'restarted':
    case 'canceled':
      return { so: answer.sent ? 'unknown' : 'kept' };
    case 'unreadable':
      return { so: 'unknown' };
    default:
      return answer satisfies never;
  }
}
