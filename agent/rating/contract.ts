import type { Regime } from '../model/regime.ts';
import type { TariffDeck } from '../model/tariff.ts';

/** What prices a call: the operator's regime, a tariff deck, and the account's own numbers in E.164 with plus. */
export type Contract = {
  readonly regime: Regime;
  readonly tariff: TariffDeck;
  readonly onNet: ReadonlySet<string>;
};
