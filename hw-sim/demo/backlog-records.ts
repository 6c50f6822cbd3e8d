import { createHash } from 'node:crypto';
import { canonical } from '../../agent/model/canonical.ts';
import { type LedgerEvent, type LedgerRecord, NO_RECORD_HASH } from '../../agent/model/record.ts';

const EPOCH = '00000000000000ba';
const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

type Backlog = { readonly epoch: string; readonly bodies: readonly string[] };

/**
 * What a box recorded while the central was away: calls that came in, which need no credit, five records each as long
 * calls have. The chain is whole; sizes are those of real records.
 */
export function backlogOf(device: string, calls: number): Backlog {
  const bodies: string[] = [];
  let prev = NO_RECORD_HASH;
  const write = (event: LedgerEvent): void => {
    const seq = bodies.length + 1;
    const record: LedgerRecord = {
      ...{ v: 1, device, epoch: EPOCH, seq, prev, salt: sha256hex(`${seq}`).slice(0, 32) },
      clock: { wall: 1_790_000_000_000 + seq * 1_000, mono: seq * 1_000, boot: 'backlog', quality: 'synced' },
      event,
    };
    const body = canonical(record);
    bodies.push(body);
    prev = sha256hex(body);
  };
  write({ kind: 'epoch-opened', reason: 'first' });
  write({ kind: 'booted', software: 'relais', configVersion: 1, regime: 'mie@1', tariff: 'example-2026@1' });
  write({ kind: 'cycle-opened', cycle: 1 });
  for (let call = 1; call <= calls; call += 1) for (const event of incomingCall(`call-${call}`)) write(event);
  return { epoch: EPOCH, bodies };
}

const NOTHING = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };

function incomingCall(call: string): readonly LedgerEvent[] {
  const parties = {
    direction: 'incoming',
    caller: '+33199000009',
    called: '+33172890001',
    class: 'geographic',
  } as const;
  const media = { address: '192.168.10.10', port: 16_384, codec: 'PCMA' };
  const dialog = {
    ...{ sipCallId: `${sha256hex(call).slice(0, 24)}@203.0.113.10`, server: 'voice' },
    phone: { address: '192.168.10.10', port: 5_060 },
    phoneParty: '<sip:+33172890001@203.0.113.10>;tag=4f1a9c20',
    networkParty: '<sip:+33199000009@203.0.113.10>;tag=a83b11d7',
    phoneContact: '<sip:+33172890001@192.168.10.10:5060>',
    networkContact: '<sip:203.0.113.10:5060>',
    recordRoute: ['<sip:203.0.113.10;lr>'],
    ...{ phoneSequence: 1, networkSequence: 1 },
  };
  return [
    { kind: 'call-admitted', call, ...parties, link: 'main', reserved: NOTHING, dialog, media },
    { kind: 'call-answered', call, dialog, media },
    { kind: 'call-extended', call, reserved: NOTHING },
    { kind: 'call-extended', call, reserved: NOTHING },
    {
      ...{ kind: 'call-ended', call, ...parties, links: ['main'] },
      ...{ startedAt: 1_790_000_000_000, answeredAt: 1_790_000_004_000, endedAt: 1_790_000_064_000, seconds: 60 },
      ...{ cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true },
    },
  ];
}
