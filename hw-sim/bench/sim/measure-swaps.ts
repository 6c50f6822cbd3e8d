import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSwapJournal } from '../../../agent/edge/swap-journal-file.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { Progress } from '../../../agent/machines/swap/step.ts';
import { millis } from '../../../agent/model/units.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { createSwapDesk } from '../../../agent/runtime/swap-desk.ts';
import { createApduChannel } from '../../../firmware-ts/devices/apdu-channel.ts';
import { createModem, type Modem } from '../../../firmware-ts/devices/modem.ts';
import { createSimModem } from '../../../firmware-ts/devices/sim-modem.ts';
import { serialPath } from '../../../firmware-ts/wires/node/serial-line.ts';
import type { OpenSerialLine, SerialLine } from '../../../firmware-ts/wires/serial-line.ts';
import { createAtModem } from '../../devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../devices/at-modem-state.ts';
import { createPty } from '../../devices/pty.ts';
import { createEuicc } from '../../uicc/create-euicc.ts';
import { insertEuicc } from '../../uicc/insert-euicc.ts';
import { NEW, OLD, type PreparedEuicc, postTo, smdpWithOrders } from '../sim-cuts/prepared-euicc.ts';

/** One swap on the wall clock, ms. */
export type SwapTime = {
  readonly whole: number;
  /** From the end of a command to the end of its answer, summed: the part of wire, modem and card. */
  readonly modem: number;
  readonly commands: number;
  /** CPU of this process, the simulated modem's and card's share included. */
  readonly cpu: number;
  /** For the journal to be on the medium, summed. */
  readonly flushes: number;
};

const ANSWER_TAKES = millis(5);

/**
 * Swaps of a profile on a pty of the kernel, on the wall clock, with the journal in files that are flushed: what is left of a
 * swap without the time in which a command was away and its answer not there is the box's own.
 * @throws Error where a swap does not end on the new card.
 */
export async function measureSwaps(swaps: number, prepared: PreparedEuicc): Promise<readonly SwapTime[]> {
  const pty = await createPty();
  const place = mkdtempSync(join(tmpdir(), 'relais-bench-sim-'));
  const meter = createMeter(serialPath(pty.path, 115_200));
  const clock = systemClock();
  const modem = createAtModem(pty.end, { family: 'EC25', clock, delay: ANSWER_TAKES });
  const card = createEuicc(prepared.pki);
  card.become(prepared.both);
  const reread = insertEuicc(modem, card, { slot: 0 });
  const networks = [
    { ...ORANGE, rejectsCards: { [NEW.iccid]: 15 } },
    { ...SFR, rejectsCards: { [OLD.iccid]: 15 } },
  ];
  const radio = createModem(meter.open, clock);
  const times: SwapTime[] = [];
  try {
    for (let n = 0; n < swaps; n += 1) {
      card.become(prepared.both);
      modem.set({ networks, slots: [createCard(OLD), undefined], contexts: CONTEXTS });
      reread();
      times.push(await oneSwap(radio, join(place, `${n}.json`), { prepared, meter }));
    }
  } finally {
    await radio.close();
    await pty.close();
    rmSync(place, { recursive: true });
  }
  return times;
}

const CONTEXTS = { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } };

type World = { readonly prepared: PreparedEuicc; readonly meter: Meter };

async function oneSwap(radio: Modem, file: string, { prepared, meter }: World): Promise<SwapTime> {
  const clock = systemClock();
  const https = postTo(smdpWithOrders(prepared.pki));
  let ended: (news: Progress & { step: 'ended' | 'refused' }) => void = () => undefined;
  const end = new Promise<Progress>((done) => {
    ended = done;
  });
  const journal = openSwapJournal(file);
  let flushes = 0;
  const desk = createSwapDesk({
    hands: {
      modem: createSimModem(radio),
      profiles: createLocalProfiles({ channel: createApduChannel(radio.ask), https, clock }),
      downloading: { consent: (_, answer) => answer(undefined) },
    },
    journal: {
      read: journal.read,
      keep(text, done) {
        const asked = performance.now();
        journal.keep(text, (kept) => {
          flushes += performance.now() - asked;
          done(kept);
        });
      },
    },
    clock,
    record: (_, done) => done('kept'),
    told: (news) => (news.step === 'ended' || news.step === 'refused') && ended(news),
  });
  await new Promise<void>((quiet) => desk.whenQuiet(quiet));
  meter.reset();
  flushes = 0;
  const started = process.cpuUsage();
  const began = performance.now();
  desk.order({
    id: 's',
    target: { by: 'profile', iccid: NEW.iccid },
    accessPoint: 'sfr',
    reason: 'support',
    by: 'bench',
  });
  const news = await end;
  const whole = performance.now() - began;
  const { user, system } = process.cpuUsage(started);
  const spent = { ...meter.read(), cpu: (user + system) / 1_000, flushes };
  await new Promise<void>((quiet) => desk.whenQuiet(quiet));
  desk.stop();
  if (news.step !== 'ended' || news.outcome !== 'swapped')
    throw new Error(`a swap went wrong: ${JSON.stringify(news)}`);
  const { busy, ...more } = spent;
  return { whole, modem: busy, ...more };
}

type Meter = ReturnType<typeof createMeter>;

/** On the box's side of the wire: a command is away from its carriage return until its answer was heard to the end. */
function createMeter(open: OpenSerialLine) {
  let [busy, commands] = [0, 0];
  let since: number | undefined;
  let heard = '';
  const hear = (bytes: Uint8Array): void => {
    heard = `${heard}${Buffer.from(bytes).toString('latin1')}`.slice(-LONGEST_RESULT);
    if (since === undefined || !RESULT.test(heard)) return;
    busy += performance.now() - since;
    since = undefined;
  };
  const metered = (line: SerialLine): SerialLine => ({
    listen: ({ heard: listener, lost }) =>
      line.listen({
        heard(bytes) {
          hear(bytes);
          listener(bytes);
        },
        lost,
      }),
    write(bytes) {
      if (bytes.includes(0x0d)) {
        [since, heard] = [performance.now(), ''];
        commands += 1;
      }
      line.write(bytes);
    },
    close: () => line.close(),
  });
  return {
    open: async () => metered(await open()),
    reset() {
      [busy, commands] = [0, 0];
    },
    read: () => ({ busy, commands }),
  };
}

const RESULT = /\r\n(?:OK|ERROR|\+CM[ES] ERROR: [^\r]*)\r\n$/;
const LONGEST_RESULT = 80;
