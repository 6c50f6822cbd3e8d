import { millis, seconds } from '../../../agent/model/units.ts';
import type { MachineSide } from '../../fax/modem-works.ts';
import { type PhoneSignal, signalMs } from '../../fax/phone-signal.ts';
import { createReceivingMachine } from '../../fax/receiving-machine.ts';
import { createSendingMachine } from '../../fax/sending-machine.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';

/** How long the same two machines take on one telephone line, in milliseconds: what our boxes and a network add is beyond that. */
export function directTime(pages: readonly Uint8Array[], ecm: boolean): number {
  const clock = createSimClock(millis(0));
  const sending = createSendingMachine({
    clock,
    say: (signal) => carry(clock, signal, () => receiving),
    fastest: 145,
    ecm,
    pages,
  });
  const receiving: MachineSide = createReceivingMachine({
    clock,
    say: (signal) => carry(clock, signal, () => sending),
    ecm,
  });
  sending.answered();
  receiving.dialed('1');
  while (sending.result() === undefined || sending.story().at(-1) !== 'said DCN') clock.advance(millis(10));
  clock.advance(seconds(1));
  return clock.mono();
}

function carry(clock: SimClock, signal: PhoneSignal, to: () => MachineSide): number {
  const duration = signalMs(signal);
  to().begins?.(signal.is);
  clock.after(millis(duration), () => {
    if (signal.is === 'page') return to().page(signal.octets, signal.modulation);
    for (const [at, octets] of signal.frames.entries()) to().frame(octets, at === signal.frames.length - 1);
  });
  return duration;
}
