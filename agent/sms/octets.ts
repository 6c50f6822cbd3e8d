/** Hexadecimal to octets; undefined for an odd number of digits, or anything that is none. */
export function octetsOf(hex: string): readonly number[] | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(hex)) return undefined;
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

export const hexOf = (octets: readonly number[]): string =>
  octets.map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join('');

/** Takes octets one after the other; `short` once more was asked for than there was. */
export type OctetReader = {
  readonly octet: () => number;
  readonly octets: (count: number) => readonly number[];
  readonly rest: () => readonly number[];
  readonly isShort: () => boolean;
};

export function readOctets(all: readonly number[]): OctetReader {
  let at = 0;
  const octets = (count: number) => {
    const taken = all.slice(at, at + count);
    at += count;
    return taken;
  };
  return {
    octet: () => octets(1)[0] ?? 0,
    octets,
    rest: () => octets(Math.max(0, all.length - at)),
    isShort: () => at > all.length,
  };
}
