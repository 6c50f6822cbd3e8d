import { type Millis, millis } from '../../../agent/model/units.ts';
import type { Cancel, Clock } from '../../../agent/ports/clock.ts';
import type { SipDatagram, VoiceWire } from '../../../agent/ports/voice-wire.ts';
import type { Life } from '../../site/life.ts';

/** What a number costs, in ticks a second, by the price list and by nothing of ours; a bundle is not asked here. */
export type Dialled = { readonly number: string; readonly ticksPerSecond: number; readonly inBundle: boolean };

/** A call as the far end saw it. */
export type HeardCall = {
  readonly dialled: Dialled;
  readonly answeredAt: Millis;
  /** The agent was not there when it was answered: nobody can know of it, and nothing of it is charged. */
  readonly unseen: boolean;
  endedAt: Millis | undefined;
};

/**
 * One phone and everybody whom it can call, on a wire without delay. Whatever reaches the far end is service: it is
 * counted here, from answer to release, whoever let it through.
 */
export type FarEnd = {
  port(life: Life): VoiceWire;
  call(id: string, dialled: Dialled, talk: Millis): void;
  /** The box is dark: what passed through it is over. */
  dark(): void;
  running(): readonly HeardCall[];
  heard(): readonly HeardCall[];
  /** INVITEs that were let through. */
  passed(): number;
  talkers(): ReadonlySet<string>;
};

type Leg = {
  readonly id: string;
  readonly dialled: Dialled;
  readonly talk: Millis;
  at: 'asked' | 'through' | 'talking' | 'over';
  heard: HeardCall | undefined;
  hangUp: Cancel;
};

const PHONE = { address: '192.168.10.10', port: 5060 };
const SERVER = 'voice';
const RING = millis(700);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createFarEnd(clock: Clock, caller: string): FarEnd {
  const legs = new Map<string, Leg>();
  const heard: HeardCall[] = [];
  let listener: ((datagram: SipDatagram) => void) | undefined;
  let listening = (): boolean => false;
  let passed = 0;

  const deliver = (from: SipDatagram['from'], text: string): void =>
    listener?.({ from, phone: PHONE, server: SERVER, bytes: encoder.encode(text) });

  function end(leg: Leg): void {
    leg.at = 'over';
    leg.hangUp();
    if (leg.heard !== undefined) leg.heard.endedAt = clock.mono();
    legs.delete(leg.id);
  }

  function answer(leg: Leg): void {
    if (leg.at !== 'through') return;
    leg.at = 'talking';
    leg.heard = { dialled: leg.dialled, answeredAt: clock.mono(), unseen: !listening(), endedAt: undefined };
    heard.push(leg.heard);
    deliver('network', response(leg, 200, 'INVITE', 1, caller));
    deliver('phone', request(leg, 'ACK', 1, caller));
    leg.hangUp = clock.after(leg.talk, () => {
      if (leg.at !== 'talking') return;
      const bye = request(leg, 'BYE', 2, caller);
      end(leg);
      deliver('phone', bye);
      deliver('network', response(leg, 200, 'BYE', 2, caller));
    });
  }

  function reaches(bytes: Uint8Array): void {
    const text = decoder.decode(bytes);
    const leg = legs.get(/^Call-ID: (.*)$/m.exec(text)?.[1]?.trim() ?? '');
    if (leg === undefined) return;
    if (text.startsWith('INVITE') && leg.at === 'asked') {
      leg.at = 'through';
      passed += 1;
      clock.after(RING, () => answer(leg));
    }
    if (text.startsWith('BYE') && leg.at !== 'over') end(leg);
    if (text.startsWith('BYE')) deliver('network', answerTo(text));
  }

  function comesBack(bytes: Uint8Array): void {
    const text = decoder.decode(bytes);
    if (text.startsWith('BYE')) return deliver('phone', answerTo(text));
    const leg = legs.get(/^Call-ID: (.*)$/m.exec(text)?.[1]?.trim() ?? '');
    if (leg === undefined || !/^SIP\/2\.0 [456]/.test(text) || leg.at !== 'asked') return;
    end(leg);
    deliver('phone', request(leg, 'ACK', 1, caller));
  }

  return {
    port: (life) => ({
      open(listen) {
        listener = life.hears(listen);
        listening = life.alive;
      },
      transport: () => 'UDP',
      moved: () => {},
      toPhone: (_phone, _server, bytes) => void (life.alive() && clock.after(millis(0), () => comesBack(bytes))),
      toNetwork: (_phone, _server, bytes) => void (life.alive() && reaches(bytes)),
      close: () => {},
    }),
    call(id, dialled, talk) {
      const leg: Leg = { id, dialled, talk, at: 'asked', heard: undefined, hangUp: () => {} };
      legs.set(id, leg);
      deliver('phone', request(leg, 'INVITE', 1, caller));
    },
    dark() {
      listener = undefined;
      for (const leg of [...legs.values()]) end(leg);
    },
    running: () => [...legs.values()].flatMap(({ heard: call }) => (call === undefined ? [] : [call])),
    heard: () => heard,
    passed: () => passed,
    talkers: () => new Set([...legs.values()].some(({ at }) => at === 'talking') ? [`${PHONE.address}:4000`] : []),
  };
}

const SDP =
  'v=0\r\no=- 1 1 IN IP4 192.168.10.10\r\ns=-\r\nc=IN IP4 192.168.10.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';

function request({ id, dialled }: Leg, method: string, sequence: number, caller: string): string {
  const inDialog = method !== 'INVITE';
  return [
    `${method} sip:${dialled.number}@203.0.113.10 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK${id}${method}`,
    `From: <sip:${caller}@203.0.113.10>;tag=f${id}`,
    `To: <sip:${dialled.number}@203.0.113.10>${inDialog ? `;tag=t${id}` : ''}`,
    `Call-ID: ${id}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:front@192.168.10.10:5060>',
    ...(method === 'INVITE' ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${method === 'INVITE' ? SDP.length : 0}`,
    '',
    method === 'INVITE' ? SDP : '',
  ].join('\r\n');
}

function response({ id, dialled }: Leg, status: number, method: string, sequence: number, caller: string): string {
  return [
    `SIP/2.0 ${status} OK`,
    `Via: SIP/2.0/UDP 192.168.10.10:5060;branch=z9hG4bK${id}${method}`,
    `From: <sip:${caller}@203.0.113.10>;tag=f${id}`,
    `To: <sip:${dialled.number}@203.0.113.10>;tag=t${id}`,
    `Call-ID: ${id}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:far@203.0.113.10:5060>',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** RFC 3261 8.2.6.2: the answer repeats what names the transaction. */
function answerTo(text: string): string {
  const lines = text.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  return ['SIP/2.0 200 OK', ...lines, 'Content-Length: 0', '', ''].join('\r\n');
}
