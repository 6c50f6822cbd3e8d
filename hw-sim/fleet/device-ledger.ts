import { createHash, randomBytes } from 'node:crypto';
import { EMPTY_FRONTIER, type Frontier, grow, leafHash } from '../../agent/evidence/merkle.ts';
import { canonical } from '../../agent/model/canonical.ts';
import { type CallEnded, type LedgerEvent, NO_RECORD_HASH } from '../../agent/model/record.ts';
import type { Contract } from '../../agent/rating/credit/contract.ts';
import { reserve } from '../../agent/rating/credit/reserve.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../agent/rating/credit/site-account.ts';
import { classify } from '../../agent/rating/numbering/classify.ts';

export const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

type Kept = { readonly body: string; readonly hash: string };

export type Talk = { readonly call: string; readonly dialled: string; readonly seconds: number };

/** The chain of one simulated device: the agent's records and its fold; what has a receipt is forgotten. */
export interface DeviceLedger {
  readonly epoch: string;
  size(): number;
  head(): string;
  /** Bodies from record `from` on, at most `count`. */
  bodies(from: number, count: number): readonly string[];
  /** Is this the hash of record `upTo`? Records up to there are forgotten if it is. */
  release(upTo: number, head: string): boolean;
  tree(): Frontier;
  account(): SiteAccount;
  ticksCharged(): number;
  write(event: LedgerEvent): void;
  /** Reserves in one slice and lets the INVITE pass; false when credit refuses it. */
  admit(talk: Talk): boolean;
  answer(talk: Talk): void;
  end(talk: Talk): void;
}

const DIALOG = {
  server: 'voice',
  phone: { address: '192.168.10.10', port: 5060 },
  phoneParty: '"Front desk" <sip:+33172890001@203.0.113.10>;tag=8f1c22aa90d1',
  networkParty: '<sip:0612345678@203.0.113.10>;tag=as5f9c1d20',
  phoneContact: '<sip:+33172890001@192.168.10.10:5060>',
  networkContact: '<sip:0612345678@203.0.113.10:5060>',
  recordRoute: ['<sip:203.0.113.10;lr>'],
  phoneSequence: 1,
  networkSequence: 0,
};
const MEDIA = { address: '192.168.10.10', port: 16_384, codec: 'PCMA' };

export function createDeviceLedger(device: string, caller: string, contract: Contract): DeviceLedger {
  const epoch = randomBytes(8).toString('hex');
  const boot = randomBytes(16).toString('hex');
  let kept: Kept[] = [];
  let forgotten = 0;
  let forgottenHead = NO_RECORD_HASH;
  let tree = EMPTY_FRONTIER;
  let account = emptySiteAccount();
  let ticks = 0;
  const size = (): number => forgotten + kept.length;
  const head = (): string => kept.at(-1)?.hash ?? forgottenHead;

  function write(event: LedgerEvent): void {
    const clock = { wall: Date.now(), mono: Math.round(performance.now()), boot, quality: 'synced' } as const;
    const salt = randomBytes(16).toString('hex');
    const record = { v: 1, device, epoch, seq: size() + 1, prev: head(), salt, clock, event } as const;
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    ticks += folded.charge?.ticks ?? 0;
    const body = canonical(record);
    tree = grow(tree, leafHash(body, digest), digest);
    kept.push({ body, hash: sha256hex(body) });
  }

  const told = ({ call, dialled }: Talk) => ({
    call,
    direction: 'outgoing' as const,
    caller,
    called: dialled,
    class: classify(dialled, contract.numbering).class,
  });

  return {
    epoch,
    size,
    head,
    bodies: (from, count) => kept.slice(from - 1 - forgotten, from - 1 - forgotten + count).map(({ body }) => body),
    release(upTo, hash) {
      if (upTo <= forgotten) return true;
      if (kept[upTo - forgotten - 1]?.hash !== hash) return false;
      kept = kept.slice(upTo - forgotten);
      forgotten = upTo;
      forgottenHead = hash;
      return true;
    },
    tree: () => tree,
    account: () => account,
    ticksCharged: () => ticks,
    write,
    admit(talk) {
      const { reservation, seconds } = reserve(account, contract, {
        ...{ caller, called: talk.dialled, direction: 'outgoing', at: Date.now(), seconds: talk.seconds },
      });
      if (seconds < talk.seconds) {
        write(ended({ ...told(talk), seconds: 0, cause: 'refused-credit' }));
        return false;
      }
      const dialog = { ...DIALOG, sipCallId: `${talk.call}@192.168.10.10` };
      write({ kind: 'call-admitted', ...told(talk), link: 'main', reserved: reservation, dialog, media: MEDIA });
      return true;
    },
    answer: ({ call }) =>
      write({ kind: 'call-answered', call, dialog: { ...DIALOG, sipCallId: `${call}@192.168.10.10` }, media: MEDIA }),
    end: (talk) => write(ended({ ...told(talk), seconds: talk.seconds, cause: 'caller-hung-up' })),
  };
}

type Told = Pick<CallEnded, 'call' | 'direction' | 'caller' | 'called' | 'class' | 'seconds' | 'cause'>;

function ended(told: Told): LedgerEvent {
  const now = Date.now();
  return {
    kind: 'call-ended',
    ...told,
    links: ['main'],
    startedAt: now - told.seconds * 1_000,
    answeredAt: told.cause === 'refused-credit' ? null : now - told.seconds * 1_000,
    endedAt: now,
    sipStatus: 200,
    codec: 'PCMA',
    complete: true,
  };
}
