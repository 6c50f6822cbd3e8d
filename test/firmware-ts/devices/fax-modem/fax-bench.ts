import type { FaxModemNews } from '../../../../agent/model/fax-modem.ts';
import { millis } from '../../../../agent/model/units.ts';
import type { FaxQuirks } from '../../../../firmware-ts/devices/fax-modem/dialects.ts';
import { createFaxModem, type FaxModem } from '../../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { type Class1Modem, createClass1Modem } from '../../../../hw-sim/fax/class1-modem.ts';
import { createFaxMachine, type FaxMachine } from '../../../../hw-sim/fax/fax-machine.ts';
import type { ModemFaults } from '../../../../hw-sim/fax/modem-works.ts';
import { createTimedCable } from '../../../../hw-sim/fax/timed-cable.ts';
import { createSimClock, type SimClock } from '../../../../hw-sim/site/sim-clock.ts';

export type FaxBench = {
  readonly clock: SimClock;
  readonly modem: FaxModem;
  readonly sim: Class1Modem;
  readonly machine: FaxMachine;
  /** Everything since the last `until`. */
  readonly news: FaxModemNews[];
  /** Lets time pass until news that fit, and answers all that came up to them. */
  readonly until: (fits: (news: FaxModemNews) => boolean, what?: string) => readonly FaxModemNews[];
};

type Making = {
  readonly faults?: Partial<ModemFaults>;
  readonly quirks?: Partial<FaxQuirks>;
  readonly pages?: readonly Uint8Array[];
  readonly baudRate?: number;
  readonly modulation?: number;
};

const LONGEST_MS = 1_500_000;

/** Our modem on a simulated one with a simulated machine, in simulated time. */
export function createFaxBench({ faults, quirks, pages, baudRate = 115_200, modulation = 145 }: Making = {}): FaxBench {
  const clock = createSimClock(millis(0));
  const cable = createTimedCable(clock, baudRate);
  const machine: FaxMachine = createFaxMachine({
    clock,
    say: (signal) => sim.hear(signal),
    modulation,
    ...(pages === undefined ? {} : { pages }),
  });
  const sim: Class1Modem = createClass1Modem({
    cable: cable.end,
    clock,
    machine,
    ...(faults === undefined ? {} : { faults }),
  });
  const modem = createFaxModem(cable.line, clock, { lead: millis(1_000), ...(quirks === undefined ? {} : { quirks }) });
  const news: FaxModemNews[] = [];
  modem.listen((one) => news.push(one));
  const until: FaxBench['until'] = (fits, what = 'the news') => {
    let looked = 0;
    for (let passed = 0; passed < LONGEST_MS; passed += 1) {
      for (; looked < news.length; looked += 1) {
        const one = news[looked];
        if (one !== undefined && fits(one)) return news.splice(0, looked + 1);
      }
      clock.advance(millis(1));
    }
    throw new Error(`${what} never came; heard ${JSON.stringify(news)}; ${machine.story().join(', ')}`);
  };
  return { clock, modem, sim, machine, news, until };
}

export const isDone = (order: string) => (news: FaxModemNews) => news.on === 'done' && news.order === order;

export const setUp = (bench: FaxBench): void => {
  bench.modem.order({ do: 'set-up' });
  bench.until((news) => news.on === 'ready', 'ready');
};

const frame = (code: number, ...information: readonly number[]): Uint8Array =>
  Uint8Array.of(0xff, 0x03, code, ...information);
export const CSI = frame(0x40, 0x10, 0x03, 0x31, 0x10);
export const DIS = frame(0x80, 0x00, 0x46, 0x88);
export const TSI = frame(0x43, 0x31);
export const DCS = frame(0x83, 0x00, 0x46, 0x88);
export const CFR = frame(0x84);
export const EOP = frame(0x2f);
export const MPS = frame(0x4f);
export const MCF = frame(0x8c);
export const DCN = frame(0xfb);

export function sendFrames(bench: FaxBench, ...frames: readonly Uint8Array[]): void {
  bench.modem.order({ do: 'send-frames' });
  giveFrames(bench, ...frames);
}

export function giveFrames(bench: FaxBench, ...frames: readonly Uint8Array[]): void {
  for (const [at, octets] of frames.entries())
    bench.modem.order({ do: 'frame', octets, last: at === frames.length - 1 });
  bench.until(isDone('send-frames'), 'the end of our frames');
}

/** Third octets of the good frames of one signal. */
export function hearFrames(bench: FaxBench): readonly (number | undefined)[] {
  bench.modem.order({ do: 'hear-frames' });
  const heard = bench.until(isDone('hear-frames'), 'a final frame');
  return heard.flatMap((news) => (news.on === 'frame' && news.good ? [news.octets[2]] : []));
}

export function hearPage(bench: FaxBench, modulation: 145 | 146 | 96 = 145): Uint8Array {
  bench.modem.order({ do: 'hear-page', modulation });
  const heard = bench.until((news) => news.on === 'no-carrier' || news.on === 'fcerror', 'the end of a page');
  return Uint8Array.from(heard.flatMap((news) => (news.on === 'page' ? [...news.octets] : [])));
}
