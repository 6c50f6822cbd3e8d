import { never } from '../model/never.ts';
import type { SipHeader, SipRequest, SipResponse } from '../model/sip-text.ts';
import { type Millis, millis, seconds } from '../model/units.ts';
import { answerChallenge, type Challenge, readChallenge } from './digest.ts';
import { headerOf, headersOf, parameterOf, secondsOf, sequenceOf, uriOf } from './headers.ts';
import { contactOf, hostOf, type Setting } from './setting.ts';

/*
 *               ┌──────────401, 407, 423, another place──────────┐
 *               ▼                                                │
 *   resting ─▶ asking ──200──▶ registered ──soon over, moved──▶ asking
 *               └──refused, silence──▶ waiting ──waited──▶ asking        (RFC 3261 10.2)
 */

type Common = {
  /** Random, for Call-ID, tag and branches; `made` counts what was made of it. */
  readonly seed: string;
  readonly made: number;
  readonly sequence: number;
  /** The contact that the registrar has, where it was told one. */
  readonly bound: string | undefined;
  readonly challenge: Challenge | undefined;
  /** Seconds that we ask for; a registrar may want more (423). */
  readonly expires: number;
};

export type Registration =
  | (Common & { readonly at: 'resting' })
  /** `proofs`: how often this attempt has answered a challenge. */
  | (Common & {
      readonly at: 'asking';
      readonly request: SipRequest;
      readonly proofs: number;
      readonly failures: number;
      readonly leaving: boolean;
    })
  | (Common & { readonly at: 'registered' })
  | (Common & { readonly at: 'waiting'; readonly failures: number; readonly status: number });

export type RegistrationEvent =
  | { readonly on: 'started' }
  /** Voice took another link: whatever the registrar knows is where nobody is any more. */
  | { readonly on: 'moved' }
  /** `contact`: what the response's Via showed of our place may have changed the setting. */
  | { readonly on: 'response'; readonly response: SipResponse }
  | { readonly on: 'timed-out'; readonly request: SipRequest }
  | { readonly on: 'waited' }
  | { readonly on: 'stopped' };

export type RegistrationEffect =
  | { readonly do: 'request'; readonly request: SipRequest }
  /** At random within `spread` after `for`. */
  | { readonly do: 'wait'; readonly for: Millis; readonly spread: Millis }
  | { readonly do: 'stop-waiting' }
  /** For the log: since when the line can be called, or why it can't. */
  | { readonly do: 'tell'; readonly registered: boolean; readonly status: number };

type Answer = readonly [Registration, readonly RegistrationEffect[]];
type Asking = Extract<Registration, { at: 'asking' }>;

/** Seconds asked for: a dead box is forgotten soon, and a registrar that wants longer says so. */
const EXPIRES = 600;
const MOST_PROOFS = 2;
/** A translation that gives us another port each time is not run after. */
const MOST_ROUNDS = 4;
/** RFC 5626 4.5: doubled with each failure, and never in step with the other lines. */
const BACK_OFF = { least: seconds(10), most: seconds(600) } as const;

export const startRegistration = (seed: string): Registration => ({
  at: 'resting',
  ...{ seed, made: 0, sequence: 0, bound: undefined, challenge: undefined, expires: EXPIRES },
});

const go = (state: Registration, ...effects: readonly RegistrationEffect[]): Answer => [state, effects];

export function stepRegistration(state: Registration, event: RegistrationEvent, setting: Setting): Answer {
  switch (event.on) {
    case 'started':
      return state.at === 'resting' ? ask(state, setting) : go(state);
    case 'moved':
      return state.at === 'resting' || isLeaving(state) ? go(state) : ask(state, setting);
    case 'waited':
      if (state.at === 'waiting') return ask(state, setting, { failures: state.failures });
      return state.at === 'registered' ? ask(state, setting) : go(state);
    case 'stopped':
      if (state.bound === undefined || isLeaving(state))
        return go({ ...common(state), at: 'resting' }, { do: 'stop-waiting' });
      return ask(state, setting, { leaving: true });
    case 'timed-out':
      return state.at === 'asking' && isOf(state, event.request) ? failed(state, 408, undefined) : go(state);
    case 'response':
      if (state.at !== 'asking' || !isOf(state, event.response) || event.response.status < 200) return go(state);
      return answered(state, event.response, setting);
    default:
      return never(event);
  }
}

const isLeaving = (state: Registration): boolean => state.at === 'asking' && state.leaving;
const isOf = (state: Asking, text: SipRequest | SipResponse): boolean => sequenceOf(text).number === state.sequence;
const common = ({ seed, made, sequence, bound, challenge, expires }: Common): Common => ({
  ...{ seed, made, sequence, bound, challenge, expires },
});

type Attempt = { readonly proofs?: number; readonly failures?: number; readonly leaving?: boolean };

function ask(state: Registration, setting: Setting, attempt: Attempt = {}): Answer {
  const { proofs = 0, failures = 0, leaving = false } = attempt;
  const sequence = state.sequence + 1;
  const made = state.made + 1;
  const uri = `sip:${hostOf(setting.server)}`;
  const cnonce = setting.hash('MD5', `${state.seed}/${made}`).slice(0, 16);
  const wanted = { method: 'REGISTER', uri, cnonce };
  const [header, challenge] =
    state.challenge === undefined
      ? [undefined, undefined]
      : answerChallenge(state.challenge, setting.credentials, wanted, setting.hash);
  const request = register({ ...state, sequence, made }, setting, { uri, proof: header, leaving });
  return go(
    { ...common(state), made, sequence, challenge, at: 'asking', request, proofs, failures, leaving },
    { do: 'stop-waiting' },
    { do: 'request', request },
  );
}

function register(
  { seed, made, sequence, bound, expires }: Common,
  setting: Setting,
  { uri, proof, leaving }: { readonly uri: string; readonly proof: SipHeader | undefined; readonly leaving: boolean },
): SipRequest {
  const { place, credentials } = setting;
  const party = `<sip:${credentials.user}@${hostOf(setting.server)}>`;
  const contact = contactOf(setting);
  // What the registrar knew us by before goes in the same breath: no dead binding is left to fork to.
  const before = bound === undefined || bound === contact ? [] : [['contact', `${bound};expires=0`] as const];
  return {
    kind: 'request',
    method: 'REGISTER',
    uri,
    headers: [
      ['via', `SIP/2.0/UDP ${place.address}:${place.port};branch=z9hG4bK${seed}r${made};rport`],
      ['max-forwards', '70'],
      ['from', `${party};tag=${seed.slice(0, 8)}`],
      ['to', party],
      ['call-id', `${seed}-register`],
      ['cseq', `${sequence} REGISTER`],
      ['contact', `${contact};expires=${leaving ? 0 : expires}`],
      ...before,
      ...(proof === undefined ? [] : [proof]),
    ],
    body: '',
  };
}

function answered(state: Asking, response: SipResponse, setting: Setting): Answer {
  const { status } = response;
  const { proofs, failures, leaving } = state;
  if (status === 401 || status === 407) {
    const challenge = readChallenge(response);
    // The same secret again helps only when it was the nonce that was too old (RFC 7616 3.3).
    const again = challenge !== undefined && proofs < MOST_PROOFS && (proofs === 0 || challenge.stale);
    return again
      ? ask({ ...state, challenge }, setting, { proofs: proofs + 1, failures, leaving })
      : failed({ ...state, challenge: undefined }, status, undefined);
  }
  const least = secondsOf(response, 'min-expires');
  if (status === 423 && least !== undefined && least > state.expires)
    return ask({ ...state, expires: least }, setting, { proofs, failures, leaving });
  if (status >= 300) return failed(state, status, secondsOf(response, 'retry-after'));
  if (leaving) return go({ ...common(state), bound: undefined, at: 'resting' });
  const bound = `<${uriOf(headerOf(state.request, 'contact'))}>`;
  // RFC 3581: the answer showed that we are seen elsewhere than our Contact says.
  if (bound !== contactOf(setting) && proofs < MOST_ROUNDS)
    return ask({ ...state, bound }, setting, { proofs: proofs + 1, failures });
  const granted = grantedTo({ ...state, bound }, response);
  return go(
    { ...common(state), bound, at: 'registered' },
    { do: 'tell', registered: true, status },
    { do: 'wait', for: refreshOf(granted), spread: millis(0) },
  );
}

/** Seconds that the registrar gave to our contact (RFC 3261 10.2.4). */
function grantedTo({ bound = '', expires }: Asking, response: SipResponse): number {
  const own = headersOf(response, 'contact').find((one) => uriOf(one) === uriOf(bound));
  const said = own === undefined ? undefined : parameterOf(own, 'expires');
  return (said === undefined ? undefined : Number(said)) ?? secondsOf(response, 'expires') ?? expires;
}

/** In time for some repetitions on the way: three quarters of it, and half a minute before its end at least. */
const refreshOf = (granted: number): Millis =>
  seconds(Math.max(5, Math.min(granted * 0.75, Math.max(granted - 30, granted * 0.5))));

function failed(state: Asking, status: number, retryAfter: number | undefined): Answer {
  if (state.leaving) return go({ ...common(state), at: 'resting' });
  const failures = state.failures + 1;
  const most = Math.min(BACK_OFF.least * 2 ** Math.min(failures, 10), BACK_OFF.most);
  const wait = Math.max(most / 2, (retryAfter ?? 0) * 1_000);
  return go(
    { ...common(state), at: 'waiting', failures, status },
    { do: 'tell', registered: false, status },
    { do: 'wait', for: millis(wait), spread: millis(most / 2) },
  );
}

/** Where the far side saw a request of ours come from (RFC 3581 4); undefined where it does not say. */
export function seenAt(response: SipResponse): { readonly address: string; readonly port: number } | undefined {
  const via = headerOf(response, 'via');
  const address = parameterOf(via, 'received');
  const port = Number(parameterOf(via, 'rport') ?? Number.NaN);
  if (address === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(address)) return undefined;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? { address, port } : undefined;
}
