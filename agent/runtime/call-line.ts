import { stepCall } from '../machines/call/step.ts';
import type {
  Admission,
  Call,
  CallEffect,
  CallEvent,
  CallFacts,
  CallRules,
  TimerName,
} from '../machines/call/words.ts';
import { hostPort } from '../model/ipv6-networks.ts';
import type { MediaView, SipView } from '../model/sip-view.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { SipDatagram } from '../ports/voice-wire.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { reserve } from '../rating/credit/reserve.ts';
import type { SipMessage } from '../sip/read-message.ts';
import { writeBye, writeRefusal } from '../sip/write-message.ts';
import { type Attempt, createAttempts } from './attempts.ts';
import { forward } from './forward.ts';
import type { Ledger } from './ledger.ts';
import type { QualityWatch } from './quality-watch.ts';
import { readClock } from './read-clock.ts';
import { BUSY_HERE, REFUSALS } from './refusals.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly rules: CallRules;
  readonly quality: QualityWatch;
  readonly forget: () => unknown;
  readonly counted: () => void;
};

type Request = Extract<SipView, { kind: 'request' }>;

export type Invitation = {
  readonly facts: CallFacts;
  readonly admission: Admission;
  readonly view: Request;
  readonly datagram: SipDatagram;
  readonly media: MediaView | undefined;
  readonly link: string;
};

/** One call: holds the state of its machine and performs its effects. */
export interface CallLine {
  invite(invitation: Invitation): void;
  resume(state: Call, effects: readonly CallEffect[]): void;
  hear(datagram: SipDatagram, message: SipMessage): void;
  byeAnswered(from: 'phone' | 'network'): void;
  accountChanged(): void;
  linkChanged(link: string): void;
  wasAway(): void;
  live(): boolean;
  emergency(): boolean;
  /** As the caller's offer names it first; unknown for a call whose offer comes later. */
  codec(): string | undefined;
  /** As the last word between the sides names it first: what the call really takes of the link. */
  spoken(): string | undefined;
  /** What an INVITE outside of a dialog, from the side that calls, is to this call. */
  attempt(view: Request): Attempt;
  stop(): void;
}

const encoder = new TextEncoder();

export function createCallLine(needs: Needs): CallLine {
  const { ports, turns, ledger, config } = needs;
  const timers = createTimers<TimerName>(ports.clock, turns);
  let state: Call | undefined;
  let current: SipDatagram | undefined;
  let held: SipDatagram | undefined;
  const attempts = createAttempts();
  let refusal: Uint8Array | undefined;
  /** As the last word between the sides names it first: an answer, where there was one. */
  let agreed: string | undefined;
  let stopped = false;

  const codec = (): string | undefined => (state !== undefined && 'media' in state ? state.media?.codec : undefined);
  const caller = (): SipDatagram['from'] => (state?.facts.direction === 'incoming' ? 'network' : 'phone');

  function step(event: CallEvent): void {
    const answer = stepCall(state, event, needs.rules);
    if (answer === undefined) return;
    const before = state?.at;
    state = answer[0];
    performAll(answer[0], event, answer[1], before);
  }

  function performAll(
    next: Call,
    event: unknown,
    effects: readonly CallEffect[],
    before: Call['at'] | undefined,
  ): void {
    if (before !== next.at || effects.some((effect) => effect.do !== 'forward')) {
      ports.journal.step({ at: ports.clock.mono(), machine: 'call', event, state: next, effects });
    }
    for (const effect of effects) perform(next.facts, effect);
    if (before === next.at) return;
    if (next.at === 'talking') needs.quality.begin(next.facts.call, next.media, agreed);
    else if (before === 'talking') needs.quality.end(next.facts.call);
    needs.counted();
  }

  function perform(facts: CallFacts, effect: CallEffect): void {
    switch (effect.do) {
      case 'forward':
        return current && forward(ports.voice, current);
      case 'hold':
        held = current;
        return;
      case 'forward-held':
        if (held) forward(ports.voice, held);
        held = undefined;
        return;
      case 'refuse':
        return refuse(facts, effect.cause);
      case 'repeat-refusal':
        return repeatRefusal();
      case 'send-bye':
        return sendBye(facts, effect);
      case 'record':
        return record(effect);
      case 'ask-credit':
        return turns(giveCredit);
      case 'check-media': {
        const { address, port } = effect.media;
        return ports.media.heard((talkers) =>
          turns(() => {
            if (!stopped)
              step({ on: 'media-checked', heard: talkers.has(`${address}:${port}`), now: readClock(ports) });
          }),
        );
      }
      case 'wait':
        return timers.set(effect.name, effect.for, () =>
          step({ on: 'waited', name: effect.name, now: readClock(ports) }),
        );
      case 'stop-waiting':
        return timers.clear(effect.name);
      case 'forget':
        timers.stop();
        needs.forget();
        return;
    }
  }

  function record({ event, mark }: Extract<CallEffect, { do: 'record' }>): void {
    ledger.append(event, mark && (() => step({ on: 'recorded', ...mark })));
  }

  /** Reserved and recorded in one turn: between the two nobody else can take the same credit. */
  function giveCredit(): void {
    if (state === undefined || state.at !== 'talking') return;
    const { caller, called, direction, call, startedAt } = state.facts;
    const { reservation, seconds } = reserve(ledger.account(), needs.contract, {
      ...{ caller, called, direction, call, at: startedAt.wall },
      seconds: config.reservationSeconds,
    });
    step({ on: 'credit-given', reserved: reservation, seconds });
  }

  function hearMedia(from: SipDatagram['from'], media: MediaView | undefined): void {
    if (media === undefined) return;
    const before = agreed;
    agreed = media.codec ?? agreed;
    if (agreed !== before) needs.counted();
    if (state?.at === 'talking')
      needs.quality.agreed(state.facts.call, from === 'phone' ? media : undefined, media.codec);
  }

  function refuse(facts: CallFacts, cause: keyof typeof REFUSALS): void {
    const request = attempts.last();
    if (request === undefined) return;
    const how = facts.direction === 'incoming' ? BUSY_HERE : REFUSALS[cause];
    refusal = encoder.encode(writeRefusal(request, how, facts.call));
    repeatRefusal();
  }

  function repeatRefusal(): void {
    if (refusal === undefined || held === undefined) return;
    if (held.from === 'phone') ports.voice.toPhone(held.phone, held.server, refusal);
    else ports.voice.toNetwork(held.phone, held.server, refusal);
  }

  function sendBye(facts: CallFacts, { to, dialog, direction, fork }: Extract<CallEffect, { do: 'send-bye' }>): void {
    const servers = [...config.voice.sipServers, ...(config.ipv6?.sipServers ?? [])];
    const server = servers.find((known) => known.name === dialog.server);
    // Each side is told in the name of the other, from the address where it knows the other to be.
    const name = to === 'phone' ? (server ?? dialog.phone) : dialog.phone;
    const via = hostPort(name);
    const bytes = encoder.encode(
      writeBye(dialog, {
        to,
        direction,
        branch: `${facts.call}-${to}${fork === undefined ? '' : `-${fork}`}`,
        transport: ports.voice.transport(dialog.phone),
        via,
      }),
    );
    if (to === 'phone') ports.voice.toPhone(dialog.phone, dialog.server, bytes);
    else ports.voice.toNetwork(dialog.phone, dialog.server, bytes);
  }

  return {
    invite({ facts, admission, view, datagram, media, link }) {
      current = datagram;
      held = datagram;
      attempts.begin(view);
      agreed = media?.codec;
      const dialog = { phone: datagram.phone, server: datagram.server };
      step({ on: 'invited', facts, admission, view, media, dialog, link });
    },
    resume(next, effects) {
      state = next;
      performAll(next, { on: 'resumed' }, effects, undefined);
    },
    hear(datagram, { view, media }) {
      current = datagram;
      if (datagram.from !== caller() && attempts.isOutdated(view)) return forward(ports.voice, datagram);
      attempts.hear(view, datagram.from);
      hearMedia(datagram.from, media);
      step({ on: 'sip', from: datagram.from, view, media, now: readClock(ports) });
    },
    byeAnswered: (from) => step({ on: 'bye-answered', from }),
    accountChanged: () => step({ on: 'account-changed' }),
    linkChanged: (link) => step({ on: 'link-changed', link }),
    wasAway: () => step({ on: 'was-away' }),
    live: () => state?.at === 'admitting' || state?.at === 'inviting' || state?.at === 'talking',
    codec,
    spoken: () => agreed ?? codec(),
    emergency: () => state?.facts.class === 'emergency',
    attempt: (view) => attempts.is(view, state?.at === 'over' || state?.at === 'refusing'),
    stop() {
      stopped = true;
      timers.stop();
    },
  };
}
