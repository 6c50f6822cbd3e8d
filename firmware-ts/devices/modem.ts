import type { Clock } from '../../agent/ports/clock.ts';
import type { OpenSerialLine } from '../wires/serial-line.ts';
import { type Ask, type AtAnswer, type AtChannel, createAtChannel } from './at/channel.ts';
import type { AtCommand } from './at/command.ts';
import { IDENTIFICATION, MANUFACTURER, MODEL } from './at/commands/identity.ts';
import { chooseDialect } from './at/dialects/choose-dialect.ts';
import type { Dialect } from './at/dialects/dialect.ts';

/** The modem behind a line: its channel, and the dialect it speaks. */
export interface Modem {
  readonly ask: Ask;
  readonly channel: AtChannel;
  /** Undefined while the modem is absent or silent: it is asked again the next time. */
  dialect(): Promise<Dialect | undefined>;
  close(): Promise<void>;
}

export function createModem(open: OpenSerialLine, clock: Clock): Modem {
  const channel = createAtChannel(open, clock);
  let chosen: Dialect | undefined;
  let isSetUp = false;
  channel.listen((news) => {
    // Another modem may be behind the path; the same one has forgotten what it was told.
    if (news.on === 'restarted' || news.on === 'lost') isSetUp = false;
    if (news.on === 'lost') chosen = undefined;
  });
  return {
    ask: channel.ask,
    channel,
    async dialect() {
      chosen ??= await identify(channel.ask);
      if (chosen === undefined || isSetUp) return chosen;
      isSetUp = true;
      for (const command of chosen.setUp) await channel.ask(command);
      return chosen;
    },
    close: () => channel.close(),
  };
}

async function identify(ask: Ask): Promise<Dialect | undefined> {
  const said: string[] = [];
  for (const command of [MANUFACTURER, MODEL, IDENTIFICATION]) {
    const answer = await ask(command);
    if (answer.at === 'answered') said.push(answer.value);
    else if (answer.at !== 'refused' && answer.at !== 'unreadable') return undefined;
  }
  return chooseDialect(said.join(' '));
}

/** The value of an answer, or undefined for every kind of news. */
export const answered = <T>(answer: AtAnswer<T>): T | undefined =>
  answer.at === 'answered' ? answer.value : undefined;

/** The first of several ways that answers. */
export async function firstOf<T>(ask: Ask, ways: readonly AtCommand<T>[]): Promise<T | undefined> {
  for (const way of ways) {
    const value = answered(await ask(way));
    if (value !== undefined) return value;
  }
  return undefined;
}
