import type { BridgeNews } from '../fax/bridge/bridge-state.ts';
import type { FaxLineEvent } from '../machines/fax-line-state.ts';
import type { FaxOutcomeCode } from '../model/fax-events.ts';
import type { FaxModemNews } from '../model/fax-modem.ts';
import { never } from '../model/never.ts';
import type { ClockBlock } from '../model/record.ts';
import { seconds } from '../model/units.ts';
import type { FaxCall, FaxCallNews, FaxTerms } from '../ports/fax-calls.ts';
import { isNextPagePaid } from '../rating/credit/site-faxes.ts';
import { createFaxBridge, type FaxBridge, type FaxSight } from './fax-bridge.ts';
import type { FaxDeskNeeds } from './fax-desk.ts';
import type { FaxModemWatch } from './fax-modem-watch.ts';
import { type FaxCourse, type FaxFacts, faxEnded, outcomeOfCall } from './fax-record.ts';
import { createGatedLine } from './gated-line.ts';
import { readClock } from './read-clock.ts';
import { createRecorder } from './recorder.ts';
import { createTimers } from './timers.ts';

type Needs = Pick<FaxDeskNeeds, 'ports' | 'turns' | 'ledger' | 'calls'> & {
  readonly modem: FaxModemWatch;
  readonly imageAtOnce: boolean;
  readonly hear: (event: FaxLineEvent) => void;
};

/** One fax of the machine, from its first record to its last: its call, its bridge, and its pages. */
export type FaxAtMachine = {
  readonly facts: FaxFacts;
  course(): FaxCourse;
  /** On the medium before the call is made. */
  recordBegin(durable: () => void): void;
  take(call: FaxCall): void;
  dial(): void;
  answer(): void;
  turnToFax(): void;
  hangUp(): void;
  turnAway(): void;
  begin(caller: 'machine' | 'far'): void;
  openFar(): void;
  closeFar(): void;
  refuseFar(): void;
  hear(news: FaxModemNews): void;
  hearCall(news: FaxCallNews): void;
  end(outcome: FaxOutcomeCode): void;
  stop(): void;
};

/** Until T.38 is agreed: nothing is sent by them. */
const UNAGREED = { version: 0, maxBitRate: 14_400, largest: 1_400, repair: 'secondaries' } as const satisfies FaxTerms;
/** A class 1 modem dials its own pair: whatever it dials, the machine rings. */
const RINGS = '0';
/** The machine hears its MCF before the line is taken from it. */
const CREDIT_SPENT = seconds(3);
/** Behind these a machine sends no page more. */
const LAST_PAGE: readonly FaxSight['after'][] = ['EOP', 'PRI-EOP'];

const machinesOf = ({ command, mended }: FaxSight): FaxCourse['machines'] => ({
  rate: command?.rate,
  ecm: command && command.ecmFrame !== undefined,
  mended,
});

export function createFaxAtMachine(facts: FaxFacts, needs: Needs): FaxAtMachine {
  const { ports, turns, ledger, modem } = needs;
  const line = createGatedLine(modem.order);
  const timers = createTimers<'credit'>(ports.clock, turns);
  let call: FaxCall | undefined;
  let bridge: FaxBridge | undefined;
  let answeredAt: ClockBlock | undefined;
  let begun = false;
  let pages = 0;
  let polled = false;

  const course = (): FaxCourse => ({
    ...{ begun, answeredAt, pages, polled, sipCallId: call?.id },
    machines: bridge && machinesOf(bridge.sight()),
  });

  const record = createRecorder(ledger, turns);
  function hearBridge(news: BridgeNews): void {
    switch (news.on) {
      case 'fax-heard':
        return needs.hear({ on: 'fax-heard' });
      case 'page-confirmed':
        return confirmPage(news.pages, news.direction);
      case 'over':
        return needs.hear({ on: 'bridge-over', outcome: news.outcome });
      default:
        return never(news);
    }
  }

  function confirmPage(page: number, direction: 'sent' | 'received'): void {
    pages = page;
    polled = facts.direction === 'sent' && direction === 'received';
    line.shut();
    // A machine that polls is sent pages by whom it called: those are not for the bill.
    record({ kind: 'fax-page', fax: facts.fax, direction, page }, line.open);
    const goesOn = !LAST_PAGE.includes(bridge?.sight().after);
    if (
      facts.direction === 'sent' &&
      goesOn &&
      !isNextPagePaid(ledger.account(), facts.fax) &&
      facts.class !== 'emergency'
    )
      timers.set('credit', CREDIT_SPENT, () => needs.hear({ on: 'credit-spent' }));
  }

  function hearCall(news: FaxCallNews): void {
    switch (news.on) {
      case 'ringing':
        return needs.hear({ on: 'call-ringing' });
      case 'answered':
        answeredAt ??= readClock(ports);
        return needs.hear({ on: 'call-answered' });
      case 'fax-opened':
        answeredAt ??= readClock(ports);
        terms = news.terms;
        bridge?.agree(terms);
        return needs.hear({ on: 'fax-opened' });
      case 'fax-refused':
        return needs.hear({ on: 'fax-refused' });
      case 'heard':
        return bridge?.hear(news.datagram);
      case 'over':
        return needs.hear({ on: 'call-over', outcome: outcomeOfCall(news) });
      default:
        return never(news);
    }
  }
  let terms: FaxTerms = UNAGREED;

  return {
    facts,
    course,
    recordBegin(durable) {
      const { startedAt: _, ...named } = facts;
      begun = true;
      record({ kind: 'fax-begun', ...named }, durable);
    },
    take(taken) {
      call = taken;
    },
    dial() {
      const attempt = { line: facts.line, dialled: facts.party, imageAtOnce: needs.imageAtOnce };
      call = needs.calls.dial(attempt, (news) => turns(() => hearCall(news)));
    },
    answer() {
      answeredAt ??= readClock(ports);
      call?.answer();
    },
    turnToFax: () => call?.turnToFax(),
    hangUp: () => call?.hangUp(),
    turnAway: () => call?.refuse(480),
    begin(caller) {
      const rules = { ...terms, ecm: true, trainingCheck: 'transferred' } as const;
      bridge = createFaxBridge({
        ...{ line, clock: ports.clock, turns, rules, tell: hearBridge },
        send: (datagram) => call?.send(datagram),
      });
      line.hear({ on: 'ready', dialect: '', modulations: modem.modulations() });
      bridge.call(caller === 'machine' ? { on: 'machine-called' } : { on: 'far-called', digits: RINGS });
    },
    openFar: () => bridge?.call({ on: 'far-opened' }),
    closeFar: () => bridge?.call({ on: 'far-closed' }),
    refuseFar: () => bridge?.call({ on: 'far-refused' }),
    hear: line.hear,
    hearCall,
    end(outcome) {
      timers.stop();
      record(faxEnded(facts, course(), { outcome, at: readClock(ports) }), () => undefined);
    },
    stop() {
      timers.stop();
      call?.hangUp();
    },
  };
}
