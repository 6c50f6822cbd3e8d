import { bytes, der, utf8 } from '../ber.ts';
import { swapped } from '../profile-elements.ts';

export type MetadataPlan = {
  readonly iccid: string;
  readonly provider: string;
  readonly name: string;
  /** Servers that want to be told when the profile is enabled, disabled and deleted. */
  readonly tells: readonly string[];
  /** PPR1 and PPR2 (SGP.22 2.9.1). */
  readonly rules?: 'no-disabling' | 'no-deletion';
  /** MCC and MNC as TS 24.008 10.5.1.13 codes them. */
  readonly network?: string;
};

/** BF25, StoreMetadata (SGP.22 5.5.3). */
export function profileMetadata({ iccid, provider, name, tells, rules, network = '02F810' }: MetadataPlan): Buffer {
  const wishes = tells.map((server) => der('30', der('80', bytes('0470')), der('81', utf8(server))));
  return der(
    'BF25',
    der('5A', bytes(swapped(iccid, 10))),
    der('91', utf8(provider)),
    der('92', utf8(name)),
    der('95', bytes('02')),
    ...(wishes.length === 0 ? [] : [der('B6', ...wishes)]),
    der('B7', der('80', bytes(network))),
    ...(rules === undefined ? [] : [der('99', bytes(rules === 'no-disabling' ? '0640' : '0520'))]),
  );
}
