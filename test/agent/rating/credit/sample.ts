import type { LedgerEvent, LedgerRecord, Reservation } from '../../../../agent/model/record.ts';
import { type Regime, RegimeSchema } from '../../../../agent/model/regime.ts';
import { type TariffDeck, TariffDeckSchema } from '../../../../agent/model/tariff.ts';
import type { Charge } from '../../../../agent/rating/credit/charge.ts';
import type { Contract } from '../../../../agent/rating/credit/contract.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';

/** A deck that a reader can hold in mind: prices in micro-euro per minute, hence in ticks per second. */
export const DECK: TariffDeck = TariffDeckSchema.parse({
  id: 'sample',
  version: 1,
  label: 'sample',
  entries: [
    { prefix: '331', name: 'geographic', class: 'geographic', perMinuteMicroEuro: 10, inBundle: true },
    { prefix: '339', name: '09', class: 'nomadic-09', perMinuteMicroEuro: 10, inBundle: true },
    {
      prefix: '336',
      name: 'mobile',
      class: 'mobile',
      perMinuteMicroEuro: 30,
      perCallMicroEuro: 2,
      inBundle: true,
    },
    { prefix: '3380', name: 'free', class: 'free-special', perMinuteMicroEuro: 0 },
    { prefix: '3389', name: 'per call', class: 'premium-special', perMinuteMicroEuro: 0, perCallMicroEuro: 5 },
    { prefix: '49', name: 'Germany', class: 'international', perMinuteMicroEuro: 50 },
    { prefix: '4915', name: 'Germany mobile', class: 'international', perMinuteMicroEuro: 70 },
    { prefix: '49150', name: 'barred', class: 'invalid', perMinuteMicroEuro: 0 },
    { prefix: '262692', name: 'Réunion mobile', class: 'overseas', perMinuteMicroEuro: 40 },
    { prefix: '508', name: 'Saint-Pierre', class: 'overseas', perMinuteMicroEuro: 45 },
    { prefix: '39', kind: 'short', name: '39PQ', class: 'premium-special', perMinuteMicroEuro: 80 },
    { prefix: '36', kind: 'short', name: '36PQ', class: 'premium-special', perMinuteMicroEuro: 85 },
    { prefix: '118', kind: 'short', name: '118XYZ', class: 'premium-special', perMinuteMicroEuro: 90 },
  ],
});

export const ON_NET = new Set(['+33155550001', '+33155550002']);

export type Twist = { readonly sticky?: boolean; readonly setupFeeDue?: Regime['cap']['setup_fee_due'] };

export function sampleContract({ sticky = false, setupFeeDue = 'first_paid_second' }: Twist = {}): Contract {
  const regime = RegimeSchema.parse({
    id: 'mie',
    version: 1,
    operator: 'sample',
    voice: { udpPorts: { value: [5060], article: 'sample' } },
    bundleSeconds: { value: 7200, article: 'art. 12.2' },
    cap: { setup_fee_due: setupFeeDue, sticky },
    credit: {
      kind: { value: 'hard-cap', article: 'art. 13' },
      limitMicroEuro: { value: 150_000_000, article: 'art. 13' },
      cut_running_calls: { value: true, article: 'art. 13' },
    },
    lease: { microEuro: 1000, bundleSeconds: 600 },
  });
  return { regime, tariff: DECK, onNet: ON_NET };
}

const DIALOG = {
  sipCallId: 'sample',
  server: 'main',
  phone: { address: '192.168.10.10', port: 5060 },
  phoneParty: '',
  networkParty: '',
  recordRoute: [],
  phoneSequence: 1,
  networkSequence: 1,
};

export const NO_RESERVATION: Reservation = { bundleSeconds: 0, paidSeconds: 0, ticks: 0 };

export const lease = (id: string, ticks: number, bundleSeconds = 0, cycle = 1): LedgerEvent => ({
  kind: 'lease-received',
  lease: { id, account: 'account', cycle, ticks, bundleSeconds },
});

export const admitted = (
  call: string,
  called: string,
  reserved: Reservation,
  direction: 'outgoing' | 'incoming' = 'outgoing',
): LedgerEvent => ({
  kind: 'call-admitted',
  call,
  direction,
  caller: '+33155550001',
  called,
  class: 'invalid',
  link: 'main',
  reserved,
  dialog: DIALOG,
  media: null,
});

export const answered = (call: string): LedgerEvent => ({ kind: 'call-answered', call, dialog: DIALOG, media: null });

type Ending = {
  readonly called?: string;
  readonly direction?: 'outgoing' | 'incoming';
  readonly cause?: 'caller-hung-up' | 'refused-credit' | 'cut-credit' | 'lost';
  readonly unanswered?: boolean;
};

export const ended = (call: string, seconds: number, ending: Ending = {}): LedgerEvent => ({
  kind: 'call-ended',
  call,
  direction: ending.direction ?? 'outgoing',
  caller: '+33155550001',
  called: ending.called ?? '+33123456789',
  class: 'invalid',
  links: ['main'],
  startedAt: 0,
  answeredAt: ending.unanswered ? null : 0,
  endedAt: seconds * 1000,
  seconds,
  cause: ending.cause ?? 'caller-hung-up',
  sipStatus: 200,
  codec: null,
  complete: true,
});

export const EPOCH = '0123456789abcdef';

export const recordOf = (seq: number, event: LedgerEvent, epoch = EPOCH): LedgerRecord => ({
  v: 1,
  device: 'box',
  epoch,
  seq,
  prev: '0'.repeat(64),
  salt: '0'.repeat(32),
  clock: { wall: 0, mono: 0, boot: 'boot', quality: 'synced' },
  event,
});

type Told = { readonly account: SiteAccount; readonly charges: readonly Charge[] };

/** Folds a history into an account, each event with the next sequence number of its epoch. */
export function tell(events: readonly LedgerEvent[], contract: Contract, from?: SiteAccount): Told {
  let account = from ?? emptySiteAccount();
  const charges: Charge[] = [];
  for (const event of events) {
    const folded = foldRecord(account, recordOf(account.seq + 1, event), contract);
    account = folded.account;
    if (folded.charge !== undefined) charges.push(folded.charge);
  }
  return { account, charges };
}

/** An account with one lease of the open cycle 1. */
export const lent = (ticks: number, bundleSeconds: number, contract = sampleContract()): SiteAccount =>
  tell([{ kind: 'cycle-opened', cycle: 1 }, lease('first', ticks, bundleSeconds)], contract).account;
