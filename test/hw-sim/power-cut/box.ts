import { createHash } from 'node:crypto';
import { systemClock, systemRandom } from '../../../agent/edge/system-clock.ts';
import { AccountSchema } from '../../../agent/model/account.ts';
import { DeckSchema } from '../../../agent/model/deck.ts';
import { NumberingSchema } from '../../../agent/model/numbering.ts';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import { RegimeSchema } from '../../../agent/model/regime.ts';
import type { RecordStore } from '../../../agent/ports/record-store.ts';
import type { Contract } from '../../../agent/rating/credit/contract.ts';
import { type Ledger, openLedger } from '../../../agent/runtime/ledger.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createSimStartPoint } from '../../../hw-sim/site/sim-start-point.ts';
import tariff from '../../../provisioning/decks/example-2026.json' with { type: 'json' };
import numbering from '../../../provisioning/numbering/numbering-2025-07-02.json' with { type: 'json' };
import regime from '../../../provisioning/regimes/mie.json' with { type: 'json' };

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const LINE = '+33172890001';

// Imported, not read: the writer is one file without a place in the project.
const contract: Contract = {
  regime: RegimeSchema.parse(regime),
  tariff: DeckSchema.parse(tariff),
  numbering: NumberingSchema.parse(numbering),
  numbers: new Set([LINE]),
  account: AccountSchema.parse({
    schema: 'relais/account/1',
    id: 'account',
    client: 'Client',
    regimes: [{ from: '1970-01-01', regime: regime.id }],
    decks: [tariff.id],
    numberings: [numbering.id],
    cycle: { is: 'calendar' },
    lines: [{ number: LINE, label: 'Line', from: '1970-01-01', plans: [{ from: '1970-01-01', plan: 'bundle-2h' }] }],
  }),
};

export type Box = {
  readonly ledger: Ledger;
  readonly faults: readonly string[];
};

/** The real ledger of the agent on a store; `grown` hears how far it is durable, before anything else may. */
export function openBox(store: RecordStore, grown: (size: number) => void = () => undefined): Promise<Box> {
  const faults: string[] = [];
  const ports = {
    store,
    startPoint: createSimStartPoint(),
    clock: systemClock(),
    random: systemRandom(),
    sha256,
    boot: { id: 'boot', software: 'relais test', quality: () => 'synced' as const },
    journal: { step: () => undefined, fault: (message: string) => void faults.push(message) },
  };
  const needs = {
    ports,
    turns: createTurns(),
    device: 'relais-0001',
    contract,
    basis: '',
    changed: () => undefined,
    grown,
  };
  return new Promise((resolve) => openLedger(needs, (ledger) => resolve({ ledger, faults })));
}

export const callOf = (number: number): string => number.toString(16).padStart(16, '0');

/** A call detail record of ordinary size. */
export const callEnded = (number: number): LedgerEvent => ({
  kind: 'call-ended',
  call: callOf(number),
  direction: 'outgoing',
  caller: LINE,
  called: `+3314500${String(number).padStart(4, '0')}`,
  class: 'geographic',
  links: ['main'],
  startedAt: 1_795_000_000_000 + number,
  answeredAt: 1_795_000_001_000 + number,
  endedAt: 1_795_000_061_000 + number,
  seconds: 60,
  cause: 'caller-hung-up',
  sipStatus: 200,
  codec: 'PCMA',
  complete: true,
});
