import { createHash } from 'node:crypto';
import { canonical } from '../../agent/model/canonical.ts';
import { topics } from '../../agent/model/messages.ts';
import { type Lease, type LedgerEvent, type LedgerRecord, NO_RECORD_HASH } from '../../agent/model/record.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { reserve } from '../../agent/rating/credit/reserve.ts';
import { emptySiteAccount, foldRecord } from '../../agent/rating/credit/site-account.ts';
import { classify } from '../../agent/rating/numbering/classify.ts';

type Message = { readonly topic: string; readonly payload: string };

/** A box that talks to mobiles on credit it was lent: three records a call, one of them a charge. */
export type BenchBox = {
  readonly device: string;
  readonly bodies: readonly string[];
  hello(): Message;
  wish(): Message;
  hear(lease: Lease): void;
  call(): void;
  records(from: number, count: number): Message;
};

export const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const EPOCH = '00000000000000bb';
const CALLED = '0612345678';
const AT = 1_790_000_000_000;
const dialog = {
  ...{ sipCallId: 'call@phone', server: 'voice', phone: { address: '192.168.10.10', port: 5060 } },
  ...{ phoneParty: '<sip:front@voice>', networkParty: '<sip:other@voice>', recordRoute: [] },
  ...{ phoneSequence: 1, networkSequence: 0 },
};

export function createBenchBox(config: SiteConfig): BenchBox {
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const contract = contractOf(config);
  const caller = config.lines[0]?.number ?? '';
  const to = { called: CALLED, class: classify(CALLED, config.numbering).class };
  const bodies: string[] = [];
  let account = emptySiteAccount();
  let head = NO_RECORD_HASH;

  function write(event: LedgerEvent): void {
    const seq = bodies.length + 1;
    const clock = { wall: AT + seq * 1_000, mono: seq, boot: 'boot', quality: 'synced' } as const;
    const salt = sha256hex(`${device}${seq}`).slice(0, 32);
    const record: LedgerRecord = { v: 1, device, epoch: EPOCH, seq, prev: head, salt, clock, event };
    const body = canonical(record);
    account = foldRecord(account, record, contract).account;
    head = sha256hex(body);
    bodies.push(body);
  }

  function call(): void {
    const talk = { call: `call-${bodies.length}`, caller, direction: 'outgoing', ...to } as const;
    const wanted = { caller, called: CALLED, direction: 'outgoing', at: AT, seconds: 3 } as const;
    const { reservation } = reserve(account, contract, wanted);
    write({ kind: 'call-admitted', ...talk, link: 'main', reserved: reservation, dialog, media: null });
    write({ kind: 'call-answered', call: talk.call, dialog, media: null });
    const times = { startedAt: AT, answeredAt: AT + 2_000, endedAt: AT + 5_000, seconds: 3 };
    const end = { cause: 'caller-hung-up', sipStatus: 200, codec: 'PCMA', complete: true, links: ['main'] } as const;
    write({ kind: 'call-ended', ...talk, ...times, ...end, links: [...end.links] });
  }

  write({ kind: 'epoch-opened', reason: 'first' });
  write({
    kind: 'booted',
    software: 'bench',
    configVersion: config.version,
    regime: 'mie@1',
    tariff: 'example-2026@1',
  });
  write({ kind: 'cycle-opened', cycle: 1 });
  const say = (topic: string, message: object): Message => ({
    topic,
    payload: canonical({ device, epoch: EPOCH, ...message }),
  });
  return {
    device,
    bodies,
    hello: () => say(on.hello, { size: bodies.length, head, software: 'bench', configVersion: config.version }),
    wish: () => say(on.leaseRequest, { request: 'one', wantTicks: 600_000_000, wantBundleSeconds: 1_800 }),
    hear: (lease) => write({ kind: 'lease-received', lease }),
    call,
    records: (from, count) => say(on.records, { from, bodies: bodies.slice(from - 1, from - 1 + count) }),
  };
}
