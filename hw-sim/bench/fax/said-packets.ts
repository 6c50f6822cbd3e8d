import { readIfp } from '../../../agent/fax/t38/read-ifp.ts';
import { joined } from '../../../agent/model/joined.ts';

/** What a T.38 peer said, packet by packet, and which of its packets were in a datagram that arrived: the others nobody can have had. */
export type SaidPackets = {
  readonly say: (packet: Uint8Array) => void;
  /** The datagram of the packet said last has arrived, and what rode on it. */
  readonly arrived: () => void;
  readonly story: () => ImageStory;
};

/** Images without ECM. `pages` are made of the packets that arrived, in the order of T.38; `lost` packets of them did not. */
export type ImageStory = { readonly pages: readonly Uint8Array[]; readonly lost: number };

/** @param redundancy earlier packets that ride on each datagram. */
export function createSaidPackets(redundancy: number): SaidPackets {
  const packets: { readonly octets: Uint8Array; arrived: boolean }[] = [];
  return {
    say: (octets) => void packets.push({ octets, arrived: false }),
    arrived() {
      for (const packet of packets.slice(-1 - redundancy)) packet.arrived = true;
    },
    story: () => storyOf(packets),
  };
}

function storyOf(packets: readonly { readonly octets: Uint8Array; readonly arrived: boolean }[]): ImageStory {
  const images: { whole: Uint8Array; had: Uint8Array; lost: number }[] = [];
  let isOpen = false;
  for (const { octets, arrived } of packets) {
    const { packet } = readIfp(octets, 0);
    const image = octetsOfImage(packet);
    if (image.length === 0) {
      isOpen &&= packet?.kind === 'data';
      continue;
    }
    if (!isOpen) images.push({ whole: new Uint8Array(0), had: new Uint8Array(0), lost: 0 });
    isOpen = true;
    const last = images.at(-1);
    if (last === undefined) continue;
    last.whole = joined(last.whole, image);
    if (arrived) last.had = joined(last.had, image);
    else last.lost += 1;
  }
  // A training check is nothing but zeros.
  const pages = images.filter(({ whole }) => whole.some((octet) => octet !== 0));
  return { pages: pages.map(({ had }) => had), lost: pages.reduce((sum, { lost }) => sum + lost, 0) };
}

function octetsOfImage(packet: ReturnType<typeof readIfp>['packet']): Uint8Array {
  if (packet?.kind !== 'data') return new Uint8Array(0);
  const octets = packet.fields.flatMap(({ type, octets: own }) => (type.startsWith('t4-non-ecm') ? [...own] : []));
  return Uint8Array.from(octets);
}
