import { type OpenCalls, recoverCall } from '../machines/call/recover.ts';
import type { CallFacts, CallRules } from '../machines/call/words.ts';
import type { SipView } from '../model/sip-view.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Endpoint, SipDatagram } from '../ports/voice-wire.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { termsOf } from '../rating/credit/terms.ts';
import { isEmergency } from '../rating/numbering/classify.ts';
import { readMessage, type SipMessage } from '../sip/read-message.ts';
import { OWN_BRANCH } from '../sip/write-message.ts';
import { dialledIn, judge, LONGEST_NUMBER, longestServiceOf } from './admission.ts';
import { type CallLine, createCallLine } from './call-line.ts';
import { createCallPolicy } from './call-policy.ts';
import { forward } from './forward.ts';
import type { Ledger } from './ledger.ts';
import type { QualityWatch } from './quality-watch.ts';
import { readClock } from './read-clock.ts';
import { createSignallingGuard } from './signalling-guard.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly quality: QualityWatch;
  /** Link that voice takes now. */
  readonly voiceLink: () => string;
  /** S-3: what the mobile line of that link lets pass; undefined: it is the link of none. */
  readonly lineVoice: (link: string) => { readonly out: boolean; readonly in: boolean } | undefined;
  /** Live calls have come or gone, or speak otherwise: their codecs. */
  readonly counted: (codecs: readonly (string | undefined)[]) => void;
};

/** All calls of the site: every SIP datagram passes here, seen, metered, and forwarded as it came (Q-3, U-1). */
export interface Calls {
  open(): void;
  live(): number;
  recover(open: OpenCalls): void;
  accountChanged(): void;
  linkChanged(link: string): void;
  /** SIP went straight for a while. */
  wasAway(): void;
  stop(): void;
}

/** Stated default where a contract sets no longest call (V-2). */
const LONGEST_SECONDS = 14_400;
const SLICE_AT_LEAST = 1;

/** Phones of which the log knows that they dial an old prefix. */
const MOST_TOLD = 1_000;
const OUTDATED_PREFIX =
  'a phone still dials the prefix of preselection, which is over: take it out of the exchange (V-8)';

type Request = Extract<SipView, { kind: 'request' }>;

export function createCalls(needs: Needs): Calls {
  const { config, ports, turns, ledger } = needs;
  const { regime } = needs.contract;
  const rules: CallRules = {
    longest: seconds(regime.maximumCallSeconds?.value ?? LONGEST_SECONDS),
    cutRunningCalls: regime.credit.cut_running_calls.value,
  };
  const policy = createCallPolicy(config);
  const signalling = createSignallingGuard(regime.signalling, ports);
  const lines = new Map<string, CallLine>();
  // Most lines are of calls that are over and linger; whatever goes through all calls goes through these alone.
  const alive = new Set<CallLine>();

  /** `replaces`: Call-ID of a call that makes room for this one by ending (RFC 3891). */
  function hasRoom(codec: string | undefined, replaces: string | undefined): boolean {
    const ending = new Set(
      replaces === undefined ? [] : [...lines].flatMap(([key, line]) => (key.endsWith(` ${replaces}`) ? [line] : [])),
    );
    const running = [...alive].filter((line) => !ending.has(line));
    return (
      running.filter((line) => !line.emergency()).length < config.voice.channels &&
      policy.hasRoom(
        needs.voiceLink(),
        running.map((line) => line.codec()),
        codec,
      )
    );
  }

  const count = (): void => needs.counted([...alive].map((line) => line.spoken()));

  const addLine = (key: string): CallLine => {
    const line: CallLine = createCallLine({
      ...needs,
      rules,
      // Another call may have taken its place.
      forget: () => lines.get(key) === line && lines.delete(key),
      counted() {
        if (line.live()) alive.add(line);
        else alive.delete(line);
        count();
      },
    });
    lines.set(key, line);
    return line;
  };

  function hear(datagram: SipDatagram): void {
    const message = readMessage(datagram.bytes);
    const view = message?.view;
    const known = view === undefined ? [] : linesOf(view, datagram);
    if (
      datagram.from === 'phone' &&
      !signalling.passes(
        datagram,
        view,
        known.some((line) => line.emergency()),
      )
    )
      return;
    if (message === undefined || view === undefined) return forward(ports.voice, datagram);
    if (view.kind === 'response' && view.branch.startsWith(OWN_BRANCH)) {
      for (const line of known) line.byeAnswered(datagram.from);
      return;
    }
    if (isFirstInvite(view)) return hearInvite(datagram, message, view);
    const [line] = known;
    if (line) return line.hear(datagram, message);
    forward(ports.voice, datagram);
  }

  /** With one Call-ID a phone may both be called and call on (a PBX that diverts): what it asked for comes first. */
  function linesOf(view: SipView, { from, phone }: SipDatagram): readonly CallLine[] {
    const asked = (view.kind === 'request') === (from === 'phone') ? 'outgoing' : 'incoming';
    const other = asked === 'outgoing' ? 'incoming' : 'outgoing';
    const found = [asked, other] as const;
    return found.flatMap((direction) => lines.get(keyOf(view.callId, phone, direction)) ?? []);
  }

  const toldPrefix = new Set<string>();

  function hearInvite(datagram: SipDatagram, message: SipMessage, view: Request): void {
    const direction = datagram.from === 'phone' ? 'outgoing' : 'incoming';
    const key = keyOf(view.callId, datagram.phone, direction);
    const line = lines.get(key);
    const attempt = line?.attempt(view) ?? 'new';
    if (line === undefined || attempt === 'new') return invite(key, datagram, message, view);
    if (attempt !== 'foreign' || direction === 'incoming') return line.hear(datagram, message);
    // A second call under the Call-ID of a live one would be nobody's: only an emergency call may be that (V-1).
    if (isEmergency(dialledIn(view, direction))) forward(ports.voice, datagram);
  }

  type Dialing = { readonly direction: CallFacts['direction']; readonly phone: Endpoint; readonly at: number };

  function calledBy(dialed: string, { direction, phone, at }: Dialing): string {
    if (direction === 'incoming') return dialed;
    const { called, outdated } = policy.dialed(dialed, at);
    if (outdated && !toldPrefix.has(phone.address)) {
      if (toldPrefix.size >= MOST_TOLD) toldPrefix.clear();
      toldPrefix.add(phone.address);
      ports.journal.fault(OUTDATED_PREFIX, { phone: phone.address });
    }
    return called;
  }

  function invite(key: string, datagram: SipDatagram, message: SipMessage, view: Request): void {
    const before = lines.get(key);
    before?.stop();
    if (before !== undefined) alive.delete(before);
    const direction = datagram.from === 'phone' ? 'outgoing' : 'incoming';
    const startedAt = readClock(ports);
    const called = calledBy(dialledIn(view, direction), { direction, phone: datagram.phone, at: startedAt.wall });
    const caller = view.from.user.slice(0, LONGEST_NUMBER);
    const judgment = judge(
      { direction, caller, called, at: startedAt.wall },
      {
        account: ledger.account(),
        contract: needs.contract,
        policy,
        // A phone's own word that another call will end would let it pass any limit.
        room: hasRoom(message.media?.codec, direction === 'incoming' ? view.replaces : undefined),
        mobileVoice: needs.lineVoice(needs.voiceLink()),
        inForce: ledger.limits().inForce,
        identities: [view.from.user, ...view.identities],
        slice: Math.max(SLICE_AT_LEAST, config.reservationSeconds),
        clockKnown: startedAt.quality !== 'never',
        recording: ledger.hasRoom(),
      },
    );
    const facts = {
      call: ports.random.hex(8),
      direction,
      caller,
      called,
      class: judgment.class,
      startedAt,
      ...(judgment.longestService === undefined ? {} : { longestService: judgment.longestService }),
    } as const;
    addLine(key).invite({
      facts,
      admission: judgment.admission,
      view,
      datagram,
      media: message.media,
      link: needs.voiceLink(),
    });
  }

  return {
    open: () => ports.voice.open((datagram) => turns(() => hear(datagram))),
    live: () => alive.size,
    recover(open) {
      for (const call of open.values()) {
        const { dialog } = call.told;
        const facts = withLongestService(call.told.facts, needs.contract);
        const known = { ...call, told: { ...call.told, facts } };
        const [state, effects] = recoverCall(known, readClock(ports), rules);
        addLine(keyOf(dialog.sipCallId, dialog.phone, facts.direction)).resume(state, effects);
      }
      count();
    },
    accountChanged() {
      for (const line of alive) line.accountChanged();
    },
    linkChanged(link) {
      for (const line of alive) line.linkChanged(link);
    },
    wasAway() {
      for (const line of alive) line.wasAway();
    },
    stop() {
      for (const line of lines.values()) line.stop();
    },
  };
}

/** by the price at which the call began, as the fold of its records knows it too. */
function withLongestService(facts: CallFacts, contract: Contract): CallFacts {
  const { direction, caller, called, startedAt } = facts;
  const longestService = longestServiceOf(termsOf(contract, { direction, caller, called, at: startedAt.wall }));
  return longestService === undefined ? facts : { ...facts, longestService };
}

/** One phone's part of a call: a call between two phones of the site passes twice, with one Call-ID. */
const keyOf = (callId: string, { address, port }: Endpoint, direction: CallFacts['direction']): string =>
  `${direction} ${address}:${port} ${callId}`;

const isFirstInvite = (view: SipView): view is Request =>
  view.kind === 'request' && view.method === 'INVITE' && view.to.tag === undefined;
