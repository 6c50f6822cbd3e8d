import type { Sight } from '../sight.ts';
import {
  type LineCounts,
  type LiveCall,
  type LoggedCall,
  MOST_LOGGED,
  NO_CALLS,
  type VoiceBook,
} from '../voice-book.ts';
import { bindFaxLines } from './bind-fax-lines.ts';
import { text, writeDateTime } from './bind-site.ts';
import { lineOfNumber, masked } from './line-of-number.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;
type Placed = readonly [path: string, values: Values];

const SERVICE = 'Device.Services.VoiceService.1.';
const LINE = `${SERVICE}CallControl.Line.`;

/** Calls of the site, live and over, what its lines came to, and its faxes. Others' numbers lose their last digits (U-6). */
export function bindVoice(sight: Sight): Bound {
  const { voice, channels } = sight;
  const codecs = sight.faxLines === undefined ? [] : CODECS;
  return {
    [SERVICE]: {
      CallLogNumberOfEntries: text(voice?.log.length ?? 0),
      VoIPProfileNumberOfEntries: text(codecs.length && 1),
    },
    [`${SERVICE}Capabilities.`]: {
      ...{ MaxCallLogCount: text(MOST_LOGGED), MaxSessionCount: text(channels) },
      CodecNumberOfEntries: text(codecs.length),
    },
    ...Object.fromEntries(codecs.map(codecRow)),
    ...(voice && { ...lineRows(sight, voice), ...liveRows(sight, voice.live) }),
    ...Object.fromEntries((voice?.log ?? []).flatMap((one) => loggedRows(sight, one))),
    ...bindFaxLines(sight),
  };
}

/** G.711 carries a fax where T.38 is not spoken; what phones speak is theirs to say. */
const CODECS = ['G.711ALaw', 'G.711MuLaw'] as const;

const codecRow = (codec: string, index: number): Placed => [
  `${SERVICE}Capabilities.Codec.${index + 1}.`,
  {
    ...{ Alias: `cpe-${index + 1}`, Codec: codec, BitRate: '64000', PacketizationPeriod: '20' },
    SilenceSuppression: 'false',
  },
];

/** TR-104: a path, so that rows of the log lead to the line. */
function usedLine({ lines }: Sight, number: string): string {
  const index = lines.findIndex((line) => line.number === lineOfNumber(lines, number));
  return index < 0 ? '' : `${LINE}${index + 1}`;
}

function lineRows({ lines }: Sight, { lines: counts, live }: VoiceBook): Bound {
  const rows = lines.flatMap(({ number }, index): readonly Placed[] => {
    const path = `${LINE}${index + 1}.`;
    const own = live.filter((call) => lineOfNumber(lines, ownEnd(call)) === number);
    const status = own.some(({ answered }) => answered) ? 'Connected' : ringing(own);
    return [[path, { CallStatus: status }], ...statRows(`${path}Stats.`, counts[number] ?? NO_CALLS)];
  });
  return Object.fromEntries(rows);
}

const ringing = ([first]: readonly LiveCall[]): string => {
  if (first === undefined) return 'Idle';
  return first.direction === 'incoming' ? 'Alerting' : 'Delivered';
};

const ownEnd = ({ direction, caller, called }: Pick<LiveCall, 'direction' | 'caller' | 'called'>): string =>
  direction === 'outgoing' ? caller : called;
const farEnd = ({ direction, caller, called }: Pick<LiveCall, 'direction' | 'caller' | 'called'>): string =>
  direction === 'outgoing' ? called : caller;

function statRows(path: string, { incoming, outgoing, media }: LineCounts): readonly Placed[] {
  const way = ({ connected, failed, dropped, seconds }: LineCounts['incoming']): Values => ({
    ...{ CallsConnected: text(connected), CallsFailed: text(failed), CallsDropped: text(dropped) },
    TotalCallTime: text(seconds),
  });
  return [
    [path, {}],
    [`${path}IncomingCalls.`, { CallsReceived: text(incoming.begun), ...way(incoming) }],
    [`${path}OutgoingCalls.`, { CallsAttempted: text(outgoing.begun), ...way(outgoing) }],
    [
      `${path}RTP.`,
      {
        ...{ PacketsReceived: text(media.received), PacketsSent: text(media.sent) },
        ...{ BytesReceived: text(media.receivedOctets), BytesSent: text(media.sentOctets) },
      },
    ],
  ];
}

function liveRows(sight: Sight, live: readonly LiveCall[]): Bound {
  return Object.fromEntries(
    live.map((call, index): Placed => {
      const status = call.answered ? 'Connected' : ringing([call]);
      return [
        `${SERVICE}X_RELAIS_Call.${index + 1}.`,
        {
          ...{ Call: call.call, UsedLine: usedLine(sight, ownEnd(call)), Direction: DIRECTION[call.direction] },
          ...{ RemoteParty: masked(farEnd(call)), Start: writeDateTime(call.startedAt) },
          ...{ CallStatus: status, Link: call.link },
        },
      ];
    }),
  );
}

const DIRECTION = { outgoing: 'Outgoing', incoming: 'Incoming' } as const;

function loggedRows(sight: Sight, { number, ended, quality }: LoggedCall): readonly Placed[] {
  const path = `${SERVICE}CallLog.${number}.`;
  const outgoing = ended.direction === 'outgoing';
  const line = usedLine(sight, ownEnd(ended));
  const own = (party: string): string => lineOfNumber(sight.lines, party) ?? masked(party);
  const session = `${path}Session.1.`;
  return [
    [
      path,
      {
        ...{ Alias: `cpe-${number}`, UsedLine: line, Direction: DIRECTION[ended.direction] },
        CallingPartyNumber: outgoing ? own(ended.caller) : masked(ended.caller),
        CalledPartyNumber: outgoing ? masked(ended.called) : own(ended.called),
        ...{ Start: writeDateTime(ended.startedAt), Duration: text(ended.seconds) },
        CallTerminationCause: causeOf(ended),
        ...{
          SessionNumberOfEntries: text(ended.answeredAt === null ? 0 : 1),
          X_RELAIS_SIPStatus: text(ended.sipStatus),
        },
      },
    ],
    ...(ended.answeredAt === null ? [] : sessionRows(session, ended, quality)),
  ];
}

/** What media the box relayed of it, on the leg of the operator's network. */
function sessionRows(path: string, ended: LoggedCall['ended'], quality: LoggedCall['quality']): readonly Placed[] {
  const codec = ended.codec ?? '';
  const own = {
    ...{ StreamType: /t38|image/i.test(codec) ? 'Fax' : 'Audio', Duration: text(ended.seconds) },
    ...{ Start: writeDateTime(ended.answeredAt ?? 0), SessionID: ended.call.slice(0, 16), X_RELAIS_Codec: codec },
    X_RELAIS_MOSHeardHundredths: text(quality?.heard.mosHundredths ?? 0),
    X_RELAIS_MOSSentHundredths: text(quality?.sent.mosHundredths ?? 0),
  };
  if (quality === undefined) return [[path, own]];
  const leg = ended.direction === 'outgoing' ? 'Destination' : 'Source';
  return [
    [path, own],
    [`${path}${leg}.`, {}],
    [`${path}${leg}.RTP.`, rtpOf(quality)],
  ];
}

const UNKNOWN = -1;

function rtpOf({ sent, heard, networkRoundTripMicros }: NonNullable<LoggedCall['quality']>): Values {
  const percent = (permyriad = 0): string => text(Math.round(permyriad / 100));
  return {
    ...{ PacketsReceived: text(heard.counters?.packets ?? 0), PacketsSent: text(sent.counters?.packets ?? 0) },
    ...{ BytesReceived: text(heard.counters?.octets ?? 0), BytesSent: text(sent.counters?.octets ?? 0) },
    ReceivePacketLossRate: percent(heard.rtcp?.lossPermyriad ?? heard.counters?.lossPermyriad),
    FarEndPacketLossRate: percent(sent.rtcp?.lossPermyriad),
    AverageReceiveInterarrivalJitter: text(heard.rtcp?.jitterMicros ?? UNKNOWN),
    AverageFarEndInterarrivalJitter: text(sent.rtcp?.jitterMicros ?? UNKNOWN),
    AverageRoundTripDelay: text(networkRoundTripMicros ?? UNKNOWN),
  };
}

/** TR-104: who ended it; `Local` is the site and its box, `Remote` the far party. */
function causeOf({ cause, direction }: LoggedCall['ended']): string {
  const outgoing = direction === 'outgoing';
  switch (cause) {
    case 'caller-hung-up':
    case 'canceled':
      return outgoing ? 'LocalDisconnect' : 'RemoteDisconnect';
    case 'called-hung-up':
      return outgoing ? 'RemoteDisconnect' : 'LocalDisconnect';
    case 'not-answered':
      return outgoing ? 'RemoteTimeout' : 'LocalTimeout';
    case 'busy':
      return outgoing ? 'RemoteBusy' : 'LocalReject';
    case 'failed':
      return outgoing ? 'RemoteNetworkFailure' : 'LocalReject';
    case 'cut-maximum-length':
    case 'cut-long-service':
      return 'LocalTimeout';
    case 'lost':
    case 'refused-recording':
      return 'LocalInternalError';
    case 'refused-capacity':
      return 'LocalReject';
    default:
      return 'LocalForbidden';
  }
}
