import type { ClockBlock } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { isNextPagePaid } from '../rating/credit/site-faxes.ts';
import type { FaxUnderWay } from '../rating/limits/mass-fax.ts';
import { createCallPolicy } from './call-policy.ts';
import { classOfFax, judgeFax } from './fax-admission.ts';
import type { FaxAdmit, FaxFact, FaxReport } from './fax-facts.ts';
import { type FaxCourse, type FaxFacts, faxEnded } from './fax-record.ts';
import type { Ledger } from './ledger.ts';
import { readClock } from './read-clock.ts';
import { createRecorder } from './recorder.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'random'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'account' | 'limits' | 'faxes' | 'hasRoom'>;
};

/** Judges and records the faxes of terminal lines as those of a machine are (U-1, X-3 to X-5). */
export type FaxBook = {
  readonly admit: FaxAdmit;
  readonly goesOn: (fax: string) => boolean;
  readonly report: FaxReport;
  /** Pages of a fax sent of late, as the records prove them, those of lives before included. */
  readonly proven: (fax: string) => number;
  /** A fax that was let through and is not called after all. */
  readonly giveUp: (fax: string) => void;
  /** Faxes of the site that this book did not admit: the pace is of the account. */
  readonly others: () => readonly FaxUnderWay[];
};

type Going = { readonly facts: FaxFacts; answeredAt: ClockBlock | undefined; pages: number };

export function createFaxBook({ config, contract, ports, turns, ledger }: Needs): FaxBook {
  const policy = createCallPolicy(config);
  const record = createRecorder(ledger, turns);
  const admitted = new Map<string, Going>();
  const byCall = new Map<string, Going>();
  const own = new Set<string>();
  const site = () => ({
    ...{ contract, policy, account: ledger.account(), inForce: ledger.limits().inForce },
    ...{ traffic: ledger.faxes(), recording: ledger.hasRoom(), clockKnown: ports.boot.quality() !== 'never' },
  });

  const start = (wish: Pick<FaxFacts, 'direction' | 'line' | 'party' | 'class'>): Going => ({
    facts: { fax: ports.random.hex(8), startedAt: readClock(ports), ...wish },
    ...{ answeredAt: undefined, pages: 0 },
  });

  function begin({ facts: { startedAt: _, ...named } }: Going, durable: () => void): void {
    record({ kind: 'fax-begun', ...named }, durable);
  }

  function received({ id, line, peer }: Extract<FaxFact, { on: 'begun' }>): void {
    const party = peer ?? '';
    const kind = classOfFax(contract, { line, dialled: party, at: readClock(ports).wall });
    const going = start({ direction: 'received', line, party, class: kind });
    byCall.set(id, going);
    begin(going, () => undefined);
  }

  function end(going: Going, fact: Extract<FaxFact, { on: 'ended' }>): void {
    const { rate, ecm, mended } = fact.tally;
    const course: FaxCourse = {
      ...{ begun: true, answeredAt: going.answeredAt, pages: going.pages, polled: false, sipCallId: fact.id },
      machines: { rate, ecm: rate === undefined ? undefined : ecm, mended },
    };
    byCall.delete(fact.id);
    admitted.delete(going.facts.fax);
    record(faxEnded(going.facts, course, { outcome: fact.outcome, at: readClock(ports) }), () => undefined);
  }

  return {
    admit({ line, dialled }, done) {
      const at = readClock(ports);
      const { class: kind, refused } = judgeFax({ line, dialled, at: at.wall }, site());
      const going = start({ direction: 'sent', line, party: dialled, class: kind });
      const { fax } = going.facts;
      if (refused !== undefined) {
        const course = { begun: false, answeredAt: undefined, pages: 0, polled: false, sipCallId: undefined } as const;
        const ended = faxEnded(going.facts, { ...course, machines: undefined }, { outcome: refused, at });
        return record(ended, () => done({ fax, refused }));
      }
      admitted.set(fax, going);
      own.add(fax);
      begin(going, () => done({ fax, refused }));
    },
    goesOn: (fax) => admitted.get(fax)?.facts.class === 'emergency' || isNextPagePaid(ledger.account(), fax),
    report(fact) {
      if (fact.on === 'begun' && fact.fax === undefined) return received(fact);
      const going = fact.on === 'begun' ? admitted.get(fact.fax ?? '') : byCall.get(fact.id);
      if (going === undefined) return;
      if (fact.on === 'begun') byCall.set(fact.id, going);
      if (fact.on === 'answered') going.answeredAt ??= readClock(ports);
      if (fact.on === 'ended') end(going, fact);
      if (fact.on !== 'page-confirmed') return;
      const { fax, direction } = going.facts;
      going.pages = fact.pages;
      record({ kind: 'fax-page', fax, direction, page: fact.pages }, () => undefined);
    },
    proven: (fax) => ledger.faxes().sent.find((one) => one.fax === fax)?.pages ?? 0,
    giveUp(fax) {
      const going = admitted.get(fax);
      if (going === undefined) return;
      admitted.delete(fax);
      const course = { begun: true, answeredAt: undefined, pages: 0, polled: false, sipCallId: undefined } as const;
      const how = { outcome: 'no-room-for-record', at: readClock(ports) } as const;
      record(faxEnded(going.facts, { ...course, machines: undefined }, how), () => undefined);
    },
    others: () => ledger.faxes().sent.filter(({ fax }) => !own.has(fax)),
  };
}
