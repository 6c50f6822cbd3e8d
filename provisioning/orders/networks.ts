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

const numberOf = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
