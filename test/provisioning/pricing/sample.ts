import { importDeck } from '../../../provisioning/pricing/import-deck.ts';

export const PLANS = {
  schema: 'relais/deck/1',
  id: 'sample',
  version: 1,
  label: 'SAMPLE',
  from: '2026-01-01',
  vatPerMille: 200,
  plans: [{ id: 'metered', name: 'Metered', service: 'fixed', monthlyMicroEuro: 1_000_000, voice: { is: 'metered' } }],
};

/** A whole deck as JSON, every price on a line of its own as an operator's editor would show it. */
export const wholeDeck = (change: object = {}): object => ({
  ...PLANS,
  voice: [{ name: 'France', for: { class: 'geographic' }, perMinuteMicroEuro: 15_000 }],
  ...change,
});

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const importCsv = (csv: string | Uint8Array, plans: unknown = PLANS) =>
  importDeck(
    { file: 'prices.csv', bytes: typeof csv === 'string' ? bytes(csv) : csv },
    { file: 'plans.json', bytes: bytes(typeof plans === 'string' ? plans : JSON.stringify(plans, null, 2)) },
  );

export const importJson = (json: unknown) =>
  importDeck({
    file: 'deck.json',
    bytes: bytes(typeof json === 'string' ? json : JSON.stringify(json, null, 2)),
  });
