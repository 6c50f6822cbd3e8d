import type { Card } from '../model/data-counted.ts';

/** Signal as TS 27.007 8.5 reports it, in dBm; undefined where the modem says "not known". */
export type Signal = { readonly rssiDbm: number | undefined; readonly bitErrorClass: number | undefined };
export type Power = {
  readonly mains: boolean;
  readonly batteryPercent: number;
  /** Of the battery; absent where the unit has no sensor. */
  readonly celsius?: number;
  /** Tells one unit from another; absent where it says none. */
  readonly serial?: string;
};
export type LanDevice = { readonly usn: string; readonly location: string; readonly address: string };

/** What hangs on the box. Each question answers undefined where the device is absent or silent: that is news, not an error. */
export interface Devices {
  signal(done: (signal: Signal | undefined) => void): void;
  card(done: (card: Card | undefined) => void): void;
  power(done: (power: Power | undefined) => void): void;
  inventory(done: (devices: readonly LanDevice[]) => void): void;
  close(): void;
}
