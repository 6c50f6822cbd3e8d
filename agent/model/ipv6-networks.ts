/**
 * An IPv6 address as the kernel prints it (RFC 5952): one writing for each address, so that text can be compared. The
 * schema has checked what comes from an order; of anything else that is no address, the same text comes back.
 */
export function canonicalIpv6(text: string): string {
  const value = numberOf(text);
  return value === undefined ? text : written(value);
}

/** The network with the bits of hosts cleared: `2001:db8:1::/48` of `2001:DB8:1:0:0::7/48`. */
export function canonicalCidrIpv6(cidr: string): string {
  const { value, length } = networkOf(cidr);
  return `${written(value)}/${length}`;
}

/** Does the network hold this address, or this whole network? */
export function holdsIpv6(cidr: string, inner: string): boolean {
  const { value, length } = networkOf(cidr);
  const other = networkOf(inner);
  return other.length >= length && cleared(other.value, length) === value;
}

/** Do two IPv6 networks share an address? */
export const overlapIpv6 = (one: string, other: string): boolean => holdsIpv6(one, other) || holdsIpv6(other, one);

/** The network `index` (from 0) of length 64 in a prefix; it has to be shorter than that for more than one. */
export const subnetOf = (prefix: string, index: number): string =>
  `${written(networkOf(prefix).value + (BigInt(index) << 64n))}/64`;

/** The box's own address in a network of a LAN: the first one, with the length behind it. */
export function firstHostIpv6(cidr: string): string {
  const { value, length } = networkOf(cidr);
  return `${written(value + 1n)}/${length}`;
}

/** Bits of the prefix: 64 of `2001:db8::/64`; a bare address is all of itself. */
export const lengthOf = (cidr: string): number => Number(cidr.split('/')[1] ?? BITS);

export const isIpv6 = (address: string): boolean => address.includes(':');

/** As SIP writes a host with its port (RFC 3261 25.1): an address of IPv6 in brackets. */
export const hostPort = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`;

const BITS = 128;
const GROUPS = 8;

const cleared = (value: bigint, length: number): bigint => {
  const host = BigInt(BITS - length);
  return (value >> host) << host;
};

function networkOf(cidr: string): { readonly value: bigint; readonly length: number } {
  const [address = ''] = cidr.split('/');
  const length = lengthOf(cidr);
  return { value: cleared(numberOf(address) ?? 0n, length), length };
}

/** RFC 4291 2.2: groups of hex, "::" for zeros once, and the last 32 bits perhaps as IPv4. */
function numberOf(text: string): bigint | undefined {
  const halves = withoutDots(text.toLowerCase()).split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [front = [], back] = groups;
  if (halves.length > 2 || [...front, ...(back ?? [])].some((group) => !/^[0-9a-f]{1,4}$/.test(group)))
    return undefined;
  const missing = GROUPS - front.length - (back?.length ?? 0);
  if (back === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...front, ...Array.from({ length: missing }, () => '0'), ...(back ?? [])];
  return all.reduce((sum, group) => sum * 0x1_0000n + BigInt(`0x${group}`), 0n);
}

function withoutDots(text: string): string {
  const found = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (found === null) return text;
  const [first = 0, second = 0, third = 0, fourth = 0] = found.slice(2).map(Number);
  return `${found[1]}${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
}

/** RFC 5952 4: no leading zeros, small letters, "::" for the longest run of at least two groups, the first of equal ones. */
function written(value: bigint): string {
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    ((value >> BigInt(16 * (GROUPS - 1 - index))) & 0xffffn).toString(16),
  );
  const { from, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`;
}

function longestZeros(groups: readonly string[]): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 };
  for (let from = 0; from < GROUPS; from += 1) {
    const end = groups.findIndex((group, index) => index >= from && group !== '0');
    const length = (end < 0 ? GROUPS : end) - from;
    if (length > best.length) best = { from, length };
  }
  return best;
}
