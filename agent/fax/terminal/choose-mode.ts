import { PAGE_WIDTHS, type Page, RESOLUTIONS, type Resolution } from '../page/page-format.ts';
import type { Capabilities } from '../t30/capabilities.ts';
import type { FaxRate, ModulationFamily, Width } from '../t30/capability-bits.ts';
import type { PageCommand } from '../t30/command.ts';
import { bitRateOf } from './script.ts';
import type { TerminalRules } from './terminal-state.ts';

/** How pages go to a receiver: what its DCS will say, and the rates to fall back to, fastest first; the first is that of the DCS. */
export type SendingMode = {
  readonly resolution: Resolution;
  readonly command: PageCommand;
  readonly rates: readonly FaxRate[];
};

/** Fastest first (T.30 5.3.6.1.3). */
const FALLBACKS: readonly (readonly [ModulationFamily, FaxRate])[] = [
  ['v17', 'v17-14400'],
  ['v17', 'v17-12000'],
  ['v17', 'v17-9600'],
  ['v17', 'v17-7200'],
  ['v29', 'v29-9600'],
  ['v29', 'v29-7200'],
  ['v27ter-4800', 'v27ter-4800'],
  ['v27ter-2400', 'v27ter-2400'],
];

/**
 * The best that a receiver offers for a page (T.30 5.3.6.2.3): its own resolution or the next one that only joins lines, MMR where
 * there is error correction, MR, MH. Undefined when it can take the page in no way.
 */
export function chooseMode(page: Page, offer: Capabilities, rules: TerminalRules): SendingMode | undefined {
  const width = paperWidth(page);
  const resolution = RESOLUTION_FALLBACKS[page.resolution].find((one) => isOffered(one, offer));
  if (width === undefined || width > offer.width || resolution === undefined) return undefined;
  const families = offer.modulations ?? ['v27ter-2400', 'v27ter-4800'];
  const rates = FALLBACKS.filter(
    ([family, rate]) => families.includes(family) && !isSlowTwin(rate, families) && bitRateOf(rate) <= rules.maxBitRate,
  ).map(([, rate]) => rate);
  const ecm = offer.ecm && rules.ecm;
  const coding = ecm && offer.mmr ? 'mmr' : offer.twoDimensional ? 'mr' : 'mh';
  const scanTime = resolution === 'standard' ? offer.scanTime.standard : offer.scanTime.fine;
  return {
    resolution,
    rates,
    command: {
      rate: rates[0],
      ...namesOf(resolution),
      coding,
      ecmFrame: ecm ? 256 : undefined,
      width,
      length: offer.length,
      scanTime: ecm ? 0 : scanTime,
    },
  };
}

/** Whoever has V.17 needs no V.29: its 9,600 and 7,200 stand on better codes. */
const isSlowTwin = (rate: FaxRate, families: readonly ModulationFamily[]): boolean =>
  rate.startsWith('v29') && families.includes('v17');

/** The width on paper of a page, in mm; undefined when no fax has it. */
export function paperWidth({ width, resolution }: Pick<Page, 'width' | 'resolution'>): Width | undefined {
  const widths = PAGE_WIDTHS[RESOLUTIONS[resolution].across];
  return ([215, 255, 303] as const).find((paper) => widths[paper] === width);
}

const RESOLUTION_FALLBACKS: Readonly<Record<Resolution, readonly Resolution[]>> = {
  standard: ['standard'],
  fine: ['fine', 'standard'],
  superFine: ['superFine', 'fine', 'standard'],
  dots300: ['dots300'],
  dots400: ['dots400'],
};

const isOffered = (resolution: Resolution, offer: Capabilities): boolean =>
  resolution === 'standard' || offer[resolution];

const namesOf = (resolution: Resolution): Pick<PageCommand, 'fine' | 'superFine' | 'dots300' | 'dots400'> => ({
  fine: resolution === 'fine',
  superFine: resolution === 'superFine',
  dots300: resolution === 'dots300',
  dots400: resolution === 'dots400',
});

/** The resolution that a DCS orders. */
export function resolutionOrdered(command: PageCommand): Resolution {
  if (command.dots400) return 'dots400';
  if (command.dots300) return 'dots300';
  if (command.superFine) return 'superFine';
  return command.fine ? 'fine' : 'standard';
}
