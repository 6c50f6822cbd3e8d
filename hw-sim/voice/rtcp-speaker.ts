import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Arrival } from './quality.ts';
import { type LastReport, nameOfReport, writeReport } from './rtcp-reports.ts';
import type { Endpoint } from './sip-text.ts';

/** Shorter than the five seconds of RFC 3550 6.2: our calls are short. */
const EVERY_MS = 1_000;

type Told = {
  readonly source: number;
  sent(): number;
  heard(): { readonly source: number; readonly arrivals: readonly Arrival[] };
};

export interface RtcpSpeaker {
  /** Reports go there from now on, or, where it latches, to wherever reports last came from. */
  start(remote: Endpoint | undefined): void;
  close(): void;
}

const PAYLOAD = 160;
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Says on the port after that of RTP what a stream sent and heard. Left out: BYE, and the timing rules for many speakers. */
export async function openRtcpSpeaker(local: Endpoint, told: Told): Promise<RtcpSpeaker> {
  const socket = createSocket('udp4');
  socket.bind(local.port, local.address);
  await once(socket, 'listening');
  socket.on('error', () => undefined);
  let remote: Endpoint | undefined;
  let latched: Endpoint | undefined;
  let last: LastReport | undefined;
  let timer: NodeJS.Timeout | undefined;
  socket.on('message', (bytes, { address, port }) => {
    latched = { address, port };
    const name = nameOfReport(bytes);
    if (name !== undefined) last = { name, at: monotonic() };
  });
  const speak = (): void => {
    const to = remote ?? latched;
    if (to === undefined) return;
    const sent = told.sent();
    const heard = { ...told.heard(), last };
    const report = writeReport({
      ...{ source: told.source, sent, octets: sent * PAYLOAD, heard },
      ...{ wall: Date.now(), now: monotonic() },
    });
    socket.send(report, to.port, to.address);
  };
  return {
    start(to) {
      remote = to;
      timer ??= setInterval(speak, EVERY_MS);
    },
    close() {
      clearInterval(timer);
      socket.close();
    },
  };
}
