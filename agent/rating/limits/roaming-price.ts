import type { DataPrice } from '../../model/deck.ts';
import type { Contract } from '../credit/contract.ts';
import { findDataPrice } from '../deck/find-price.ts';
import { inZone } from '../numbering/classify.ts';
import { territoriesOf } from '../numbering/mobile-countries.ts';
import { planOf } from './line-plan.ts';

type Price = Pick<DataPrice, 'perUnitMicroEuro' | 'unitBytes'>;

type Roaming = {
  readonly contract: Contract;
  readonly line: string;
  /** MCC of the network that serves the line, or MCC and MNC; undefined where the modem did not say. */
  readonly network: string | undefined;
  readonly at: number;
};

/**
 * S-6: what data costs where the line is: by the country of its network, of several with one code the dearest. Where the
 * country is not known, or the price list names none for it, the dearest price abroad, so that the ceiling holds in any.
 * Undefined: the list has no price for data abroad at all.
 */
export function roamingPriceOf({ contract, line, network, at }: Roaming): Price | undefined {
  const most = dearestAbroad(contract);
  if (most === undefined) return undefined;
  const territories = network === undefined ? [] : territoriesOf(network);
  // Roaming between networks of one country stands in no price list.
  if (territories.length === 0 || territories.includes('FR')) return most;
  const { tariff, numbering } = contract;
  const plan = planOf(contract, line);
  const zones = [...(plan?.likeHome ?? []), ...(plan?.data?.zones ?? [])];
  const isIn = (territory: string, zone: string): boolean => inZone(territory, zone, numbering);
  return territories
    .map((territory): Price => {
      if (zones.some((zone) => isIn(territory, zone))) return AS_AT_HOME;
      return findDataPrice(tariff, territory, at, isIn) ?? most;
    })
    .reduce(dearer);
}

/** EU regulation 2022/612: a zone of the plan is no roaming that a ceiling would count. */
const AS_AT_HOME: Price = { perUnitMicroEuro: 0, unitBytes: 1 };

const dearestAbroad = ({ tariff }: Contract): Price | undefined => {
  const [first, ...others] = tariff.data.filter(({ visited }) => visited !== undefined);
  return first && others.reduce(dearer, first);
};

const dearer = (one: Price, other: Price): Price =>
  other.perUnitMicroEuro * one.unitBytes > one.perUnitMicroEuro * other.unitBytes ? other : one;
