import { millis, minutes } from '../../agent/model/units.ts';
import { responseTo, type SipDialog } from './sip-messages.ts';
import { branchOf, headerOf, requestUriOf, type SipText, sequenceOf, tagOf } from './sip-text.ts';
import { createServerTransaction, type ServerTransaction } from './sip-transactions.ts';
import {
  type CalledLeg,
  type CallerLeg,
  endLeg,
  hangUp,
  isAddressedTo,
  learn,
  newSession,
  newTag,
  type SipWorld,
  sendText,
  talk,
  tell,
} from './sip-world.ts';

/** A phone that nobody picks up stops ringing after this. */
const RINGS_FOR = minutes(3);
const RINGS_AFTER = millis(120);
const BUSY_AFTER = millis(200);

/** RFC 3261 13.3: is called, rings, answers or not. */
export function takeInvite(world: SipWorld, invite: SipText): void {
  const callId = headerOf(invite, 'call-id');
  const dialog: SipDialog = {
    callId,
    local: `${headerOf(invite, 'to')};tag=${newTag(world)}`,
    user: /^sips?:([^@;]+)@/.exec(requestUriOf(invite))?.[1] ?? 'unknown',
    remote: headerOf(invite, 'from'),
    target: '',
    routes: [],
    sequence: Math.floor(world.random.fraction() * 100),
    remoteSequence: sequenceOf(invite).number,
  };
  learn(world, dialog, invite, false);
  const leg: CalledLeg = {
    side: 'called',
    dialog,
    destiny: world.destinyOf(callId),
    invite,
    transaction: beginServer(world, invite, () => onNoAck(world, callId)),
    stage: 'early',
    stop: () => {},
    acknowledged: false,
    wantsToHangUp: false,
  };
  world.legs.set(callId, leg);
  ring(world, leg);
}

function beginServer(world: SipWorld, request: SipText, unacknowledged: () => void): ServerTransaction {
  const { method } = sequenceOf(request);
  const key = `${branchOf(request)} ${method}`;
  const transaction = createServerTransaction({
    clock: world.clock,
    invite: method === 'INVITE',
    unacknowledged,
    ended: () => world.servers.delete(key),
  });
  world.servers.set(key, transaction);
  return transaction;
}

function answer(world: SipWorld, leg: CalledLeg, status: number, body = ''): void {
  const { user, local } = leg.dialog;
  const response = responseTo(world.party, leg.invite, { status, tag: tagOf(local), user, body });
  leg.transaction.respond(status, () => sendText(world, response));
}

function ring(world: SipWorld, leg: CalledLeg): void {
  answer(world, leg, 100);
  const { destiny } = leg;
  if (destiny.answer === 'busy') {
    leg.stop = world.clock.after(BUSY_AFTER, () => refuse(world, leg, 486));
    return;
  }
  leg.stop = world.clock.after(RINGS_AFTER, () => {
    answer(world, leg, 180);
    tell(world, leg, 'ringing', 180);
    leg.stop =
      destiny.answer === 'answers'
        ? world.clock.after(destiny.ring, () => pickUp(world, leg))
        : world.clock.after(RINGS_FOR, () => refuse(world, leg, 480));
  });
}

function refuse(world: SipWorld, leg: CalledLeg, status: number): void {
  answer(world, leg, status);
  endLeg(world, leg);
}

function pickUp(world: SipWorld, leg: CalledLeg): void {
  leg.stage = 'talking';
  answer(world, leg, 200, newSession(world, leg.dialog.callId));
  tell(world, leg, 'picked-up', 200);
  talk(world, leg, () => {
    if (leg.acknowledged) hangUp(world, leg);
    else leg.wantsToHangUp = true;
  });
}

/** An ACK for a refusal comes with the branch of its INVITE, one for a 2xx inside the dialog. */
export function takeAck(world: SipWorld, ack: SipText): void {
  const leg = world.legs.get(headerOf(ack, 'call-id'));
  if (leg?.side !== 'called' || !leg.transaction.isFinal()) return;
  const ofRefusal = branchOf(ack) === branchOf(leg.invite);
  if (!ofRefusal && !isAddressedTo(world, leg, ack)) return;
  leg.transaction.acknowledged();
  leg.acknowledged = true;
  if (leg.wantsToHangUp) hangUp(world, leg);
}

/** RFC 3261 13.3.1.4: a call whose 2xx is never acknowledged is ended with a BYE. */
function onNoAck(world: SipWorld, callId: string): void {
  const leg = world.legs.get(callId);
  if (leg?.stage === 'talking') hangUp(world, leg);
}

/** RFC 3261 9.2 */
export function takeCancel(world: SipWorld, cancel: SipText): void {
  const leg = world.legs.get(headerOf(cancel, 'call-id'));
  const invite = leg?.side === 'called' && branchOf(leg.invite) === branchOf(cancel) ? leg : undefined;
  respondOnce(
    world,
    cancel,
    invite === undefined ? 481 : 200,
    invite === undefined ? newTag(world) : tagOf(invite.dialog.local),
  );
  if (invite?.stage === 'early' && !invite.transaction.isFinal()) refuse(world, invite, 487);
}

/** RFC 3261 15.1.2 */
export function takeBye(world: SipWorld, bye: SipText): void {
  const leg = world.legs.get(headerOf(bye, 'call-id'));
  const status = verdictOn(world, leg, bye);
  respondOnce(world, bye, status, newTag(world));
  if (leg === undefined || status !== 200) return;
  leg.dialog.remoteSequence = sequenceOf(bye).number;
  if (leg.side === 'called') leg.transaction.acknowledged();
  if (leg.side === 'called' && leg.stage === 'early') refuse(world, leg, 487);
  if (leg.stage === 'ended') return;
  endLeg(world, leg);
  tell(world, leg, 'released', 200);
}

/** A CSeq that does not grow is refused (RFC 3261 12.2.2). */
function verdictOn(world: SipWorld, leg: CallerLeg | CalledLeg | undefined, bye: SipText): 200 | 481 | 500 {
  if (leg === undefined || !isAddressedTo(world, leg, bye)) return 481;
  return sequenceOf(bye).number > leg.dialog.remoteSequence ? 200 : 500;
}

/** Answers a request other than INVITE and remembers the answer for its repetitions. */
export function respondOnce(world: SipWorld, request: SipText, status: number, tag: string): void {
  const response = responseTo(world.party, request, { status, tag, user: '', body: '' });
  beginServer(world, request, () => {}).respond(status, () => sendText(world, response));
}
