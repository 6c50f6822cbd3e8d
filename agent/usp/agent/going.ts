import type { CheckSum } from '../../model/release.ts';

/** A command that goes on behind its answer: a row of `LocalAgent.Request`. */
export type Going = {
  readonly number: number;
  readonly controller: number;
  readonly command: string;
  readonly commandKey: string;
  /** Of `ScheduleTimer()`: when it fires. */
  readonly due?: number;
  /** Of `Activate()`, until it is begun: when it may be (ms of the monotonic clock). */
  readonly windows?: readonly { readonly from: number; readonly until: number }[];
  /** Of `Download()`: what `TransferComplete!` tells of it; Unix ms. */
  readonly transfer?: {
    readonly url: string;
    readonly began: number;
    readonly by: string;
    readonly checkSum?: CheckSum;
  };
  /** Of `SendDocument()`: the document whose end it waits for. */
  readonly document?: number;
};
