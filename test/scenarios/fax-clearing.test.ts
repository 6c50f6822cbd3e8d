import { describe, expect, it } from 'vitest';
import { encodePage } from '../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../agent/fax/page/write-tiff.ts';
import { readIfp } from '../../agent/fax/t38/read-ifp.ts';
import { readUdptl } from '../../agent/fax/t38/read-udptl.ts';
import { type Ear, listen, startEar } from '../../agent/fax/terminal/ear.ts';
import { millis, minutes, seconds } from '../../agent/model/units.ts';
import type { FaxCall, FaxCallNews, FaxCalls } from '../../agent/ports/fax-calls.ts';
import type { FaxFact } from '../../agent/runtime/fax-facts.ts';
import { createFaxTerminal } from '../../agent/runtime/fax-terminal.ts';
import { createTurns } from '../../agent/runtime/turns.ts';
import { createDeskWorld, type DeskWorld } from '../../hw-sim/bench/fax/desk-world.ts';
import { pagesFor } from '../../hw-sim/bench/fax/sample-document.ts';
import { createReceivingMachine } from '../../hw-sim/fax/receiving-machine.ts';
import { createSendingMachine } from '../../hw-sim/fax/sending-machine.ts';
import type { SimClock } from '../../hw-sim/site/sim-clock.ts';
import { type End, faxWorld } from '../agent/runtime/fax-world.ts';
import { lent, siteAt, TICKS_A_PAGE } from './fax-site.ts';

/** "The call clears within 2 s of DCN or BYE." */
const CLEARED = 2_000;
const STEP = millis(10);

const lines = Array.from({ length: 200 }, (_, row) => Uint16Array.from(row % 3 === 0 ? [100, 700, 900, 1_200] : []));
const TIFF = writeTiff(
  [
    {
      ...({ coding: 'mmr', width: 1_728, resolution: 'fine' } as const),
      height: lines.length,
      octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
    },
  ],
  { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
);

/** When a line of a terminal heard DCN, and the call that it has. */
type Tap = { dcnAt: number | undefined; call: FaxCall | undefined; readonly calls: FaxCalls };

function tapped(clock: SimClock, { phones }: End): Tap {
  let ear: Ear = startEar();
  let last = -1;
  const hear = (news: FaxCallNews): void => {
    if (news.on !== 'heard') return;
    const { datagram } = readUdptl(news.datagram);
    if (datagram === undefined || datagram.sequence <= last) return;
    last = datagram.sequence;
    const { packet } = readIfp(datagram.primary, 0);
    if (packet === undefined) return;
    const [next, heard] = listen(ear, packet);
    ear = next;
    if (heard.some((one) => one.on === 'frame-heard' && one.frame.kind === 'DCN')) tap.dcnAt ??= clock.mono();
  };
  const both =
    (listener: (news: FaxCallNews) => void) =>
    (news: FaxCallNews): void => {
      hear(news);
      listener(news);
    };
  const tap: Tap = {
    ...{ dcnAt: undefined, call: undefined },
    calls: {
      dial(attempt, listener) {
        const call = phones.dial(attempt, both(listener));
        tap.call = call;
        return call;
      },
      onCall(take) {
        phones.onCall((call) => {
          tap.call = call;
          const listener = take(call);
          return listener && both(listener);
        });
      },
    },
  };
  return tap;
}

/** Two terminals over our own SIP; the called one keeps pages or fails to. */
function terminals(keeps: boolean) {
  const { clock, near, far } = faxWorld('clearing');
  const nothing = (): void => undefined;
  const ends = { caller: undefined as number | undefined, called: undefined as number | undefined };
  const [caller, called] = [tapped(clock, near), tapped(clock, far)];
  const common = (end: End, tap: Tap, who: 'caller' | 'called') => ({
    ...{ clock, turns: createTurns(), calls: tap.calls, pace: undefined, otherFaxes: () => [] },
    lines: [{ number: end.number, stationId: end.number }],
    ...{ goesOn: () => true, proven: () => 0, giveUp: nothing },
    admit: ((_, done) => done({ fax: 'fax', refused: undefined })) as Parameters<typeof createFaxTerminal>[0]['admit'],
    report(fact: FaxFact) {
      if (fact.on === 'ended') ends[who] ??= clock.mono();
    },
  });
  for (const { phones } of [near, far]) phones.start(new Map());
  const receiver = createFaxTerminal({
    ...common(far, called, 'called'),
    outbox: { onJob: nothing, open: nothing, note: nothing },
    inbox: { keep: (_fax, _page, _tiff, done) => done(keeps), end: nothing },
  });
  called.calls.onCall(receiver.take);
  clock.advance(minutes(1));
  const job = { id: 'a', line: near.number, to: far.number, pages: 1, confirmed: 0, tries: 0, notBefore: 0 };
  createFaxTerminal({
    ...common(near, caller, 'caller'),
    inbox: { keep: nothing, end: nothing },
    outbox: {
      onJob: (hear) => hear(job),
      open: (_, done) => done(TIFF),
      note: (_id, _note, kept = () => undefined) => kept(true),
    },
  });
  const until = (isSo: () => boolean): number => {
    const from = clock.mono();
    while (!isSo() && clock.mono() < from + 300_000) clock.advance(STEP);
    return clock.mono();
  };
  const byes = (): number => [...near.said, ...far.said].filter((text) => text.startsWith('BYE')).length;
  return { clock, caller, called, ends, until, byes };
}

describe('X-1, X-2: a call of a terminal clears within 2 s', () => {
  it.each([
    ['caller', 'called', true],
    ['called', 'caller', false],
  ] as const)('of DCN that the %s said and the %s heard', (_, hears, keeps) => {
    const story = terminals(keeps);
    const dcnAt = story.until(() => story[hears].dcnAt !== undefined);
    expect(story[hears].dcnAt).toBeDefined();
    story.until(() => story.ends.caller !== undefined && story.ends.called !== undefined && story.byes() > 0);
    expect(story.clock.mono() - dcnAt).toBeLessThanOrEqual(CLEARED);
    expect(story.byes()).toBeGreaterThan(0);
  });

  it.each([
    ['caller', 'called'],
    ['called', 'caller'],
  ] as const)('of the BYE of the %s, in the middle of a page, at the %s too', (leaves, other) => {
    const story = terminals(true);
    story.until(() => story.called.call !== undefined);
    story.clock.advance(seconds(9));
    const before = story.byes();
    const at = story.clock.mono();
    story[leaves].call?.hangUp();
    story.until(() => story.ends[other] !== undefined && story.ends[leaves] !== undefined);
    expect(story.clock.mono() - at).toBeLessThanOrEqual(CLEARED);
    expect([before, story.byes() > 0]).toEqual([0, true]);
  });
});

/** Two boxes with a fax machine behind the modem of each. */
function machines() {
  const { clock, near, far } = faxWorld('clearing machines');
  const taps = { caller: tapped(clock, near), called: tapped(clock, far) };
  const box = (end: End, { calls }: Tap): DeskWorld =>
    createDeskWorld({
      ...{ seed: end.number, wall: millis(0), config: siteAt(end.number) },
      ...{ given: lent(1_000 * TICKS_A_PAGE), real: { clock, calls } },
    });
  const [caller, called] = [box(near, taps.caller), box(far, taps.called)];
  const sending = caller.connect((say) =>
    createSendingMachine({ clock, say, fastest: 145, ecm: true, pages: pagesFor(1, true) }),
  );
  const taking = called.connect((say) => createReceivingMachine({ clock, say, ecm: true }));
  caller.handset.dial('0172890002');
  const isClear = ({ desk }: DeskWorld): boolean => ['on-hook', 'clearing'].includes(desk().state());
  const until = (isSo: () => boolean): number => {
    const from = clock.mono();
    while (!isSo() && clock.mono() < from + 300_000) clock.advance(STEP);
    return clock.mono();
  };
  const byes = (): number => [...near.said, ...far.said].filter((text) => text.startsWith('BYE')).length;
  return { clock, taps, caller, called, sending, taking, isClear, until, byes };
}

describe('X-1: a call of a fax machine clears within 2 s', () => {
  it('of DCN, at the caller and at the called', () => {
    const story = machines();
    const heard = (): boolean => story.taking.story().includes('heard DCN');
    const dcnAt = story.until(() => heard() || story.byes() > 0);
    story.until(() => story.isClear(story.caller) && story.isClear(story.called) && story.byes() > 0);
    expect(story.clock.mono() - dcnAt).toBeLessThanOrEqual(CLEARED);
    expect(story.sending.result()).toBe('sent');
    story.clock.advance(seconds(2));
    expect(heard()).toBe(true);
  });

  it.each(['caller', 'called'] as const)('of the BYE of the %s, in the middle of a page, at both', (leaves) => {
    const story = machines();
    story.until(() => story.called.desk().state() === 'talking' && story.caller.desk().state() === 'talking');
    story.clock.advance(seconds(12));
    expect(story.byes()).toBe(0);
    const at = story.clock.mono();
    story.taps[leaves].call?.hangUp();
    story.until(() => story.isClear(story.caller) && story.isClear(story.called));
    expect(story.clock.mono() - at).toBeLessThanOrEqual(CLEARED);
    expect(story.byes()).toBeGreaterThan(0);
    expect(story.sending.result()).not.toBe('sent');
  });
});
