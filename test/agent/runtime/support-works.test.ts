import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../agent/model/diagnosis.ts';
import type { LedgerEvent } from '../../../agent/model/record.ts';
import { millis } from '../../../agent/model/units.ts';
import type { AgentPorts } from '../../../agent/ports/agent-ports.ts';
import type { Packet } from '../../../agent/ports/uplink.ts';
import type { Write } from '../../../agent/runtime/connection.ts';
import type { Ledger } from '../../../agent/runtime/ledger.ts';
import { createSupportWorks } from '../../../agent/runtime/support-works.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createVoiceWatch } from '../../../agent/runtime/voice-watch.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { SIGHT } from '../usp/desk.ts';

const LINES = { lines: [{ number: '+33172890001', label: 'Desk' }] };
const wish = {
  order: { id: 'usp-1', target: { by: 'slot', slot: 2 }, reason: 'support', by: 'self::support.second' },
  pin: '1234',
} as const;
const ended = (swap: string, outcome: 'swapped' | 'returned'): LedgerEvent => ({
  ...{ kind: 'sim-swapped', swap, stage: 'ended', reason: 'support', by: 'self::support.second' },
  ...{ from: '8933150319000000001', to: '8933100000000000002', outcome, why: 'line-lost', at: 5 },
});

/** The works of one agent, and the far side of its ports. */
function world(up = true, finding?: Finding) {
  const finished: unknown[] = [];
  const published: unknown[] = [];
  const ordered: unknown[] = [];
  const sent: { topic: string; packet: Packet | undefined; done: (taken: boolean) => void }[] = [];
  const kept: LedgerEvent[] = [];
  const voice = createVoiceWatch(LINES as never, createSimClock(millis(0)));
  const ledger = voice.over({
    openCalls: () => new Map(),
    append: (event: LedgerEvent) => kept.push(event),
  } as unknown as Ledger);
  const works = createSupportWorks({
    ports: {
      ...(finding && { diagnostics: { run: (_order, done) => done(finding) } }),
      journal: { step: () => undefined, fault: () => undefined },
      ...({} as Pick<AgentPorts, 'devices' | 'clock' | 'boot'>),
    },
    turns: createTurns(),
    connection: {
      up: () => up,
      offer: (topic: string, write: Write, done: (taken: boolean) => void = () => undefined) =>
        write(2_000, (packet) => {
          sent.push({ topic, packet: typeof packet === 'string' ? undefined : packet, done });
        }),
    },
    voice,
    swap: (message) => ordered.push(message),
    sight: () => SIGHT,
    bulkOn: (controller) => (controller === 2 ? 'bulk/second' : undefined),
    finished: (request, output) => finished.push([request, output]),
    published: (profile, taken) => published.push([profile, taken]),
  });
  return { works, voice, ledger, kept, finished, published, ordered, sent };
}
const report = (profile: string, ...reports: readonly string[]) =>
  ({ do: 'publish', profile, controller: 2, reports, encoding: 'JSON' }) as const;

describe('what controllers set going (M-1)', () => {
  it('S-1, M-1: an order for the card ends when the record says so, for its own name alone', () => {
    const { works, voice, ledger, finished, ordered, kept } = world();
    works.perform({ do: 'swap', request: 7, wish });
    expect([ordered, finished]).toEqual([[wish], []]);
    ledger.append(ended('another', 'swapped'));
    expect(finished).toEqual([]);
    ledger.append(ended('usp-1', 'returned'));
    ledger.append(ended('usp-1', 'returned'));
    expect(finished).toEqual([
      [
        7,
        {
          ...{ Status: 'Error_Other', Order: 'usp-1', Outcome: 'returned', Why: 'line-lost' },
          ...{ From: '8933150319000000001', To: '8933100000000000002' },
        },
      ],
    ]);
    expect([kept.length, voice.lastSwap()?.outcome]).toEqual([3, 'returned']);
  });

  it('M-1: a test tells what it found, and a box that can test nothing says so', () => {
    const diagnosis = {
      test: 'lookup',
      link: 'main',
      name: 'a',
      server: '192.0.2.1',
      timeout: 1,
      repetitions: 1,
    } as const;
    const some = world(true, { test: 'lookup', results: [] });
    some.works.perform({ do: 'diagnose', request: 3, diagnosis });
    expect(some.finished).toEqual([[3, { Status: 'Complete', SuccessCount: '0' }]]);
    const none = world();
    none.works.perform({ do: 'diagnose', request: 4, diagnosis });
    expect(none.finished).toEqual([[4, { Status: 'Error_Internal' }]]);
  });

  it('R-BULK.8a, M-1: reports wait for each other on a topic; what the broker takes is told, and what cannot go at once', () => {
    const { works, published, sent } = world();
    works.perform(report('one', '{"a":1}'));
    works.perform(report('two', '{"b":2}', '{"c":3}'));
    expect(sent.map(({ topic }) => topic)).toEqual(['bulk/second']);
    expect(sent[0]?.packet?.contentType).toBe('application/json; charset=UTF-8');
    sent[0]?.done(true);
    expect(new TextDecoder().decode(sent[1]?.packet?.bytes)).toBe('{"Report":[{"b":2},{"c":3}]}');
    sent[1]?.done(false);
    expect(published).toEqual([
      ['one', true],
      ['two', false],
    ]);
    works.perform(report('long', JSON.stringify('x'.repeat(3_000))));
    expect(published.at(-1)).toEqual(['long', false]);
    works.perform({ ...report('nobody', '{}'), controller: 9 });
    expect(published.at(-1)).toEqual(['nobody', false]);
    const away = world(false);
    away.works.perform(report('one', '{}'));
    expect([away.published, away.sent]).toEqual([[['one', false]], []]);
  });

  it('R-BULK.11: CSV says what it is, and that its first line is of headers', () => {
    const { works, sent } = world();
    works.perform({ ...report('one', '["a,b","1,2","\\r\\n"]', '["a,b","3,4","\\r\\n"]'), encoding: 'CSV' });
    expect(sent[0]?.packet?.contentType).toBe('text/csv; charset=UTF-8; header=present');
    expect(new TextDecoder().decode(sent[0]?.packet?.bytes)).toBe('a,b\r\n1,2\r\n3,4\r\n');
  });

  it('M-1: a connection that is lost takes what waited with it', () => {
    const { works, sent } = world();
    works.perform(report('one', '{}'));
    works.left();
    works.perform(report('one', '{}'));
    expect(sent).toHaveLength(2);
  });
});
