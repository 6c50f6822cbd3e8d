import { describe, expect, it } from 'vitest';
import { RecordSchema } from '../../agent/model/record.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { bench, PAID, request, response } from './sip-bench.ts';

const config = exampleSite();

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
