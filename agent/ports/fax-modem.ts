import type { FaxModemNews, ModemOrder } from '../model/fax-modem.ts';

/** A Class 1 modem as its owner knows it. Frames and pages are octets in the order of Class 1, least significant bit first. */
export interface FaxLine {
  order(order: ModemOrder): void;
  /** The newest listener replaces the one before. */
  listen(listener: (news: FaxModemNews) => void): void;
}
