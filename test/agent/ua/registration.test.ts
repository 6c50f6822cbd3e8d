import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAX_WORDS } from '../../../agent/fax/t38/session-words.ts';
import type { SipHeader, SipRequest, SipResponse } from '../../../agent/model/sip-text.ts';
import { headerOf, headersOf } from '../../../agent/ua/headers.ts';
import {
  type Registration,
  type RegistrationEffect,
  type RegistrationEvent,
  startRegistration,
  stepRegistration,
} from '../../../agent/ua/registration.ts';
import { respondTo } from '../../../agent/ua/respond.ts';
import type { Setting } from '../../../agent/ua/setting.ts';

const setting: Setting = {
  number: '+33172890001',
  credentials: { user: 'fax', password: 'secret' },
  server: { address: '203.0.113.10', port: 5060 },
  place: { address: '192.168.1.2', port: 5060 },
  hash: (algorithm, text) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex'),
  words: FAX_WORDS,
};

/** A line that goes through events; `last` is what it sent and asked to wait for last. */
function line() {
  let state: Registration = startRegistration('0123456789abcdef');
  let effects: readonly RegistrationEffect[] = [];
  const sent: SipRequest[] = [];
  const hear = (event: RegistrationEvent, where: Setting = setting): void => {
    [state, effects] = stepRegistration(state, event, where);
    for (const effect of effects) if (effect.do === 'request') sent.push(effect.request);
  };
  const last = (): SipRequest => {
    const request = sent.at(-1);
    if (request === undefined) throw new Error('nothing was sent');
    return request;
  };
  const answer = (status: number, headers: readonly SipHeader[] = [], where: Setting = setting): void =>
    hear({ on: 'response', response: respondTo(last(), status, { headers }) satisfies SipResponse }, where);
  const wait = () => effects.find((effect) => effect.do === 'wait');
  return { hear, answer, last, sent, wait, at: () => state.at };
}

const challenge = (nonce: string, more = ''): SipHeader => [
  'www-authenticate',
  `Digest realm="r", nonce="${nonce}", qop="auth"${more}`,
];
const granted = (seconds: number): readonly SipHeader[] => [
  ['contact', `<sip:fax@192.168.1.2:5060>;expires=${seconds}`],
];

describe('registration of a fax line', () => {
  it('X-1, RFC 3261 22.2: proves who it is once it is asked, and refreshes before what was granted is over', () => {
    const one = line();
    one.hear({ on: 'started' });
    one.answer(401, [challenge('n1')]);
    expect(headerOf(one.last(), 'authorization')).toContain('nc=00000001');
    one.answer(200, granted(100));
    expect(one.at()).toBe('registered');
    expect(one.wait()).toEqual({ do: 'wait', for: 70_000, spread: 0 });
    one.hear({ on: 'waited' });
    expect(headerOf(one.last(), 'authorization')).toContain('nc=00000002');
    expect(headerOf(one.last(), 'cseq')).toBe('3 REGISTER');
  });

  it('RFC 7616 3.3: asks again when only the nonce was too old, and not with a password that is wrong', () => {
    const one = line();
    one.hear({ on: 'started' });
    one.answer(401, [challenge('n1')]);
    one.answer(401, [challenge('n2', ', stale=true')]);
    expect(headerOf(one.last(), 'authorization')).toContain('nonce="n2"');
    one.answer(401, [challenge('n3')]);
    expect(one.sent).toHaveLength(3);
    expect(one.at()).toBe('waiting');
  });

  it('RFC 3261 10.2.8: asks for as long as the registrar wants at least', () => {
    const one = line();
    one.hear({ on: 'started' });
    one.answer(423, [['min-expires', '1800']]);
    expect(headerOf(one.last(), 'contact')).toMatch(/;expires=1800$/);
  });

  it('RFC 5626 4.5: waits longer after each failure, at random within half of it, and as long as it is told', () => {
    const one = line();
    one.hear({ on: 'started' });
    one.answer(503);
    expect(one.wait()).toEqual({ do: 'wait', for: 10_000, spread: 10_000 });
    one.hear({ on: 'waited' });
    one.hear({ on: 'timed-out', request: one.last() });
    expect(one.wait()).toEqual({ do: 'wait', for: 20_000, spread: 20_000 });
    one.hear({ on: 'waited' });
    one.answer(503, [['retry-after', '300']]);
    expect(one.wait()).toMatchObject({ for: 300_000 });
  });

  it('F-3, RFC 3581: registers anew when voice moved, and takes back the contact where nobody is any more', () => {
    const one = line();
    one.hear({ on: 'started' });
    one.answer(200, granted(600));
    one.hear({ on: 'moved' });
    expect(one.at()).toBe('asking');
    const moved = { ...setting, place: { address: '198.51.100.7', port: 20_007 } };
    one.answer(200, granted(600), moved);
    expect(headersOf(one.last(), 'contact')).toEqual([
      '<sip:fax@198.51.100.7:20007>;expires=600',
      '<sip:fax@192.168.1.2:5060>;expires=0',
    ]);
    one.answer(200, [], moved);
    expect(one.at()).toBe('registered');
  });
});
