import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { systemClock } from '../agent/edge/system-clock.ts';
import { never } from '../agent/model/never.ts';
import { createModem, type Modem } from './devices/modem.ts';
import { createPinKeeper, type PinOutcome } from './devices/pin-keeper.ts';
import { PIN_REMEDIES } from './devices/pin-rules.ts';
import { readRadio } from './devices/radio.ts';
import { readCard } from './devices/sim-card.ts';
import { maskedImsi, printSim, printSlots, type SimReadings } from './devices/sim-words.ts';
import { printProfiles, readProfiles, readWish, runSwap, type SwapOptions } from './sim-swap-command.ts';
import { serialPath } from './wires/node/serial-line.ts';

export const SIM_USAGE = `usage: relais sim info|list --modem PATH [--baud RATE] [--json]
       relais sim enable ICCID [--slot 1|2] --modem PATH --state FOLDER [--apn NAME] [--reason WHY] [--by WHO]
       relais sim swap --slot 1|2|--profile ICCID [--slot 1|2] --modem PATH --state FOLDER [--apn NAME] [--reason WHY] [--by WHO]
       relais sim swap --reason loss|theft|found --modem PATH --state FOLDER
       relais sim download --modem PATH --state FOLDER --roots PEM [--apn NAME] [--reason WHY] [--by WHO]
       relais sim pin enter|unblock|change|lock|unlock --modem PATH [--baud RATE] [--ordered]
  Codes are read from standard input, one a line: the PIN; the PUK and a new PIN; the old PIN and a new one; the
  activation code of a profile, and its confirmation code or an empty line.
`;
const MISUSED = 64;

const PIN_ACTS = ['enter', 'unblock', 'change', 'lock', 'unlock'] as const;
type PinAct = (typeof PIN_ACTS)[number];

/** `relais sim`: the card of a modem, for field engineers. */
export async function runSim(args: readonly string[]): Promise<number> {
  const read = readOptions(args);
  if (typeof read === 'string') return misused(read);
  const [word, act, ...more] = read.positionals;
  const { modem: path, baud, json, ordered } = read.values;
  if (more.length > 0) return misused(`there is nothing behind "${act}"; codes are read from standard input`);
  if (path === undefined) return misused('--modem is missing: the path of the modem, such as /dev/ttyUSB2');
  if (!/^[1-9]\d{2,6}$/.test(baud)) return misused('--baud wants a rate such as 115200');
  const modem = createModem(serialPath(path, Number(baud)), systemClock());
  try {
    if ((word === 'info' || word === 'list') && act === undefined) return await show(modem, word, json);
    if (isSwap(word) && (act === undefined || word === 'enable')) return await swap(modem, word, act, read.values);
    const pinAct = PIN_ACTS.find((known) => known === act);
    if (word === 'pin' && pinAct !== undefined) return await attempt(modem, pinAct, ordered);
    return misused(`there is no "${[word, act].filter((one) => one !== undefined).join(' ')}"`);
  } finally {
    await modem.close();
  }
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        modem: { type: 'string' },
        baud: { type: 'string', default: '115200' },
        json: { type: 'boolean', default: false },
        ordered: { type: 'boolean', default: false },
        state: { type: 'string' },
        slot: { type: 'string' },
        profile: { type: 'string' },
        apn: { type: 'string' },
        roots: { type: 'string' },
        reason: { type: 'string', default: 'support' },
        by: { type: 'string', default: 'field engineer' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const isSwap = (word: string | undefined): word is 'enable' | 'swap' | 'download' =>
  word === 'enable' || word === 'swap' || word === 'download';

async function swap(modem: Modem, word: string, iccid: string | undefined, options: SwapOptions): Promise<number> {
  const wish = readWish(word, iccid, options);
  if (typeof wish === 'string') return misused(wish);
  if (word !== 'download') return runSwap(modem, wish, options);
  if (options.roots === undefined)
    return misused('--roots is missing: a PEM file of the roots that profile servers are under');
  const [code = '', confirmation] = await readCodes(2);
  return runSwap(modem, { ...wish, code, confirmation }, options);
}

async function show(modem: Modem, word: 'info' | 'list', json: boolean): Promise<number> {
  const card = (await readCard(modem)) ?? null;
  const radio = card === null || word === 'list' ? null : ((await readRadio(modem)) ?? null);
  const readings: SimReadings = { card: card && { ...card, imsi: maskedImsi(card.imsi) }, radio };
  const profiles = card === null || word === 'info' ? undefined : await readProfiles(modem);
  const text = word === 'list' ? `${printSlots(readings)}${printProfiles(profiles ?? [])}` : printSim(readings);
  const shown = profiles === undefined ? readings : { ...readings, profiles };
  process.stdout.write(json ? `${JSON.stringify(shown)}\n` : text);
  return card === null ? 1 : 0;
}

async function attempt(modem: Modem, act: PinAct, ordered: boolean): Promise<number> {
  const [first = '', second = ''] = await readCodes(act === 'unblock' || act === 'change' ? 2 : 1);
  const keeper = createPinKeeper(modem);
  const outcome = await {
    enter: () => keeper.enter(first),
    unblock: () => keeper.unblock(first, second, { ordered }),
    change: () => keeper.change(first, second),
    lock: () => keeper.lock(true, first),
    unlock: () => keeper.lock(false, first),
  }[act]();
  const text = outcomeText(outcome);
  (outcome.so === 'accepted' ? process.stdout : process.stderr).write(`${text}\n`);
  return outcome.so === 'accepted' ? 0 : 1;
}

function outcomeText(outcome: PinOutcome): string {
  switch (outcome.so) {
    case 'accepted':
      return 'accepted';
    case 'wrong':
      return `wrong code: ${outcome.left?.pin ?? '?'} PIN and ${outcome.left?.puk ?? '?'} PUK tries left; check it before trying again`;
    case 'refused':
      return `not tried: ${PIN_REMEDIES[outcome.why]}`;
    case 'not-taken':
      return 'the modem did not take the code, and no try was counted: check that it answers (relais sim info), then try again';
    case 'unknown':
      return 'the modem did not answer: look with "relais sim info" whether a try was counted before trying again';
    default:
      return never(outcome);
  }
}

/** Not from the command line, which everybody on the box can read; a terminal does not show them. */
async function readCodes(count: number): Promise<readonly string[]> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write(count === 1 ? 'code: ' : 'codes, one a line: ');
  const lines = createInterface({ input: process.stdin, output: hidden, terminal });
  const codes: string[] = [];
  for await (const line of lines) {
    codes.push(line.trim());
    if (codes.length === count) break;
  }
  lines.close();
  if (terminal) process.stderr.write('\n');
  return codes;
}

function misused(message: string): number {
  process.stderr.write(`${message}\n${SIM_USAGE}`);
  return MISUSED;
}
