import { type Millis, millis } from '../../model/units.ts';
import { modulationOf, type Training, trainingIndicator } from '../bridge/rates.ts';
import { reverseBits } from '../t30/bit-order.ts';
import type { FaxRate } from '../t30/capability-bits.ts';
import { type Frame, writeFrame } from '../t30/frame.ts';
import { enframe } from '../t30/hdlc-line.ts';
import { writeEcmFrame } from '../t30/partial-page.ts';
import type { FieldType, Indicator } from '../t38/code-points.ts';
import { bareField, type IfpField, type IfpPacket, indicatorPacket } from '../t38/ifp.ts';

/** A packet, or the moment when all that matters was said and the far end may answer; `after` what stands before it. */
type Cue = { readonly after: Millis; readonly packet: IfpPacket | 'said' };

/** What is to be said, and how far it is; the next cue is due at `due` of the monotonic clock. */
export type Mouth = { readonly script: readonly Cue[]; readonly at: number; readonly due: Millis };

export const SILENT: Mouth = { script: [], at: 0, due: millis(0) };

/** One signal; its tail is of no interest to a far end that hears packets, but takes its time on a telephone line. */
export type Signal = { readonly cues: readonly Cue[]; readonly tail: readonly Cue[] };

/** T.30 5.3.2.3: 75 ± 20 ms between two signals. */
const GAP = 75;
/** T.30 5.3.1: 1 s ± 15 %. */
const PREAMBLE_MS = 1_000;
const V21_BITS = 300;
/** FCS and a flag; ones in a row make a frame a little longer. */
const AROUND_FRAME = 3;
const STUFFING = 1.05;
const PACKET_MS = 30;
/** T.30 5.3.6.1.3 */
const CHECK_MS = 1_500;
/** T.4 Annex A.3.1: flags before the first frame. */
const ECM_PREAMBLE_MS = 200;
const ECM_ENDS = 3;

export const bitRateOf = (rate: FaxRate): number => Number(rate.split('-')[1]);

/** Signals one after the other, as one turn. */
export function scriptOf(...signals: readonly Signal[]): readonly Cue[] {
  return signals.flatMap(({ cues, tail }, at) => {
    const begun = at === 0 ? cues : cues.map((one, k) => (k === 0 ? { ...one, after: millis(GAP) } : one));
    return at === signals.length - 1 ? [...begun, cue(0, 'said'), ...tail] : [...begun, ...tail];
  });
}

const cue = (after: number, packet: IfpPacket | 'said'): Cue => ({ after: millis(after), packet });
const indicate = (after: number, indicator: Indicator): Cue => cue(after, indicatorPacket(indicator));
const END = 'no-signal';

/** A tone (CNG, CED) and the silence behind it. */
export const tone = (indicator: 'cng' | 'ced', lasting: Millis, silence: Millis): Signal => ({
  cues: [indicate(0, indicator), indicate(lasting, END), cue(silence, indicatorPacket(END))],
  tail: [],
});

/** Frames of V.21, each whole in one packet: its loss is mended by what rides on others, and never half (T.38 7.4.1). */
export function framesSignal(frames: readonly Frame[]): Signal {
  const written = frames.map(writeFrame);
  const time = (octets: Uint8Array | undefined): number =>
    octets === undefined ? 0 : (STUFFING * 8_000 * (octets.length + AROUND_FRAME)) / V21_BITS;
  const cues = written.map((octets, at) =>
    cue(at === 0 ? PREAMBLE_MS : time(written[at - 1]), {
      kind: 'data',
      data: 'v21',
      fields: [
        { type: 'hdlc-data', octets: reverseBits(octets) },
        bareField(at === written.length - 1 ? 'hdlc-fcs-ok-sig-end' : 'hdlc-fcs-ok'),
      ],
    }),
  );
  return { cues: [indicate(0, 'v21-preamble'), ...cues], tail: [indicate(time(written.at(-1)), END)] };
}

/** The training check, passed on as T.38 8.1 method 2 has it. */
export const checkSignal = (rate: FaxRate): Signal =>
  plainSignal(new Uint8Array((bitRateOf(rate) * CHECK_MS) / 8_000), rate, 'long');

/** An image without error correction, or a training check. */
export function plainSignal(octets: Uint8Array, rate: FaxRate, training: Training): Signal {
  const pieces = piecesOf(octets, rate);
  const cues = pieces.map((piece, at) =>
    cue(
      at === 0 ? trainingTime(rate, training) : timeOf(pieces[at - 1], rate),
      packetOf(rate, { type: 't4-non-ecm-data', octets: piece }),
    ),
  );
  const end = cue(timeOf(pieces.at(-1), rate), packetOf(rate, bareField('t4-non-ecm-sig-end')));
  return { cues: [trainingCue(rate, training), ...cues, end, indicate(0, END)], tail: [] };
}

/** Frames of a block by number (T.4 Annex A), and the three RCP behind them. Octets in the order of T.38. */
export function ecmSignal(
  frames: readonly { readonly number: number; readonly octets: Uint8Array }[],
  rate: FaxRate,
  training: Training,
): Signal {
  const plain = { final: false, x: false } as const;
  const written = frames.map(({ number, octets }) =>
    writeFrame({ kind: 'FCD', ...plain, information: writeEcmFrame(number, reverseBits(octets)) }),
  );
  const end = writeFrame({ kind: 'RCP', ...plain, information: new Uint8Array(0) });
  const all = [...written, ...Array.from({ length: ECM_ENDS }, () => end)];
  const cues = all.flatMap((octets, at) =>
    frameCues(octets, rate, at === all.length - 1 ? 'hdlc-fcs-ok-sig-end' : 'hdlc-fcs-ok'),
  );
  const begun = trainingTime(rate, training) + ECM_PREAMBLE_MS;
  const timed = cues.map(({ packet }, at) => cue(at === 0 ? begun : (cues[at - 1]?.after ?? 0), packet));
  return { cues: [trainingCue(rate, training), ...timed], tail: [indicate(cues.at(-1)?.after ?? 0, END)] };
}

/** Pieces of 30 ms; `after` is here how long each lasts, with the zeros that HDLC puts in. */
function frameCues(octets: Uint8Array, rate: FaxRate, verdict: FieldType): readonly Cue[] {
  const whole = (enframe([octets], 0).length * 8_000) / bitRateOf(rate);
  const pieces = piecesOf(reverseBits(octets), rate);
  return pieces.map((piece, at) => {
    const data: IfpField = { type: 'hdlc-data', octets: piece };
    const fields = at === pieces.length - 1 ? [data, bareField(verdict)] : [data];
    return cue((whole * piece.length) / octets.length, { kind: 'data', data: rate, fields });
  });
}

function piecesOf(octets: Uint8Array, rate: FaxRate): readonly Uint8Array[] {
  const size = Math.floor((bitRateOf(rate) * PACKET_MS) / 8_000);
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, at) =>
    octets.subarray(at * size, (at + 1) * size),
  );
}

const timeOf = (piece: Uint8Array | undefined, rate: FaxRate): number =>
  ((piece?.length ?? 0) * 8_000) / bitRateOf(rate);
const packetOf = (rate: FaxRate, ...fields: readonly IfpField[]): IfpPacket => ({ kind: 'data', data: rate, fields });

function trainingCue(rate: FaxRate, training: Training): Cue {
  const modulation = modulationOf(rate, training);
  if (modulation === undefined) throw new RangeError(`no terminal sends at ${rate}`);
  return indicate(0, trainingIndicator(modulation));
}

/** How long a modem trains (V.27ter, V.29, V.17), rounded up. */
function trainingTime(rate: FaxRate, training: Training): number {
  if (rate.startsWith('v17')) return training === 'long' ? 1_400 : 150;
  if (rate.startsWith('v29')) return 260;
  return rate === 'v27ter-4800' ? 710 : 950;
}
