import type { Destination, Selector } from '../../model/destination.ts';
import type { Regime } from '../../model/regime.ts';
import { isListed, type Reading } from '../book/selectors.ts';
import { startOfDay } from '../calendar/paris.ts';

/** A signed "décharge": opens destinations that are closed at activation, from a Paris day on. */
export type Waiver = { readonly for: Selector; readonly from: string; readonly until?: string | undefined };

export type Barring = {
  readonly regime: Regime;
  readonly reading: Reading;
  readonly waivers: readonly Waiver[];
  /** False until the client's supporting documents are in. */
  readonly documentsReceived: boolean;
};

/**
 * V-6: the article that closes an outgoing call's destination at that instant (Unix ms); undefined when it is open.
 * Emergency numbers are never closed (V-1). A waiver holds from the start of its first day to the end of its last.
 */
export function barredBy(destination: Destination, at: number, barring: Barring): string | undefined {
  if (destination.class === 'emergency') return undefined;
  const { atActivation, beforeDocuments } = barring.regime.barring;
  if (!barring.documentsReceived && beforeDocuments !== undefined) {
    const open = destination.class === 'on-net' && beforeDocuments.value.includes('on-net');
    if (!open) return beforeDocuments.article;
  }
  if (atActivation === undefined || !isListed(atActivation.value, destination, barring.reading)) return undefined;
  const signed = barring.waivers.filter((waiver) => isInForce(waiver, at)).map((waiver) => waiver.for);
  return isListed(signed, destination, barring.reading) ? undefined : atActivation.article;
}

const isInForce = ({ from, until }: Waiver, at: number): boolean =>
  at >= startOfDay(from) && (until === undefined || at < startOfDay(until, 1));
