import { reverseBits } from '../t30/bit-order.ts';
import type { IfpPacket } from './ifp.ts';

/** Octets of a frame whose end was not heard yet, in the order of T.38. */
export type HdlcBurst = { readonly octets: Uint8Array };

/** What comes of a packet: a frame, in the order of Class 1 and without FCS, `good` as the far modem judged it; the end of a signal. */
export type HdlcNews =
  | { readonly on: 'frame-heard'; readonly octets: Uint8Array; readonly good: boolean }
  | { readonly on: 'signal-ended' };

/** An ECM frame has 3 + 1 + 256 octets; what is longer than twice that lost its end. */
const LONGEST = 520;

export const startBurst = (): HdlcBurst => ({ octets: new Uint8Array(0) });

/**
 * Gathers frames from packets, one octet each or whole ones, V.21 and ECM alike (T.38 7.4.1). Every way to end a frame and a signal
 * that is seen in the field is taken: an end of signal by itself or with the FCS, twice, or by the indicator that follows.
 */
export function gather(burst: HdlcBurst, packet: IfpPacket): readonly [HdlcBurst, readonly HdlcNews[]] {
  if (packet.kind === 'indicator')
    return [startBurst(), packet.indicator === 'no-signal' ? [{ on: 'signal-ended' }] : []];
  const news: HdlcNews[] = [];
  let { octets } = burst;
  for (const field of packet.fields) {
    if (field.type === 'hdlc-data') octets = joined(octets, field.octets);
    if (field.type.startsWith('hdlc-fcs')) {
      const good = field.type.startsWith('hdlc-fcs-ok');
      if (octets.length > 0) news.push({ on: 'frame-heard', octets: reverseBits(octets), good });
      octets = new Uint8Array(0);
    }
    if (!field.type.endsWith('sig-end')) continue;
    news.push({ on: 'signal-ended' });
    octets = new Uint8Array(0);
  }
  return [{ octets }, news];
}

function joined(before: Uint8Array, more: Uint8Array): Uint8Array {
  const octets = new Uint8Array(Math.min(before.length + more.length, LONGEST));
  octets.set(before);
  octets.set(more.subarray(0, LONGEST - before.length), before.length);
  return octets;
}
