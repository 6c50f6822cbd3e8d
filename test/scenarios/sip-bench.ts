import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import type { SipDatagram } from '../../agent/ports/voice-wire.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite } from '../../hw-sim/day/whole-site.ts';

const config = exampleSite();
const PHONE = { address: '192.168.10.10', port: 5060 };
export const PAID = 'sip:0021620123456@203.0.113.10';

type Lines = {
  callId?: string;
  from?: string;
  more?: readonly string[];
  body?: string;
  sequence?: number;
  branch?: string;
  to?: string;
  fromTag?: string;
  toTag?: string;
};

function headers(method: string, own: Lines): string {
  const { callId = 'c', sequence = 1, branch = 'z9hG4bK-a', to = PAID, fromTag = 'f', toTag } = own;
  const { from = '<sip:+33172890001@203.0.113.10>', more = [] } = own;
  return [
    `Via: SIP/2.0/UDP 192.168.10.10:5060;branch=${branch}`,
    `From: ${from};tag=${fromTag}`,
    `To: <${to}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:x@192.168.10.10>',
    ...more,
    '\r\n',
  ].join('\r\n');
}
export const request = (method: string, uri: string, own: Lines = {}): string =>
  `${method} ${uri} SIP/2.0\r\n${headers(method, own)}${own.body ?? ''}`;
export const response = (status: number, own: Lines = {}, method = 'INVITE'): string =>
  `SIP/2.0 ${status} Said\r\n${headers(method, { toTag: 't', ...own })}`;

type Setting = {
  readonly credit?: boolean;
  readonly channels?: number;
  readonly change?: Partial<SiteConfig>;
};

/** The agent of a whole site, with a test's own hands on both ends of its SIP wire. */
export function bench({ credit = true, channels = 2, change = {} }: Setting = {}) {
  const whole = createWholeSite({
    seed: 'tricks',
    config: { ...config, ...change, voice: { ...config.voice, channels, ...change.voice } },
  });
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
        transport: () => 'UDP',
        moved: () => undefined,
        close: () => undefined,
      },
    },
  });
  site.clock.advance(minutes(1));
  /** Says it in the same instant as what came before. */
  const add = (from: 'phone' | 'network', message: string): void =>
    listen({ from, phone: PHONE, server: 'voice', bytes: new TextEncoder().encode(message) });
  const say = (from: 'phone' | 'network', message: string): void => {
    add(from, message);
    site.clock.advance(seconds(0.1));
  };
  const events = (): LedgerEvent[] => site.disk.rows().map((row) => RecordSchema.parse(JSON.parse(row.body)).event);
  const of = <K extends LedgerEvent['kind']>(kind: K) =>
    events().filter((event): event is Extract<LedgerEvent, { kind: K }> => event.kind === kind);
  return { whole, site, toNetwork, toPhone, say, add, of };
}
