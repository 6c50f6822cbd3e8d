import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../../agent/model/sip-text.ts';
import {
  type Client,
  type ClientEffect,
  type ClientEvent,
  startClient,
  stepClient,
} from '../../../agent/ua/client-transaction.ts';
import { headerOf } from '../../../agent/ua/headers.ts';
import { respondTo } from '../../../agent/ua/respond.ts';
import { type ServerEffect, type ServerEvent, startServer, stepServer } from '../../../agent/ua/server-transaction.ts';

const request = (method: string): SipRequest => ({
  ...{ kind: 'request', method, uri: 'sip:0199000001@203.0.113.10', body: '' },
  headers: [
    ['via', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKone;rport'],
    ['from', '<sip:a@b>;tag=1'],
    ['to', '<sip:c@d>'],
    ['call-id', 'call'],
    ['cseq', `7 ${method}`],
  ],
});
const response = (method: string, status: number) => respondTo(request(method), status, { tag: 'far' });

/** Effects of each event in turn, in short words. */
function client(method: string, ...events: readonly ClientEvent[]): readonly (readonly string[])[] {
  let [state, effects]: readonly [Client, readonly ClientEffect[]] = startClient(request(method));
  const all = [effects.map(short)];
  for (const event of events) {
    [state, effects] = stepClient(state, event);
    all.push(effects.map(short));
  }
  return [...all, [state.at]];
}

function short(effect: ClientEffect | ServerEffect): string {
  if (effect.do === 'wait') return `${effect.name} ${effect.for}`;
  if (effect.do === 'stop-waiting') return `stop ${effect.name}`;
  if (effect.do === 'send')
    return 'request' in effect ? `send ${effect.request.method}` : `send ${effect.response.status}`;
  return effect.do;
}

const waited = (name: 'A' | 'B' | 'D' | 'E' | 'F' | 'K' | 'M') => ({ on: 'waited', name }) as const;
const heard = (method: string, status: number) => ({ on: 'response', response: response(method, status) }) as const;

describe('transactions over UDP', () => {
  it('RFC 3261 17.1.1.2: an INVITE is repeated after T1, then twice as long each time, until something comes', () => {
    expect(client('INVITE', waited('A'), waited('A'), heard('INVITE', 180), waited('A'))).toEqual([
      ['send INVITE', 'A 500', 'B 32000'],
      ['send INVITE', 'A 1000'],
      ['send INVITE', 'A 2000'],
      ['stop A', 'stop B', 'tell'],
      [],
      ['proceeding'],
    ]);
  });

  it('RFC 3261 17.1.1.3: a refusal is acknowledged, once more each time that it comes again, and told once', () => {
    const [, first, again] = client('INVITE', heard('INVITE', 486), heard('INVITE', 486));
    expect(first).toEqual(['stop A', 'stop B', 'send ACK', 'D 32000', 'tell']);
    expect(again).toEqual(['send ACK']);
    const [state] = stepClient(startClient(request('INVITE'))[0], heard('INVITE', 486));
    if (state.at !== 'completed' || state.ack === undefined) throw new Error('no ACK');
    expect(headerOf(state.ack, 'to')).toBe('<sip:c@d>;tag=far');
    expect(headerOf(state.ack, 'via')).toBe(headerOf(request('INVITE'), 'via'));
    expect(headerOf(state.ack, 'cseq')).toBe('7 ACK');
  });

  it('RFC 6026 7.2: every 2xx of an INVITE is told, and acknowledged by nobody here', () => {
    expect(client('INVITE', heard('INVITE', 200), heard('INVITE', 200), waited('M')).slice(1)).toEqual([
      ['stop A', 'stop B', 'M 32000', 'tell'],
      ['tell'],
      [],
      ['terminated'],
    ]);
  });

  it('RFC 3261 17.1.2.2: other requests are repeated up to T2, and at T2 once something came', () => {
    const events = [
      waited('E'),
      waited('E'),
      waited('E'),
      waited('E'),
      heard('BYE', 100),
      waited('E'),
      heard('BYE', 200),
    ];
    expect(client('BYE', ...events, waited('K'))).toEqual([
      ['send BYE', 'E 500', 'F 32000'],
      ['send BYE', 'E 1000'],
      ['send BYE', 'E 2000'],
      ['send BYE', 'E 4000'],
      ['send BYE', 'E 4000'],
      ['tell'],
      ['send BYE', 'E 4000'],
      ['stop E', 'stop F', 'K 5000', 'tell'],
      [],
      ['terminated'],
    ]);
    expect(client('BYE', waited('F')).at(-2)).toEqual(['stop A', 'stop E', 'tell-timed-out']);
  });

  it('RFC 3261 17.2: what comes again is answered again; a refusal of an INVITE until its ACK', () => {
    const serve = (method: string, ...events: readonly ServerEvent[]) => {
      let state = startServer(method);
      const said = events.map((event) => {
        const [next, effects] = stepServer(state, event);
        state = next;
        return effects.map(short);
      });
      return [...said, [state.at]];
    };
    const responded = (method: string, status: number) =>
      ({ on: 'responded', response: response(method, status) }) as const;
    const refused = [
      responded('INVITE', 180),
      { on: 'repeated' },
      responded('INVITE', 486),
      { on: 'waited', name: 'G' },
    ] as const;
    expect(serve('INVITE', ...refused, { on: 'acknowledged' }, { on: 'waited', name: 'I' })).toEqual([
      ['send 180'],
      ['send 180'],
      ['send 486', 'G 500', 'H 32000'],
      ['send 486', 'G 1000'],
      ['stop G', 'stop H', 'I 5000'],
      [],
      ['terminated'],
    ]);
    expect(serve('INVITE', responded('INVITE', 200), { on: 'repeated' })).toEqual([
      ['send 200', 'L 32000'],
      [],
      ['accepted'],
    ]);
    expect(serve('BYE', responded('BYE', 200), { on: 'repeated' })).toEqual([
      ['send 200', 'J 32000'],
      ['send 200'],
      ['completed'],
    ]);
  });
});
