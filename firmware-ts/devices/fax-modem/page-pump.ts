import { type Millis, millis } from '../../../agent/model/units.ts';
import { cutAtFill, startFillCutter } from './fill-places.ts';
import type { PagePump, PumpEvent, PumpStep } from './pump-state.ts';

/** A page of 2 MB and its surroundings. */
const MOST_READY = 4 << 20;
const NOTHING = new Uint8Array(0);
/** A modem whose buffer is smaller is none. */
const LEAST_AHEAD = 96;
/** Written at first, and after XON; then a little more than the modem sends, so that an XOFF finds little on its way. */
const FIRST_BURST = 128;
const MORE_THAN_SENT = 30;
/** It is looked at again when a quarter of what the modem has is sent; with nothing in hand, as often as a system's timers are good for. */
const SHARE_OF_LEVEL = 4;
const SOONEST = 10;
const LATEST = 60;
const ZERO = 0x00;
const FLAG = 0x7e;

/**
 * Feeds a page to a modem that drops its carrier when it runs dry behind anything but a zero octet (T.31 8.3.4, EIA-578).
 * Pure: it is told what time it is and answers what to write.
 *
 *   waiting ── lead in hand, or its time over ──► flowing ── ended, all written ──► over
 *   flowing: `waiting` octets up to `ahead` of the modem; with nothing whole in hand, filler that spoils nothing.
 */
export function stepPump(pump: PagePump, event: PumpEvent): PumpStep {
  switch (event.on) {
    case 'begun':
      return quiet({ ...pump, begun: event.now });
    case 'fed':
      return quiet(fed(pump, event.octets, event.now));
    case 'held':
      return heldBy(pump, event.held, event.now);
    case 'ended':
      return quiet(ended(pump));
    case 'tick':
      return tick(pump, event.now);
  }
}

/** When the next tick is due: the less the modem has in hand, the sooner. */
export function untilTick({ flowing, written, rules }: PagePump, now: Millis): Millis {
  if (flowing === undefined) return millis(SOONEST * 2);
  const left = (written * 8_000) / rules.rate - (now - flowing);
  return millis(Math.max(SOONEST, Math.min(LATEST, left / SHARE_OF_LEVEL)));
}

const quiet = (pump: PagePump): PumpStep => [pump, { octets: NOTHING, over: false }];

function fed(pump: PagePump, octets: Uint8Array, now: Millis): PagePump {
  if (pump.ended || octets.length === 0) return pump;
  if (pump.ready.length + octets.length > MOST_READY)
    return { ...pump, tally: { ...pump.tally, refused: pump.tally.refused + octets.length } };
  const firstFed = pump.firstFed ?? now;
  if (pump.rules.filler === 'flags') return { ...pump, firstFed, ready: joined(pump.ready, octets) };
  const [cutter, whole] = cutAtFill(pump.cutter, octets);
  return { ...pump, firstFed, cutter, ready: joined(pump.ready, whole) };
}

const ended = (pump: PagePump): PagePump => ({
  ...pump,
  ended: true,
  ready: joined(pump.ready, pump.cutter.open),
  cutter: startFillCutter(),
});

function tick(pump: PagePump, now: Millis): PumpStep {
  if (pump.over || pump.begun === undefined || now < pump.begun) return quiet(pump);
  if (pump.flowing === undefined) {
    if (pump.rules.filler === 'zeros' && !leadIsThere(pump, now)) return quiet(pump);
    return flow({ ...pump, flowing: now }, now);
  }
  return flow(pump, now);
}

/**
 * XOFF shows how far ahead this modem can be kept; the next one is not waited for, since what was written is on its way when it
 * comes. XON finds the modem nearly empty, whatever the clock made us believe.
 */
function heldBy(pump: PagePump, held: boolean, now: Millis): PumpStep {
  const { flowing, written, ahead, rules } = pump;
  if (flowing === undefined) return quiet({ ...pump, held });
  if (held) {
    const level = written - octetsIn(now - flowing, rules.rate);
    return quiet({ ...pump, held, ahead: Math.max(LEAST_AHEAD, Math.min(ahead, Math.floor((level * 3) / 4))) });
  }
  return flow({ ...pump, held, flowing: millis(now - (written * 8_000) / rules.rate) }, now);
}

/** Data that comes as fast as it goes makes the lead in the lead's own time; a slow sender is not waited for longer. */
function leadIsThere({ rules, ready, cutter, firstFed, ended: isEnded }: PagePump, now: Millis): boolean {
  if (isEnded) return true;
  if (firstFed === undefined) return false;
  return now - firstFed >= rules.lead || ready.length + cutter.open.length >= octetsIn(rules.lead, rules.rate);
}

/** Whole octets that a carrier takes in so long. */
const octetsIn = (time: number, rate: number): number => Math.floor((time * rate) / 8_000);

function flow(pump: PagePump, now: Millis): PumpStep {
  const settled = afterDry(pump, now);
  if (settled.held) return quiet({ ...settled, latest: now });
  const { rules, latest, ready, flowing = now } = settled;
  const level = settled.written - octetsIn(now - flowing, rules.rate);
  const sent = latest === undefined ? FIRST_BURST : octetsIn(now - latest, rules.rate) + MORE_THAN_SENT;
  const burst = level < FIRST_BURST ? Math.max(FIRST_BURST, sent) : sent;
  const room = Math.max(0, Math.min(burst, settled.ahead - level));
  // In ECM the lead is flags: the signal begins with them at once.
  const pageBegan = rules.filler === 'zeros' || settled.written > settled.tally.filler;
  const mayWrite = pageBegan || leadIsThere(settled, now);
  const octets = mayWrite ? ready.subarray(0, room) : NOTHING;
  const rest = ready.subarray(octets.length);
  const isOver = settled.ended && rest.length === 0;
  const hasMore = isOver || (mayWrite && rest.length > 0);
  const filler = hasMore ? NOTHING : fillerFor(settled, level + octets.length, octets.length);
  const all = joined(octets, filler);
  const tally = { ...settled.tally, filler: settled.tally.filler + filler.length };
  const next = { ...settled, ready: rest, written: settled.written + all.length, latest: now, over: isOver, tally };
  return [next, { octets: all, over: isOver }];
}

/**
 * Nothing whole is left: fill up to half of what the modem is kept ahead. One zero at least goes behind the last line, for
 * then a modem that runs dry all the same, because nobody ticks us, fills with zeros itself.
 */
function fillerFor({ rules, ahead }: PagePump, level: number, wrote: number): Uint8Array {
  const wanted = Math.max(0, (ahead >> 1) - level);
  if (rules.filler === 'flags') return new Uint8Array(wanted).fill(FLAG);
  return new Uint8Array(Math.max(wrote > 0 ? 1 : 0, wanted)).fill(ZERO);
}

/** More time passed than octets were written: the modem went on without us, or dropped its carrier. */
function afterDry(pump: PagePump, now: Millis): PagePump {
  const { rules, flowing = now, written, tally } = pump;
  const level = written - octetsIn(now - flowing, rules.rate);
  if (level >= 0 || written === 0) return pump;
  const late = millis((-level * 8_000) / rules.rate);
  const lastWasZero = rules.filler === 'zeros' && pump.ready.length === 0;
  return {
    ...pump,
    flowing: millis(flowing + late),
    tally: { ...tally, dry: tally.dry + 1, dropped: tally.dropped + (lastWasZero ? 0 : 1) },
  };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (other.length === 0) return one;
  if (one.length === 0) return other;
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
