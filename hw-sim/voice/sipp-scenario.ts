/** What a scenario of sipp does next. `next` jumps to the label of that number when the message has come. */
export type SippStep =
  | { readonly send: string; readonly repeats?: boolean }
  | {
      readonly recv: number | string;
      readonly optional?: true;
      readonly next?: number;
      /** Fails the call unless the header matches (POSIX extended expression). */
      readonly where?: Readonly<Record<string, string>>;
      /** The dialog begins with this request: its routes are those of later requests (RFC 3261 12.1.1). */
      readonly begins?: true;
    }
  | { readonly pause: number }
  | { readonly label: number }
  /** Plays G.711 A-law from the capture that sipp ships. */
  | { readonly talk: true };

const SPEECH = '/usr/share/sip-tester/g711a.pcap';

/** An XML scenario of sipp 3.6 (https://sipp.readthedocs.io/en/v3.6.1/scenarios/). */
export function writeScenario(name: string, steps: readonly SippStep[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<scenario name="${name}">`,
    ...steps.map(element),
    '</scenario>',
    '',
  ].join('\n');
}

function element(step: SippStep): string {
  if ('send' in step) return `<send${step.repeats ? ' retrans="500"' : ''}><![CDATA[\n${step.send}\n]]></send>`;
  if ('pause' in step) return `<pause milliseconds="${step.pause}"/>`;
  if ('label' in step) return `<label id="${step.label}"/>`;
  if ('talk' in step) return `<nop><action><exec play_pcap_audio="${SPEECH}"/></action></nop>`;
  return received(step);
}

function received({ recv, optional, next, where = {}, begins }: Extract<SippStep, { recv: unknown }>): string {
  const what = typeof recv === 'number' ? `response="${recv}"` : `request="${recv}"`;
  // The dialog is that of the answer: a 180 may be of another fork (RFC 3261 12.1).
  const dialog = recv === 200 || begins ? ' rrs="true"' : '';
  const challenge = recv === 401 || recv === 407 ? ' auth="true"' : '';
  const how = `${dialog}${optional ? ' optional="true"' : ''}${next === undefined ? '' : ` next="${next}"`}${challenge}`;
  const checks = Object.entries(where).map(
    ([header, pattern], at) =>
      `<ereg regexp="${escaped(pattern)}" search_in="hdr" header="${header}:" check_it="true" assign_to="${at + 1}"/>`,
  );
  if (checks.length === 0) return `<recv ${what}${how}/>`;
  // sipp refuses a variable that nothing reads.
  const names = checks.map((_, at) => at + 1).join(',');
  return `<recv ${what}${how}><action>${checks.join('')}</action></recv>\n<Reference variables="${names}"/>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A description of audio, or of T.38 alone. */
export type Body = 'offer' | 'fax';

/** Who says something, and to whom. */
export type Speech = {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly headers?: readonly string[];
  readonly body?: Body | undefined;
  /** Names the transaction: an INVITE, its CANCEL and the ACK of its refusal share it (RFC 3261 9.1, 17.1.1.3). */
  readonly branch: string;
};

/** A request as a phone or a carrier writes it; `[…]` are filled in by sipp. */
export function request(method: string, speech: Speech): string {
  const { uri, from, to, sequence, headers = [], body, branch } = speech;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=z9hG4bK-[pid]-[call_number]-${branch}`,
    'Max-Forwards: 70',
    `From: ${from};tag=[pid]SIPpTag[call_number]`,
    `To: ${to}`,
    'Call-ID: [call_id]',
    `CSeq: ${sequence} ${method}`,
    'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
    ...headers,
    ...bodied(body),
  ].join('\n');
}

/** An answer to the last request that was received. */
export function response(line: string, body?: Body): string {
  const echoed = ['Via', 'Record-Route', 'From'].map((name) => `[last_${name}:]`);
  return [
    `SIP/2.0 ${line}`,
    ...echoed,
    '[last_To:];tag=[pid]SIPpTag[call_number]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
    ...bodied(body),
  ].join('\n');
}

/** An answer inside a dialog, whose To has its tag already. */
export const answerInDialog = (line: string, body?: Body): string =>
  response(line, body).replace('[last_To:];tag=[pid]SIPpTag[call_number]', '[last_To:]');

const bodied = (body: Body | undefined): readonly string[] =>
  body === undefined
    ? ['Content-Length: 0', '']
    : [
        'Content-Type: application/sdp',
        'Content-Length: [len]',
        '',
        'v=0',
        `o=- 1 ${body === 'fax' ? 2 : 1} IN IP[local_ip_type] [local_ip]`,
        's=-',
        'c=IN IP[media_ip_type] [media_ip]',
        't=0 0',
        ...STREAMS[body],
      ];

const STREAMS: Readonly<Record<Body, readonly string[]>> = {
  offer: ['m=audio [media_port] RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=ptime:20'],
  fax: [
    'm=image [media_port] udptl t38',
    'a=T38FaxVersion:0',
    'a=T38MaxBitRate:14400',
    'a=T38FaxRateManagement:transferredTCF',
    'a=T38FaxMaxDatagram:400',
    'a=T38FaxUdpEC:t38UDPRedundancy',
  ],
};
