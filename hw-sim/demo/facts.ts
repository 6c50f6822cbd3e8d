/** What the phone or the far end measured of the voice that came to it. */
export type Heard = {
  readonly lossPercent: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly worstGapMs: number;
  readonly mos: number;
};
export type BothWays = { readonly atPhone: Heard; readonly atFarEnd: Heard };

/** What the acts saw, kept for the closing table. */
export type Facts = {
  readonly quiet: BothWays;
  readonly loaded: BothWays;
  readonly bulkKbps: { readonly up: number; readonly down: number };
  /** Longest silence in either direction around the cut, and around the way home, in ms. */
  readonly gapAtCutMs: number;
  readonly gapAtReturnMs: number;
  readonly callSurvivedCut: boolean;
  readonly cameHome: boolean;
  readonly paidOnline: boolean;
  readonly paidOffline: boolean;
  /** The running call was ended by the box when the credit was spent. */
  readonly cutByBox: boolean;
  readonly refusedWhenSpent: boolean;
  readonly bundleStillOpen: boolean;
  readonly emergency: { readonly placed: number; readonly passed: number };
  readonly incoming: { readonly placed: number; readonly passed: number };
  readonly restartMs: number;
  readonly gapAtRestartMs: number;
  readonly callSurvivedKill: boolean;
  readonly paidAfterwards: boolean;
  /** From SIGSTOP to the open path, in ms. */
  readonly hangNoticedMs: number;
  readonly gapInHangMs: number;
  readonly callSurvivedHang: boolean;
  /** After SIGCONT the very same process meters calls again. */
  readonly meteredAfterHang: boolean;
  readonly spoofedPackets: number;
};

/** Reads one side's report: the calls that run come first. */
export function heardIn(report: Readonly<Record<string, unknown>>): Heard {
  const calls = Array.isArray(report.calls) ? report.calls : [];
  const call: unknown = calls.at(0);
  const of = (name: string): number => {
    const value =
      typeof call === 'object' && call !== null ? Object.entries(call).find(([key]) => key === name)?.[1] : undefined;
    return typeof value === 'number' ? value : Number.NaN;
  };
  const total = of('received') + of('lost');
  return {
    lossPercent: total > 0 ? (100 * of('lost')) / total : 0,
    delayMs: of('delayMeanMs'),
    jitterMs: of('jitterMs'),
    worstGapMs: of('worstGapMs'),
    mos: of('mos'),
  };
}

export const inWords = ({ lossPercent, delayMs, jitterMs, mos }: Heard): string =>
  `loss ${lossPercent.toFixed(1)} %, delay ${delayMs.toFixed(0)} ms, jitter ${jitterMs.toFixed(1)} ms, MOS ${mos.toFixed(2)}`;
