import { never } from '../model/never.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { UplinkNews } from '../ports/uplink.ts';
import { hasTurn } from '../usp/agent/answer.ts';
import { bulkReferences } from '../usp/agent/bulk.ts';
import { readingGroups } from '../usp/agent/reading-groups.ts';
import { startUsp, type UspEffect, type UspEvent, type UspState } from '../usp/agent/state.ts';
import { stepUsp, writeBook } from '../usp/agent/step.ts';
import type { Controller } from '../usp/controller.ts';
import type { Sight } from '../usp/sight.ts';
import { readRecord, writeConnect, writeDisconnect, writeMessage } from '../usp/wire/message.ts';
import type { Connection } from './connection.ts';
import { performFaxOrder, waitingFor } from './fax-orders.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createReadingWatch } from './reading-watch.ts';
import type { Readings } from './readings.ts';
import { fetchRelease, wishRelease } from './release-orders.ts';
import type { ServicesDesk } from './services-desk.ts';
import type { SimLine } from './sim-line.ts';
import { startAnew } from './start-anew.ts';
import { readBook } from './support-book.ts';
import { createSupportWorks } from './support-works.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';
import { createUnderWay } from './under-way.ts';
import { pathsIn, rulesOf } from './usp-rules.ts';
import type { VoiceWatch } from './voice-watch.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'devices' | 'boot' | 'clock' | 'journal' | 'random' | 'supportBook'> &
    Pick<AgentPorts, 'diagnostics' | 'faxSpool' | 'updates' | 'sim' | 'links'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append'>;
  readonly connection: Pick<Connection, 'offer' | 'up'>;
  readonly sight: () => Sight;
  readonly log: () => readonly string[];
  /** Absent where nothing is managed. */
  readonly services?: ServicesDesk | undefined;
  readonly readings: Readings;
  readonly voice: Pick<VoiceWatch, 'swapEnded'>;
  /** S-1: an order for the card of the mobile line. */
  readonly swap: SimLine['ordered'];
};

/** The management plane: answers controllers over the broker, and tells them what they subscribed to (M-1, M-3, M-6). */
export interface Support {
  hear(news: Extract<UplinkNews, { on: 'manageable' | 'record' }>): void;
  left(): void;
  stop(): void;
}

const LOOK = seconds(1);
const LOOK_AWAY = seconds(10);
/** Records that wait for a slot, for each controller: one that asks faster than its answers go loses answers. */
const MOST_WAITING = 64;
/** Requests of each controller that wait for a reading: a modem that is silent for seconds holds no flood (security line 22). */
const MOST_LOOKING = 100;
const CONTENT_TYPE = 'usp.msg';
/** Properties of a publication: less than this. */
const BESIDE = 300;
const SESSION_NOT_ALLOWED = 7106;

export function createSupport(needs: Needs): Support {
  const { config, ports, turns, ledger, connection, sight } = needs;
  const { journal, clock, random } = ports;
  const { services } = needs;
  const timers = createTimers<'look'>(clock, turns);
  const watch = createReadingWatch();
  const waiting = new Map<number, Uint8Array[]>();
  const kept = readBook(ports.supportBook?.read(), () =>
    journal.fault('what controllers had set could not be read and is forgotten', {}),
  );
  const { rules: signed, book } = rulesOf(config, kept);
  const rules = { ...signed, ...(services && { services: services.around }) };
  const machine = createMachine<UspState, UspEvent, UspEffect>({
    name: 'support',
    start: startUsp(book, waitingFor(ports.faxSpool?.documents)),
    step: (state, event) => stepUsp(state, event, rules),
    perform,
    clock,
    journal: { ...journal, step: () => undefined },
  });
  const looking = createUnderWay(MOST_LOOKING);
  let stopped = false;
  /** What comes back late from the world belongs to a life that is over. */
  const hear = (event: UspEvent): void => (stopped ? undefined : machine.hear(event));
  const now = (): { readonly sight: Sight; readonly chance: number } => ({ sight: sight(), chance: random.fraction() });
  const works = createSupportWorks({
    ...{ ports, turns, connection, sight, voice: needs.voice, swap: needs.swap },
    bulkOn: (number) => of(number)?.bulkOn,
    finished: (request, output) => hear({ on: 'finished', request, output, ...now() }),
    published: (profile, taken) => hear({ on: 'published', profile, taken, ...now() }),
  });
  const of = (number: number): Controller | undefined => rules.controllers.find((one) => one.number === number);

  function perform(effect: UspEffect): void {
    switch (effect.do) {
      case 'tell':
        return send(effect.controller, (ends) => writeMessage(ends, effect.msgId, effect.body));
      case 'greet':
        return send(effect.controller, (ends, heardOn) => writeConnect(ends, heardOn));
      case 'end-session':
        return send(effect.controller, (ends) =>
          writeDisconnect(ends, SESSION_NOT_ALLOWED, 'session context not allowed'),
        );
      case 'record':
        return ledger.append({ kind: 'support-action', ...effect.action, paths: [...effect.action.paths] });
      case 'keep':
        return ports.supportBook?.keep(writeBook(effect.book));
      case 'alarm':
        return journal.fault(effect.what, { topicOf: of(effect.controller)?.endpoint, from: effect.from });
      case 'run':
      case 'diagnose':
      case 'swap':
      case 'publish':
        return works.perform(effect);
      case 'fax':
        return performFaxOrder(ports.faxSpool?.documents, effect.order, (output, refusal) =>
          turns(() => hear({ on: 'finished', request: effect.request, output, refusal, ...now() })),
        );
      case 'fetch-release':
        return fetchRelease(effect, ports, ledger, (refusal) =>
          turns(() => hear({ on: 'finished', request: effect.request, output: {}, refusal, ...now() })),
        );
      case 'activate-release': {
        const refusal = wishRelease(effect.by, ports, ledger);
        return turns(() => hear({ on: 'finished', request: effect.request, output: {}, refusal, ...now() }));
      }
      case 'withdraw-release':
        return ports.updates?.withdraw();
      case 'start-anew':
        return startAnew(effect.restart, ports, ledger);
      case 'serve':
        return services?.want(effect.by, { rows: effect.rows, services: effect.services });
      case 'confirm':
        return services?.confirm(effect.change);
      case 'restore':
        return services?.restore(effect.by, effect.to);
      default:
        return never(effect);
    }
  }

  type Write = (ends: { readonly from: string; readonly to: string }, heardOn: string) => Uint8Array;

  function send(number: number, write: Write): void {
    const controller = of(number);
    if (controller === undefined || !connection.up()) return;
    const queue = waiting.get(number) ?? [];
    waiting.set(number, queue);
    if (queue.length >= MOST_WAITING)
      return journal.fault('a controller asks faster than it hears', { controller: controller.endpoint });
    queue.push(write({ from: rules.agent, to: controller.endpoint }, controller.heardOn));
    offer(controller, queue);
  }

  /** One record for each slot, in order. What is larger than the broker takes is given up: it would stop all behind it. */
  function offer(controller: Controller, queue: Uint8Array[]): void {
    connection.offer(
      controller.toldOn,
      (room, give) => {
        let bytes = queue.shift();
        while (bytes !== undefined && bytes.length + BESIDE > room) {
          journal.fault('an answer to a controller is larger than the broker takes', { bytes: bytes.length, room });
          bytes = queue.shift();
        }
        give(bytes && { bytes, contentType: CONTENT_TYPE, responseTopic: controller.heardOn });
      },
      () => {
        if (queue.length > 0) offer(controller, queue);
      },
    );
  }

  /** While nobody listens, alarms and reports are looked for more seldom: offline costs next to nothing. */
  function look(): void {
    const state = machine.state();
    const idle = state.at === 'away' && state.going.length === 0;
    timers.set('look', idle ? LOOK_AWAY : LOOK, look);
    const moment = { sight: sight() };
    const groups = readingGroups([...bulkReferences(state, moment, rules), ...watch.due(state, moment.sight.mono)]);
    needs.readings.refresh(groups, () => hear({ on: 'looked', ...now() }));
  }

  // Nobody manages this device: it draws no dice and keeps no time.
  if (rules.controllers.length === 0) return { hear: () => undefined, left: () => undefined, stop: () => undefined };
  // What a controller left that is gone shall not wait for it to come back.
  if (writeBook(book) !== writeBook(kept)) ports.supportBook?.keep(writeBook(book));
  timers.set('look', LOOK, look);
  return {
    hear(news) {
      if (news.on === 'manageable') {
        services?.reached();
        return machine.hear({ on: 'joined', ...now() });
      }
      const controller = rules.controllers.find(({ heardOn }) => heardOn === news.topic);
      // Before it is read: a thousand a second that nobody answers must cost next to nothing (security line 22).
      if (controller === undefined || !hasTurn(machine.state(), controller, clock.mono())) return;
      const record = readRecord(news.bytes);
      if (record === undefined) return;
      const { number } = controller;
      looking.begin(number, (ends) =>
        needs.readings.refresh(readingGroups(pathsIn(record)), () => {
          ends();
          hear({ on: 'heard', controller: number, record, log: needs.log(), ...now() });
        }),
      );
    },
    left() {
      waiting.clear();
      works.left();
      machine.hear({ on: 'left', ...now() });
    },
    stop() {
      stopped = true;
      timers.stop();
    },
  };
}
