import { bitsFrom, bitsOf, fieldOf, withoutBits } from './bit-field.ts';
import { codeOf } from './capabilities.ts';
import { BIT, type ModulationFamily, NOT_CARRIED, RECEIVER_MODULATIONS } from './capability-bits.ts';
import type { Frame } from './frame.ts';

/** What a gateway's modem can do, and whether error correction may be used. */
export type FrameLimits = { readonly modulations: readonly ModulationFamily[]; readonly ecm: boolean };

const ALWAYS_CLEARED = Object.values(NOT_CARRIED).flat();
/** ITU-T T.35: no country, no maker. */
const NOBODY = [0xff, 0xff, 0xff];

/**
 * A frame as it may go on through a gateway, of the same length and so of the same time on the line. DIS and DTC promise no more than
 * the gateway can carry; non-standard frames lose their maker's mark, or two machines of one maker would leave T.30 (T.38 7.5).
 */
export function editFrame(frame: Frame, limits: FrameLimits): Frame {
  switch (frame.kind) {
    case 'DIS':
    case 'DTC':
      return { ...frame, information: limited(frame.information, limits) };
    case 'NSF':
    case 'NSC':
    case 'NSS':
      return { ...frame, information: unsigned(frame.information) };
    default:
      return frame;
  }
}

function limited(field: Uint8Array, { modulations, ecm }: FrameLimits): Uint8Array {
  const offered = RECEIVER_MODULATIONS[bitsFrom(field, 11, 4)] ?? ['v27ter-2400', 'v27ter-4800'];
  const both = offered.filter((family) => modulations.includes(family));
  const withoutEcm = ecm ? [] : [BIT.ecm, BIT.mmr];
  const cleared = withoutBits(
    field,
    [...ALWAYS_CLEARED, ...withoutEcm, 11, 12, 13, 14].filter((bit) => bit <= 8 * field.length),
  );
  const code = fieldOf(bitsOf(11, bestCode(both)));
  return cleared.map((octet, at) => octet | (at === 1 ? (code[1] ?? 0) : 0));
}

/** The code that says most of these modulations and nothing else; every station has V.27ter at 2,400 bit/s. */
function bestCode(families: readonly ModulationFamily[]): string {
  const sayable = Object.values(RECEIVER_MODULATIONS).filter((all) => all.every((one) => families.includes(one)));
  const most = sayable.toSorted((a, b) => b.length - a.length)[0];
  return most === undefined ? '0000' : codeOf(RECEIVER_MODULATIONS, (all) => all === most);
}

function unsigned(information: Uint8Array): Uint8Array {
  const edited = information.slice();
  edited.set(NOBODY.slice(0, edited.length));
  return edited;
}
