/** What one side sends at a stretch. Octets in the order of Class 1, frames without FCS. */
export type PhoneSignal =
  | { readonly is: 'frames'; readonly frames: readonly Uint8Array[] }
  | { readonly is: 'page'; readonly modulation: number; readonly octets: Uint8Array };

/** Bits per second of the values of +FTM and +FRM. */
export const RATES: Readonly<Record<number, number>> = {
  24: 2_400,
  48: 4_800,
  72: 7_200,
  73: 7_200,
  74: 7_200,
  96: 9_600,
  97: 9_600,
  98: 9_600,
  121: 12_000,
  122: 12_000,
  145: 14_400,
  146: 14_400,
};

/** Milliseconds of training (V.17 and V.29 without echo protection, V.27ter). */
export function trainingOf(modulation: number): number {
  if ([74, 98, 122, 146].includes(modulation)) return 142;
  if (modulation >= 73 && modulation !== 96) return 1_393;
  if (modulation === 72 || modulation === 96) return 234;
  return modulation === 48 ? 708 : 943;
}

export const PREAMBLE_MS = 1_000;

/** Milliseconds of a frame with its FCS and a flag at 300 bit/s. */
export const frameMs = (frame: Uint8Array): number => ((frame.length + 3) * 8_000) / 300;

export const signalMs = (signal: PhoneSignal): number =>
  signal.is === 'frames'
    ? PREAMBLE_MS + signal.frames.reduce((sum, frame) => sum + frameMs(frame), 0)
    : trainingOf(signal.modulation) + (signal.octets.length * 8_000) / (RATES[signal.modulation] ?? 2_400);
