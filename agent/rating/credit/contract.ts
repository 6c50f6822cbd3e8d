import type { Regime } from '../../model/regime.ts';
import type { SiteConfig } from '../../model/site-config.ts';
import type { TariffDeck } from '../../model/tariff.ts';

/** What prices a call: the operator's regime, a tariff deck, and the account's own numbers in E.164 with plus. */
export type Contract = {
  readonly regime: Regime;
  readonly tariff: TariffDeck;
  readonly onNet: ReadonlySet<string>;
};

/** What prices a site's calls, the same on the box and in the central: its own numbers are the on-net ones. */
export const contractOf = ({ regime, tariff, lines }: SiteConfig): Contract => ({
  regime,
  tariff,
  onNet: new Set(lines.map((line) => line.number)),
});
