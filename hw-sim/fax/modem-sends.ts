import { createDleReader } from './dle-octets.ts';
import { ended, later, type ModemWorks, sayLine } from './modem-works.ts';
import { frameMs, PREAMBLE_MS, RATES, trainingOf } from './phone-signal.ts';

const NO_DATA_MS = 5_000;
const TICK_MS = 10;
const XON = Uint8Array.of(0x11);
const XOFF = Uint8Array.of(0x13);

/**
 * +FTH=3: a preamble, then one frame for each CONNECT (T.31 8.3.5). With `spareConnect` as libspandsp has it: once more behind a preamble
 * in which no frame was given, and only there when it answers a call.
 */
export function sendFrames(works: ModemWorks, answers = false): void {
  const began = works.clock.mono();
  const read = createDleReader();
  let frame: number[] = [];
  let wanted = false;
  let sending = false;
  let silence = 0;
  const breakOff = (word: string): void => {
    works.machine.breaksOff?.();
    ended(works, word);
  };
  const waitForData = (): void => {
    silence += 1;
    const mine = silence;
    later(works, NO_DATA_MS, () => mine === silence && breakOff('ERROR'));
  };
  const connect = (): void => {
    wanted = true;
    waitForData();
    sayLine(works, 'CONNECT');
  };
  const send = (octets: Uint8Array): void => {
    const last = ((octets[1] ?? 0) & 0x10) !== 0;
    const preambleLeft = Math.max(0, began + PREAMBLE_MS - works.clock.mono());
    sending = true;
    later(works, preambleLeft + frameMs(octets), () => {
      sending = false;
      works.machine.frame(octets, last);
      if (last) ended(works, 'OK');
      else connect();
    });
  };
  const take = (octet: number): void => {
    silence += 1;
    const meant = read(octet);
    if (typeof meant === 'number') frame.push(meant);
    if (meant !== 'end') return;
    const octets = Uint8Array.from(frame);
    frame = [];
    if (octets.length === 0) return breakOff('OK');
    if (!wanted || sending) {
      works.tally.framesLost += 1;
      return;
    }
    wanted = false;
    send(octets);
  };
  works.mode = { at: 'taking', take };
  works.machine.begins?.('frames');
  const { spareConnect } = works.faults;
  later(works, spareConnect && answers ? PREAMBLE_MS : 20, connect);
  if (spareConnect && !answers) later(works, PREAMBLE_MS, () => wanted && sayLine(works, 'CONNECT'));
}

/** +FTM: training, ones until data, and no mercy on who is late (T.31 8.3.4). */
export function sendPage(works: ModemWorks, modulation: number): void {
  works.mode = { at: 'busy' };
  works.machine.begins?.('page');
  later(works, trainingOf(modulation) + works.faults.lateConnect, () => takePage(works, modulation));
}

type Page = {
  readonly buffer: number[];
  readonly sent: number[];
  end: boolean;
  held: boolean;
  since: number;
  drained: number;
};

function takePage(works: ModemWorks, modulation: number): void {
  const read = createDleReader();
  const page: Page = { buffer: [], sent: [], end: false, held: false, since: -1, drained: 0 };
  const connected = works.clock.mono();
  const take = (octet: number): void => {
    const meant = read(octet);
    if (meant === 'end') page.end = true;
    if (typeof meant !== 'number' || page.end) return;
    if (page.since < 0) page.since = works.clock.mono();
    if (page.buffer.length >= works.faults.buffer) works.tally.overrun += 1;
    else page.buffer.push(meant);
    flowControl(works, page);
  };
  const tick = (): void => {
    if (page.since < 0 && works.clock.mono() - connected > NO_DATA_MS) return ended(works, 'ERROR');
    const over = drain(works, page, RATES[modulation] ?? 2_400);
    flowControl(works, page);
    if (!over) return later(works, TICK_MS, tick);
    works.machine.page(Uint8Array.from(page.sent), modulation);
    ended(works, 'OK');
  };
  works.mode = { at: 'taking', take };
  sayLine(works, 'CONNECT');
  later(works, TICK_MS, tick);
}

/** Answers whether the carrier is off. */
function drain(works: ModemWorks, page: Page, rate: number): boolean {
  if (page.since < 0) return page.end;
  const due = Math.floor(((works.clock.mono() - page.since) * rate) / 8_000) - page.drained;
  const taken = page.buffer.splice(0, due);
  for (const octet of taken) page.sent.push(octet);
  page.drained += due;
  if (taken.length === due) return page.end && page.buffer.length === 0;
  if (page.end) return true;
  if (page.sent.at(-1) !== 0) {
    works.tally.dropped += 1;
    return true;
  }
  works.tally.padded += 1;
  for (let missing = due - taken.length; missing > 0; missing -= 1) page.sent.push(0);
  return false;
}

function flowControl(works: ModemWorks, page: Page): void {
  const { buffer, flowControl: speaks } = works.faults;
  if (!speaks) return;
  const full = page.buffer.length > (buffer * 3) / 4;
  const low = page.buffer.length < buffer / 4;
  if (!page.held && full) works.cable.say(XOFF);
  if (page.held && low) works.cable.say(XON);
  page.held = full || (page.held && !low);
}
