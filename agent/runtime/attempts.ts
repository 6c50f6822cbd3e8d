import type { SipView } from '../model/sip-view.ts';

type Request = Extract<SipView, { kind: 'request' }>;

/** The INVITE again, the same call once more after a challenge, a call after this one, or one that hides behind it. */
export type Attempt = 'repeated' | 'challenged' | 'new' | 'foreign';

/** The INVITEs outside of a dialog that one call has seen from the side that calls. */
export interface Attempts {
  /** The INVITE that stands for the call now; unknown of a call from before a restart. */
  last(): Request | undefined;
  begin(invite: Request): void;
  hear(view: SipView, from: 'phone' | 'network'): void;
  /** Does the called side answer an INVITE that another one has replaced: a 302 or a challenge that comes again? */
  isOutdated(answer: SipView): boolean;
  /** `after`: the call is over, or was refused. */
  is(invite: Request, after: boolean): Attempt;
}

export function createAttempts(): Attempts {
  let last: Request | undefined;
  let challenged = false;

  const is = (invite: Request, after: boolean): Attempt => {
    if (last === undefined) return after ? 'new' : 'repeated';
    if (invite.sequence === last.sequence && invite.branch === last.branch) return 'repeated';
    if (after) return 'new';
    // RFC 3261 22.1: after a challenge one more INVITE belongs to the call.
    return challenged && invite.sequence > last.sequence && invite.uri === last.uri ? 'challenged' : 'foreign';
  };
  const begin = (invite: Request): void => {
    last = invite;
    challenged = false;
  };
  return {
    last: () => last,
    begin,
    is,
    isOutdated: (answer) =>
      answer.kind === 'response' &&
      answer.method === 'INVITE' &&
      last !== undefined &&
      (answer.sequence < last.sequence || (answer.sequence === last.sequence && answer.branch !== last.branch)),
    hear(view, from) {
      if (view.method !== 'INVITE') return;
      if (view.kind === 'response') challenged ||= from === 'network' && (view.status === 401 || view.status === 407);
      else if (view.to.tag === undefined && (last === undefined || is(view, false) === 'challenged')) begin(view);
    },
  };
}
