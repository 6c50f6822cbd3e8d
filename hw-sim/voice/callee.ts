import { type Call, type CallRoom, openStream, sayGoodbye } from './call.ts';
import { incomingDialog, tagOfUs } from './dialog.ts';
import {
  type Endpoint,
  header,
  methodOf,
  numberIn,
  readSdp,
  replyTo,
  type SipMessage,
  withBody,
  writeSdp,
} from './sip-text.ts';
import type { Respond } from './sip-transactions.ts';

const FIRST_REPEAT_MS = 500;
const LONGEST_REPEAT_MS = 4_000;
/** 64 × T1. */
const NO_ACK_MS = 32_000;

/** Rings, answers or refuses a call that came in. */
export async function callee(room: CallRoom, invite: SipMessage, source: Endpoint, respond: Respond): Promise<void> {
  const called = numberIn(invite.start);
  const calling = numberIn(header(invite, 'from'));
  const { local, symmetric, announce } = room.options;
  const plan = room.options.incoming(called, calling);
  const dialog = incomingDialog(invite, source, local, called);
  const reply = (status: string) => replyTo(invite, source, status, tagOfUs(dialog));
  if ('refuse' in plan) return respond(reply(plan.refuse));
  const stream = await openStream(room);
  let patience: NodeJS.Timeout | undefined;
  const refuse = (by: 'us' | 'them', status: number, words: string) => {
    clearTimeout(patience);
    respond(reply(`${status} ${words}`));
    room.end(call, by, status);
  };
  const call: Call = {
    dialog,
    stream,
    number: symmetric ? calling : called,
    role: 'called',
    answered: false,
    hangUp: () => {
      if (!call.answered) return refuse('us', 480, 'Temporarily Unavailable');
      clearTimeout(patience);
      sayGoodbye(room, call);
    },
    heard: (request) => {
      if (methodOf(request) === 'ACK') clearTimeout(patience);
      else if (methodOf(request) === 'CANCEL' && !call.answered) refuse('them', 487, 'Request Terminated');
    },
  };
  room.calls.set(dialog.id, call);
  announce({ on: 'incoming', call: dialog.id, called, calling });
  respond(withBody(reply('180 Ringing'), dialog.contact, ''));
  if (!('ringMs' in plan)) return;
  const answer = () => {
    const media = { address: local.address, port: stream.port };
    call.answered = true;
    announce({ on: 'answered', call: dialog.id });
    const offered = readSdp(invite.body);
    if (offered) stream.start(offered);
    repeat(withBody(reply('200 OK'), dialog.contact, writeSdp(media)), FIRST_REPEAT_MS, NO_ACK_MS);
  };
  // Until the ACK comes, or nobody will ever say it: then the call is ended (RFC 3261 13.3.1.4).
  const repeat = (ok: SipMessage, wait: number, left: number): void => {
    if (!room.calls.has(dialog.id)) return;
    if (left <= 0) return sayGoodbye(room, call);
    respond(ok);
    patience = setTimeout(() => repeat(ok, Math.min(wait * 2, LONGEST_REPEAT_MS), left - wait), wait);
  };
  patience = setTimeout(answer, plan.ringMs);
}
