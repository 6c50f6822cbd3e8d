import type { AudioPayload } from '../fax/t38/session-words.ts';
import { millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { FaxFlow } from '../ports/fax-wires.ts';

/** Frames of 20 ms of G.711 (RFC 3551 4.5.14). */
const PACE = millis(20);
const FRAME = 160;
/** A box that was busy for a while catches up with so many at most. */
const MOST_AT_ONCE = 5;
const SILENT: Readonly<Record<AudioPayload, number>> = { 8: 0xd5, 0: 0xff };

/** RTP of silence until it is stopped, so that nobody gives the call up before T.38 is there. `source` is its random SSRC. */
export function speakSilence(clock: Clock, flow: Pick<FaxFlow, 'send'>, payload: AudioPayload, source: number): Cancel {
  const began = clock.mono();
  let sent = 0;
  let cancel: Cancel = () => undefined;
  const tick = (): void => {
    const due = Math.floor((clock.mono() - began) / PACE) + 1;
    const from = Math.max(sent, due - MOST_AT_ONCE);
    for (let frame = from; frame < due; frame += 1) flow.send(packet(payload, source, frame));
    sent = due;
    cancel = clock.after(PACE, tick);
  };
  tick();
  return () => cancel();
}

/** RFC 3550 5.1; the marker begins the talk. */
function packet(payload: AudioPayload, source: number, frame: number): Uint8Array {
  const bytes = new Uint8Array(12 + FRAME).fill(SILENT[payload], 12);
  const head = new DataView(bytes.buffer);
  head.setUint8(0, 0x80);
  head.setUint8(1, payload | (frame === 0 ? 0x80 : 0));
  head.setUint16(2, frame % 65_536);
  head.setUint32(4, (frame * FRAME) % 4_294_967_296);
  head.setUint32(8, source);
  return bytes;
}
