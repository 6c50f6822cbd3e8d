import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { BASIC_COMMANDS, registrationOf } from './at-basic-commands.ts';
import { CARD_COMMANDS } from './at-card-commands.ts';
import { FAMILIES, type FamilyName, namesOf } from './at-families.ts';
import { HOST_COMMANDS } from './at-host-commands.ts';
import { arrive, MESSAGE_COMMANDS } from './at-message-commands.ts';
import { FACTORY, type ModemState, started } from './at-modem-state.ts';
import { type Command, type Obeyed, obey, textOf } from './at-obey.ts';
import type { ByteEnd } from './byte-end.ts';

/*
 * A cellular modem behind a byte cable, as TS 27.007, TS 27.005 and V.250 describe it, and as the families differ from
 * them: two card slots, cards with PIN, PUK and a message storage that fills up, networks that refuse or take guests.
 * Left out: abbreviated dialling, editing with backspace, several commands on one line (V.250 5.2.4), data mode and PPP,
 * message text mode, a phone book, logical channels and eUICC, the time that a search for networks takes (a change of
 * place is known at once), and flash wear. A command typed while another is being answered is lost, as on most modems.
 */
type ModemMaking = {
  readonly family?: FamilyName;
  /** With a clock, answers take `delay`; without one they come at once. */
  readonly clock?: Clock;
  readonly delay?: Millis;
};

/** What to say to a line, piece by piece; undefined leaves the line to whoever was taught before, at last to the truth. */
export type Misbehavior = (line: string, truth: () => string) => readonly string[] | undefined;

export type AtModem = {
  readonly set: (change: Partial<ModemState>) => void;
  readonly state: () => ModemState;
  /** The newest lesson is asked first; the answer is how to forget it. */
  readonly teach: (misbehavior: Misbehavior) => () => void;
  /** Says something that nobody asked for. */
  readonly say: (text: string) => void;
  /** A message comes from the network, or a report about one. */
  readonly arrive: (pdu: string, kind?: 'report') => void;
  /** Power on again: half a command is forgotten, echo is back, and the family's banner is said, if it has one. */
  readonly reset: () => void;
};

type Works = {
  readonly cable: ByteEnd;
  readonly making: ModemMaking;
  readonly tables: readonly (readonly Command[])[];
  state: ModemState;
  lessons: readonly Misbehavior[];
  typed: string;
  /** Waits for the text behind a prompt. */
  prompts: Obeyed['prompts'];
  /** An answer is on its way: what is typed meanwhile is lost. */
  busy: boolean;
  starts: number;
};

export function createAtModem(cable: ByteEnd, making: ModemMaking = {}): AtModem {
  const family = making.family ?? 'plain';
  const tables = [
    FAMILIES[family].commands,
    namesOf(family),
    BASIC_COMMANDS,
    CARD_COMMANDS,
    MESSAGE_COMMANDS,
    HOST_COMMANDS,
  ];
  const works: Works = {
    cable,
    making,
    tables,
    state: FACTORY,
    lessons: [],
    typed: '',
    prompts: undefined,
    busy: false,
    starts: 0,
  };
  cable.hear((bytes) => {
    for (const character of Buffer.from(bytes).toString('latin1')) type(works, character);
  });
  return {
    set: (change) => become(works, { ...works.state, ...change }),
    state: () => works.state,
    teach(misbehavior) {
      works.lessons = [misbehavior, ...works.lessons];
      return () => {
        works.lessons = works.lessons.filter((lesson) => lesson !== misbehavior);
      };
    },
    say: (text) => say(works, text),
    arrive(pdu, kind) {
      const [text, state] = arrive(pdu, kind === 'report', works.state);
      works.state = state;
      say(works, text);
    },
    reset: () => reset(works),
  };
}

const say = ({ cable }: Works, text: string): void => {
  if (text !== '') cable.say(Buffer.from(text, 'latin1'));
};

function type(works: Works, character: string): void {
  if (works.busy) return;
  if (works.state.echo) say(works, character);
  if (works.prompts !== undefined) return typeText(works, character);
  if (character === '\r') {
    // V.250 5.2.1: what stands before the AT is not part of the command.
    const line = works.typed.slice(Math.max(0, works.typed.search(/AT/i)));
    works.typed = '';
    if (line !== '') answer(works, line);
  } else if (character !== '\n') {
    works.typed += character;
  }
}

/** TS 27.005 3.5.1: Ctrl-Z sends, ESC gives up with OK. */
function typeText(works: Works, character: string): void {
  if (character !== '\x1a' && character !== '\x1b') {
    works.typed += character;
    return;
  }
  const { prompts, typed } = works;
  works.prompts = undefined;
  works.typed = '';
  if (character === '\x1b') later(works, () => say(works, '\r\nOK\r\n'));
  else if (prompts !== undefined) give(works, `\x1a${typed}`, () => prompts(typed, works.state));
}

const answer = (works: Works, line: string): void => give(works, line, () => obey(works.tables, line, works.state));

function give(works: Works, line: string, does: () => Obeyed): void {
  later(works, () => {
    let obeyed: Obeyed | undefined;
    const truth = () => {
      obeyed ??= does();
      return obeyed.prompts === undefined ? textOf(obeyed, works.state.errors) : '\r\n> ';
    };
    const pieces = taught(works.lessons, line, truth) ?? [truth()];
    // The answer is told before what the command does shows, as reports of it come later.
    for (const piece of pieces) say(works, piece);
    works.prompts = obeyed?.prompts;
    if (obeyed?.state !== undefined) become(works, obeyed.state);
    if (obeyed?.restarts) reset(works);
  });
}

function taught(lessons: readonly Misbehavior[], line: string, truth: () => string): readonly string[] | undefined {
  for (const lesson of lessons) {
    const pieces = lesson(line, truth);
    if (pieces !== undefined) return pieces;
  }
  return undefined;
}

function later(works: Works, does: () => void): void {
  const { clock, delay = millis(0) } = works.making;
  if (clock === undefined || delay === 0) return does();
  const { starts } = works;
  works.busy = true;
  clock.after(delay, () => {
    // A restart forgets what was asked before it.
    if (works.starts !== starts) return;
    works.busy = false;
    does();
  });
}

/** The state changes, and what is reported of it is said (TS 27.007 7.2); a storage with room takes what the network kept. */
function become(works: Works, next: ModemState): void {
  const before = works.state;
  works.state = next;
  for (const [name, n] of Object.entries(next.reporting)) {
    const now = registrationOf(name, next);
    if (n > 0 && before.reporting[name] === n && now !== registrationOf(name, before))
      say(works, `\r\n+${name}: ${now}\r\n`);
  }
  const [first, ...kept] = next.kept;
  if (first === undefined || next.slots[next.slot]?.messages.includes(undefined) !== true) return;
  const [text, after] = arrive(first, false, { ...next, kept });
  say(works, text);
  become(works, after);
}

function reset(works: Works): void {
  works.typed = '';
  works.prompts = undefined;
  works.busy = false;
  works.starts += 1;
  works.state = started(works.state);
  say(works, FAMILIES[works.making.family ?? 'plain'].banner);
}
