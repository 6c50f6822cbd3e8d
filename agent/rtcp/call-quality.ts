import type { CallQuality } from '../model/record.ts';
import { millis } from '../model/units.ts';
import { meanOpinion } from '../model/voice-rating.ts';
import type { CallSight } from './call-sight.ts';
import { codecFacts } from './codec-facts.ts';
import { type Flow, missing } from './flow.ts';
import { jitterOf, lossOf, meanOf, reportsOn, type Way } from './way.ts';

export type Flows = { readonly sent: Flow; readonly heard: Flow };

type WayQuality = CallQuality['sent'];

/** A packet of speech, and a buffer of another, where the receiver does not say what it takes itself. */
const PACKET_MS = 20;

/**
 * What can be said of a finished call, each number with its source; what is not known is absent. Undefined when nothing
 * is. MOS needs the loss and the round trip to the operator; the way to the phone, a cable of the site, counts as none
 * while no report measured it.
 */
export function qualityOf(
  sight: CallSight,
  flows: Flows,
  codec: string | undefined,
): Omit<CallQuality, 'kind' | 'call'> | undefined {
  const network = meanOf(sight.sent.roundTrip);
  const phone = meanOf(sight.heard.roundTrip);
  const oneWay = network === undefined ? undefined : (network + (phone ?? 0)) / 2;
  const sent = wayQuality(sight.sent, flows.sent, codec, oneWay);
  const heard = wayQuality(sight.heard, flows.heard, codec, oneWay);
  if (Object.keys(sent).length === 0 && Object.keys(heard).length === 0) return undefined;
  return {
    ...(phone === undefined ? {} : { phoneRoundTripMicros: micros(phone) }),
    ...(network === undefined ? {} : { networkRoundTripMicros: micros(network) }),
    sent,
    heard,
  };
}

function wayQuality(way: Way, flow: Flow, codec: string | undefined, oneWay: number | undefined): WayQuality {
  const parts = { ...extended(way), ...reported(way, codec), ...counted(flow) };
  const loss = lossFor(parts);
  if (loss === undefined || oneWay === undefined) return parts;
  const buffer = Math.max(PACKET_MS, (2 * (parts.rtcp?.jitterMicros ?? 0)) / 1_000);
  const delay = oneWay + (parts.extended?.endDelayMs ?? PACKET_MS + buffer);
  const mos = meanOpinion(millis(delay), loss.permyriad / 100, codec);
  return { ...parts, mosHundredths: Math.round(100 * mos), mosFrom: loss.from };
}

/** Who listens knows best; what the box counted is only what came as far as the box. */
function lossFor({ extended: metrics, rtcp, counters }: WayQuality) {
  if (metrics !== undefined)
    return { permyriad: Math.min(10_000, metrics.lossPermyriad + metrics.discardPermyriad), from: 'rtcp-xr' } as const;
  if (rtcp?.lossPermyriad !== undefined) return { permyriad: rtcp.lossPermyriad, from: 'rtcp' } as const;
  if (counters?.lossPermyriad !== undefined) return { permyriad: counters.lossPermyriad, from: 'counters' } as const;
  return undefined;
}

function extended({ metrics }: Way): Pick<WayQuality, 'extended'> {
  if (metrics === undefined) return {};
  const { lossRate, discardRate, endDelay, mosListening, mosConversational } = metrics;
  return {
    extended: {
      lossPermyriad: permyriad(lossRate / 256),
      discardPermyriad: permyriad(discardRate / 256),
      ...(endDelay === 0 ? {} : { endDelayMs: endDelay }),
      ...(mosListening === undefined ? {} : { mosListeningTenths: mosListening }),
      ...(mosConversational === undefined ? {} : { mosConversationalTenths: mosConversational }),
    },
  };
}

function reported(way: Way, codec: string | undefined): Pick<WayQuality, 'rtcp'> {
  const reports = reportsOn(way);
  if (reports === 0) return {};
  const loss = lossOf(way);
  const jitter = jitterOf(way);
  const clock = codecFacts(codec)?.clock;
  return {
    rtcp: {
      reports,
      ...(loss === undefined ? {} : { lossPermyriad: permyriad(loss) }),
      ...(jitter === undefined || clock === undefined ? {} : { jitterMicros: micros((1_000 * jitter) / clock) }),
    },
  };
}

function counted(flow: Flow): Pick<WayQuality, 'counters'> {
  if (flow.packets === 0) return {};
  const loss = missing(flow);
  const { packets, octets } = flow;
  return { counters: { packets, octets, ...(loss === undefined ? {} : { lossPermyriad: permyriad(loss) }) } };
}

const permyriad = (share: number): number => Math.round(10_000 * share);
const micros = (milliseconds: number): number => Math.round(1_000 * milliseconds);
