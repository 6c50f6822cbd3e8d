import { readFileSync } from 'node:fs';
import { type Deck, DeckSchema } from '../../../../agent/model/deck.ts';
import { NumberingSchema } from '../../../../agent/model/numbering.ts';
import type { LedgerEvent, LedgerRecord, Reservation } from '../../../../agent/model/record.ts';
import { type Regime, RegimeSchema } from '../../../../agent/model/regime.ts';
import type { Charge } from '../../../../agent/rating/credit/charge.ts';
import { type Contract, contractOf } from '../../../../agent/rating/credit/contract.ts';
import { reserve as reserveFor } from '../../../../agent/rating/credit/reserve.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../../agent/rating/credit/site-account.ts';
import { siteConfig } from '../../../example-site.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';

const NUMBERING = NumberingSchema.parse(
  JSON.parse(
    readFileSync(new URL('../../../../provisioning/numbering/numbering-2025-07-02.json', import.meta.url), 'utf8'),
  ),
);

const BUNDLED = ['331', '339', '336'];

/** A deck that a reader can hold in mind: prices in micro-euro per minute, hence in ticks per second. */
export const DECK: Deck = DeckSchema.parse({
  schema: 'relais/deck/1',
  id: 'sample',
  version: 1,
  label: 'sample',
  from: '2020-01-01',
  vatPerMille: 200,
  voice: [
    { for: { prefix: '331' }, name: 'geographic', perMinuteMicroEuro: 10 },
    { for: { prefix: '339' }, name: '09', perMinuteMicroEuro: 10 },
    { for: { prefix: '336' }, name: 'mobile', perMinuteMicroEuro: 30, perCallMicroEuro: 2 },
    { for: { prefix: '3380' }, name: 'free', perMinuteMicroEuro: 0 },
    { for: { prefix: '3389' }, name: 'per call', perMinuteMicroEuro: 0, perCallMicroEuro: 5 },
    { for: { prefix: '49' }, name: 'Germany', perMinuteMicroEuro: 50 },
    { for: { prefix: '4915' }, name: 'Germany mobile', perMinuteMicroEuro: 70 },
    { for: { prefix: '49150' }, name: 'barred', perMinuteMicroEuro: 0, barred: true },
    { for: { prefix: '262692' }, name: 'Réunion mobile', perMinuteMicroEuro: 40 },
    { for: { prefix: '508' }, name: 'Saint-Pierre', perMinuteMicroEuro: 45 },
    { for: { short: '39' }, name: '39PQ', perMinuteMicroEuro: 80 },
    { for: { short: '36' }, name: '36PQ', perMinuteMicroEuro: 85 },
    { for: { short: '118' }, name: '118XYZ', perMinuteMicroEuro: 90 },
  ],
  plans: [
    {
      id: 'bundle',
      name: 'bundle',
      service: 'fixed',
      monthlyMicroEuro: 0,
      voice: { is: 'bundle', seconds: 3_600, includes: BUNDLED.map((prefix) => ({ prefix })) },
    },
  ],
});

export const ON_NET = new Set(['+33155550001', '+33155550002']);

export type Twist = {
  readonly sticky?: boolean;
  readonly setupFeeDue?: Regime['cap']['setup_fee_due'];
  readonly kind?: Regime['credit']['kind']['value'];
  /** services by the minute dearer than this, in micro-euro TTC, end after so many seconds. */
  readonly longService?: { readonly over: number; readonly seconds: number };
};

const SITE = siteConfig();
const made = new Map<string, Contract>();

/** Reading a regime and a price list takes milliseconds, and histories ask thousands of times. */
export function sampleContract(twist: Twist = {}): Contract {
  const key = JSON.stringify(twist);
  const contract = made.get(key) ?? makeContract(twist);
  made.set(key, contract);
  return contract;
}

function makeContract({
  sticky = false,
  setupFeeDue = 'first_paid_second',
  kind = 'hard-cap',
  ...twist
}: Twist): Contract {
  const limited = {
    limitMicroEuro: { value: 150_000_000, article: 'art. 13' },
  };
  const regime = RegimeSchema.parse({
    id: 'mie',
    version: 1,
    operator: 'sample',
    voice: { udpPorts: { value: [5060], article: 'sample' } },
    articles: { metered: 'art. 12.2' },
    credit: {
      kind: { value: kind, article: 'art. 13' },
      cut_running_calls: { value: kind === 'hard-cap', article: 'art. 13' },
      ...(kind === 'none' ? {} : limited),
    },
    cap: { setup_fee_due: setupFeeDue, sticky },
    lease: { microEuro: 1000, bundleSeconds: 600 },
    ...(twist.longService === undefined ? {} : { payoutTerms: payoutOf(twist.longService) }),
  });
  const lines = [...ON_NET].map((number) => ({ number, label: 'line', plan: 'bundle' }));
  return contractOf({ ...SITE, regime, tariff: DECK, numbering: NUMBERING, lines });
}

const payoutOf = ({ over, seconds }: NonNullable<Twist['longService']>) => ({
  ...CMI_PAYOUT,
  longService: { value: { overMicroEuroTtcPerMinute: over, maximumSeconds: seconds }, article: 'art. 4' },
});

/** What a line of the site reserves for a call to that number. */
export const reserve = (
  account: SiteAccount,
  contract: Contract,
  called: string,
  direction: 'outgoing' | 'incoming',
  seconds: number,
  call?: string,
) =>
  reserveFor(account, contract, {
    ...{ caller: '+33155550001', called, direction, at: 0, seconds },
    ...(call === undefined ? {} : { call }),
  });

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
