import type { Code } from './code-tables.ts';

/** The bits that do not fill an octet yet, from the most significant one on. */
export type LooseBits = { readonly octet: number; readonly count: number };

export const NO_BITS: LooseBits = { octet: 0, count: 0 };

export type BitWriter = {
  readonly put: (code: Code) => void;
  readonly zeros: (count: number) => void;
  /** Bits put so far, the loose ones it began with not counted. */
  readonly written: () => number;
  /** The whole octets, and the bits left over. */
  readonly cut: () => { readonly octets: Uint8Array; readonly loose: LooseBits };
};

/** Writes bits, the first as the most significant of its octet: the order of T.38, of TIFF and of PDF. */
export function createBitWriter(loose: LooseBits = NO_BITS): BitWriter {
  const octets: number[] = [];
  let octet = loose.octet >> (8 - loose.count);
  let count = loose.count;
  let written = 0;
  const put = ({ bits, length }: Code): void => {
    written += length;
    for (let left = length; left > 0; ) {
      const taken = Math.min(left, 8 - count);
      octet = (octet << taken) | ((bits >> (left - taken)) & ((1 << taken) - 1));
      count += taken;
      left -= taken;
      if (count < 8) continue;
      octets.push(octet);
      [octet, count] = [0, 0];
    }
  };
  return {
    put,
    zeros(amount) {
      for (let left = amount; left > 0; left -= 8) put({ bits: 0, length: Math.min(8, left) });
    },
    written: () => written,
    cut: () => ({ octets: Uint8Array.from(octets), loose: { octet: (octet << (8 - count)) & 0xff, count } }),
  };
}
