import type { UnreadProtocol } from '../model/unread-signalling.ts';
import { UNREAD_PORTS, UNREAD_SETS, type UnreadElements } from '../plans/unread-signalling.ts';
import type { UnreadCount, UnreadSignalling } from '../ports/unread-signalling.ts';
import type { KernelTools } from './kernel-tools.ts';

type Nft = Pick<KernelTools['nft'], 'ask'>;

/** Reads the sets in which the kernel counts SIP over TLS and MGCP (agent/plans/unread-signalling.ts). */
export function createKernelUnread(nft: Nft): UnreadSignalling {
  return {
    read(done) {
      readUnreadElements(nft).then(
        (elements) => done(unreadCounts(elements)),
        // A kernel that can't be asked tells nothing; what it counted is still there the next time.
        () => undefined,
      );
    },
    forget() {
      const { sent, heard } = UNREAD_SETS;
      nft.ask(`flush set inet relais ${sent}; flush set inet relais ${heard}`).catch(() => undefined);
    },
  };
}

/** What both sets hold. @throws Fault `network.refused` where there is no table of ours yet. */
export async function readUnreadElements(nft: Nft): Promise<UnreadElements> {
  const elementsOf = async (set: string): Promise<string> => {
    const printed = await nft.ask(`list set inet relais ${set}`);
    return (/elements = \{([^}]*)\}/.exec(printed)?.[1] ?? '').replace(/\s+/g, ' ').trim();
  };
  return { sent: await elementsOf(UNREAD_SETS.sent), heard: await elementsOf(UNREAD_SETS.heard) };
}

/** The elements by phone and protocol. */
export function unreadCounts({ sent, heard }: UnreadElements): readonly UnreadCount[] {
  const found = new Map<string, UnreadCount>();
  const add = (elements: string, way: 'sent' | 'heard'): void => {
    for (const [, phone = '', port, packets, bytes] of elements.matchAll(ELEMENT)) {
      const protocol: UnreadProtocol = UNREAD_PORTS.tls.some((one) => one === Number(port)) ? 'tls' : 'mgcp';
      const key = `${phone} ${protocol}`;
      const before = found.get(key) ?? { phone, protocol, ...NOTHING };
      const [ofPackets, ofBytes] = [`${way}Packets`, `${way}Bytes`] as const;
      found.set(key, {
        ...before,
        [ofPackets]: before[ofPackets] + Number(packets),
        [ofBytes]: before[ofBytes] + Number(bytes),
      });
    }
  };
  add(sent, 'sent');
  add(heard, 'heard');
  return [...found.values()];
}

const NOTHING = { sentPackets: 0, sentBytes: 0, heardPackets: 0, heardBytes: 0 };
const ELEMENT = /(\d+\.\d+\.\d+\.\d+) \. (\d+) counter packets (\d+) bytes (\d+)/g;
