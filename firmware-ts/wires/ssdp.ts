import type { Millis } from '../../agent/model/units.ts';

/** One answer to M-SEARCH (UPnP Device Architecture 1.1, 1.3.3), and the address that it came from. */
export type SsdpResponse = {
  readonly target: string;
  readonly usn: string;
  readonly location: string;
  readonly address: string;
};

/** Searching on one LAN, never on any other. */
export interface Ssdp {
  /** Everything that answered in time, each answer once. @throws Fault 'network.unavailable' when the LAN is not there. */
  search(target: string, patience: Millis): Promise<readonly SsdpResponse[]>;
}
