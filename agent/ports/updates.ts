import type { CheckSum } from '../model/release.ts';

/** One slot of the box, as TR-181 `DeviceInfo.FirmwareImage.` sees it. */
export type FirmwareSlot = {
  readonly name: string;
  /** Empty where nothing whole lies in it. */
  readonly version: string;
  readonly status:
    | 'NoImage'
    | 'Downloading'
    | 'Validating'
    | 'Available'
    | 'DownloadFailed'
    | 'ValidationFailed'
    | 'ActivationFailed'
    | 'Active';
  /** Why it was given up, or why it could not be fetched. */
  readonly failure: string;
};

export type FirmwareSight = {
  readonly slots: readonly FirmwareSlot[];
  /** Number of the slot that the box lives on, from 1. */
  readonly active: number;
  /** The one that it lives on has yet to prove itself. */
  readonly onTrial: boolean;
};

/** Releases of the box's own software: fetched and checked here, started by the supervisor (D-3). */
export interface Updates {
  sight(): FirmwareSight;
  /**
   * Fetches a bundle into the slot that is not lived on; `refused` says what was wrong, with the remedy. `checkSum`: of the
   * whole file, where whoever ordered it said one.
   */
  take(url: string, done: (refused: string | undefined) => void, checkSum?: CheckSum): void;
  /** The release in the other slot is to be tried once the site is quiet; answers why not. */
  wish(by: string): string | undefined;
  /** Nobody wishes for it any more; a trial that runs goes on. */
  withdraw(): void;
  /** Somebody wishes for another release, and the next start would try it. */
  wished(): boolean;
}
