import { type Deck, DeckSchema } from '../../../../agent/model/deck.ts';
import type { Class, Destination } from '../../../../agent/model/destination.ts';

/** A deck with what a test gives and the least of everything else. */
export const deckOf = (parts: Readonly<Record<string, unknown>> = {}): Deck =>
  DeckSchema.parse({
    schema: 'relais/deck/1',
    id: 'sample',
    version: 1,
    label: 'SAMPLE',
    from: '2016-01-01',
    vatPerMille: 200,
    voice: [{ name: 'France', for: { prefix: '33' }, perMinuteMicroEuro: 15_000 }],
    plans: [
      { id: 'metered', name: 'Metered', service: 'fixed', monthlyMicroEuro: 1_000_000, voice: { is: 'metered' } },
    ],
    ...parts,
  });

export const to = (
  number: string,
  className: Class = 'geographic',
  territory: string | undefined = 'FR',
): Destination => ({
  number,
  class: className,
  territory,
});

/** Zones of the tests. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  eea: ['DE', 'BE', 'IT'],
  alps: ['IT', 'CH'],
  world: ['US', 'DE', 'CH'],
};
export const isIn = (territory: string, zone: string): boolean => ZONES[zone]?.includes(territory) ?? false;
