import { stepFaxLine } from '../machines/fax-line.ts';
import { type FaxLineEffect, type FaxLineEvent, startFaxLine } from '../machines/fax-line-state.ts';
import { never } from '../model/never.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts, FaxModemPorts } from '../ports/agent-ports.ts';
import type { FaxCall, FaxCalls } from '../ports/fax-calls.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { createCallPolicy } from './call-policy.ts';
import { classOfFax, judgeFax } from './fax-admission.ts';
import { createFaxAtMachine, type FaxAtMachine } from './fax-at-machine.ts';
import { createFaxModemWatch } from './fax-modem-watch.ts';
import { faxEnded } from './fax-record.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { readClock } from './read-clock.ts';
import { createRecorder } from './recorder.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

export type FaxDeskNeeds = {
  readonly config: Pick<
    SiteConfig,
    'fax' | 'regime' | 'numbering' | 'waivers' | 'documentsReceived' | 'lines' | 'voice' | 'links'
  >;
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'random' | 'journal'>;
  readonly fax: Pick<FaxModemPorts, 'line'>;
  readonly calls: FaxCalls;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'account' | 'limits' | 'faxes' | 'hasRoom'>;
};

/** The fax machine of the site: its handset, the policy of the box, one call at a time, and the record of each fax. */
export interface FaxDesk {
  /** What the line is at, for support. */
  state(): ReturnType<typeof startFaxLine>['at'];
  stop(): void;
}

/**
 * Joins the modem of a fax machine with SIP and T.38 (X-1, X-3, X-4, X-5, U-1).
 */
export function openFaxDesk(needs: FaxDeskNeeds): FaxDesk {
  const { config, ports, turns, ledger, fax } = needs;
  const { clock, journal } = ports;
  const policy = createCallPolicy(config as SiteConfig);
  const own = (config.fax?.lines ?? []).filter(({ mode }) => mode === 'machine');
  const lines = own.map(({ number }) => number);
  const imageAtOnce = own[0]?.imageAtOnce === true;
  const timers = createTimers<string>(clock, turns);
  const record = createRecorder(ledger, turns);
  let going: FaxAtMachine | undefined;
  let stopped = false;

  const hear = (event: FaxLineEvent): void => {
    if (!stopped) machine.hear(event);
  };
  const modem = createFaxModemWatch({ clock, journal, turns }, fax.line, {
    handset: hear,
    bridge: (news) => going?.hear(news),
  });
  const machine = createMachine({
    name: 'fax-line',
    start: startFaxLine(),
    step: (state, event: FaxLineEvent) => stepFaxLine(state, event, { imageAtOnce }),
    perform,
    clock,
    journal,
  });

  const begin = (wish: Pick<FaxAtMachine['facts'], 'direction' | 'line' | 'party' | 'class'>): FaxAtMachine => {
    const facts = { fax: ports.random.hex(8), startedAt: readClock(ports), ...wish };
    return createFaxAtMachine(facts, {
      ...needs,
      modem,
      imageAtOnce,
      hear: (event) => going?.facts.fax === facts.fax && hear(event),
    });
  };

  function admit(digits: string): void {
    const line = lines[0] ?? '';
    const { class: kind, refused } = judgeFax(
      { line, dialled: digits, at: readClock(ports).wall },
      {
        ...{ contract: needs.contract, policy, account: ledger.account(), inForce: ledger.limits().inForce },
        ...{ traffic: ledger.faxes(), recording: ledger.hasRoom(), clockKnown: ports.boot.quality() !== 'never' },
      },
    );
    going = begin({ direction: 'sent', line, party: digits, class: kind });
    if (refused === undefined) return going.recordBegin(() => hear({ on: 'admitted' }));
    journal.fault('a fax was refused before it was dialed', { fax: going.facts.fax, because: refused });
    const ended = faxEnded(going.facts, going.course(), { outcome: refused, at: readClock(ports) });
    record(ended, () => hear({ on: 'refused' }));
  }

  function perform(effect: FaxLineEffect): void {
    switch (effect.do) {
      case 'sound':
        return modem.sound(effect.tone);
      case 'watch-handset':
        return modem.watchHandset();
      case 'admit':
        return admit(effect.digits);
      case 'begin-bridge':
        modem.leaveHandset();
        return going?.begin(effect.caller);
      case 'wait':
        return timers.set(effect.name, effect.for, () => hear({ on: 'waited', name: effect.name }));
      case 'stop-waiting':
        return timers.clear(effect.name);
      case 'end': {
        const ended = going;
        going = undefined;
        return ended?.end(effect.outcome);
      }
      case 'dial':
      case 'answer':
      case 'turn-to-fax':
      case 'hang-up':
      case 'turn-away':
      case 'open-far':
      case 'close-far':
      case 'refuse-far':
        return going?.[ORDERS[effect.do]]();
      default:
        return never(effect);
    }
  }

  /** One machine, one fax: whoever calls meanwhile hears that the line is busy. */
  function called(call: FaxCall): ReturnType<Parameters<FaxCalls['onCall']>[0]> {
    if (stopped || !lines.includes(call.line)) return undefined;
    if (machine.state().at !== 'on-hook') {
      call.refuse(machine.state().at === 'out-of-service' ? 480 : 486);
      return () => undefined;
    }
    const party = call.peer ?? '';
    const kind = classOfFax(needs.contract, { line: call.line, dialled: party, at: readClock(ports).wall });
    const fax = begin({ direction: 'received', line: call.line, party, class: kind });
    going = fax;
    fax.take(call);
    fax.recordBegin(() => undefined);
    turns(() => hear({ on: 'called' }));
    return (news) => turns(() => fax.hearCall(news));
  }

  needs.calls.onCall(called);
  modem.start();
  return {
    state: () => machine.state().at,
    stop() {
      stopped = true;
      timers.stop();
      going?.stop();
      modem.stop();
    },
  };
}

const ORDERS = {
  dial: 'dial',
  answer: 'answer',
  'turn-to-fax': 'turnToFax',
  'hang-up': 'hangUp',
  'turn-away': 'turnAway',
  'open-far': 'openFar',
  'close-far': 'closeFar',
  'refuse-far': 'refuseFar',
} as const;
