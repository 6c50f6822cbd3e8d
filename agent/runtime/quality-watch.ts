import type { MediaView } from '../model/sip-view.ts';
import { type Millis, millis, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { MediaCounts, RtcpCopy } from '../ports/media.ts';
import { qualityOf } from '../rtcp/call-quality.ts';
import { blankSight, type CallSight, seeRtcp } from '../rtcp/call-sight.ts';
import { codecFacts } from '../rtcp/codec-facts.ts';
import { breakFlow, endFlow, type Flow, freshFlow, readFlow } from '../rtcp/flow.ts';
import { type RtcpPacket, readRtcp } from '../rtcp/read-rtcp.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'media'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'hasRoom'>;
};

/** Gathers what the box can see of each call's media, and records it after the call's end. No bill depends on it. */
export interface QualityWatch {
  open(): void;
  /** The call is answered; `phone` is where the phone wants its RTP. */
  begin(call: string, phone: MediaView | undefined, codec: string | undefined): void;
  /** The sides agreed anew, inside the call. */
  agreed(call: string, phone: MediaView | undefined, codec: string | undefined): void;
  end(call: string): void;
  /** What the reports of the last seconds say of the calls that run; of several calls the best: a link is bad for all. */
  now(): { readonly lossShare: number; readonly jitter: Millis } | undefined;
  stop(): void;
}

type Watched = {
  sight: CallSight;
  flows: { readonly sent: Flow; readonly heard: Flow };
  codec: string | undefined;
  /** Where the phone has its RTP: the name of the flow in the kernel; and its RTCP, where it named a port for that. */
  phone: string | undefined;
  rtcp: string | undefined;
  endedAt: number | undefined;
  latest: { readonly lossShare: number; readonly jitter: Millis; readonly at: number } | undefined;
};

/** Stretches of a call by its counters. */
const EVERY = seconds(10);
/** Calls that begin and end together are asked for together. */
const SOON = seconds(1);
/** Reports come each five seconds or so (RFC 3550 6.2). */
const FRESH = seconds(6);

export function createQualityWatch({ ports, turns, ledger }: Needs): QualityWatch {
  const { clock, media } = ports;
  const timers = createTimers<'soon' | 'regular'>(clock, turns);
  const calls = new Map<string, Watched>();
  const byPhone = new Map<string, string>();
  const byRtcp = new Map<string, string>();
  let soon = false;
  let regular = false;

  const lookSoon = (): void => {
    if (soon) return;
    soon = true;
    timers.set('soon', SOON, () => {
      soon = false;
      look();
    });
  };
  const lookRegularly = (): void => {
    if (regular) return;
    regular = true;
    timers.set('regular', EVERY, () => {
      regular = false;
      if (calls.size === 0) return;
      look();
      lookRegularly();
    });
  };

  const look = (): void => media.counts((counts) => turns(() => note(counts)));

  function note(counts: MediaCounts | undefined): void {
    const now = clock.mono();
    for (const [call, watched] of calls) {
      if (counts !== undefined) count(watched, counts, now);
      if (watched.endedAt !== undefined) record(call, watched);
    }
  }

  function count(watched: Watched, counts: MediaCounts, now: number): void {
    const { phone, endedAt, flows } = watched;
    if (phone === undefined) return;
    const read = endedAt === undefined ? readFlow : endFlow;
    const at = millis(endedAt ?? now);
    const codec = codecFacts(watched.codec);
    watched.flows = {
      sent: read(flows.sent, counts.sent.get(phone), at, codec),
      heard: read(flows.heard, counts.heard.get(phone), at, codec),
    };
  }

  function record(call: string, watched: Watched): void {
    const { sight, flows, codec } = watched;
    calls.delete(call);
    leave(call, watched);
    const quality = qualityOf(sight, flows, codec);
    // What is left of a full medium is for what money depends on.
    if (quality !== undefined && ledger.hasRoom()) ledger.append({ kind: 'call-quality', call, ...quality });
  }

  function leave(call: string, { phone, rtcp }: Watched): void {
    if (phone !== undefined && byPhone.get(phone) === call) byPhone.delete(phone);
    if (rtcp !== undefined && byRtcp.get(rtcp) === call) byRtcp.delete(rtcp);
  }

  function settleOn(call: string, watched: Watched, phone: MediaView | undefined): void {
    const key = phone && keyOf(phone);
    if (phone === undefined || key === undefined) return;
    leave(call, watched);
    // The port of a call that is over is free for the next one: what comes from now on is not the old one's.
    const before = calls.get(byPhone.get(key) ?? '');
    if (before !== undefined && before !== watched) before.phone = undefined;
    watched.phone = key;
    byPhone.set(key, call);
    watched.rtcp = phone.rtcpPort === undefined ? undefined : keyOf({ ...phone, port: phone.rtcpPort });
    if (watched.rtcp !== undefined) byRtcp.set(watched.rtcp, call);
  }

  function hear({ from, phone, bytes }: RtcpCopy): void {
    // RFC 3605: where the phone said; RFC 3550 11: on the port after that of RTP, or on the same one (RFC 5761).
    const call =
      byRtcp.get(keyOf(phone)) ?? byPhone.get(keyOf(phone)) ?? byPhone.get(keyOf({ ...phone, port: phone.port - 1 }));
    const watched = call === undefined ? undefined : calls.get(call);
    const packets = watched === undefined ? undefined : readRtcp(bytes);
    if (watched === undefined || packets === undefined) return;
    watched.sight = seeRtcp(watched.sight, from, packets, clock.mono());
    const told = latestOf(packets, codecFacts(watched.codec)?.clock);
    if (told !== undefined) watched.latest = { ...told, at: clock.mono() };
  }

  return {
    open: () => media.listen((copy) => turns(() => hear(copy))),
    begin(call, phone, codec) {
      const watched: Watched = {
        sight: blankSight,
        flows: { sent: freshFlow, heard: freshFlow },
        codec: codec ?? phone?.codec,
        phone: undefined,
        rtcp: undefined,
        endedAt: undefined,
        latest: undefined,
      };
      calls.set(call, watched);
      settleOn(call, watched, phone);
      lookSoon();
      lookRegularly();
    },
    agreed(call, phone, codec) {
      const watched = calls.get(call);
      if (watched === undefined) return;
      watched.codec = codec ?? watched.codec;
      watched.flows = { sent: breakFlow(watched.flows.sent), heard: breakFlow(watched.flows.heard) };
      settleOn(call, watched, phone);
    },
    end(call) {
      const watched = calls.get(call);
      if (watched === undefined) return;
      watched.endedAt = clock.mono();
      lookSoon();
    },
    now() {
      const fresh = [...calls.values()].flatMap(({ latest, endedAt }) =>
        latest !== undefined && endedAt === undefined && clock.mono() - latest.at <= FRESH ? [latest] : [],
      );
      if (fresh.length === 0) return undefined;
      return {
        lossShare: Math.min(...fresh.map(({ lossShare }) => lossShare)),
        jitter: millis(Math.min(...fresh.map(({ jitter }) => jitter))),
      };
    },
    stop: () => timers.stop(),
  };
}

/** RFC 3550 6.4.1: loss since the report before, in 1/256, and jitter by the clock of the codec. */
function latestOf(packets: readonly RtcpPacket[], codecClock = 8_000) {
  const receptions = packets.flatMap((packet) => ('receptions' in packet ? packet.receptions : []));
  const last = receptions.at(-1);
  return last && { lossShare: last.fraction / 256, jitter: millis((1_000 * last.jitter) / codecClock) };
}

const keyOf = ({ address, port }: Pick<MediaView, 'address' | 'port'>): string => `${address}:${port}`;
