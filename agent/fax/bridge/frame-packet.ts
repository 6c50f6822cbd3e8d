import { reverseBits } from '../t30/bit-order.ts';
import { bareField, type IfpPacket } from '../t38/ifp.ts';

/** A whole frame in one packet: its loss is mended by what rides on others, and never half (T.38 7.4.1). */
export const framePacket = (
  octets: Uint8Array,
  verdict: 'hdlc-fcs-ok' | 'hdlc-fcs-bad' | 'hdlc-fcs-ok-sig-end',
): IfpPacket => ({
  kind: 'data',
  data: 'v21',
  fields: [{ type: 'hdlc-data', octets: reverseBits(octets) }, bareField(verdict)],
});
