import { describe, expect, it } from 'vitest';
import type { Dialog } from '../../../agent/model/record.ts';
import { readMessage } from '../../../agent/sip/read-message.ts';
import { OWN_BRANCH, writeBye, writeRefusal } from '../../../agent/sip/write-message.ts';
import { INVITE } from './sample.ts';

const dialog: Dialog = {
  sipCallId: 'c1',
  server: 'sbc',
  phone: { address: '192.168.10.10', port: 5060 },
  phoneParty: '"Accueil" <sip:+33172890001@op>;tag=a1',
  networkParty: '<sip:0612345678@op>;tag=b1',
  phoneContact: '<sip:33172890001@192.168.10.10:5060>',
  networkContact: '<sip:far@203.0.113.12:5080>',
  recordRoute: ['<sip:first;lr>', '<sip:second;lr>'],
  phoneSequence: 7,
  networkSequence: 0,
};
const read = (text: string) => readMessage(new TextEncoder().encode(text))?.view;
const via = '203.0.113.10:5060';

describe('C-4: a BYE of the box (RFC 3261 15.1.1, 12.2.1.1)', () => {
  it('tells the phone in the name of the far end', () => {
    const text = writeBye(dialog, { to: 'phone', direction: 'outgoing', branch: 'x', transport: 'UDP', via });
    expect(read(text)).toMatchObject({
      method: 'BYE',
      uri: 'sip:33172890001@192.168.10.10:5060',
      sequence: 1,
      from: { tag: 'b1' },
      to: { tag: 'a1' },
      branch: `${OWN_BRANCH}x`,
    });
    expect(text).not.toContain('Route:');
  });

  it('tells the network in the name of the phone, by the route set of a caller', () => {
    const text = writeBye(dialog, { to: 'network', direction: 'outgoing', branch: 'x', transport: 'UDP', via });
    expect(read(text)).toMatchObject({
      uri: 'sip:far@203.0.113.12:5080',
      sequence: 8,
      from: { tag: 'a1' },
      to: { tag: 'b1' },
    });
    expect(text.match(/^Route: .*$/gm)).toEqual(['Route: <sip:second;lr>', 'Route: <sip:first;lr>']);
  });

  it('takes the route set of a callee as it stands', () => {
    const text = writeBye(dialog, { to: 'network', direction: 'incoming', branch: 'x', transport: 'UDP', via });
    expect(text.match(/^Route: .*$/gm)).toEqual(['Route: <sip:first;lr>', 'Route: <sip:second;lr>']);
  });
});

describe('C-1: a refusal that phones show (RFC 3261 8.2.6)', () => {
  it('repeats Via, From, Call-ID and CSeq, adds a tag to To, and says why in French', () => {
    const view = readMessage(INVITE)?.view;
    if (view?.kind !== 'request') throw new Error('no request');
    const text = writeRefusal(view, { status: 403, phrase: 'Credit epuise', warning: 'Limite atteinte' }, 't9');
    expect(read(text)).toMatchObject({
      kind: 'response',
      status: 403,
      callId: view.callId,
      sequence: 7,
      method: 'INVITE',
      branch: view.branch,
      from: { tag: 'a1' },
      to: { tag: 't9' },
    });
    expect(text).toContain('Warning: 399 relais "Limite atteinte"');
  });
});
