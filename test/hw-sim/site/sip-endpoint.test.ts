import { describe, expect, test } from 'vitest';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { CallPlan } from '../../../hw-sim/site/call-plan.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';
import { createSipEndpoint, type SipEndpoint } from '../../../hw-sim/site/sip-endpoint.ts';
import { headerOf, readSip, type SipText, writeSip } from '../../../hw-sim/site/sip-text.ts';
import type { EndpointNews } from '../../../hw-sim/site/sip-world.ts';
import { callPlan } from './office.ts';

const START = /^(?:SIP\/2\.0 (\d+)|(\w+) )/;
const nameOf = (text: SipText): string => START.exec(text.start)?.slice(1).find(Boolean) ?? text.start;

/** Two endpoints on a wire of 10 ms; `drop` says which datagram is lost, by its place and what it is. */
function pair(destiny: CallPlan['destiny'], drop: (name: string, count: number) => boolean = () => false) {
  const clock = createSimClock(millis(0));
  const random = createSimRandom('pair');
  const told: string[] = [];
  const sent: { readonly at: number; readonly name: string; readonly text: SipText }[] = [];
  const ends: SipEndpoint[] = [];
  const end = (place: 0 | 1, address: string, recordRoute: string | undefined) =>
    createSipEndpoint({
      party: { address, port: 5060, product: 'test', compact: place === 0, recordRoute },
      clock,
      random: random.fork(address),
      tell: ({ on, side, status }: EndpointNews) => told.push(`${side} ${on} ${status}`),
      destinyOf: () => destiny,
      send: (bytes) => {
        const text = readSip(bytes);
        if (text === undefined) throw new Error('an endpoint wrote what is not SIP');
        const name = nameOf(text);
        sent.push({ at: clock.mono(), name, text });
        const count = sent.filter((known) => known.name === name).length;
        if (!drop(name, count)) clock.after(millis(10), () => ends[1 - place]?.receive(bytes));
      },
    });
  ends.push(end(0, '192.168.10.10', undefined), end(1, '203.0.113.10', '<sip:203.0.113.10:5060;lr>'));
  const target = 'sip:0199001234@203.0.113.10:5060';
  const from = '<sip:+33199001000@203.0.113.10:5060>';
  ends[0]?.place({ callId: 'one', from, to: `<${target}>`, target, user: '33199001000', destiny });
  const timesOf = (name: string) => sent.filter((known) => known.name === name).map(({ at }) => at);
  /** Delivers to the called side once more what was sent as the `place`th. */
  const repeat = (place: number) =>
    ends[1]?.receive(writeSip(sent[place]?.text ?? { start: '', headers: [], body: '' }, false));
  return { clock, told, sent, timesOf, repeat };
}

const { destiny } = callPlan('x');

describe('two simulated endpoints', () => {
  test('place, answer and end a call in the order of RFC 3261', () => {
    const { clock, told, sent } = pair(destiny);
    clock.advance(minutes(10));
    expect(sent.map(({ name }) => name)).toEqual(['INVITE', '100', '180', '200', 'ACK', 'BYE', '200']);
    expect(told).toEqual([
      'called ringing 180',
      'caller ringing 180',
      'called picked-up 200',
      'caller connected 200',
      'caller hung-up 200',
      'called released 200',
    ]);
  });

  test('write the headers that a dialog needs: tags, branches, sequence, routes, contacts', () => {
    const { clock, sent } = pair(destiny);
    clock.advance(minutes(10));
    const [invite, trying, , ok, ack, bye] = sent.map(({ text }) => text);
    const see = (text: SipText | undefined, name: string) => (text === undefined ? '' : headerOf(text, name));
    expect(see(ok, 'to')).toMatch(/^<sip:0199001234@203\.0\.113\.10:5060>;tag=[0-9a-f]{12}$/);
    expect(see(trying, 'to')).toBe(see(invite, 'to'));
    expect(see(ok, 'record-route')).toBe('<sip:203.0.113.10:5060;lr>');
    expect(see(ok, 'via')).toBe(see(invite, 'via'));
    expect(invite?.body).toContain('m=audio 16386 RTP/AVP 8 101\r\n');
    expect(ok?.body).toContain('a=rtpmap:8 PCMA/8000\r\n');
    for (const request of [ack, bye]) {
      expect(request?.start).toMatch(/ sip:0199001234@203\.0\.113\.10:5060 SIP\/2\.0$/);
      expect(see(request, 'to')).toBe(see(ok, 'to'));
      expect(see(request, 'route')).toBe('<sip:203.0.113.10:5060;lr>');
    }
    const sequence = Number.parseInt(see(invite, 'cseq'), 10);
    expect([see(ack, 'cseq'), see(bye, 'cseq')]).toEqual([`${sequence} ACK`, `${sequence + 1} BYE`]);
    expect(new Set([invite, ack, bye].map((text) => see(text, 'via'))).size).toBe(3);
  });

  test('repeat an INVITE that nobody answers on Timer A and give up on Timer B', () => {
    const { clock, told, timesOf } = pair({ ...destiny, patience: minutes(5) }, (name) => name === 'INVITE');
    clock.advance(minutes(10));
    expect(timesOf('INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(told).toEqual(['caller failed 408']);
  });

  test('repeat a 200 until its ACK comes, and hang up when it never does', () => {
    const { clock, timesOf, told } = pair(
      { ...destiny, hungUpBy: 'called', talk: minutes(9) },
      (name) => name === 'ACK',
    );
    clock.advance(minutes(2));
    const [first = 0, ...again] = timesOf('200').filter((at) => at < 40_000);
    const gaps = again.map((at) => at - first);
    expect(gaps.slice(0, 10)).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(timesOf('BYE')[0]).toBe(first + 32_000);
    expect(told.slice(-2)).toEqual(['called hung-up 200', 'caller released 200']);
  });

  test('repeat a BYE on Timer E, doubling to four seconds, until Timer F', () => {
    const { clock, timesOf } = pair(destiny, (name) => name === 'BYE');
    clock.advance(seconds(120));
    const [first = 0, ...again] = timesOf('BYE').slice(0, 11);
    const gaps = again.map((at) => at - first);
    expect(gaps).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  });

  test('repeat a refusal on Timer G until its ACK, sent with the branch of the INVITE', () => {
    const { clock, sent, timesOf, told } = pair(
      { ...destiny, answer: 'busy' },
      (name, count) => name === 'ACK' && count < 3,
    );
    clock.advance(minutes(2));
    const [first = 0, ...again] = timesOf('486');
    expect(again.map((at) => at - first)).toEqual([500, 1_500]);
    expect(told).toEqual(['caller failed 486']);
    const branches = sent
      .filter(({ name }) => name === 'ACK' || name === 'INVITE')
      .map(({ text }) => headerOf(text, 'via'));
    expect(new Set(branches).size).toBe(1);
  });

  test('cancel what nobody picks up: 200 for the CANCEL, 487 for the INVITE, ACK', () => {
    const { clock, sent, told } = pair({ ...destiny, answer: 'rings-out', patience: seconds(20) });
    clock.advance(minutes(2));
    expect(sent.map(({ name }) => name)).toEqual(['INVITE', '100', '180', 'CANCEL', '200', '487', 'ACK']);
    expect(told.slice(-2)).toEqual(['caller gave-up 0', 'caller failed 487']);
  });

  test('an answer that crosses the CANCEL makes a call, and the caller hangs up', () => {
    const crossing = { ...destiny, ring: seconds(10), patience: millis(10_125) };
    const { clock, sent, told, timesOf } = pair(crossing);
    clock.advance(minutes(2));
    expect(sent.map(({ name }) => name)).toEqual([
      ...['INVITE', '100', '180', 'CANCEL', '200', '200', 'ACK', 'BYE', '200'],
    ]);
    expect(told.slice(-3)).toEqual(['caller connected 200', 'caller hung-up 200', 'called released 200']);
    expect(timesOf('BYE')).toEqual(timesOf('ACK'));
  });

  test('a CANCEL waits until the other side has answered something', () => {
    const late = { ...destiny, answer: 'rings-out' as const, patience: millis(700) };
    const { clock, timesOf } = pair(late, (name, count) => name === 'INVITE' && count < 3);
    clock.advance(minutes(2));
    expect(timesOf('CANCEL')).toEqual([1_520]);
  });

  test('the called side does not hang up before the ACK has come', () => {
    const short = { ...destiny, hungUpBy: 'called' as const, talk: seconds(1) };
    const { clock, timesOf, told } = pair(short, (name, count) => name === 'ACK' && count < 4);
    clock.advance(minutes(2));
    expect(timesOf('BYE')).toEqual([(timesOf('ACK')[3] ?? 0) + 10]);
    expect(told.slice(-2)).toEqual(['called hung-up 200', 'caller released 200']);
  });

  test('a request that comes again is answered again, and acted upon once', () => {
    const { clock, timesOf, told } = pair(destiny, (name, count) => {
      if (name === '100' || name === '180') return count === 1;
      return name === '200' && count === 2;
    });
    clock.advance(minutes(3));
    expect([timesOf('INVITE'), timesOf('180')]).toEqual([
      [0, 500],
      [130, 510],
    ]);
    expect([timesOf('BYE').length, timesOf('200').length, timesOf('500').length]).toEqual([2, 3, 0]);
    expect(told.filter((line) => line.startsWith('called'))).toHaveLength(3);
  });

  test('a copy of an INVITE that comes when its transaction is forgotten does not ring again', () => {
    const { clock, told, repeat } = pair(destiny);
    clock.advance(seconds(50));
    repeat(0);
    clock.advance(seconds(5));
    expect(told.filter((line) => line === 'called ringing 180')).toHaveLength(1);
  });

  test('a side that hears no more voice ends the call when the BYE is lost for good', () => {
    const { clock, told } = pair(destiny, (name) => name === 'BYE');
    clock.advance(minutes(5));
    expect(told.slice(-2)).toEqual(['caller hung-up 200', 'called hung-up 200']);
  });
});
