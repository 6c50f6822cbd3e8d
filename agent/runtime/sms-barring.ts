import type { LineServices } from '../machines/mobile-line/services.ts';
import type { Messages } from '../ports/messages.ts';
import { isEmergency } from '../rating/numbering/classify.ts';
import { readPdu } from '../sms/read-pdu.ts';

/** What the state of the mobile line lets pass now (S-3); undefined: the site has no such line. */
export type MessageServices = () => Pick<LineServices, 'messages' | 'barredBy'> | undefined;

/** S-3: why no message may go to that number now; undefined: it may. Who writes for help (114) is never barred (V-1). */
export function barredFrom(services: MessageServices, to: string): string | undefined {
  const now = services();
  if (now === undefined || now.messages.out || isEmergency(to)) return undefined;
  return now.barredBy.join(', ').slice(0, MOST);
}

/** S-3: why a message that came is held back; undefined: it is handed on. */
export function heldFrom(services: MessageServices): string | undefined {
  const now = services();
  return now?.messages.in === false ? `held: ${now.barredBy.join(', ')}`.slice(0, MOST) : undefined;
}

/** Room for a reason in the record. */
const MOST = 200;

/** TS 24.011 E.2, 8: operator determined barring. */
const BARRED = 8;

/** S-3: parts that waited when the line was barred do not leave it: their message has failed. */
export const barring =
  (services: MessageServices, send: Messages['send']): Messages['send'] =>
  (pdu, done) => {
    const read = readPdu(pdu);
    const to = read?.is === 'submit' && read.to.is === 'number' ? read.to.digits : '';
    if (barredFrom(services, to) === undefined) return send(pdu, done);
    done({ so: 'refused', code: BARRED });
  };
