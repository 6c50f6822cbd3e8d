import { expect, it } from 'vitest';
import type { CallQuality, LedgerEvent } from '../../../agent/model/record.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { MediaCounts, RtcpCopy } from '../../../agent/ports/media.ts';
import { createQualityWatch } from '../../../agent/runtime/quality-watch.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { receiverReport } from '../rtcp/compound.ts';

const DESK = { address: '192.168.10.10', port: 16_384, codec: 'PCMA' };

/** A kernel whose counters say what the test tells them, and whose copies come when the test says so. */
function kernel() {
  const clock = createSimClock(millis(0));
  const recorded: LedgerEvent[] = [];
  let counts: MediaCounts | undefined = { sent: new Map(), heard: new Map() };
  let asked = 0;
  let hear: (copy: RtcpCopy) => void = () => undefined;
  const watch = createQualityWatch({
    ports: {
      clock,
      media: {
        heard: () => undefined,
        counts: (done) => {
          asked += 1;
          done(counts);
        },
        listen: (listener) => {
          hear = listener;
        },
        close: () => undefined,
      },
    },
    turns: createTurns(),
    ledger: { append: (event) => recorded.push(event), hasRoom: () => true },
  });
  watch.open();
  return {
    ...{ clock, watch, recorded },
    asked: () => asked,
    tell: (next: MediaCounts | undefined) => {
      counts = next;
    },
    say: (port: number, lost: number) =>
      hear({
        from: 'phone',
        phone: { address: DESK.address, port },
        bytes: receiverReport(1, [{ source: 2, fraction: 64, lost, highest: 4 * lost }]),
      }),
  };
}

const flow = (packets: number) => new Map([['192.168.10.10:16384', { packets, octets: 200 * packets }]]);
const quality = (events: readonly LedgerEvent[]): readonly CallQuality[] =>
  events.filter((event) => event.kind === 'call-quality');

it('SIP quality: a call is recorded after its end with its counters and with RTCP of both ports (RFC 3550, RFC 5761)', () => {
  const { clock, watch, recorded, tell, say } = kernel();
  watch.begin('a', DESK, undefined);
  tell({ sent: flow(50), heard: flow(0) });
  clock.advance(seconds(1));
  for (let ten = 1; ten <= 3; ten += 1) {
    tell({ sent: flow(50 + 500 * ten), heard: flow(400 * ten) });
    clock.advance(seconds(10));
  }
  say(DESK.port + 1, 25);
  say(DESK.port, 50);
  say(DESK.port + 2, 900);
  expect(recorded).toEqual([]);
  watch.end('a');
  clock.advance(seconds(1));
  expect(quality(recorded)).toMatchObject([
    {
      call: 'a',
      sent: { counters: { packets: 1_500 } },
      heard: { counters: { packets: 1_200 }, rtcp: { reports: 2, lossPermyriad: 2_500 } },
    },
  ]);
});

it('SIP quality: the port of a call that is over is the next one’s; what nothing was seen of leaves no record', () => {
  const { clock, watch, recorded, tell, say } = kernel();
  tell(undefined);
  watch.begin('a', DESK, undefined);
  watch.end('a');
  watch.begin('b', DESK, undefined);
  say(DESK.port + 1, 25);
  clock.advance(seconds(2));
  expect(recorded).toEqual([]);
  watch.end('b');
  clock.advance(seconds(2));
  expect(quality(recorded).map(({ call }) => call)).toEqual(['b']);
});

it('SIP quality: ten thousand calls leave no timer behind, and the kernel is asked once a second for all of them', () => {
  const { clock, watch, recorded, say, asked } = kernel();
  for (let call = 0; call < 10_000; call += 1) {
    const port = 10_000 + 2 * (call % 400);
    watch.begin(`c${call}`, { ...DESK, port }, undefined);
    if (call >= 100) watch.end(`c${call - 100}`);
    say(port + 1, 1);
    clock.advance(millis(10));
  }
  for (let call = 9_900; call < 10_000; call += 1) watch.end(`c${call}`);
  clock.advance(seconds(12));
  expect(quality(recorded)).toHaveLength(10_000);
  expect(asked()).toBeLessThan(125);
  const before = clock.fired();
  clock.advance(seconds(600));
  expect(clock.fired()).toBe(before);
});

it('SIP quality: RTCP is known by the port that the phone named for it, and no more once the phone moved it (RFC 3605)', () => {
  const { clock, watch, recorded, tell, say } = kernel();
  tell({ sent: flow(50), heard: flow(50) });
  watch.begin('a', { ...DESK, rtcpPort: 20_000 }, undefined);
  say(20_000, 25);
  watch.agreed('a', { ...DESK, rtcpPort: 20_002 }, undefined);
  say(20_000, 600);
  say(20_002, 50);
  watch.end('a');
  clock.advance(seconds(2));
  expect(quality(recorded)).toMatchObject([{ heard: { rtcp: { reports: 2 } } }]);
});
