import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { decodePage } from '../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../agent/fax/page/page-encoder.ts';
import type { FaxModemNews } from '../../../agent/model/fax-modem.ts';
import { millis } from '../../../agent/model/units.ts';
import { createFaxModem, type FaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { createFaxModemProcess } from '../../../firmware-ts/wires/node/fax-modem-process.ts';
import { serialPath } from '../../../firmware-ts/wires/node/serial-line.ts';
import { textPage } from '../../agent/fax/page/sample-pages.ts';
import { type Bundle, bundle } from '../bundle.ts';
import type { FaxSimNews } from './fax-sim-thread.ts';

const LINES = textPage(1_728, 100);
const TURNED = Uint8Array.from({ length: 256 }, (_, octet) =>
  Number.parseInt([...octet.toString(2).padStart(8, '0')].reverse().join(''), 2),
);
const turned = (octets: Uint8Array): Uint8Array => octets.map((octet) => TURNED[octet] ?? 0);
const PAGE = turned(encodePage({ coding: 'mh', width: 1_728, leastBits: 288 }, LINES));
/** 30 ms of data at 14,400 bit/s. */
const PIECE = 54;
const LEAD = millis(1_000);

let bundles: readonly Bundle[] = [];
beforeAll(async () => {
  bundles = [await bundle('firmware-ts/fax-process.ts'), await bundle('test/firmware-ts/wires/fax-sim-thread.ts')];
}, 120_000);
afterAll(async () => {
  for (const one of bundles) await one.clear();
});

let modem: FaxModem | undefined;
let sim: Worker | undefined;
afterEach(async () => {
  await modem?.close();
  sim?.postMessage('close');
  if (sim !== undefined) await once(sim, 'exit');
  modem = undefined;
  sim = undefined;
});

async function startSim(): Promise<string> {
  sim = new Worker(bundles[1]?.path ?? '');
  const [news]: FaxSimNews[] = await once(sim, 'message');
  if (news?.on !== 'there') throw new Error('the simulated modem did not start');
  return news.path;
}

const heard = (fits: (news: FaxModemNews) => boolean): Promise<FaxModemNews> =>
  new Promise((found) => modem?.listen((news) => fits(news) && found(news)));

/** Holds up everything on this thread. */
function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Of the threads of our child with this program; in `stat` of a thread it is the 19th field (proc(5)). */
function niceOf(entry: string): ReadonlySet<number> {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const pid = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(entry));
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' '),
  );
  return new Set(threads.map((fields) => Number(fields[16])));
}

/** Feeds a page as T.38 would, and stalls this thread at the given pieces. */
async function sendPage(stalls: readonly number[]): Promise<Extract<FaxSimNews, { on: 'page' }>> {
  const ready = heard(({ on }) => on === 'ready');
  modem?.order({ do: 'set-up' });
  await ready;
  const page = once(sim ?? new Worker(''), 'message');
  const carrier = heard(({ on }) => on === 'carrier');
  modem?.order({ do: 'send-page', modulation: 145, filler: 'zeros' });
  await carrier;
  const clock = systemClock();
  const began = clock.mono();
  for (let at = 0, piece = 0; at < PAGE.length; at += PIECE, piece += 1) {
    modem?.order({ do: 'page', octets: PAGE.subarray(at, at + PIECE) });
    if (stalls.includes(piece)) stall(500);
    const due = began + (piece + 1) * 30 - clock.mono();
    if (due > 0) await new Promise<void>((on) => clock.after(millis(due), on));
  }
  modem?.order({ do: 'end-page' });
  const [news]: FaxSimNews[] = await page;
  if (news?.on !== 'page') throw new Error('no page came');
  return news;
}

describe('X-1, G6: a page while the main loop stalls 500 ms', () => {
  it('goes on from a process of its own: the simulated modem never runs dry, and every line is there', async () => {
    const path = await startSim();
    modem = createFaxModemProcess(bundles[0]?.path ?? '', { path, baudRate: 115_200, lead: LEAD });
    const { octets, tally } = await sendPage([40, 80]);
    expect(tally).toMatchObject({ dropped: 0, overrun: 0 });
    const { lines, tally: read } = decodePage({ coding: 'mh', width: 1_728 }, turned(octets));
    expect(read).toEqual({ lines: 100, badLines: 0, badInARow: 0, ended: 'properly' });
    expect(lines.map(String)).toEqual(LINES.map(String));
  });

  it('is lost from the same process, which is why there is another', async () => {
    const path = await startSim();
    modem = createFaxModem(await serialPath(path, 115_200)(), systemClock(), { lead: LEAD });
    const { tally } = await sendPage([40]);
    expect(tally.dropped).toBe(1);
  });

  it('goes before others with all its threads, for libuv reads and writes the tty in those of its own', async () => {
    const entry = bundles[0]?.path ?? '';
    modem = createFaxModemProcess(entry, { path: await startSim(), baudRate: 115_200, lead: LEAD });
    const ready = heard(({ on }) => on === 'ready');
    modem.order({ do: 'set-up' });
    await ready;
    const mayRaise = process.getuid?.() === 0;
    expect(niceOf(entry)).toEqual(new Set([mayRaise ? constants.priority.PRIORITY_HIGH : 0]));
  });

  it('is gone, and says so at each set-up, where it has no tty', async () => {
    const entry = bundles[0]?.path ?? '';
    modem = createFaxModemProcess(entry, { path: '/dev/no-fax-modem', baudRate: 115_200, lead: LEAD });
    for (let time = 0; time < 2; time += 1) {
      const told = heard(() => true);
      modem.order({ do: 'set-up' });
      expect(await told).toEqual({ on: 'lost' });
    }
  });
});

describe('X-1: a modem that is unplugged', () => {
  it('is told at once where a fax is under way, once, and set up anew when it is there again, without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relais-fax-tty-'));
    const path = join(folder, 'modem');
    const news: FaxModemNews[] = [];
    const until = async (on: FaxModemNews['on'], times: number): Promise<void> => {
      while (news.filter((one) => one.on === on).length < times) await new Promise((later) => setTimeout(later, 20));
    };
    await symlink(await startSim(), path);
    modem = createFaxModemProcess(bundles[0]?.path ?? '', { path, baudRate: 115_200, lead: LEAD });
    modem.listen((one) => void news.push(one));
    modem.order({ do: 'set-up' });
    modem.order({ do: 'send-page', modulation: 145, filler: 'flags' });
    await until('carrier', 1);
    sim?.postMessage('close');
    await until('lost', 1);
    await rm(path);
    modem.order({ do: 'page', octets: PAGE });
    modem.order({ do: 'set-up' });
    await until('lost', 2);
    await symlink(await startSim(), path);
    modem.order({ do: 'set-up' });
    await until('ready', 2);
    expect(news.filter(({ on }) => on === 'ready' || on === 'lost').map(({ on }) => on)).toEqual([
      ...['ready', 'lost', 'lost', 'ready'],
    ]);
    await rm(folder, { recursive: true, force: true });
  });
});
