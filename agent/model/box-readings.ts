/** What the devices and the kernel of a box said when they were asked last. What did not answer is absent. */
export type BoxReadings = {
  readonly interfaces?: readonly InterfaceReading[] | undefined;
  readonly machine?: MachineReading | undefined;
  readonly radio?: RadioReading | undefined;
  readonly card?: CardReading | undefined;
  readonly temperatures?: readonly TemperatureReading[] | undefined;
  readonly lamps?: readonly LampReading[] | undefined;
  readonly power?: PowerReading | undefined;
  /** What is there, was asked and said nothing. */
  readonly silent?: readonly ReadingGroup[] | undefined;
};

/** What is asked for together. */
export const READING_GROUPS = ['interfaces', 'machine', 'radio', 'card', 'temperatures', 'lamps', 'power'] as const;
export type ReadingGroup = (typeof READING_GROUPS)[number];

export type Traffic = {
  /** Safe integers, since the interface came into being; bytes with the headers that the interface itself counts. */
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
};

/** An interface of the kernel that the site uses. */
export type InterfaceReading = {
  /** The link of the site that it carries, or the LAN. */
  readonly carries: { readonly link: string } | { readonly lan: 'data' | 'voice' };
  readonly name: string;
  /** Absent where it is no Ethernet: a modem's, PPP, a tunnel. */
  readonly mac?: string | undefined;
  readonly mtu: number;
  readonly state: 'up' | 'down' | 'lower-down' | 'dormant' | 'unknown';
  /** Mbit/s and duplex that were negotiated; absent where the driver does not say. */
  readonly mbps?: number | undefined;
  readonly duplex?: 'half' | 'full' | undefined;
  readonly sent: Traffic;
  readonly received: Traffic & { readonly multicast: number };
  readonly collisions: number;
};

export type ProcessReading = {
  readonly pid: number;
  readonly command: string;
  /** Resident, kB. */
  readonly size: number;
  /** 0 (most urgent) to 99. */
  readonly priority: number;
  /** Milliseconds of processor since it began. */
  readonly cpuTime: number;
  readonly state: 'Running' | 'Sleeping' | 'Stopped' | 'Idle' | 'Uninterruptible' | 'Zombie';
};

export type MachineReading = {
  /** Percent of all processors, since the last reading. */
  readonly busy: number;
  readonly processes: readonly ProcessReading[];
  /** kB of the medium that the ledger is on. */
  readonly medium?: { readonly total: number; readonly free: number } | undefined;
};

/** S-12: the radio of the modem. */
export type RadioReading = {
  readonly imei?: string | undefined;
  readonly technology?: '2G' | '3G' | '4G' | '5G' | undefined;
  /** Name of the network in use, or its MCC and MNC. */
  readonly network?: string | undefined;
  readonly registered?: 'home' | 'roaming' | 'no' | undefined;
  /** dBm, dBm, dB, dB: whole or half. */
  readonly rssi?: number | undefined;
  readonly rsrp?: number | undefined;
  readonly rsrq?: number | undefined;
  readonly sinr?: number | undefined;
};

/** What the card in use says of itself. Keys and PINs are never read. */
export type CardReading = {
  readonly slot: 1 | 2 | undefined;
  readonly iccid: string | undefined;
  readonly imsi: string | undefined;
  readonly pin: 'open' | 'asked' | 'blocked' | undefined;
  /** Asks for its PIN at each start. */
  readonly locked: boolean | undefined;
  readonly accessPoint: string | undefined;
  /** Of an eUICC; absent where the card is none, or hides it at the moment. */
  readonly profiles?: readonly CardProfile[] | undefined;
};

export type CardProfile = {
  readonly iccid: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly class: 'test' | 'provisioning' | 'operational' | undefined;
};

export type TemperatureReading = {
  readonly name: string;
  /** Degrees Celsius; absent where the sensor did not answer. */
  readonly celsius?: number | undefined;
  readonly highAlarm?: number | undefined;
  readonly lowAlarm?: number | undefined;
};

/** G-2: a lamp, and what it says. */
export type LampReading = {
  readonly name: string;
  readonly state: 'off' | 'shows' | 'failed';
  /** Why it shows what it shows, in a few words. */
  readonly reason: string;
  /** The cycle that it repeats: color as RRGGBB, milliseconds, 0 to 100. */
  readonly cycle: readonly { readonly color: string; readonly duration: number; readonly brightness: number }[];
};

export type PowerReading = { readonly mains: boolean; readonly batteryPercent: number };
