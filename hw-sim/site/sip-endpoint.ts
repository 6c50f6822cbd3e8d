import { respondOnce, takeAck, takeBye, takeCancel, takeInvite } from './sip-called.ts';
import { type CallOrder, placeCall } from './sip-caller.ts';
import { branchOf, headerOf, methodOf, readSip, type SipText, sequenceOf, statusOf, tagOf } from './sip-text.ts';
import { type EndpointParts, newTag, type SipWorld } from './sip-world.ts';

/**
 * A SIP user agent over UDP with one partner (RFC 3261). Left out: registration, authentication, PRACK, re-INVITE,
 * forking, media.
 */
export type SipEndpoint = {
  place(order: CallOrder): void;
  receive(bytes: Uint8Array): void;
  /** Media ports of the calls in which this end is talking, and so sending. */
  talking(): readonly number[];
};

export function createSipEndpoint(parts: EndpointParts): SipEndpoint {
  const world: SipWorld = {
    ...parts,
    clients: new Map(),
    servers: new Map(),
    legs: new Map(),
    mediaPorts: new Map(),
    sessions: 0,
  };
  return {
    place: (order) => placeCall(world, order),
    talking: () =>
      [...world.legs].flatMap(([callId, leg]) => (leg.stage === 'talking' ? [world.mediaPorts.get(callId) ?? 0] : [])),
    receive: (bytes) => {
      const text = readSip(bytes);
      if (text === undefined) return;
      if (statusOf(text) === undefined) takeRequest(world, text);
      else world.clients.get(`${branchOf(text)} ${sequenceOf(text).method}`)?.hear(text);
    },
  };
}

const TAKERS: Readonly<Record<string, (world: SipWorld, request: SipText) => void>> = {
  INVITE: onInvite,
  CANCEL: takeCancel,
  BYE: takeBye,
  OPTIONS: (world, request) => respondOnce(world, request, 200, newTag(world)),
};

function takeRequest(world: SipWorld, request: SipText): void {
  const method = methodOf(request);
  if (method === 'ACK') {
    takeAck(world, request);
    return;
  }
  const known = world.servers.get(`${branchOf(request)} ${method}`);
  const take = TAKERS[method];
  if (known !== undefined) known.again();
  else if (take !== undefined) take(world, request);
  else respondOnce(world, request, 501, newTag(world));
}

/** A late copy of an INVITE whose transaction is forgotten must not ring again. */
function onInvite(world: SipWorld, invite: SipText): void {
  const inDialog = tagOf(headerOf(invite, 'to')) !== '';
  const late = world.legs.has(headerOf(invite, 'call-id'));
  if (!inDialog && !late) takeInvite(world, invite);
  else if (inDialog) respondOnce(world, invite, late ? 501 : 481, newTag(world));
}
