import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import { type SipText, statusOf } from './sip-text.ts';

/** RFC 3261 17.1.1.1 and table 4 of its appendix A. */
const T1 = 500;
const T2 = 4_000;
/** 64*T1: Timers B, D, F, H, J, and the patience with a missing ACK. */
export const SIP_PATIENCE: Millis = millis(64 * T1);

export type ClientTransaction = { hear(response: SipText): void };

export type ClientParts = {
  readonly clock: Clock;
  readonly invite: boolean;
  /** Sends the request, the first time and again. */
  send(): void;
  /** Every response but repeated refusals; a repeated 2xx too, for it wants its ACK again (RFC 6026 7.2). */
  heard(response: SipText, status: number): void;
  acknowledge(refusal: SipText): void;
  /** Timer B or F: nobody answered. */
  silent(): void;
  ended(): void;
};

type Client = { stage: 'trying' | 'proceeding' | 'accepted' | 'refused' | 'ended'; again: Cancel; patience: Cancel };

/** RFC 3261 17.1 with RFC 6026: one request and its answers. */
export function createClientTransaction(parts: ClientParts): ClientTransaction {
  const client: Client = { stage: 'trying', again: () => {}, patience: () => {} };
  client.patience = parts.clock.after(SIP_PATIENCE, () => {
    finish(client, parts);
    parts.silent();
  });
  parts.send();
  repeatRequest(client, parts, T1);
  return { hear: (response) => hear(client, parts, response) };
}

/** Timers A and E: A doubles until the first answer, E up to T2 and stays there once it was answered provisionally. */
function repeatRequest(client: Client, parts: ClientParts, wait: number): void {
  client.again = parts.clock.after(millis(wait), () => {
    parts.send();
    const next = client.stage === 'proceeding' ? T2 : Math.min(wait * 2, parts.invite ? SIP_PATIENCE : T2);
    repeatRequest(client, parts, next);
  });
}

function hear(client: Client, parts: ClientParts, response: SipText): void {
  const status = statusOf(response) ?? 0;
  if (client.stage === 'trying' || client.stage === 'proceeding') {
    if (status < 200) provisional(client, parts);
    else final(client, parts, status);
    if (parts.invite && status >= 300) parts.acknowledge(response);
    parts.heard(response, status);
  } else if (client.stage === 'accepted' && parts.invite && status >= 200 && status < 300) {
    parts.heard(response, status);
  } else if (client.stage === 'refused' && parts.invite && status >= 300) {
    parts.acknowledge(response);
  }
}

function provisional(client: Client, parts: ClientParts): void {
  client.stage = 'proceeding';
  if (!parts.invite) return;
  client.again();
  client.patience();
}

/** Timers D, K and M: absorb what is repeated. */
function final(client: Client, parts: ClientParts, status: number): void {
  client.again();
  client.patience();
  client.stage = status < 300 ? 'accepted' : 'refused';
  parts.clock.after(SIP_PATIENCE, () => finish(client, parts));
}

function finish(client: Client, parts: ClientParts): void {
  client.again();
  client.stage = 'ended';
  parts.ended();
}

export type ServerTransaction = {
  /** The request came again. */
  again(): void;
  respond(status: number, send: () => void): void;
  acknowledged(): void;
  isFinal(): boolean;
};

type ServerParts = {
  readonly clock: Clock;
  readonly invite: boolean;
  /** Timer H: the final answer to an INVITE was never acknowledged. */
  unacknowledged(): void;
  ended(): void;
};

type Server = { stage: 'proceeding' | 'final' | 'confirmed'; last: () => void; again: Cancel; patience: Cancel };

/**
 * RFC 3261 17.2. A final answer to an INVITE is repeated until its ACK comes, 2xx (13.3.1.4) and refusals (Timer G)
 * alike; other answers are repeated when the request is.
 */
export function createServerTransaction(parts: ServerParts): ServerTransaction {
  const server: Server = { stage: 'proceeding', last: () => {}, again: () => {}, patience: () => {} };
  return {
    again: () => {
      if (server.stage !== 'confirmed') server.last();
    },
    respond: (status, send) => {
      if (server.stage !== 'proceeding') return;
      server.last = send;
      send();
      if (status >= 200) settle(server, parts);
    },
    acknowledged: () => {
      if (server.stage !== 'final' || !parts.invite) return;
      server.stage = 'confirmed';
      server.again();
      server.patience();
      parts.clock.after(SIP_PATIENCE, parts.ended);
    },
    isFinal: () => server.stage !== 'proceeding',
  };
}

function settle(server: Server, parts: ServerParts): void {
  server.stage = 'final';
  server.patience = parts.clock.after(SIP_PATIENCE, () => {
    server.again();
    parts.ended();
    if (parts.invite) parts.unacknowledged();
  });
  if (parts.invite) repeatAnswer(server, parts, T1);
}

function repeatAnswer(server: Server, parts: ServerParts, wait: number): void {
  server.again = parts.clock.after(millis(wait), () => {
    server.last();
    repeatAnswer(server, parts, Math.min(wait * 2, T2));
  });
}
