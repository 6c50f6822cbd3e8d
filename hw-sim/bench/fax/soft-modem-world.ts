import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import type { FaxRate } from '../../../agent/fax/t30/capability-bits.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createFaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { createTimedCable } from '../../fax/timed-cable.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { type BridgeWish, createBridgeSite } from './bridge-site.ts';
import { dotsOf, dotsOfTiff, tiffOf } from './document-files.ts';
import { createFarTerminal, type FarTerminalWish } from './far-terminal.ts';
import { drawnLines } from './sample-document.ts';
import { type MachineEnd, type SoftModemRules, type SoftModemTally, startSoftModem } from './soft-modem.ts';
import { startTerminal } from './spandsp-terminal.ts';

export type Programs = { readonly modem: string; readonly terminal: string };

/** A fax between a machine on libspandsp's soft modem, behind our driver and bridge, and libspandsp's T.38 terminal. */
export type SoftFaxWish = SoftModemRules &
  FarTerminalWish &
  BridgeWish & {
    readonly programs: Programs;
    readonly pages: number;
    readonly lead?: number;
    readonly baudRate?: number;
    /** Training checks that the receiver of the pages refuses, wherever it is. */
    readonly checksRefused?: number;
  };

export type SoftFaxOutcome = {
  readonly machine: MachineEnd;
  /** T30_ERR_OK is 0. */
  readonly terminal: number;
  readonly terminalPages: number;
  readonly told: number;
  /** Every page is there, dot for dot. */
  readonly whole: boolean;
  readonly rate: FaxRate | undefined;
  readonly ecm: boolean | undefined;
  readonly tally: Readonly<SoftModemTally>;
  readonly news: readonly BridgeNews[];
  readonly duration: number;
};

const LONGEST = seconds(3_600);
const HANDFUL = 62;
const STEP = millis(20);
/** Both ends are through so long after our line is free, or never. */
const GRACE: number = seconds(10);

/** Pages of dots, of 700 lines or fewer. */
export const documentOf = (pages: number, lines?: number): readonly ReturnType<typeof drawnLines>[] =>
  Array.from({ length: pages }, (_, page) => drawnLines(page + 1).slice(0, lines));

/** Whether a file holds a document, dot for dot. */
export function isDocument(path: string, document: ReturnType<typeof documentOf>): boolean {
  const found = dotsOfTiff(path);
  return found.length === document.length && document.every((lines, at) => dotsOf(lines) === found[at]);
}

/** Makes a folder with the document of a fax in it, and takes it away when the fax is over. */
export function inFolder<T>(pages: number, run: (folder: string, document: ReturnType<typeof documentOf>) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'relais-fax-'));
  const document = documentOf(pages);
  writeFileSync(join(folder, 'page.tif'), tiffOf(document));
  try {
    return run(folder, document);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In simulated time. */
export const faxWithSoftModem = (wish: SoftFaxWish): SoftFaxOutcome =>
  inFolder(wish.pages, (folder, document) => {
    const clock = createSimClock(millis(0));
    const { machine, checksRefused = 0, ecm } = wish;
    const modems = wish.modems === undefined ? {} : { modems: wish.modems };
    const refuses = (who: boolean): { readonly refusals: number } => ({ refusals: who ? checksRefused : 0 });
    const role = machine === 'sends' ? 'receive' : 'send';
    const terminal = startTerminal(wish.programs.terminal, folder, role, { ecm, ...refuses(machine === 'sends') });
    const { line, end } = createTimedCable(clock, wish.baudRate ?? 115_200, HANDFUL);
    const { loss = 0, echo = 0, noise = 0, delay = 0, strict = 1 } = wish;
    const rules = { machine, ecm, ...modems, ...refuses(machine === 'receives'), loss, echo, noise, delay, strict };
    const soft = startSoftModem(wish.programs.modem, folder, { clock, cable: end }, rules);
    try {
      const baudRate = wish.baudRate ?? 115_200;
      const driver = createFaxModem(line, clock, { lead: millis(wish.lead ?? 800), baudRate });
      const far = createFarTerminal(clock, wish, terminal, (datagram) => site.bridge.hear(datagram));
      const site = createBridgeSite(clock, driver, wish, { send: far.send, faxHeard: () => undefined });
      clock.advance(seconds(1));
      const began = clock.mono();
      if (machine === 'sends') soft.call();
      site.bridge.call(machine === 'sends' ? { on: 'machine-called' } : { on: 'far-called', digits: '1' });
      site.bridge.call({ on: 'far-opened' });
      far.start();
      const isOver = (): boolean => site.isOver() && far.last().result >= 0 && soft.end().result >= 0;
      while (!site.isOver() && clock.mono() < LONGEST) clock.advance(STEP);
      for (let left = GRACE; left > 0 && !isOver(); left -= STEP) clock.advance(STEP);
      const { command } = site.bridge.sight();
      return {
        machine: soft.end(),
        terminal: far.last().result,
        terminalPages: far.last().pages,
        told: site.news.filter(({ on }) => on === 'page-confirmed').length,
        whole: isDocument(join(folder, 'received.tif'), document),
        rate: command?.rate,
        ecm: command && command.ecmFrame !== undefined,
        tally: soft.tally(),
        news: site.news,
        duration: clock.mono() - began,
      };
    } finally {
      soft.close();
      terminal.close();
    }
  });
