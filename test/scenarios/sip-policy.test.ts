import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RegimeSchema } from '../../agent/model/regime.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { bench, PAID, request, response } from './sip-bench.ts';

const { voice, links } = exampleSite();
const regime = (id: string) =>
  RegimeSchema.parse(
    JSON.parse(readFileSync(new URL(`../../provisioning/regimes/${id}.json`, import.meta.url), 'utf8')),
  );
/** The credit of mie, which this site's central lends, with the facts of imesit on one matter. */
const withFacts = (matter: 'callerId' | 'barring') => ({ ...regime('mie'), [matter]: regime('imesit')[matter] });
const NATIONAL = 'sip:0199000001@203.0.113.10';
const SATELLITE = 'sip:00881612345678@203.0.113.10';

/** What became of an INVITE of the phone: passed on, or the first line of its refusal and what the user is told. */
function dialed(from: ReturnType<typeof bench>, uri: string, own: Parameters<typeof request>[2] = {}) {
  from.say('phone', request('INVITE', uri, { callId: uri, to: uri, branch: `z9hG4bK-${uri}`, ...own }));
  const refusal = from.toPhone.findLast((text) => text.startsWith('SIP/2.0') && text.includes(`Call-ID: ${uri}`));
  if (refusal === undefined) return 'passed';
  return [refusal.split('\r\n')[0], /Warning: 399 relais "(.*)"/.exec(refusal)?.[1]];
}

describe('V-5: who a caller may say it is', () => {
  const spoofed = ['SIP/2.0 403 Numero presente refuse', "Le numéro présenté n'est pas attribué à ce client"];
  it.each([
    ['the number of its line', { from: '<sip:+33172890001@203.0.113.10>' }],
    ['the same as it is dialled in France', { from: '"Accueil" <sip:0172890001@203.0.113.10>' }],
    ['an extension of its exchange', { from: '<sip:101@203.0.113.10>' }],
    ['the account of a phone', { from: '<sip:poste-accueil@203.0.113.10>' }],
    [
      'nobody, with its own number for the operator alone (RFC 3323, RFC 3325)',
      {
        from: '"Anonymous" <sip:anonymous@anonymous.invalid>',
        more: ['Privacy: id', 'P-Preferred-Identity: <sip:+33172890001@203.0.113.10>'],
      },
    ],
  ])('%s passes', (_, own) => {
    expect(dialed(bench(), NATIONAL, own)).toBe('passed');
  });

  it.each([
    ['a number that is somebody else’s', { from: '<sip:+33199000009@203.0.113.10>' }],
    ['one that no table knows', { from: '<sip:+999123456789@203.0.113.10>' }],
    ['a number of the form 089B', { from: '<sip:0891234567@203.0.113.10>' }],
    ['somebody else in P-Asserted-Identity', { more: ['P-Asserted-Identity: <tel:+33199000009>'] }],
    [
      'somebody else in the second of two identities',
      { more: ['P-Preferred-Identity: "x, y" <sip:+33172890001@h>, <sip:0199000009@h>'] },
    ],
    ['somebody else in Remote-Party-ID', { more: ['Remote-Party-ID: <sip:0199000009@h>;party=calling'] }],
    [
      'somebody else, while it hides itself',
      { from: '<sip:anonymous@anonymous.invalid>', more: ['P-Preferred-Identity: <sip:+33199000009@h>'] },
    ],
  ])('%s does not, and the phone is told why', (_, own) => {
    const site = bench();
    expect(dialed(site, NATIONAL, own)).toEqual(spoofed);
    expect(site.of('call-ended')).toMatchObject([{ cause: 'refused-caller', seconds: 0 }]);
    expect(site.toNetwork).toEqual([]);
  });

  it('a number that its owner lets it use passes where the contract allows that', () => {
    const authorized = { voice: { ...voice, authorizedNumbers: ['+33199000009'] } };
    const from = { from: '<sip:+33199000009@203.0.113.10>' };
    expect(dialed(bench({ change: { ...authorized, regime: withFacts('callerId') } }), NATIONAL, from)).toBe('passed');
    const strict = withFacts('callerId');
    strict.callerId.mayPresent.value.splice(0, 2, 'assigned');
    expect(dialed(bench({ change: { ...authorized, regime: strict } }), NATIONAL, from)).toEqual(spoofed);
  });

  it('V-1: an emergency call passes under any name', () => {
    expect(dialed(bench(), 'sip:112@203.0.113.10', { from: '<sip:+33199000009@h>' })).toBe('passed');
  });
});

describe('V-6: what is barred at activation', () => {
  const barred = ['SIP/2.0 403 Destination bloquee', 'Destination bloquée : une décharge signée est nécessaire'];
  const change = { regime: withFacts('barring') };

  it('is refused, recorded, and opened by a waiver from its day on', () => {
    const site = bench({ change });
    expect(dialed(site, SATELLITE)).toEqual(barred);
    expect(site.of('call-ended')).toMatchObject([{ cause: 'refused-barred', class: 'satellite' }]);
    expect(dialed(site, NATIONAL)).toBe('passed');
    const waiver = (from: string, until?: string) => ({
      change: { ...change, waivers: [{ for: { class: 'satellite' } as const, from, until }] },
    });
    expect(dialed(bench(waiver('2020-01-01')), SATELLITE)).not.toEqual(barred);
    expect(dialed(bench(waiver('2090-01-01')), SATELLITE)).toEqual(barred);
    expect(dialed(bench(waiver('2020-01-01', '2020-12-31')), SATELLITE)).toEqual(barred);
  });

  it('before the documents are in, mie allows incoming calls, calls on its own network, and emergency calls (mie 4)', () => {
    const site = bench({ change: { regime: regime('mie'), documentsReceived: false } });
    expect(dialed(site, NATIONAL)).toEqual(barred);
    expect(dialed(site, PAID)).toEqual(barred);
    expect(dialed(site, 'sip:+33172890001@203.0.113.10')).toBe('passed');
    expect(dialed(site, 'sip:15@203.0.113.10')).toBe('passed');
    const came = request('INVITE', 'sip:x@192.168.10.10', { callId: 'in' });
    site.say('network', came);
    expect(site.toPhone).toContain(came);
  });

  it('V-1: an emergency number is never barred, whatever a regime lists', () => {
    const closed = withFacts('barring');
    closed.barring.atActivation?.value.push({ short: '15' }, { class: 'emergency' });
    expect(dialed(bench({ change: { regime: closed } }), 'sip:15@203.0.113.10')).toBe('passed');
  });
});

describe('Q-4: a call that the line cannot carry does not begin', () => {
  const offer = (codec: number) => ({
    body: `v=0\r\nc=IN IP4 192.168.10.10\r\nm=audio 4000 RTP/AVP ${codec}\r\n`,
  });
  /** Two calls in G.711, or five in G.729, with the headers of Ethernet in the first mile. */
  const narrow = { links: links.map((link) => ({ ...link, kind: 'sdsl' as const, upKbps: 200, downKbps: 4_000 })) };

  it.each([
    ['G.711', 8, 2],
    ['G.729', 18, 5],
  ])('%s: %s', (_, codec, most) => {
    const site = bench({ channels: 30, change: narrow });
    const call = (number: number) => dialed(site, `sip:01990000${10 + number}@203.0.113.10`, offer(codec));
    for (let number = 1; number <= most; number += 1) expect(call(number)).toBe('passed');
    expect(call(20)).toEqual(['SIP/2.0 503 Lignes occupees', 'Toutes les lignes souscrites sont en communication']);
    expect(dialed(site, 'sip:112@203.0.113.10', offer(codec))).toBe('passed');
  });

  it('the network hears 486 of an incoming call beyond the channels, and its ACK stays here', () => {
    const site = bench({ channels: 1 });
    const incoming = (callId: string) => ({ callId, branch: `z9hG4bK-${callId}` });
    site.say('network', request('INVITE', 'sip:x@192.168.10.10', incoming('one')));
    site.say('network', request('INVITE', 'sip:x@192.168.10.10', incoming('two')));
    expect(site.toPhone).toHaveLength(1);
    expect(site.toNetwork).toEqual([expect.stringMatching(/^SIP\/2\.0 486 Busy Here\r\n/)]);
    expect(site.toNetwork[0]).toContain('Call-ID: two');
    site.say('network', request('ACK', 'sip:x@192.168.10.10', { ...incoming('two'), toTag: 'x' }));
    expect(site.toPhone).toHaveLength(1);
    expect(site.of('call-ended')).toMatchObject([{ direction: 'incoming', cause: 'refused-capacity' }]);
    site.say('phone', response(486, incoming('one')));
    site.say('network', request('INVITE', 'sip:x@192.168.10.10', incoming('three')));
    expect(site.toPhone.at(-1)).toContain('Call-ID: three');
  });
});

describe('V-3: a phone that floods', () => {
  it('is held to its share, whatever it sends, and an emergency call from that very phone passes', () => {
    const site = bench();
    for (let number = 0; number < 500; number += 1) {
      site.add('phone', request('REGISTER', 'sip:203.0.113.10', { callId: 'r', branch: `z9hG4bK-${number}` }));
      site.add('phone', 'no SIP at all, but a datagram of some length');
    }
    expect(site.toNetwork).toHaveLength(30);
    const invite = request('INVITE', 'sip:112@203.0.113.10', { callId: 'sos' });
    site.add('phone', invite);
    expect(site.toNetwork.at(-1)).toBe(invite);
    site.add('phone', request('ACK', 'sip:112@203.0.113.10', { callId: 'sos' }));
    expect(site.toNetwork.at(-1)).toContain('ACK');
    expect(site.toPhone).toEqual([]);
  });
});

describe('V-8: the prefix of preselection', () => {
  const PREFIXED = 'sip:00199000001@203.0.113.10';
  const cmi = { ...regime('mie'), preselection: regime('cmi').preselection };
  const until = (preselectionUntil: string) =>
    bench({ change: { regime: cmi, voice: { ...voice, preselectionUntil } } });

  const calledBy = (site: ReturnType<typeof bench>) => {
    site.say('network', response(486, { callId: PREFIXED, to: PREFIXED, branch: `z9hG4bK-${PREFIXED}` }));
    return site.of('call-ended').map(({ called }) => called);
  };

  it('passes as it was dialed and is recorded without, until the IP service is live', () => {
    const site = until('2090-01-01');
    expect(dialed(site, PREFIXED)).toBe('passed');
    expect(site.toNetwork.some((text) => text.startsWith(`INVITE ${PREFIXED} `))).toBe(true);
    expect(calledBy(site)).toEqual(['0199000001']);
  });

  it('is over by itself from that day on: the log says that the exchange still has it', () => {
    const site = until('2020-01-01');
    dialed(site, PREFIXED);
    expect(calledBy(site)).toEqual(['00199000001']);
    expect(site.site.journal.faults().map(({ message }) => message)).toContainEqual(
      expect.stringContaining('take it out of the exchange (V-8)'),
    );
  });
});
