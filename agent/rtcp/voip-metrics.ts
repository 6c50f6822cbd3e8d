/** VoIP metrics of an extended report (RFC 3611 4.7): what its sender heard of `source`. Absent where it says 127. */
export type VoipMetrics = {
  readonly source: number;
  /** Lost on the way, in 1/256 of all. */
  readonly lossRate: number;
  /** Arrived, but thrown away as too late or too early, in 1/256 of all. */
  readonly discardRate: number;
  /** Between the RTP interfaces of both sides, in ms; 0 where it was not measured. */
  readonly roundTrip: number;
  /** Inside its sender, from microphone to network and back, in ms; 0 where it is not known. */
  readonly endDelay: number;
  /** MOS-LQ and MOS-CQ in tenths, 10 to 50. */
  readonly mosListening?: number;
  readonly mosConversational?: number;
};

const VOIP_METRICS = 7;
/** Octets of the block after its header of four. */
const LENGTH = 32;
const UNKNOWN = 127;

/** Blocks of other types are passed over; a block that reaches beyond its packet ends the reading. */
export function readVoipMetrics(body: DataView): readonly VoipMetrics[] {
  const found: VoipMetrics[] = [];
  for (let at = 4; at + 4 <= body.byteLength; ) {
    const type = body.getUint8(at);
    const length = 4 * body.getUint16(at + 2);
    if (at + 4 + length > body.byteLength) return found;
    if (type === VOIP_METRICS && length === LENGTH) found.push(readBlock(body, at + 4));
    at += 4 + length;
  }
  return found;
}

const readBlock = (body: DataView, at: number): VoipMetrics => ({
  source: body.getUint32(at),
  lossRate: body.getUint8(at + 4),
  discardRate: body.getUint8(at + 5),
  roundTrip: body.getUint16(at + 12),
  endDelay: body.getUint16(at + 14),
  ...opinion('mosListening', body.getUint8(at + 22)),
  ...opinion('mosConversational', body.getUint8(at + 23)),
});

const opinion = (name: 'mosListening' | 'mosConversational', tenths: number) =>
  tenths === UNKNOWN || tenths < 10 || tenths > 50 ? {} : { [name]: tenths };
