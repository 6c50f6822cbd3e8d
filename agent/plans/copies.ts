/** Set of the table in which a copy is known by what came before it. */
const SEEN = 'seen';

/**
 * Between the delay that two lines may differ by, and 500 ms, after which a SIP client says the same octets again and means
 * it (RFC 3261 17.1.1.2, T1).
 */
const REMEMBERED_MS = 400;

/**
 * A copy has the addresses, ports, length, checksum and first 16 octets of its original, and comes shortly after it: for RTP
 * that is sequence number, time and source (RFC 3550 5.1). Two fields of raw bits, because nft names a set by five types at most.
 */
const PACKET = 'ip saddr . ip daddr . @th,0,64 . @th,64,128';

export const copySet = (size: number): string[] => [
  `  set ${SEEN} {`,
  `    typeof ${PACKET}`,
  '    flags dynamic,timeout',
  `    size ${size}`,
  '  }',
  '  counter copies-dropped { }',
];

/**
 * The second copy is dropped before anybody counts or hears it. What has no checksum and is no RTP looks the same too easily
 * (RFC 768); what has less than 16 octets, keep-alives, passes twice. Fragments: whoever tracks connections has joined them.
 */
export const copyChain = (): string[] => [
  '  chain second-copies {',
  '    udp checksum 0 @th,64,2 != 2 return',
  `    meta l4proto udp ${PACKET} @${SEEN} counter name "copies-dropped" drop`,
  `    meta l4proto udp add @${SEEN} { ${PACKET} timeout ${REMEMBERED_MS}ms }`,
  '  }',
];

/** `from`: interfaces, and what more is asked, as nft writes it. */
export const copyJump = (from: string): string => `    iifname ${from} jump second-copies`;

/** How long after a beat the next one is late: half a beat more than its pace. */
export const lateAfterMs = (everyMs: number): number => Math.ceil(everyMs * 1.5);
