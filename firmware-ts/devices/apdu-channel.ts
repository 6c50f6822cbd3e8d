import type { ApduChannel, ChannelRefusal } from '../../agent/ports/apdu-channel.ts';
import {
  classOnChannel,
  closeChannel,
  OPEN_CHANNEL,
  readReply,
  selectApplication,
  writeApdu,
} from '../../agent/uicc/apdu.ts';
import { bytesOf } from '../../agent/uicc/bytes.ts';
import type { Ask, AtAnswer } from './at/channel.ts';
import { closeLogicalChannel, openLogicalChannel, sendApdu, sendOnChannel } from './at/commands/apdu.ts';

/** TS 27.007 8.43 to 8.46 (the modem keeps the channels), or 8.17 (the box does, on the basic channel's command). */
export type ApduRoute = 'logical' | 'basic';

/** What a swap may need of channels: one for the box, and those that an earlier life of it may have left open. */
const STALE = [1, 2, 3];

/**
 * APDUs over the modem's command channel. Routes are tried in order, and the first that opened is kept: some modems hide
 * the ISD-R from one of them, or have only the other. APDUs bear keys and codes, so none is shown in a trace.
 */
export function createApduChannel(ask: Ask, routes: readonly ApduRoute[] = ['logical', 'basic']): ApduChannel {
  const roads = routes.map((route) => (route === 'logical' ? logicalRoad(ask) : basicRoad(ask)));
  let road = roads[0];
  const openFirst = async (application: string): Promise<number | ChannelRefusal> => {
    let refused: ChannelRefusal = 'refused';
    for (const one of road === undefined ? roads : [road, ...roads.filter((other) => other !== road)]) {
      const opened = await one.open(application);
      if (typeof opened === 'number') {
        road = one;
        return opened;
      }
      // The card's own word that there is no such application outweighs a modem's refusal.
      refused = refused === 'no-application' ? refused : opened;
      if (opened === 'silent') break;
    }
    return refused;
  };
  return {
    open: (application, done) => void openFirst(application).then(done),
    send: (channel, command, done) => void (road?.send(channel, command) ?? Promise.resolve(undefined)).then(done),
    close: (channel, done) => void (road?.close(channel) ?? Promise.resolve()).then(done),
  };
}

type Road = {
  readonly open: (application: string) => Promise<number | ChannelRefusal>;
  readonly send: (channel: number, command: string) => Promise<string | undefined>;
  readonly close: (channel: number) => Promise<void>;
};

const valueIn = <T>(answer: AtAnswer<T>): T | undefined => (answer.at === 'answered' ? answer.value : undefined);
const isSilent = ({ at }: AtAnswer<unknown>): boolean => at !== 'answered' && at !== 'refused' && at !== 'unreadable';

function logicalRoad(ask: Ask): Road {
  const close = async (channel: number) => void (await ask(closeLogicalChannel(channel)));
  return {
    async open(application) {
      const first = await ask(openLogicalChannel(application));
      if (first.at === 'answered') return first.value;
      if (isSilent(first)) return 'silent';
      for (const channel of STALE) await close(channel);
      const second = await ask(openLogicalChannel(application));
      return valueIn(second) ?? (isSilent(second) ? 'silent' : 'refused');
    },
    send: async (channel, command) => valueIn(await ask(sendOnChannel(channel, { hex: command, secret: true }))),
    close,
  };
}

function basicRoad(ask: Ask): Road {
  const send = async (command: string) => ask(sendApdu({ hex: command, secret: true }));
  const onChannel = (channel: number, command: string) => {
    const cla = classOnChannel(Number.parseInt(command.slice(0, 2), 16), channel);
    return `${cla.toString(16).padStart(2, '0').toUpperCase()}${command.slice(2)}`;
  };
  const close = async (channel: number) => void (await send(writeApdu(closeChannel(channel))));
  const openNumber = async (): Promise<number | ChannelRefusal> => {
    const answer = await send(writeApdu(OPEN_CHANNEL));
    const reply = readReply(valueIn(answer) ?? '');
    if (!reply.ok) return isSilent(answer) ? 'silent' : 'refused';
    return reply.value.word === 0x9000 ? (reply.value.bytes[0] ?? 'refused') : 'refused';
  };
  return {
    async open(application) {
      let number = await openNumber();
      if (number === 'refused') {
        for (const stale of STALE) await close(stale);
        number = await openNumber();
      }
      if (typeof number !== 'number') return number;
      const select = writeApdu(selectApplication(bytesOf(application) ?? new Uint8Array()));
      const reply = readReply(valueIn(await send(onChannel(number, select))) ?? '');
      // ETSI TS 102 221 10.2.1: 61xx says that the answer to SELECT waits; nobody needs it.
      if (reply.ok && (reply.value.word === 0x9000 || reply.value.word >> 8 === 0x61)) return number;
      await close(number);
      if (!reply.ok) return 'silent';
      return reply.value.word === 0x6a82 ? 'no-application' : 'refused';
    },
    send: async (channel, command) => valueIn(await send(onChannel(channel, command))),
    close,
  };
}
