import type { Link } from '../model/site-config.ts';

/** What the plans need to know of a site: its configuration and its box, joined and reduced. */
export type DataPlane = {
  readonly voiceInterface: string;
  readonly dataInterface: string;
  readonly links: readonly PlaneLink[];
  /** the operator's voice networks, and UDP ports (single or first–last) that are voice from the voice LAN. */
  readonly voiceNetworks: readonly string[];
  readonly voicePorts: readonly (number | readonly [number, number])[];
  readonly sipServers: readonly { readonly address: string; readonly port: number; readonly relayPort: number }[];
  readonly channels: number;
  /**
   * SIP over TLS and MGCP: whether the voice LAN may speak them to others than the operator's voice networks, and V-3's
   * messages a second where the contract names them.
   */
  readonly unread?: { readonly elsewhere: 'pass' | 'refuse'; readonly messagesPerSecond: number | undefined };
  /** The site has fax lines: RTP and UDPTL of the box itself, at FAX_PORTS. */
  readonly fax?: boolean;
  /** TCP port of the operator's broker. */
  readonly brokerPort: number;
  /** Absent where no far end beats: then links are moved by the agent alone. */
  readonly heartbeat?: Heartbeat | undefined;
  /** Absent where voice leaves by the links themselves. */
  readonly overlay?: Overlay | undefined;
  /** Absent: nothing of IPv6 is forwarded. */
  readonly ipv6?: PlaneIpv6 | undefined;
};

/** All addresses and networks as the kernel prints them. */
export type PlaneIpv6 = {
  readonly voiceLan: string;
  readonly dataLan: string;
  readonly voiceNetworks: readonly string[];
  readonly links: readonly PlaneIpv6Link[];
};

export type PlaneIpv6Link = {
  readonly number: number;
  readonly interface: string;
  /** `advertised`: the kernel hears who it is; absent: nobody else is on the link. */
  readonly router: string | undefined;
  /** Of the box, with the length of its network. */
  readonly address: string | undefined;
  /** Networks of LANs that leave there as they are. */
  readonly own: readonly string[];
  /** Networks of LANs, and what stands in their place there. */
  readonly translation: readonly { readonly from: string; readonly to: string }[];
};

/** Voice in a tunnel for each link, to the operator's concentrator (overlay-plan.ts). */
export type Overlay = {
  readonly concentrator: string;
  readonly port: number;
  readonly mtu: number;
  /** Address of the site's voice, and of the concentrator inside. */
  readonly voice: string;
  readonly far: string;
  readonly duplicate: 'never' | 'suspected' | 'always';
  readonly tunnels: readonly Tunnel[];
};

export type Tunnel = {
  /** Number of its link, and its own, in marks and routing tables. */
  readonly link: number;
  readonly number: number;
  readonly interface: string;
  /** The box's end: probes and beats. */
  readonly address: string;
  readonly vni: number;
  readonly mac: string;
  readonly farMac: string;
};

/** Whose beats keep links alive, and between which links the kernel moves by itself. */
export type Heartbeat = {
  readonly address: string;
  readonly port: number;
  /** Cookies of links by name, 16 hex digits. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly timeoutsMs: readonly number[];
  /** Of each timeout, how long after a beat the next one is late (ms); where nobody asks, absent. */
  readonly lateMs?: Readonly<Record<number, number>> | undefined;
  readonly holdMs: number;
  /** Numbers of links, the main one first. */
  readonly voiceLinks: readonly number[];
  /** F-4: without those that are for voice only. */
  readonly dataLinks: readonly number[];
};

export type PlaneLink = {
  readonly name: string;
  /** From 1; names the link in marks, conntrack zones and routing tables. */
  readonly number: number;
  readonly interface: string;
  readonly gateway: string | undefined;
  readonly upKbps: number;
  readonly downKbps: number;
  readonly probePort: number;
  /** How it carries packets; Ethernet where it is not said. */
  readonly kind?: Link['kind'];
  /** Bytes; what the system set where it is not said. */
  readonly mtu?: number | undefined;
};

export const kindOf = ({ kind = 'fibre' }: Pick<PlaneLink, 'kind'>): Link['kind'] => kind;

/** Ports of the box from which the relay speaks SIP to the operator, one per phone; its servers may speak to no other. */
export const UPSTREAM_PORTS = { first: 20_000, count: 20_000 } as const;

/** UDP ports of the box for the media of its fax lines, one of two for each call. */
export const FAX_PORTS = { first: 19_000, count: 32 } as const;

/** Ports of the box, so many for each link by its number, from which the tests of a link are made (TR-181 diagnostics). */
export const DIAGNOSTIC_PORTS = { first: 18_400, perLink: 32 } as const;

/** Low byte of a mark: the link's number. The bits above: what the packet is. */
export const VOICE = 0x100;
export const DATA = 0x200;
/** Classes of each link's queue (queue-plan.ts): voice, data and what acknowledges it, and the box's own messages to the central. */
export const CLASS = { voice: '1:10', data: '1:20', acknowledging: '1:25', background: '1:30' } as const;

/**
 * Segments of TCP that bring nothing, or next to it (bytes of IP). One that stands behind the bulk of the other direction,
 * or is dropped with it, makes its sender send in bursts: they fill the provider's queue, and then voice waits there.
 */
export const ACKNOWLEDGMENT = 'meta l4proto tcp meta length < 100';

/** Marks before the link is known, looked up in the map `steer`. */
export const WANTS_VOICE = 0x10;
export const WANTS_DATA = 0x20;

export const linkNamed = (plane: DataPlane, name: string): PlaneLink | undefined =>
  plane.links.find((link) => link.name === name);
