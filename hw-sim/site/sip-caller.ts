import { millis } from '../../agent/model/units.ts';
import { ackForRefusal, cancelOf, inviteOf, requestOf, type SipDialog } from './sip-messages.ts';
import { headerOf, type SipText, tagOf, writeSip } from './sip-text.ts';
import { SIP_PATIENCE } from './sip-transactions.ts';
import {
  beginClient,
  type CallerLeg,
  type Destiny,
  endLeg,
  hangUp,
  learn,
  newBranch,
  newSession,
  newTag,
  type SipWorld,
  sendBye,
  sendText,
  talk,
  tell,
} from './sip-world.ts';

export type CallOrder = {
  readonly callId: string;
  /** From without tag, To, and the Request-URI. */
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly user: string;
  readonly destiny: Destiny;
};

/** RFC 3261 13.2: places a call and lives through it. */
export function placeCall(world: SipWorld, order: CallOrder): void {
  const dialog: SipDialog = {
    callId: order.callId,
    local: `${order.from};tag=${newTag(world)}`,
    user: order.user,
    remote: order.to,
    target: order.target,
    routes: [],
    sequence: 100 + Math.floor(world.random.fraction() * 900),
    remoteSequence: 0,
  };
  const invite = inviteOf(world.party, dialog, newBranch(world), newSession(world, order.callId));
  const leg: CallerLeg = {
    side: 'caller',
    dialog,
    destiny: order.destiny,
    invite,
    stage: 'early',
    stop: world.clock.after(order.destiny.patience, () => giveUp(world, leg)),
    ack: undefined,
    heardAnything: false,
    gaveUp: false,
  };
  world.legs.set(order.callId, leg);
  beginClient(world, invite, {
    heard: (response, status) => onResponse(world, leg, response, status),
    acknowledge: (refusal) => sendText(world, ackForRefusal(invite, refusal)),
    silent: () => fail(world, leg, 408),
  });
}

function onResponse(world: SipWorld, leg: CallerLeg, response: SipText, status: number): void {
  if (status >= 300) fail(world, leg, status);
  else if (status >= 200) onAnswer(world, leg, response);
  else onProgress(world, leg, status);
}

function onProgress(world: SipWorld, leg: CallerLeg, status: number): void {
  if (status > 100) tell(world, leg, 'ringing', status);
  if (leg.gaveUp && !leg.heardAnything) cancel(world, leg);
  leg.heardAnything = true;
}

function onAnswer(world: SipWorld, leg: CallerLeg, response: SipText): void {
  if (leg.ack !== undefined) {
    const known = tagOf(headerOf(response, 'to')) === tagOf(leg.dialog.remote);
    if (known) world.send(leg.ack);
    return;
  }
  leg.dialog.remote = headerOf(response, 'to');
  learn(world, leg.dialog, response, true);
  leg.ack = writeSip(requestOf(world.party, leg.dialog, 'ACK', newBranch(world)), world.party.compact);
  world.send(leg.ack);
  connect(world, leg);
}

/** An answer that crosses the caller's CANCEL makes a call all the same, and the caller has to hang up (RFC 3261 15). */
function connect(world: SipWorld, leg: CallerLeg): void {
  leg.stop();
  if (leg.stage === 'ended') {
    sendBye(world, leg);
    return;
  }
  leg.stage = 'talking';
  tell(world, leg, 'connected', 200);
  if (leg.gaveUp) hangUp(world, leg);
  else talk(world, leg, () => hangUp(world, leg));
}

function giveUp(world: SipWorld, leg: CallerLeg): void {
  leg.gaveUp = true;
  tell(world, leg, 'gave-up', 0);
  if (leg.heardAnything) cancel(world, leg);
}

/** RFC 3261 9.1: who hears nothing after the CANCEL for 64*T1 takes the call as canceled. */
function cancel(world: SipWorld, leg: CallerLeg): void {
  beginClient(world, cancelOf(leg.invite), { heard: () => {}, acknowledge: () => {}, silent: () => {} });
  leg.stop = world.clock.after(millis(SIP_PATIENCE), () => fail(world, leg, 408));
}

function fail(world: SipWorld, leg: CallerLeg, status: number): void {
  if (leg.stage === 'ended') return;
  endLeg(world, leg);
  tell(world, leg, 'failed', status);
}
