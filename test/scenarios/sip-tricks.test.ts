import { describe, expect, it } from 'vitest';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import type { SipDatagram } from '../../agent/ports/voice-wire.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite } from '../../hw-sim/day/whole-site.ts';

const config = exampleSite();
const PHONE = { address: '192.168.10.10', port: 5060 };
const PAID = 'sip:0021620123456@203.0.113.10';

type Lines = { callId?: string; sequence?: number; branch?: string; to?: string; fromTag?: string; toTag?: string };

function headers(method: string, own: Lines): string {
  const { callId = 'c', sequence = 1, branch = 'z9hG4bK-a', to = PAID, fromTag = 'f', toTag } = own;
  return [
    `Via: SIP/2.0/UDP 192.168.10.10:5060;branch=${branch}`,
    `From: <sip:+33172890001@203.0.113.10>;tag=${fromTag}`,
    `To: <${to}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:x@192.168.10.10>',
    '\r\n',
  ].join('\r\n');
}
const request = (method: string, uri: string, own: Lines = {}): string =>
  `${method} ${uri} SIP/2.0\r\n${headers(method, own)}`;
const response = (status: number, own: Lines = {}, method = 'INVITE'): string =>
  `SIP/2.0 ${status} Said\r\n${headers(method, { toTag: 't', ...own })}`;

/** The agent of a whole site, with a test's own hands on both ends of its SIP wire. */
function bench({ credit = true, channels = 2 } = {}) {
  const whole = createWholeSite({ seed: 'tricks', config: { ...config, voice: { ...config.voice, channels } } });
  const { site } = whole;
  const toNetwork: string[] = [];
  const toPhone: string[] = [];
  let listen: (datagram: SipDatagram) => void = () => undefined;
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const life = site.start();
  if (!credit) site.broker.cut();
  whole.adopt({
    ...life,
    ports: {
      ...life.ports,
      voiceWire: {
        open: (hears) => {
          listen = hears;
        },
        toPhone: (_phone, _server, bytes) => toPhone.push(text(bytes)),
        toNetwork: (_phone, _server, bytes) => toNetwork.push(text(bytes)),
        close: () => undefined,
      },
    },
  });
  site.clock.advance(minutes(1));
  const say = (from: 'phone' | 'network', message: string): void => {
    listen({ from, phone: PHONE, server: 'voice', bytes: new TextEncoder().encode(message) });
    site.clock.advance(seconds(0.1));
  };
  const events = (): LedgerEvent[] => site.disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)).event);
  const of = <K extends LedgerEvent['kind']>(kind: K) =>
    events().filter((event): event is Extract<LedgerEvent, { kind: K }> => event.kind === kind);
  return { whole, site, toNetwork, toPhone, say, of };
}

describe('V-1: an emergency call passes in every spelling, without credit and without a free channel', () => {
  it.each([
    'sip:112@203.0.113.10',
    'sip:112;phone-context=+33@203.0.113.10;user=phone',
    'sip:15;phone-context=example.net@203.0.113.10',
    'tel:112;phone-context=+33',
    'tel:+33112',
    'sip:%31%31%32@203.0.113.10',
    'sip:112%23@203.0.113.10',
    'sip:*31%23112@203.0.113.10',
    'urn:service:sos',
    'urn:service:sos.fire',
    'URN:service:SOS',
  ])('%s', (uri) => {
    const { say, toNetwork, toPhone, of } = bench({ credit: false, channels: 1 });
    say('network', request('INVITE', 'sip:x@192.168.10.10', { callId: 'busy' }));
    const invite = request('INVITE', uri, { callId: 'sos', to: uri });
    say('phone', invite);
    expect(toNetwork).toEqual([invite]);
    expect(toPhone).toHaveLength(1);
    expect(of('call-admitted')).toContainEqual(expect.objectContaining({ class: 'emergency' }));
  });
});

describe('C-3: no INVITE becomes a call that nobody counts', () => {
  it('keeps back a refused INVITE that comes again after its ACK', () => {
    const { say, toNetwork, toPhone } = bench({ credit: false });
    say('phone', request('INVITE', PAID));
    say('phone', request('ACK', PAID, { toTag: 'x' }));
    say('phone', request('INVITE', PAID));
    expect(toNetwork.filter((text) => text.startsWith('INVITE'))).toEqual([]);
    expect(toPhone.filter((text) => text.startsWith('SIP/2.0 403'))).toHaveLength(2);
  });

  it('judges an INVITE anew that takes the Call-ID and CSeq of a call that is over', () => {
    const { say, of } = bench();
    say('phone', request('INVITE', PAID));
    say('network', response(486));
    say('phone', request('INVITE', PAID, { branch: 'z9hG4bK-b' }));
    expect(of('call-admitted')).toHaveLength(2);
  });

  it('lets no second call hide behind the Call-ID of a live one, but an emergency call', () => {
    const { say, toNetwork } = bench();
    say('phone', request('INVITE', 'sip:112@203.0.113.10'));
    say('phone', request('INVITE', PAID, { sequence: 2, branch: 'z9hG4bK-b' }));
    say('phone', request('INVITE', PAID, { branch: 'z9hG4bK-c', fromTag: 'other' }));
    const fire = request('INVITE', 'sip:18@203.0.113.10', { sequence: 3, branch: 'z9hG4bK-d' });
    say('phone', fire);
    expect(toNetwork).toEqual([request('INVITE', 'sip:112@203.0.113.10'), fire]);
  });

  it('lets the same call try again after a challenge, as one record', () => {
    const { say, toNetwork, of } = bench();
    say('phone', request('INVITE', PAID));
    say('network', response(407));
    const again = request('INVITE', PAID, { sequence: 2, branch: 'z9hG4bK-b' });
    say('phone', again);
    expect(toNetwork.at(-1)).toBe(again);
    expect(of('call-admitted')).toHaveLength(1);
  });

  it('counts a call that a PBX sends on under the Call-ID of the call that came in', () => {
    const { say, of, toPhone, toNetwork } = bench();
    const came = request('INVITE', 'sip:x@192.168.10.10', { branch: 'z9hG4bK-in' });
    say('network', came);
    const on = request('INVITE', PAID, { branch: 'z9hG4bK-out' });
    say('phone', on);
    expect(toPhone).toEqual([came]);
    expect(toNetwork).toEqual([on]);
    expect(of('call-admitted').map((event) => event.direction)).toEqual(['incoming', 'outgoing']);
    say('network', response(200, { branch: 'z9hG4bK-out' }));
    say('phone', response(200, { branch: 'z9hG4bK-in' }));
    say('network', request('BYE', 'sip:x@192.168.10.10', { sequence: 2, toTag: 't' }));
    say('phone', request('BYE', PAID, { sequence: 2, toTag: 't' }));
    expect(of('call-ended').map((event) => event.complete)).toEqual([true, true]);
  });
});

describe('U-1: what one side pretends does not end a record', () => {
  it('goes on counting a call that is answered after its caller sent a refusal, a BYE and a CANCEL of nothing', () => {
    const { say, site, of } = bench();
    say('phone', request('INVITE', PAID));
    say('phone', response(486));
    say('phone', request('BYE', PAID, { sequence: 2, toTag: 'nobody' }));
    say('network', response(481, { sequence: 2 }, 'BYE'));
    say('phone', request('CANCEL', PAID, { branch: 'z9hG4bK-unknown' }));
    say('network', response(481, { branch: 'z9hG4bK-unknown' }, 'CANCEL'));
    site.clock.advance(seconds(40));
    say('network', response(200));
    expect(of('call-answered')).toHaveLength(1);
    expect(of('call-ended')).toEqual([]);
  });

  it('ends with the BYE of the dialog, not with that of a fork', () => {
    const { say, of } = bench();
    say('phone', request('INVITE', PAID));
    say('network', response(200));
    say('phone', request('BYE', PAID, { sequence: 2, toTag: 'fork' }));
    expect(of('call-ended')).toEqual([]);
    say('phone', request('BYE', PAID, { sequence: 2, toTag: 't' }));
    expect(of('call-ended')).toMatchObject([{ cause: 'caller-hung-up' }]);
  });

  it('keeps the answer to a BYE of its own for itself, also when the call is long forgotten', () => {
    const { say, toNetwork, toPhone } = bench();
    say('phone', response(200, { branch: 'z9hG4bK-relais-1', callId: 'gone' }, 'BYE'));
    say('network', response(481, { branch: 'z9hG4bK-relais-1', callId: 'gone' }, 'BYE'));
    expect([...toNetwork, ...toPhone]).toEqual([]);
  });

  it('cuts the number called to what somebody can dial, so that every record can be sent', () => {
    const { say, of, whole } = bench();
    say('phone', request('INVITE', `sip:${'%01'.repeat(15_000)}@203.0.113.10`));
    expect(of('call-ended')[0]?.called).toHaveLength(128);
    expect(whole.central.rows('record')).toHaveLength(whole.site.disk.rows().length);
  });

  it('reads an endless start line as fast as any other', () => {
    const { say, toNetwork } = bench();
    const began = performance.now();
    say('phone', request('OPTIONS', `x${' '.repeat(60_000)}y`));
    expect(performance.now() - began).toBeLessThan(500);
    expect(toNetwork).toHaveLength(1);
  });
});

describe('U-7: a receipt for what was never sent', () => {
  it('is refused, and every record still arrives', () => {
    const { say, site, whole } = bench();
    whole.setCentral(false);
    say('phone', request('INVITE', PAID));
    say('network', response(486));
    const { epoch, device } = RecordSchema.parse(JSON.parse(site.disk.rows()[0]?.body ?? ''));
    const upTo = site.disk.rows().length;
    const topic = `relais/v1/${config.tenant}/${device}/down/receipt`;
    site.broker.sendDown(topic, JSON.stringify({ device, epoch, upTo, head: 'f'.repeat(64) }));
    site.clock.advance(seconds(1));
    whole.setCentral(true);
    site.clock.advance(minutes(2));
    expect(whole.central.rows('record')).toHaveLength(upTo);
  });
});
