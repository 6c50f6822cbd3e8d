import type { Card } from './card.ts';
import { channelToCard, onChannel } from './card-channel.ts';

/** How modems differ in carrying APDUs; each named after what was met in the field. */
export type CarrierHabits = {
  /** FM350, and TS 27.007 8.43 itself: the bare number of the channel. */
  readonly bareSession?: true;
  /** FM350 says +CCHC before its OK. */
  readonly namesClose?: true;
  /** Some modems fetch what waits behind 61xx by themselves. */
  readonly fetches?: true;
  /** Sierra EM9191 has no +CCHC; EC20 and others refuse +CCHO. */
  readonly lacks?: readonly ('CCHO' | 'CGLA' | 'CCHC' | 'CSIM')[];
  /** The longest APDU that the modem's own buffer takes, in bytes. */
  readonly mostBytes?: number;
};

/** What a modem says to TS 27.007 8.17 and 8.43 to 8.46; undefined for every other command. For `AtModem.teach`. */
export function carryApdus(card: Card, habits: CarrierHabits = {}) {
  const road = channelToCard(card);
  return (line: string): readonly string[] | undefined => {
    const [, name = '', rest = ''] = /^AT\+(CCHO|CGLA|CCHC|CSIM)=(.*)$/i.exec(line) ?? [];
    if (name === '') return undefined;
    if (habits.lacks?.some((lacked) => lacked === name.toUpperCase())) return ['\r\nERROR\r\n'];
    switch (name.toUpperCase()) {
      case 'CCHO':
        return [openSession(road, rest.replace(/"/g, ''), habits)];
      case 'CCHC':
        road.close(Number(rest), () => undefined);
        return [habits.namesClose ? '\r\n+CCHC\r\n\r\nOK\r\n' : '\r\nOK\r\n'];
      case 'CGLA':
        return [carried(card, /^(\d+),(\d+),"?([0-9A-F]*)"?$/i.exec(rest), 'CGLA', habits)];
      default:
        return [carried(card, /^()(\d+),"?([0-9A-F]*)"?$/i.exec(rest), 'CSIM', habits)];
    }
  };
}

function openSession(road: ReturnType<typeof channelToCard>, application: string, habits: CarrierHabits): string {
  let said = '\r\n+CME ERROR: 13\r\n';
  road.open(application, (opened) => {
    if (opened === 'no-application') said = '\r\n+CME ERROR: 22\r\n';
    else if (typeof opened === 'number') said = `\r\n${habits.bareSession ? '' : '+CCHO: '}${opened}\r\n\r\nOK\r\n`;
  });
  return said;
}

function carried(card: Card, found: RegExpExecArray | null, name: string, habits: CarrierHabits): string {
  const [, session = '', length = '', apdu = ''] = found ?? [];
  if (found === null || Number(length) !== apdu.length) return '\r\n+CME ERROR: 50\r\n';
  // A short buffer shows as a wrong length, before the card is asked.
  if (apdu.length / 2 > (habits.mostBytes ?? 261)) return answerLine(name, '6700');
  const channel = session === '' ? undefined : Number(session);
  const command = channel === undefined ? apdu : onChannel(apdu, channel);
  let reply = card.transmit(command);
  if (habits.fetches) {
    const cla = command.slice(0, 2);
    for (let more = /^(.*)61(..)$/.exec(reply); more !== null; more = /^(.*)61(..)$/.exec(reply))
      reply = `${more[1]}${card.transmit(`${cla}C00000${more[2]}`)}`;
  }
  return answerLine(name, reply);
}

const answerLine = (name: string, reply: string): string => `\r\n+${name}: ${reply.length},"${reply}"\r\n\r\nOK\r\n`;
