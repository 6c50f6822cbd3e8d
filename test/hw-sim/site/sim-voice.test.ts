import { describe, expect, test } from 'vitest';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { SipDatagram } from '../../../agent/ports/voice-wire.ts';
import type { SimCall } from '../../../hw-sim/site/call-plan.ts';
import { requestOf, responseTo, type SipDialog, type SipParty } from '../../../hw-sim/site/sip-messages.ts';
import {
  headerOf,
  headersOf,
  readSip,
  type SipText,
  sequenceOf,
  uriOf,
  writeSip,
} from '../../../hw-sim/site/sip-text.ts';
import type { SimPorts, SimSite } from '../../../hw-sim/site/site.ts';
import { callPlan, officeSite, type Passing, passingAgent } from './office.ts';

const BOX: SipParty = { address: '192.168.10.1', port: 5070, product: 'box', compact: false, recordRoute: undefined };

/** Lets one call be, with an agent that forwards all but what `see` keeps. */
function oneCall(site: SimSite, plan = callPlan('one'), passing: Passing = {}): SimCall | undefined {
  passingAgent(site.start(), passing);
  site.clock.advance(seconds(1));
  site.voice.place(plan);
  site.clock.advance(minutes(10));
  return site.voice.truth()[0];
}

function textOf({ bytes }: SipDatagram): SipText {
  const text = readSip(bytes);
  if (text === undefined) throw new Error('not SIP');
  return text;
}

/** A side's view of the dialog, as somebody on the path can piece it together from INVITE and 200. */
function dialogOf(invite: SipText, ok: SipText, towards: 'caller' | 'called'): SipDialog {
  const toCaller = towards === 'caller';
  const [local, remote] = toCaller ? [ok, invite] : [invite, ok];
  return {
    callId: headerOf(invite, 'call-id'),
    local: headerOf(local, toCaller ? 'to' : 'from'),
    remote: headerOf(remote, toCaller ? 'from' : 'to'),
    user: 'box',
    target: uriOf(headerOf(remote, 'contact')),
    routes: toCaller ? [] : headersOf(ok, 'record-route'),
    sequence: toCaller ? 500 : sequenceOf(invite).number + 1,
    remoteSequence: 0,
  };
}

function cutOff(ports: SimPorts, invite: SipDatagram, ok: SipDatagram): void {
  const [asked, answered] = [textOf(invite), textOf(ok)];
  const bye = (towards: 'caller' | 'called') =>
    writeSip(requestOf(BOX, dialogOf(asked, answered, towards), 'BYE', `z9hG4bKbox${towards}`), false);
  ports.voiceWire.toPhone(invite.phone, invite.server, bye('caller'));
  ports.voiceWire.toNetwork(invite.phone, invite.server, bye('called'));
}

describe('simulated voice', () => {
  test('an incoming call rings a phone and lasts as long as it was meant to', () => {
    const call = oneCall(
      officeSite('in'),
      callPlan('in', { direction: 'incoming', phone: 'office', hungUpBy: 'called' }),
    );
    expect(call?.endedBy).toBe('called');
    expect((call?.endedAt ?? 0) - (call?.answeredAt ?? 0)).toBe(60_000);
    expect((call?.answeredAt ?? 0) - (call?.rangAt ?? 0)).toBe(5_000);
  });

  test('a phone obeys a refusal that the agent makes, and its ACK reaches the agent', () => {
    const kept: string[] = [];
    const refuse = (datagram: SipDatagram, { voiceWire }: SimPorts) => {
      const text = textOf(datagram);
      kept.push(text.start.split(' ')[0] ?? '');
      if (!text.start.startsWith('INVITE')) return true;
      const refusal = responseTo(BOX, text, { status: 403, tag: 'box', user: '', body: '' });
      voiceWire.toPhone(datagram.phone, datagram.server, writeSip(refusal, false));
      return true;
    };
    const call = oneCall(officeSite('refused'), callPlan('refused'), { see: refuse });
    expect(call).toMatchObject({ refusedWith: 403, answeredAt: undefined, endedBy: undefined });
    expect(kept).toEqual(['INVITE', 'ACK']);
  });

  test('an agent that holds an INVITE for a while gets it again, and the call is made once', () => {
    let held = 0;
    const hold = (datagram: SipDatagram) => textOf(datagram).start.startsWith('INVITE') && ++held < 4;
    const call = oneCall(officeSite('held'), callPlan('held'), { see: hold });
    expect(held).toBe(4);
    // Copies leave at 0, 0.5, 1.5 and 3.5 s; ringing begins 120 ms after the last one has come over the link.
    expect((call?.rangAt ?? 0) - (call?.placedAt ?? 0)).toBeGreaterThan(3_630);
    expect((call?.endedAt ?? 0) - (call?.connectedAt ?? 0)).toBe(60_000);
  });

  test('a BYE of the agent to both sides ends the call: both answer 200 and stop', () => {
    let invite: SipDatagram | undefined;
    const answers: string[] = [];
    const see = (datagram: SipDatagram, ports: SimPorts): boolean => {
      const text = textOf(datagram);
      if (text.start.startsWith('INVITE')) invite = datagram;
      const { method } = sequenceOf(text);
      if (method === 'BYE') answers.push(`${datagram.from} ${text.start}`);
      if (method === 'INVITE' && text.start.includes(' 200 ') && invite !== undefined) {
        const asked = invite;
        ports.clock.after(seconds(20), () => cutOff(ports, asked, datagram));
      }
      return method === 'BYE';
    };
    const call = oneCall(officeSite('cut'), callPlan('cut', { talk: minutes(5) }), { see });
    expect(call?.endedBy).toBe('box');
    expect((call?.endedAt ?? 0) - (call?.connectedAt ?? 0)).toBeLessThan(20_100);
    expect(answers.toSorted()).toEqual(['network SIP/2.0 200 OK', 'phone SIP/2.0 200 OK']);
    expect(call?.releasedAt).toBeDefined();
  });

  test.each<[string, Partial<SipDialog>, string]>([
    ['names a tag that nobody gave', { local: '<sip:x@y>;tag=wrong' }, '481 Call/Transaction Does Not Exist'],
    [
      'is addressed to another Contact',
      { target: 'sip:other@203.0.113.10:5060' },
      '481 Call/Transaction Does Not Exist',
    ],
    ['forgets the proxy on the path', { routes: [] }, '481 Call/Transaction Does Not Exist'],
    ['has a CSeq that does not grow', { sequence: 1 }, '500 Server Internal Error'],
  ])('a BYE that %s is refused and ends nothing', (_, wrong, refusal) => {
    const answers: string[] = [];
    const seen = new Map<string, SipDatagram>();
    const see = (datagram: SipDatagram, ports: SimPorts): boolean => {
      const text = textOf(datagram);
      if (text.start.startsWith('INVITE')) seen.set('invite', datagram);
      if (text.start.includes(' 200 ')) seen.set('ok', datagram);
      const [invite, ok] = [seen.get('invite'), seen.get('ok')];
      if (text.start.startsWith('ACK') && invite !== undefined && ok !== undefined) {
        const dialog = { ...dialogOf(textOf(invite), textOf(ok), 'called'), ...wrong };
        const bye = writeSip(requestOf(BOX, dialog, 'BYE', 'z9hG4bKbox'), false);
        ports.clock.after(seconds(1), () => ports.voiceWire.toNetwork(datagram.phone, datagram.server, bye));
      }
      const ours = headerOf(text, 'via').includes('box');
      if (ours) answers.push(text.start);
      return ours;
    };
    const call = oneCall(officeSite('stranger'), callPlan('stranger'), { see });
    expect(answers).toEqual([`SIP/2.0 ${refusal}`]);
    expect((call?.endedAt ?? 0) - (call?.connectedAt ?? 0)).toBe(60_000);
  });

  test('with the relay straight calls pass the agent by, and with nobody behind the relay they get nowhere', () => {
    let seen = 0;
    const site = officeSite('dead');
    const see = () => {
      seen += 1;
      return false;
    };
    passingAgent(site.start(), { see });
    site.clock.advance(seconds(1));
    site.kill();
    site.voice.place(callPlan('first', { patience: millis(400) }));
    site.clock.advance(seconds(2));
    site.voice.place(callPlan('second', { talk: seconds(30) }));
    site.clock.advance(minutes(5));
    const [first, second] = site.voice.truth();
    expect(seen).toBe(0);
    // The first INVITE fell into the hole of one second, its copy came through and was then canceled.
    expect([first?.refusedWith, second?.endedBy]).toEqual([487, 'caller']);
    expect((second?.endedAt ?? 0) - (second?.connectedAt ?? 0)).toBe(30_000);
  });

  test('a box without power carries nothing', () => {
    const site = officeSite('dark');
    passingAgent(site.start());
    site.powerCut();
    site.voice.place(callPlan('dark'));
    site.clock.advance(minutes(5));
    expect(site.voice.datagrams()).toBe(0);
    expect(site.voice.truth()[0]?.refusedWith).toBe(408);
  });

  test('bytes go through as they are: the far side gets what the phone wrote, long names or short', () => {
    const seen: string[] = [];
    const site = officeSite('compact');
    passingAgent(site.start(), {
      see: ({ from, bytes }) => {
        if (from === 'phone') seen.push(new TextDecoder().decode(bytes));
        return false;
      },
    });
    site.clock.advance(seconds(1));
    site.voice.place(callPlan('long', { phone: 'reception' }));
    site.voice.place(callPlan('short', { phone: 'office' }));
    site.clock.advance(minutes(2));
    const [long, short] = [
      seen.find((text) => text.includes('.10:5060')),
      seen.find((text) => text.includes('.11:5060')),
    ];
    expect(long).toMatch(/\r\nCall-ID: [\s\S]*\r\nContent-Length: \d+\r\n\r\nv=0/);
    expect(short).toMatch(/\r\ni: [\s\S]*\r\nl: \d+\r\n\r\nv=0/);
  });
});
