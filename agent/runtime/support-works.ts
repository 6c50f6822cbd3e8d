import type { SimOrderMessage } from '../model/messages.ts';
import { never } from '../model/never.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { joinReports } from '../usp/agent/bulk-report.ts';
import type { UspEffect } from '../usp/agent/state.ts';
import { tellFinding } from '../usp/agent/tell-finding.ts';
import type { Sight } from '../usp/sight.ts';
import type { Connection } from './connection.ts';
import { selfTest } from './self-test.ts';
import type { Turns } from './turns.ts';
import type { VoiceWatch } from './voice-watch.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'diagnostics' | 'journal' | 'devices' | 'clock' | 'boot'>;
  readonly sight: () => Sight;
  readonly turns: Turns;
  readonly connection: Pick<Connection, 'offer' | 'up'>;
  readonly voice: Pick<VoiceWatch, 'swapEnded'>;
  /** S-1: an order for the card of the mobile line. */
  readonly swap: (message: Omit<SimOrderMessage, 'device'>) => void;
  /** Where the statistics of a controller are published. */
  readonly bulkOn: (controller: number) => string | undefined;
  readonly finished: (request: number, output: Readonly<Record<string, string>>) => void;
  readonly published: (profile: string, taken: boolean) => void;
};

type Work = Extract<UspEffect, { do: 'run' | 'diagnose' | 'swap' | 'publish' }>;

type Report = Extract<Work, { do: 'publish' }>;

/** R-BULK.8a, R-BULK.11. */
const CONTENT: Readonly<Record<Report['encoding'], string>> = {
  JSON: 'application/json; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=present',
};
const BESIDE = 300;
const MOST_ROOM = 250_000;

/** What controllers set going that takes its time: tests of a link, orders for the card, reports. */
export interface SupportWorks {
  perform(work: Work): void;
  /** The connection is gone: what waits for a slot belongs to the past. */
  left(): void;
}

export function createSupportWorks(needs: Needs): SupportWorks {
  const { ports, turns, connection, voice, finished, published } = needs;
  /** One report at a time on a topic: what waits there for a slot is one question. */
  const waiting = new Map<string, Report[]>();

  function publish(report: Report): void {
    const topic = needs.bulkOn(report.controller);
    if (topic === undefined || !connection.up()) return published(report.profile, false);
    const queue = waiting.get(topic) ?? [];
    waiting.set(topic, [...queue, report]);
    if (queue.length === 0) offer(topic, report);
  }

  function offer(topic: string, { profile, reports, encoding }: Report): void {
    const over = (taken: boolean): void => {
      const [, next, ...others] = waiting.get(topic) ?? [];
      waiting.set(topic, next === undefined ? [] : [next, ...others]);
      published(profile, taken);
      if (next !== undefined) offer(topic, next);
    };
    connection.offer(
      topic,
      (room, give) => {
        const text = joinReports(reports, Math.min(room - BESIDE, MOST_ROOM), encoding);
        if (text !== undefined) {
          return give({
            bytes: new TextEncoder().encode(text),
            contentType: CONTENT[encoding],
            responseTopic: '',
          });
        }
        ports.journal.fault('a report is larger than the broker takes', { profile, room });
        give(undefined);
        turns(() => over(false));
      },
      (taken) => turns(() => over(taken)),
    );
  }

  function run({ command, request }: Extract<Work, { do: 'run' }>): void {
    switch (command) {
      case 'SelfTestDiagnostics()':
        return selfTest(ports.devices, needs.sight, (output) =>
          turns(() => {
            if (request !== undefined) finished(request, output);
          }),
        );
      case 'X_RELAIS_LogTail()':
        return;
      default:
        return never(command);
    }
  }

  function perform(work: Work): void {
    switch (work.do) {
      case 'run':
        return run(work);
      case 'diagnose': {
        const { request, diagnosis } = work;
        if (ports.diagnostics === undefined) return turns(() => finished(request, { Status: 'Error_Internal' }));
        return ports.diagnostics.run(diagnosis, (finding) => turns(() => finished(request, tellFinding(finding))));
      }
      case 'swap': {
        const { request, wish } = work;
        voice.swapEnded(wish.order.id, ({ order, outcome, why, from, to }) =>
          turns(() =>
            finished(request, {
              ...{ Status: outcome === 'swapped' ? 'Complete' : 'Error_Other', Order: order },
              ...{ Outcome: outcome, Why: why, From: from, To: to },
            }),
          ),
        );
        return needs.swap(wish);
      }
      case 'publish':
        return publish(work);
      default:
        return never(work);
    }
  }

  return { perform, left: () => waiting.clear() };
}
