import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { FaxRate } from '../../../agent/fax/t30/capability-bits.ts';
import type { FaxModemNews } from '../../../agent/model/fax-modem.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { FaxLine } from '../../../agent/ports/fax-modem.ts';
import { createFaxModemProcess } from '../../../firmware-ts/wires/node/fax-modem-process.ts';
import { createBridgeSite } from './bridge-site.ts';
import { tiffOf } from './document-files.ts';
import { type Aside, createFarTerminal, type FarTerminalWish } from './far-terminal.ts';
import { startRealModem } from './real-modem.ts';
import type { MachineEnd, SoftModemTally } from './soft-modem.ts';
import { documentOf, isDocument, type Programs } from './soft-modem-world.ts';
import { startTerminal } from './spandsp-terminal.ts';

export type RealFaxWish = FarTerminalWish & {
  readonly programs: Programs;
  /** The compiled firmware-ts/fax-process. */
  readonly entry: string;
  readonly machine: 'sends' | 'receives';
  readonly ecm: boolean;
  readonly pages: number;
  /** Of each page; 700 where nothing is said. */
  readonly lines?: number;
  /** The modem on this tty is set up; or the fax is over, and nothing else has been done yet, nor is before that is settled. */
  readonly begins?: (tty: string) => void;
  readonly ends?: (tty: string) => Promise<void>;
};

export type RealFaxOutcome = {
  readonly machine: MachineEnd;
  readonly terminal: number;
  readonly told: number;
  readonly whole: boolean;
  readonly rate: FaxRate | undefined;
  /** As the modem saw it: runs dry and carriers that are lost by it. */
  readonly tally: Readonly<SoftModemTally>;
  /** As our pump saw it by the clock. */
  readonly pumpDry: number;
  readonly seconds: number;
};

const LONGEST = seconds(600);
const LEAD = millis(800);
const GRACE = seconds(10);

/**
 * One fax in real time, on the very way of the product: libspandsp's modem on a pty, serialport and the page pump in a process of their
 * own, our bridge in this one. The far end is libspandsp's T.38 terminal behind a bad path, without sockets.
 */
export async function realFax(wish: RealFaxWish): Promise<RealFaxOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'relais-fax-'));
  const document = documentOf(wish.pages, wish.lines);
  await writeFile(join(folder, 'page.tif'), tiffOf(document));
  const clock = systemClock();
  const pause = (time: number): Promise<void> => new Promise((over) => clock.after(millis(time), over));
  const { machine, ecm, programs, entry } = wish;
  const soft = await startRealModem(programs.modem, folder, { machine, ecm });
  const terminal = startTerminal(programs.terminal, folder, machine === 'sends' ? 'receive' : 'send', { ecm });
  const modem = createFaxModemProcess(entry, { path: soft.path, baudRate: 115_200, lead: LEAD });
  const heard: FaxModemNews[] = [];
  const aside: Aside = wish.aside ?? ((work) => work());
  const far = createFarTerminal(clock, wish, terminal, (datagram) => site.bridge.hear(datagram));
  const site = createBridgeSite(clock, listened(modem, heard), {}, { send: far.send, faxHeard: () => undefined });
  try {
    while (!heard.some(({ on }) => on === 'ready')) await pause(20);
    wish.begins?.(soft.path);
    const began = clock.mono();
    if (machine === 'sends') soft.call();
    site.bridge.call(machine === 'sends' ? { on: 'machine-called' } : { on: 'far-called', digits: '1' });
    site.bridge.call({ on: 'far-opened' });
    far.start();
    while (!site.isOver() && clock.mono() - began < LONGEST) await pause(100);
    const ended = clock.mono();
    const isOver = (): boolean => soft.end().result >= 0 && far.last().result >= 0;
    while (!isOver() && clock.mono() - ended < GRACE) await pause(50);
    await wish.ends?.(soft.path);
    return {
      machine: soft.end(),
      terminal: far.last().result,
      told: site.news.filter(({ on }) => on === 'page-confirmed').length,
      whole: aside(() => isDocument(join(folder, 'received.tif'), document)),
      rate: site.bridge.sight().command?.rate,
      tally: soft.tally(),
      pumpDry: heard.reduce((sum, news) => sum + (news.on === 'pumped' ? news.tally.dry : 0), 0),
      seconds: Math.round((ended - began) / 100) / 10,
    };
  } finally {
    far.stop();
    await modem.close();
    await soft.close();
    terminal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A line whose news is kept as well. */
const listened = (line: FaxLine, heard: FaxModemNews[]): FaxLine => ({
  order: line.order,
  listen: (listener) =>
    line.listen((news) => {
      if (news.on !== 'page') heard.push(news);
      listener(news);
    }),
});
