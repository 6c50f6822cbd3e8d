import type { SipRequest, SipResponse, SipText } from '../model/sip-text.ts';
import type { Clock } from '../ports/clock.ts';
import { type Client, type ClientEvent, type ClientTimer, startClient, stepClient } from '../ua/client-transaction.ts';
import { branchOf, headerOf, sequenceOf } from '../ua/headers.ts';
import { type Server, type ServerEvent, type ServerTimer, startServer, stepServer } from '../ua/server-transaction.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Turns } from './turns.ts';

/** What becomes of a request of ours. */
export type RequestOwner = {
  readonly answered: (response: SipResponse, by: 'far' | 'policy') => void;
  readonly timedOut: (request: SipRequest) => void;
};

/** The transactions of one line (RFC 3261 17): each request once to whoever is here, each answer as often as it takes. */
export interface Transactions {
  request(request: SipRequest, owner: RequestOwner): void;
  /** By the transaction of its request, found by its Via. */
  respond(response: SipResponse): void;
  hear(text: SipText, by: 'far' | 'policy'): void;
  stop(): void;
}

type Needs = {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly send: (text: SipText) => void;
  /** A request that is new, or an ACK of a 2xx. */
  readonly heard: (request: SipRequest, by: 'far' | 'policy') => void;
};

type ClientLine = {
  state: Client;
  readonly request: SipRequest;
  readonly owner: RequestOwner;
  readonly timers: Timers<ClientTimer>;
};
type ServerLine = { state: Server; readonly timers: Timers<ServerTimer> };

export function createTransactions(needs: Needs): Transactions {
  const { clock, turns, send } = needs;
  const clients = new Map<string, ClientLine>();
  const servers = new Map<string, ServerLine>();

  function client(
    key: string,
    line: ClientLine,
    [state, effects]: ReturnType<typeof startClient>,
    by: 'far' | 'policy',
  ) {
    line.state = state;
    if (state.at === 'terminated') clients.delete(key);
    for (const effect of effects) {
      if (effect.do === 'send') send(effect.request);
      else if (effect.do === 'tell') line.owner.answered(effect.response, by);
      else if (effect.do === 'tell-timed-out') line.owner.timedOut(line.request);
      else if (effect.do === 'stop-waiting') line.timers.clear(effect.name);
      else line.timers.set(effect.name, effect.for, () => stepOf(key, { on: 'waited', name: effect.name }, 'far'));
    }
    if (state.at === 'terminated') line.timers.stop();
  }

  function stepOf(key: string, event: ClientEvent, by: 'far' | 'policy'): void {
    const line = clients.get(key);
    if (line) client(key, line, stepClient(line.state, event), by);
  }

  function serve(key: string, event: ServerEvent): void {
    const line = servers.get(key);
    if (line === undefined) return;
    const [state, effects] = stepServer(line.state, event);
    line.state = state;
    for (const effect of effects) {
      if (effect.do === 'send') send(effect.response);
      else if (effect.do === 'stop-waiting') line.timers.clear(effect.name);
      else line.timers.set(effect.name, effect.for, () => serve(key, { on: 'waited', name: effect.name }));
    }
    if (state.at !== 'terminated') return;
    line.timers.stop();
    servers.delete(key);
  }

  function hearRequest(request: SipRequest, by: 'far' | 'policy'): void {
    const key = serverKey(request, request.method === 'ACK' ? 'INVITE' : request.method);
    if (request.method === 'ACK') {
      // RFC 3261 17.2.1: the ACK of a refusal is the transaction's own.
      if (servers.has(key)) serve(key, { on: 'acknowledged' });
      else needs.heard(request, by);
      return;
    }
    if (servers.has(key)) return serve(key, { on: 'repeated' });
    servers.set(key, { state: startServer(request.method), timers: createTimers(clock, turns) });
    needs.heard(request, by);
  }

  return {
    request(request, owner) {
      const key = clientKey(request);
      const line: ClientLine = { state: { at: 'terminated' }, request, owner, timers: createTimers(clock, turns) };
      clients.set(key, line);
      client(key, line, startClient(request), 'far');
    },
    respond: (response) => serve(serverKey(response, sequenceOf(response).method), { on: 'responded', response }),
    hear(text, by) {
      if (text.kind === 'request') hearRequest(text, by);
      else stepOf(clientKey(text), { on: 'response', response: text }, by);
    },
    stop() {
      for (const { timers } of [...clients.values(), ...servers.values()]) timers.stop();
      clients.clear();
      servers.clear();
    },
  };
}

const clientKey = (text: SipText): string => `${branchOf(text)} ${sequenceOf(text).method}`;

/** RFC 3261 17.2.3: branch and sent-by of the topmost Via, and the method. */
function serverKey(text: SipText, method: string): string {
  const sentBy = /^SIP\s*\/\s*2\.0\s*\/\s*\S+\s+([^;\s]+)/i.exec(headerOf(text, 'via'))?.[1] ?? '';
  return `${branchOf(text)} ${sentBy} ${method}`;
}
