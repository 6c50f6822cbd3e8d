/** Does the IPv4 network `cidr` hold this address? Both were checked by the schema. */
export function holdsAddress(cidr: string, address: string): boolean {
  const [network = '', length = '32'] = cidr.split('/');
  return sameNetwork(network, address, Number(length));
}

/** Do two IPv4 networks share an address? */
export function overlap(one: string, other: string): boolean {
  const [first = '', firstLength = '32'] = one.split('/');
  const [second = '', secondLength = '32'] = other.split('/');
  return sameNetwork(first, second, Math.min(Number(firstLength), Number(secondLength)));
}

function sameNetwork(one: string, other: string, length: number): boolean {
  const size = 2 ** (32 - length);
  return Math.floor(numberOf(one) / size) === Math.floor(numberOf(other) / size);
}

/** The address as a number: for order, never for arithmetic beyond its network. */
export const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** `192.168.20.0/24` of the address `192.168.20.7` and 24. */
export const networkOf = (address: string, prefix: number): string => {
  const size = 2 ** (32 - prefix);
  return `${addressOf(Math.floor(numberOf(address) / size) * size)}/${prefix}`;
};

/** Is it an address that a host of the network may have: neither the network's own nor its broadcast address? */
export function isHostOf(cidr: string, address: string): boolean {
  const [network = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const offset = numberOf(address) - Math.floor(numberOf(network) / size) * size;
  return offset > 0 && offset < size - 1;
}

/** The first address for a host: where a box usually is. */
export const firstHostOf = (cidr: string): string => {
  const [network = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  return addressOf(Math.floor(numberOf(network) / size) * size + 1);
};

/** `255.255.255.0` of 24, and back; nothing where the mask is none. */
export const maskOf = (prefix: number): string => addressOf(2 ** 32 - 2 ** (32 - prefix));

export function prefixOf(mask: string): number | undefined {
  const prefix = 32 - Math.log2(2 ** 32 - numberOf(mask));
  return Number.isInteger(prefix) && maskOf(prefix) === mask ? prefix : undefined;
}

export const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
