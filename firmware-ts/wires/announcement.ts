/** The box as a device of its data LAN (UPnP Device Architecture 1.1): found by SSDP, described and shown over HTTP. */
export type Announced = {
  /** Of the box on the data LAN, and the network of that LAN: nobody else is answered. */
  readonly address: string;
  readonly network: string;
  readonly port: number;
  readonly device: string;
  readonly friendlyName: string;
  readonly software: string;
  /** What the page says, line by line: nothing of it is a secret or a number called. */
  readonly page: () => readonly string[];
};

export interface Announcement {
  close(): Promise<void>;
}
