import type { OpenCalls } from '../machines/call/recover.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { FaxCall, FaxCallNews, FaxCalls } from '../ports/fax-calls.ts';
import type { FaxWires } from '../ports/fax-wires.ts';
import type { Media } from '../ports/media.ts';
import type { Endpoint, VoiceWire } from '../ports/voice-wire.ts';
import { faxByMode } from './fax-by-mode.ts';
import { createFaxLine, type FaxLineAgent } from './fax-line.ts';
import { spliceVoice } from './splice-voice.ts';
import type { Turns } from './turns.ts';

export type FaxCallsNeeds = {
  readonly config: Pick<SiteConfig, 'fax' | 'voice'>;
  readonly ports: Pick<AgentPorts, 'clock' | 'random' | 'journal' | 'voice' | 'media'>;
  readonly wires: FaxWires;
  readonly turns: Turns;
};

/** The fax lines among the phones of the site. */
export type FaxPhones = FaxCalls & {
  /** For whoever serves the lines of one mode: the fax machine behind the modem, and the box as a terminal. */
  readonly byMode: ReturnType<typeof faxByMode>;
  /** The wire and the media of the site, with the fax lines in them: what the guard is to have in place of its own. */
  readonly voice: VoiceWire;
  readonly media: Media;
  /** Registers all lines; once the guard listens. `open`: calls of before a restart, of which the far end is told the end. */
  start(open: OpenCalls): void;
  stop(): void;
};

/** Where a fax line stands in the eyes of the guard: no phone can have such an address. */
const HOME = '127.0.0.1';
const FIRST_PORT = 9_060;

/**
 * The site's fax lines as SIP user agents. Each is a phone of the guard: what it says and hears passes there like
 * any phone's, so that admission, caps, barring and records hold for it without another rule.
 */
export function createFaxCalls({ config, ports, wires, turns }: FaxCallsNeeds): FaxPhones {
  const { voice, media } = ports;
  const lines = new Map<string, FaxLineAgent>();
  const homes = new Map<number, FaxLineAgent>();
  let listen: (call: FaxCall) => ((news: FaxCallNews) => void) | undefined = () => undefined;
  const isOwn = ({ address, port }: Endpoint): boolean => address === HOME && homes.has(port);
  const splice = spliceVoice(voice, {
    isOwn,
    hear: ({ port }, bytes, by) => turns(() => homes.get(port)?.hear(bytes, by)),
    moved: () => turns(() => each((line) => line.moved())),
  });
  const each = (work: (line: FaxLineAgent) => void): void => {
    for (const line of lines.values()) work(line);
  };

  for (const [at, { number, server: name, user }] of (config.fax?.lines ?? []).entries()) {
    const server = config.voice.sipServers.find((one) => one.name === name);
    const password = wires.passwords.get(number);
    if (server === undefined || password === undefined) {
      ports.journal.fault('a fax line is not used: its SIP server or its password is missing', {
        line: number,
        remedy: server === undefined ? `order a SIP server "${name}"` : `faxSecrets: give "${number}" its password`,
      });
      continue;
    }
    const home = { address: HOME, port: FIRST_PORT + at };
    const line = createFaxLine({
      ...{ clock: ports.clock, random: ports.random, journal: ports.journal, turns, wires },
      ...{ number, user, password, server },
      send: (bytes) => splice.say(home, name, bytes),
      arrived: (call) => listen(call),
    });
    lines.set(number, line);
    homes.set(home.port, line);
  }

  const calls: FaxCalls = {
    dial({ line: number, dialled, imageAtOnce }, hear) {
      const line = lines.get(number);
      if (line) return line.dial(dialled, imageAtOnce ? 'image' : 'audio', hear);
      turns(() => hear({ on: 'over', by: 'us', status: 0, text: "Cette ligne de fax n'est pas en service" }));
      return nobody(number, dialled);
    },
    onCall(next) {
      listen = next;
    },
  };

  return {
    ...calls,
    byMode: faxByMode(calls, config.fax),
    voice: splice.wire,
    media: {
      ...media,
      heard: (done) =>
        media.heard((talkers) => done(new Set([...talkers, ...[...lines.values()].flatMap((line) => line.talkers())]))),
    },
    start(open) {
      turns(() => {
        for (const { told, answeredAt } of open.values()) {
          if (answeredAt === undefined || !isOwn(told.dialog.phone)) continue;
          homes.get(told.dialog.phone.port)?.leave(told.dialog, told.facts.direction);
        }
        each((line) => line.start());
      });
    },
    stop: () => turns(() => each((line) => line.stop())),
  };
}

/** A call that never was. */
function nobody(line: string, peer: string): FaxCall {
  const nothing = (): void => undefined;
  return { id: '', line, peer, answer: nothing, refuse: nothing, turnToFax: nothing, send: nothing, hangUp: nothing };
}
