import type { SipHeader, SipRequest, SipText } from '../model/sip-text.ts';
import { type Millis, seconds } from '../model/units.ts';
import { headerOf, names, parameterOf, secondsOf } from './headers.ts';

/** RFC 4028: how long a session lasts without a refresh, in seconds, and who refreshes it. */
export type SessionTimer = { readonly interval: number; readonly refresher: 'us' | 'them' };

/** RFC 4028 4 advises half an hour; nobody may ask for less than 90 s. */
export const USUAL_INTERVAL = 1_800;
export const LEAST_INTERVAL = 90;

/** What a 2xx to a request of ours settled; undefined: the session lasts as long as it lasts. */
export function settledByAnswer(response: SipText): SessionTimer | undefined {
  const interval = secondsOf(response, 'session-expires');
  if (interval === undefined || interval < LEAST_INTERVAL) return undefined;
  return { interval, refresher: refresherOf(response) === 'uas' ? 'them' : 'us' };
}

/** What we settle as we answer (RFC 4028 9): the caller refreshes unless it said otherwise or can't. */
export function settledByRequest(request: SipRequest): SessionTimer | undefined {
  const interval = secondsOf(request, 'session-expires');
  if (interval === undefined) return undefined;
  const can = names(request, 'supported', 'timer');
  return { interval, refresher: can && refresherOf(request) !== 'uas' ? 'them' : 'us' };
}

/** RFC 4028 9: 422 for whoever could ask for more. */
export const asksTooLittle = (request: SipRequest): boolean =>
  (secondsOf(request, 'session-expires') ?? LEAST_INTERVAL) < LEAST_INTERVAL && names(request, 'supported', 'timer');

/** Headers of our 2xx. */
export function sayTimer(timer: SessionTimer | undefined): readonly SipHeader[] {
  if (timer === undefined) return [];
  const refresher = timer.refresher === 'them' ? 'uac' : 'uas';
  const expires = ['session-expires', `${timer.interval};refresher=${refresher}`] as const;
  return timer.refresher === 'them' ? [['require', 'timer'], expires] : [expires];
}

/** Headers of our INVITE: the role stays with who has it (RFC 4028 7.4). `least`: what a 422 asked for, in seconds. */
export function askTimer(least: number, timer: SessionTimer | undefined): readonly SipHeader[] {
  const role = timer === undefined ? '' : `;refresher=${timer.refresher === 'us' ? 'uac' : 'uas'}`;
  return [
    ['session-expires', `${Math.max(timer?.interval ?? USUAL_INTERVAL, least)}${role}`],
    ['min-se', String(Math.max(LEAST_INTERVAL, least))],
  ];
}

/** RFC 4028 10: who refreshes does so at half of it, who waits gives up a little before its end. */
export const refreshAfter = ({ interval }: SessionTimer): Millis => seconds(interval / 2);
export const expiresAfter = ({ interval }: SessionTimer): Millis =>
  seconds(interval - Math.min(32, Math.floor(interval / 3)));

const refresherOf = (text: SipText): string | undefined =>
  parameterOf(headerOf(text, 'session-expires'), 'refresher')?.toLowerCase();
