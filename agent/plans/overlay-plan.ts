import { VXLAN_BITS } from '../model/overlay.ts';
import { copyChain, copyJump, copySet } from './copies.ts';
import { type DataPlane, type Overlay, type Tunnel, VOICE } from './data-plane.ts';

/**
 * Level b: what was led to a link as voice and is for the operator's networks enters the tunnel of that link, with one address
 * and one conntrack zone for all tunnels. Liveness, steering and everything about data are as without it.
 *
 *   phone ─▶ steer, living links ─▶ VOICE|link ─▶ VOICE|tunnel ─▶ table of the tunnel ─▶ ov1 ─▶ UDP, VOICE|link ─▶ wan1
 */

/** One for all tunnels: the entry of a call does not change with the link. */
const OVERLAY_ZONE = 9;
/** Bit of a mark: this packet of voice is to take the other tunnel too. */
const TWICE = 0x4_0000;
const MOST_COPIES = 65_536;

const tunnelsOf = ({ overlay }: DataPlane): readonly Tunnel[] => overlay?.tunnels ?? [];

export const tunnelOf = (plane: DataPlane, link: number): Tunnel | undefined =>
  tunnelsOf(plane).find((tunnel) => tunnel.link === link);

/** Everything towards the operator: the links, and the tunnels through them. */
export const outside = (plane: DataPlane): string => names([...plane.links, ...tunnelsOf(plane)]);

/** Marks of voice that was led somewhere. */
export const voiceMarks = (plane: DataPlane): string =>
  [...plane.links, ...tunnelsOf(plane)].map(({ number }) => VOICE | number).join(', ');

const names = (all: readonly { readonly interface: string }[]): string =>
  all.map((one) => `"${one.interface}"`).join(', ');

export function overlaySets({ overlay }: DataPlane): string[] {
  if (overlay === undefined || overlay.duplicate === 'never') return [];
  return [...copySet(MOST_COPIES), ...copyChain()];
}

/** In `from-lans`: copies that come second end here, before they are counted, metered or heard. */
export function fromTunnels(plane: DataPlane): string[] {
  const { overlay } = plane;
  if (overlay === undefined) return [];
  const from = `{ ${names(overlay.tunnels)} }`;
  return [
    ...(overlay.duplicate === 'never' ? [] : [copyJump(`${from} ip daddr ${overlay.voice}`)]),
    `    iifname ${from} ct zone set ${OVERLAY_ZONE} return`,
  ];
}

/** After the link was chosen, in both chains that choose: into its tunnel. */
export function intoTunnels(plane: DataPlane): string[] {
  if (plane.overlay === undefined) return [];
  const pairs = plane.overlay.tunnels.map(({ link, number }) => [VOICE | link, VOICE | number] as const);
  const map = pairs.map(([from, to]) => `${from} : ${to}`).join(', ');
  return [
    `    meta mark { ${pairs.map(([from]) => from).join(', ')} } ip daddr @voice-networks meta mark set meta mark map { ${map} }`,
  ];
}

/** How the box's own packets that belong to a link leave: mark and zone. */
export const wayOf = (plane: DataPlane, link: number): { readonly mark: number; readonly zone: number } => {
  const tunnel = tunnelOf(plane, link);
  return tunnel ? { mark: VOICE | tunnel.number, zone: OVERLAY_ZONE } : { mark: VOICE | link, zone: link };
};

export const tunnelZones = (plane: DataPlane): string[] =>
  tunnelsOf(plane).map(({ number }) => `${VOICE | number} : ${OVERLAY_ZONE}`);

/** What a packet of VXLAN of this tunnel looks like, in `from-box` and further on. */
const wrapped = ({ concentrator, port }: Overlay, { vni }: Tunnel): string =>
  `ip daddr ${concentrator} udp dport ${port} @th,${VXLAN_BITS.vni},24 ${vni}`;

/**
 * In `from-box`: copies were led already; what wraps voice keeps to its link, as probes do. One source port for all of it, or
 * a NAT on the line would have a mapping for each flow inside. Written as bits: nft would mend the checksum, and there is none.
 */
export function wrappedFromBox({ overlay }: DataPlane): string[] {
  if (overlay === undefined) return [];
  return [
    `    oifname { ${names(overlay.tunnels)} } ct state untracked return`,
    ...overlay.tunnels.map(
      (tunnel) =>
        `    ${wrapped(overlay, tunnel)} @th,0,16 set ${overlay.port} meta mark set ${VOICE | tunnel.link} ct zone set ${tunnel.link} accept`,
    ),
  ];
}

/** The concentrator speaks first when the box has forgotten that it spoke. */
export const wrappedToBox = ({ overlay }: DataPlane): string[] =>
  overlay === undefined
    ? []
    : [`    ip saddr ${overlay.concentrator} udp sport ${overlay.port} udp dport ${overlay.port} accept`];

/** Probes and echoes have the address of their tunnel, voice has the site's. `beats`: conntrack zone of the echoes of a link. */
export const tunnelTranslation = (plane: DataPlane, beats: (link: number) => number): string[] =>
  tunnelsOf(plane).flatMap(({ interface: own, link, address }) => [
    `    oifname "${own}" ct zone ${beats(link)} snat ip to ${address}`,
    `    oifname "${own}" fib saddr type local udp sport ${portOf(plane, link)} snat ip to ${address}`,
    `    oifname "${own}" snat ip to ${plane.overlay?.voice}`,
  ]);

const portOf = ({ links }: DataPlane, link: number): number =>
  links.find(({ number }) => number === link)?.probePort ?? 0;

export const ownTunnelAddresses = (plane: DataPlane): string[] =>
  tunnelsOf(plane).map(
    ({ interface: own, address }) =>
      `    oifname "${own}" ip saddr != { ${plane.overlay?.voice}, ${address} } counter name "foreign-source" drop`,
  );

/**
 * Behind all translation. The mark becomes that of the link, for whatever wraps the packet inherits it; and voice is marked
 * when it is to go twice. Suspicion: the last beat was longer ago than one should take.
 */
export function twiceChain({ overlay }: DataPlane): string[] {
  if (overlay === undefined) return [];
  const late = overlay.duplicate === 'always' ? '' : 'meta mark @armed meta mark != @punctual ';
  return [
    '  chain twice {',
    '    type filter hook postrouting priority 115; policy accept;',
    ...overlay.tunnels.map(({ interface: own, link }) => `    oifname "${own}" meta mark set ${VOICE | link}`),
    '    ct state untracked return',
    ...(overlay.duplicate === 'never'
      ? []
      : [
          `    oifname { ${names(overlay.tunnels)} } ip saddr ${overlay.voice} meta l4proto udp ${late}meta mark set meta mark | ${TWICE}`,
        ]),
    '  }',
  ];
}

/** Copying is not to be had in a table of both families, nor in every kernel: a table of its own. */
const COPY_TABLE = 'ip relais-copies';

export function copyTable({ overlay }: DataPlane): string[] {
  const nothing = [`add table ${COPY_TABLE}`, `delete table ${COPY_TABLE}`];
  if (overlay === undefined || overlay.duplicate === 'never') return nothing;
  const copies = overlay.tunnels.flatMap(({ link }) =>
    overlay.tunnels
      .filter((other) => other.link !== link)
      .map(
        (other) =>
          `    meta mark ${VOICE | link | TWICE} meta mark set ${VOICE | other.link} dup to ${overlay.far} device "${other.interface}" meta mark set ${VOICE | link}`,
      ),
  );
  return [
    ...nothing,
    `table ${COPY_TABLE} {`,
    '  chain copies {',
    '    type filter hook postrouting priority 120; policy accept;',
    ...copies,
    '  }',
    '}',
  ];
}

/**
 * For the kernel's first look at packets of the box itself: they get the site's voice address at once, whichever link is up.
 * With the address of a link the far end would see probes move when that link goes, and beat where nobody is.
 */
export function voiceRoutes({ overlay, heartbeat, voiceNetworks }: DataPlane): readonly string[] {
  const [first] = overlay?.tunnels ?? [];
  if (overlay === undefined || first === undefined) return [];
  const ends = [...voiceNetworks, ...(heartbeat === undefined ? [] : [`${heartbeat.address}/32`])];
  return ends.map(
    (network) => `route replace ${network} via ${overlay.far} dev ${first.interface} src ${overlay.voice} metric 900`,
  );
}

/** Devices as firmware-ts/net/ip.ts makes them. */
export function tunnelPlan({ overlay }: DataPlane) {
  if (overlay === undefined) return [];
  const { concentrator, port, mtu, voice, far } = overlay;
  return overlay.tunnels.map((tunnel) => ({
    name: tunnel.interface,
    ...{ vni: tunnel.vni, remote: concentrator, port, mtu, mac: tunnel.mac },
    addresses: [`${voice}/32`, `${tunnel.address} peer ${far}/32`],
    neighbor: { address: far, mac: tunnel.farMac },
  }));
}
