import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { createClass1Modem } from '../../../hw-sim/fax/class1-modem.ts';
import type { ModemFaults } from '../../../hw-sim/fax/modem-works.ts';
import type { PhoneSignal } from '../../../hw-sim/fax/phone-signal.ts';
import { createTimedCable } from '../../../hw-sim/fax/timed-cable.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The modem as a terminal program sees it. */
function plugIn(faults: Partial<ModemFaults> = {}) {
  const clock = createSimClock(millis(0));
  const { line, end } = createTimedCable(clock, 115_200);
  const pages: Uint8Array[] = [];
  const frames: number[] = [];
  const quiet = () => undefined;
  const machine = {
    dialed: quiet,
    answered: quiet,
    hungUp: quiet,
    frame: (octets: Uint8Array) => frames.push(octets[2] ?? 0),
    page: (octets: Uint8Array) => pages.push(octets),
  };
  const modem = createClass1Modem({ cable: end, clock, machine, faults });
  let text = '';
  line.listen({ heard: (octets) => (text += String.fromCharCode(...octets)), lost: quiet });
  return {
    pages,
    frames,
    tally: modem.tally,
    hear: (signal: PhoneSignal) => modem.hear(signal),
    /** Types, lets time pass, and answers what was said meanwhile, words apart. */
    after(typed: string, ms: number): readonly string[] {
      text = '';
      line.write(bytes(typed));
      clock.advance(millis(ms));
      return text.split(/[\r\n]+/).filter((word) => word !== '');
    },
  };
}

const PAGE: PhoneSignal = { is: 'page', modulation: 145, octets: new Uint8Array(900).fill(0x55) };
const FRAMES: PhoneSignal = { is: 'frames', frames: [Uint8Array.of(0xff, 0x13, 0x84)] };

describe('the simulated Class 1 modem is as strict as the worst', () => {
  it('drops the carrier of a page that runs dry behind an octet that is not zero, and says OK', () => {
    const modem = plugIn();
    expect(modem.after('AT+FTM=145\r', 1_500)).toEqual(['CONNECT']);
    expect(modem.after('\x01\x02\x03', 100)).toEqual(['OK']);
    expect([modem.tally().dropped, [...(modem.pages[0] ?? [])]]).toEqual([1, [1, 2, 3]]);
  });

  it('fills behind a zero until the page goes on', () => {
    const modem = plugIn();
    modem.after('AT+FTM=145\r', 1_500);
    expect(modem.after('\x01\x00', 100)).toEqual([]);
    expect(modem.after('\x02\x10\x03', 100)).toEqual(['OK']);
    const page = [...(modem.pages[0] ?? [])];
    expect([page[0], page.at(-1), page.length > 150]).toEqual([1, 2, true]);
    expect(modem.tally()).toMatchObject({ dropped: 0 });
  });

  it('loses what its buffer has no room for, though it said XOFF', () => {
    const modem = plugIn({ buffer: 100 });
    modem.after('AT+FTM=24\r', 1_500);
    expect(modem.after('\x55'.repeat(300), 30)).toEqual(['\x13']);
    expect(modem.tally().overrun).toBeGreaterThan(100);
  });

  it('loses a frame that comes without its CONNECT', () => {
    const modem = plugIn();
    expect(modem.after('AT+FTH=3\r', 50)).toEqual(['CONNECT']);
    modem.after('\xff\x03\x43\x10\x03\xff\x13\x83\x10\x03', 3_000);
    expect([modem.frames, modem.tally().framesLost]).toEqual([[0x43], 1]);
  });

  it('says ERROR after five seconds of flags without a frame', () => {
    expect(plugIn().after('AT+FTH=3\r', 6_000)).toEqual(['CONNECT', 'ERROR']);
  });

  it('trains on a page from its beginning only', () => {
    const early = plugIn();
    early.after('AT+FRM=145\r', 10);
    early.hear(PAGE);
    expect(early.after('', 3_000)).toEqual(['CONNECT', `${'U'.repeat(900)}\x10\x03`, 'NO CARRIER']);
    const late = plugIn();
    late.hear(PAGE);
    late.after('', 100);
    expect(late.after('AT+FRM=145\r', 3_000)).toEqual([]);
  });

  it('hears frames with their FCS, and says what it thinks of a damaged one', () => {
    const modem = plugIn();
    modem.after('AT+FRH=3\r', 10);
    modem.hear(FRAMES);
    expect(modem.after('', 2_000)).toEqual(['CONNECT', '\xff\x13\x84\xea\x7d\x10\x03', 'OK']);
    modem.after('AT+FRH=3\r', 10);
    modem.hear({ is: 'frames', frames: [Uint8Array.of(0xfe, 0x13, 0x84)] });
    expect(modem.after('', 2_000)).toEqual(['CONNECT', '\xfe\x13\x84\xea\x7d\x10\x03', 'ERROR']);
  });

  it('takes V.21 in place of a page for an error, or with +FAR=1 for what it is', () => {
    const plain = plugIn();
    plain.after('AT+FRM=145\r', 10);
    plain.hear(FRAMES);
    expect(plain.after('', 2_000)).toEqual(['+FCERROR']);
    const adaptive = plugIn();
    adaptive.after('AT+FAR=1\r', 10);
    adaptive.after('AT+FRM=145\r', 10);
    adaptive.hear(FRAMES);
    expect(adaptive.after('', 2_000)).toEqual(['+FRH:3', 'CONNECT', '\xff\x13\x84\xea\x7d\x10\x03', 'OK']);
  });

  it('is ended by any octet while it waits', () => {
    const modem = plugIn();
    modem.after('AT+FRH=3\r', 10);
    expect(modem.after('x', 10)).toEqual(['OK']);
  });

  it('hears silence from the end of a signal on', () => {
    const modem = plugIn();
    modem.hear(FRAMES);
    expect(modem.after('AT+FRS=20\r', 1_150)).toEqual([]);
    expect(modem.after('', 400)).toEqual(['OK']);
  });
});
