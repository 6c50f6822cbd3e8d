import { FAX_WORDS } from '../fax/t38/session-words.ts';
import { never } from '../model/never.ts';
import type { Dialog as RecordedDialog } from '../model/record.ts';
import type { SipRequest, SipResponse, SipText } from '../model/sip-text.ts';
import { millis } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaxCall, FaxCallNews } from '../ports/fax-calls.ts';
import type { FaxWires } from '../ports/fax-wires.ts';
import type { Journal } from '../ports/journal.ts';
import type { Random } from '../ports/random.ts';
import type { Endpoint } from '../ports/voice-wire.ts';
import { userOf } from '../sip/read-message.ts';
import { readText } from '../sip/read-text.ts';
import { writeText } from '../sip/write-text.ts';
import { callIdOf } from '../ua/call-inviting.ts';
import { requestIn } from '../ua/dialog.ts';
import { headerOf, headersOf, tagOf, uriOf } from '../ua/headers.ts';
import {
  type Registration,
  type RegistrationEvent,
  seenAt,
  startRegistration,
  stepRegistration,
} from '../ua/registration.ts';
import { ALLOW, respondTo, SUPPORTED } from '../ua/respond.ts';
import type { Setting } from '../ua/setting.ts';
import { createLineCall, type LineCall } from './fax-call.ts';
import { createTransactions } from './sip-transactions.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

export type LineNeeds = {
  readonly clock: Clock;
  readonly random: Random;
  readonly turns: Turns;
  readonly journal: Pick<Journal, 'fault'>;
  readonly wires: FaxWires;
  readonly number: string;
  readonly user: string;
  readonly password: string;
  readonly server: Endpoint;
  /** To the operator, by way of the guard. */
  readonly send: (bytes: Uint8Array) => void;
  readonly arrived: (call: FaxCall) => ((news: FaxCallNews) => void) | undefined;
};

/** One fax line as a SIP user agent: it registers, and has its calls. Everything is heard in a turn. */
export interface FaxLineAgent {
  start(): void;
  dial(number: string, media: 'audio' | 'image', listen: (news: FaxCallNews) => void): FaxCall;
  /** `by`: the operator's side, or the guard's own word. */
  hear(bytes: Uint8Array, by: 'far' | 'policy'): void;
  moved(): void;
  /** Where its calls talk, as "address:port" of their descriptions. */
  talkers(): readonly string[];
  /** A call of before a restart, of which nobody here knows any more. */
  leave(dialog: RecordedDialog, direction: 'outgoing' | 'incoming'): void;
  stop(): void;
}

export function createFaxLine(needs: LineNeeds): FaxLineAgent {
  const { clock, random, turns, wires } = needs;
  const calls = new Map<string, LineCall>();
  const timers = createTimers<'registration'>(clock, turns);
  let seen: Endpoint | undefined;
  let registration: Registration = startRegistration(random.hex(8));

  const setting = (): Setting => ({
    number: needs.number,
    credentials: { user: needs.user, password: needs.password },
    server: needs.server,
    place: seen ?? { address: wires.address(), port: 5060 },
    hash: wires.hash,
    words: FAX_WORDS,
  });
  const send = (text: SipText): void => needs.send(writeText(text));
  const transactions = createTransactions({ clock, turns, send, heard });

  function register(event: RegistrationEvent): void {
    const before = registration.at;
    const [next, effects] = stepRegistration(registration, event, setting());
    registration = next;
    for (const effect of effects) {
      switch (effect.do) {
        case 'request':
          transactions.request(effect.request, {
            answered(response, by) {
              if (by === 'far') look(response);
              register({ on: 'response', response });
            },
            timedOut: (request) => register({ on: 'timed-out', request }),
          });
          break;
        case 'wait':
          timers.set('registration', millis(effect.for + effect.spread * random.fraction()), () =>
            register({ on: 'waited' }),
          );
          break;
        case 'stop-waiting':
          timers.clear('registration');
          break;
        case 'tell':
          // Said when it changes, not with each try.
          if (!effect.registered && before !== 'waiting')
            needs.journal.fault('a fax line is not registered with the operator; it is tried again', {
              line: needs.number,
              status: effect.status,
            });
          break;
        default:
          never(effect);
      }
    }
  }

  /** RFC 3581: where the operator sees us, and will look for us. */
  function look(response: SipResponse): void {
    const found = seenAt(response);
    if (found === undefined || (found.address === seen?.address && found.port === seen.port)) return;
    const moved = seen !== undefined;
    seen = found;
    if (moved) for (const line of calls.values()) line.hear({ on: 'moved' });
  }

  function addCall(role: 'caller' | 'called', seed: string, id: string, peer: string | undefined): LineCall {
    const made = createLineCall(
      {
        ...{ clock, turns, random, media: wires.media, send, setting },
        transactions: {
          request: (request, owner) =>
            transactions.request(request, {
              ...owner,
              answered(response, by) {
                if (by === 'far') look(response);
                owner.answered(response, by);
              },
            }),
          respond: transactions.respond,
        },
        forget: () => calls.get(id) === made && calls.delete(id),
      },
      { role, seed, id, line: needs.number, peer },
    );
    calls.set(id, made);
    return made;
  }

  function heard(request: SipRequest, by: 'far' | 'policy'): void {
    const id = headerOf(request, 'call-id');
    const tag = tagOf(headerOf(request, 'to'));
    const known = calls.get(id);
    // A CANCEL has the tag of its INVITE: none.
    if (known && (tag === known.tag || request.method === 'CANCEL')) return known.hear({ on: 'request', request, by });
    if (request.method === 'ACK') return;
    if (tag !== undefined || request.method === 'CANCEL' || request.method === 'BYE') return refuse(request, 481);
    if (request.method === 'OPTIONS')
      return transactions.respond(
        respondTo(request, 200, { tag: random.hex(5), headers: [ALLOW, SUPPORTED, ['accept', 'application/sdp']] }),
      );
    if (request.method !== 'INVITE') return refuse(request, 405);
    invited(request, known !== undefined);
  }

  const refuse = (request: SipRequest, status: number, headers: SipRequest['headers'] = []): void =>
    transactions.respond(
      respondTo(request, status, { tag: random.hex(5), headers: status === 405 ? [ALLOW, ...headers] : headers }),
    );

  function invited(invite: SipRequest, loops: boolean): void {
    // RFC 3261 8.2.2.2: the same call by another way.
    if (loops) return refuse(invite, 482);
    const required = headersOf(invite, 'require').filter((option) => option.toLowerCase() !== 'timer');
    if (required.length > 0)
      return refuse(
        invite,
        420,
        required.map((option) => ['unsupported', option] as const),
      );
    if (invite.body !== '' && !/^application\/sdp\b/i.test(headerOf(invite, 'content-type')))
      return refuse(invite, 415, [['accept', 'application/sdp']]);
    transactions.respond(respondTo(invite, 100));
    const line = addCall('called', random.hex(8), headerOf(invite, 'call-id'), peerOf(invite));
    line.begin({ on: 'invited', invite }, () => refuse(invite, 503));
    const listen = needs.arrived(line.call);
    if (listen) line.listen(listen);
    else line.hear({ on: 'declined', status: 480 });
  }

  return {
    start: () => register({ on: 'started' }),
    dial(number, media, listen) {
      const seed = random.hex(8);
      const line = addCall('caller', seed, callIdOf(seed), number);
      line.listen(listen);
      line.begin({ on: 'dialled', number, media }, () => undefined);
      return line.call;
    },
    hear(bytes, by) {
      const text = readText(bytes);
      if (text) transactions.hear(text, by);
    },
    moved: () => register({ on: 'moved' }),
    talkers: () => {
      const { place } = setting();
      return [...calls.values()].flatMap((line) => {
        const port = line.talks();
        return port === undefined ? [] : [`${place.address}:${port}`];
      });
    },
    leave(dialog, direction) {
      const bye = requestIn(
        {
          callId: dialog.sipCallId,
          local: dialog.phoneParty,
          remote: dialog.networkParty,
          target: uriOf(dialog.networkContact ?? dialog.networkParty),
          routes: direction === 'outgoing' ? dialog.recordRoute.toReversed() : dialog.recordRoute,
          localSequence: dialog.phoneSequence,
          remoteSequence: dialog.networkSequence,
        },
        setting(),
        { method: 'BYE', branch: `z9hG4bK${random.hex(8)}`, sequence: dialog.phoneSequence + 1 },
      );
      transactions.request(bye, { answered: () => undefined, timedOut: () => undefined });
    },
    stop() {
      for (const line of calls.values()) line.hear({ on: 'hung-up' });
      for (const line of [...calls.values()]) line.stop();
      timers.stop();
      transactions.stop();
    },
  };
}

/** RFC 3323 4.1: who wants to be nobody says so in From, or asks for it. */
function peerOf(invite: SipRequest): string | undefined {
  const from = headerOf(invite, 'from');
  const user = userOf(from);
  const hidden = /anonymous/i.test(user) || /@anonymous\.invalid/i.test(from);
  return user === '' || hidden ? undefined : user;
}
