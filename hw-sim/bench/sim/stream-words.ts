import { questionOf } from '../../../firmware-ts/devices/at/channel.ts';
import type { Question } from '../../../firmware-ts/devices/at/channel-state.ts';
import { type AtCommand, order } from '../../../firmware-ts/devices/at/command.ts';
import { IDENTIFICATION, IMSI } from '../../../firmware-ts/devices/at/commands/identity.ts';
import { sendPdu } from '../../../firmware-ts/devices/at/commands/messages.ts';
import { enterPin, PIN_STATE } from '../../../firmware-ts/devices/at/commands/pin.ts';
import { registrationIn } from '../../../firmware-ts/devices/at/commands/registration.ts';
import { SIGNAL } from '../../../firmware-ts/devices/at/commands/signal.ts';

export const SECRET = '73914682';

type Kind = { readonly command: AtCommand<unknown>; readonly lines: (n: number) => readonly string[] };
/** Each answer carries the number of its question, so that one given to another question shows. */
export const KINDS: readonly Kind[] = [
  { command: SIGNAL, lines: (n) => [`+CSQ: ${n % 32},${n % 8}`] },
  { command: registrationIn('CREG'), lines: (n) => [`+CREG: 2,1,"${n}","0A",7`] },
  { command: registrationIn('CEREG'), lines: (n) => [`+CEREG: 0,${n % 9}`] },
  { command: IMSI, lines: (n) => [`2080112345${10_000 + n}`] },
  { command: PIN_STATE, lines: () => ['+CPIN: READY'] },
  { command: IDENTIFICATION, lines: (n) => ['Maker', `Model ${n}`] },
  { command: order('AT+CFUN=4'), lines: () => [] },
  { command: enterPin(SECRET), lines: () => [] },
  { command: sendPdu('0001000B913316325476F80000041234ABCD'), lines: (n) => [`+CMGS: ${n % 256}`] },
];
export const TEMPLATES: readonly Question[] = KINDS.map(({ command }) =>
  questionOf(command, { id: 0, priority: 'telemetry', holder: undefined }),
);

/** Noise that reads as words is part of a free text: nobody can tell. */
export const NOISE = ['\xfe\x80\x81', '\0\x01\x02', 'x\xffy', '\x7f'] as const;
export const REPORTS: readonly ((n: number) => readonly [string, string])[] = [
  (n) => [`+CMTI: "SM",${n}`, ''],
  (n) => [`+CREG: ${n % 9}`, ''],
  (n) => [`+CEREG: ${n % 9},"${1000 + n}","01AB",7`, ''],
  (n) => [`+CMT: ,${n}`, `00AA${1_000 + n}`],
  (n) => [`+QIND: "csq",${n}`, ''],
  () => ['RING', ''],
  (n) => [`^RSSI:${n}`, ''],
  () => ['', ''],
];
