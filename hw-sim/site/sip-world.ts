import { type Millis, millis, minutes } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { SimRandom } from './sim-random.ts';
import { contactUri, pcmaSession, requestOf, type SipDialog, type SipParty } from './sip-messages.ts';
import { branchOf, headerOf, headersOf, requestUriOf, type SipText, sequenceOf, tagOf, writeSip } from './sip-text.ts';
import {
  type ClientParts,
  type ClientTransaction,
  createClientTransaction,
  type ServerTransaction,
} from './sip-transactions.ts';

/** What a call is going to be, unless the box or the network has other ideas. */
export type Destiny = {
  readonly answer: 'answers' | 'busy' | 'rings-out';
  readonly ring: Millis;
  readonly talk: Millis;
  readonly hungUpBy: 'caller' | 'called';
  /** The caller gives up when nobody has answered by then. */
  readonly patience: Millis;
};

/** What happened at one end of a call. */
export type EndpointNews = {
  readonly on: 'ringing' | 'picked-up' | 'connected' | 'hung-up' | 'released' | 'gave-up' | 'failed';
  readonly side: 'caller' | 'called';
  readonly callId: string;
  readonly status: number;
};

/** One end of a call. */
export type Leg = {
  readonly side: 'caller' | 'called';
  readonly dialog: SipDialog;
  readonly destiny: Destiny;
  stage: 'early' | 'talking' | 'ended';
  /** Patience, ringing or talking: whatever the end waits for. */
  stop: Cancel;
};

export type CalledLeg = Leg & {
  readonly side: 'called';
  readonly invite: SipText;
  readonly transaction: ServerTransaction;
  /** RFC 3261 15: the called side may not hang up before the ACK has come. */
  acknowledged: boolean;
  wantsToHangUp: boolean;
};

export type CallerLeg = Leg & {
  readonly side: 'caller';
  readonly invite: SipText;
  ack: Uint8Array | undefined;
  /** RFC 3261 9.1: a CANCEL waits for the first provisional answer. */
  heardAnything: boolean;
  gaveUp: boolean;
};

export type EndpointParts = {
  readonly party: SipParty;
  readonly clock: Clock;
  readonly random: SimRandom;
  send(bytes: Uint8Array): void;
  tell(news: EndpointNews): void;
  destinyOf(callId: string): Destiny;
};

export type SipWorld = EndpointParts & {
  readonly clients: Map<string, ClientTransaction>;
  readonly servers: Map<string, ServerTransaction>;
  readonly legs: Map<string, CallerLeg | CalledLeg>;
  /** Where this end wants its media, by Call-ID. */
  readonly mediaPorts: Map<string, number>;
  sessions: number;
};

export const newBranch = (world: SipWorld): string => `z9hG4bK${world.random.hex(8)}`;
export const newTag = (world: SipWorld): string => world.random.hex(6);

export function sendText(world: SipWorld, text: SipText): void {
  world.send(writeSip(text, world.party.compact));
}

/** Ports 16384 to 16482 by twos: what the contracts call voice. */
export function newSession(world: SipWorld, callId: string): string {
  world.sessions += 1;
  const port = 16_384 + 2 * (world.sessions % 50);
  world.mediaPorts.set(callId, port);
  return pcmaSession(world.party.address, 1_000 + world.sessions, port);
}

export function tell(world: SipWorld, leg: Leg, on: EndpointNews['on'], status: number): void {
  world.tell({ on, side: leg.side, callId: leg.dialog.callId, status });
}

export function beginClient(
  world: SipWorld,
  request: SipText,
  parts: Pick<ClientParts, 'heard' | 'acknowledge' | 'silent'>,
): void {
  const bytes = writeSip(request, world.party.compact);
  const { method } = sequenceOf(request);
  const key = `${branchOf(request)} ${method}`;
  const transaction = createClientTransaction({
    ...parts,
    clock: world.clock,
    invite: method === 'INVITE',
    send: () => world.send(bytes),
    ended: () => world.clients.delete(key),
  });
  world.clients.set(key, transaction);
}

/** The other side's words about the dialog: its tag, its Contact, the proxies that stay on the path. */
export function learn(world: SipWorld, dialog: SipDialog, said: SipText, reverse: boolean): void {
  const ours = world.party.recordRoute;
  const routes = headersOf(said, 'record-route').filter((route) => route !== ours);
  dialog.routes = reverse ? routes.toReversed() : routes;
  const contact = /<([^>]*)>/.exec(headerOf(said, 'contact'))?.[1];
  if (contact !== undefined) dialog.target = contact;
}

/** Who hears no more voice hangs up after a while, should the other side's BYE be lost for good. */
const SILENCE = minutes(1);

/** Sets the end of the conversation, by this side or in the end by its silence. */
export function talk(world: SipWorld, leg: Leg, end: () => void): void {
  const own = leg.destiny.hungUpBy === leg.side;
  leg.stop = world.clock.after(millis(leg.destiny.talk + (own ? 0 : SILENCE)), end);
}

export function hangUp(world: SipWorld, leg: Leg): void {
  if (leg.stage === 'ended') return;
  endLeg(world, leg);
  tell(world, leg, 'hung-up', 200);
  sendBye(world, leg);
}

export function sendBye(world: SipWorld, leg: Leg): void {
  leg.dialog.sequence += 1;
  const bye = requestOf(world.party, leg.dialog, 'BYE', newBranch(world));
  beginClient(world, bye, { heard: () => {}, acknowledge: () => {}, silent: () => {} });
}

/** Ends a leg; its dialog is remembered for a while, so that what comes late is answered as known. */
export function endLeg(world: SipWorld, leg: Leg): void {
  leg.stop();
  leg.stage = 'ended';
  world.clock.after(millis(64_000), () => {
    world.legs.delete(leg.dialog.callId);
    world.mediaPorts.delete(leg.dialog.callId);
  });
}

/** A request inside a dialog names both tags, our Contact, and every proxy that asked to stay on the path. */
export function isAddressedTo(world: SipWorld, leg: Leg, request: SipText): boolean {
  const tags =
    tagOf(headerOf(request, 'to')) === tagOf(leg.dialog.local) &&
    tagOf(headerOf(request, 'from')) === tagOf(leg.dialog.remote);
  const route = world.party.recordRoute;
  const routed = route === undefined || headersOf(request, 'route').includes(route);
  return tags && routed && requestUriOf(request) === contactUri(world.party, leg.dialog.user);
}
