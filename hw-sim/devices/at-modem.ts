import type { ByteEnd } from './byte-end.ts';

/*
 * A cellular modem behind a byte cable, as TS 27.007 and V.250 describe it. Left out: abbreviated dialling, editing with
 * backspace, several commands on one line (V.250 5.2.4), data mode, and the time that a real modem takes to answer.
 */
type ModemState = {
  /** TS 27.007 8.5: 0..31, 99 not known. */
  readonly rssi: number;
  /** 0..7, 99 not known. */
  readonly ber: number;
  readonly echo: boolean;
  readonly simInserted: boolean;
};

/** What to say to a line, piece by piece; undefined leaves the line to whoever was taught before, at last to the truth. */
export type Misbehavior = (line: string, truth: () => string) => readonly string[] | undefined;

type AtModem = {
  readonly set: (change: Partial<ModemState>) => void;
  /** The newest lesson is asked first; the answer is how to forget it. */
  readonly teach: (misbehavior: Misbehavior) => () => void;
  /** Says something that nobody asked for. */
  readonly say: (text: string) => void;
  /** Power on again: half a command is forgotten, echo is back, and a banner is said. */
  readonly reset: () => void;
};

const FACTORY: ModemState = { rssi: 20, ber: 99, echo: true, simInserted: true };

export function createAtModem(cable: ByteEnd): AtModem {
  let state = FACTORY;
  let typed = '';
  let lessons: readonly Misbehavior[] = [];

  const say = (text: string) => cable.say(Buffer.from(text, 'latin1'));

  const answer = (line: string) => {
    let next = state;
    const truth = () => {
      const [text, after] = obey(line, state);
      next = after;
      return text;
    };
    const taught = firstAnswer(lessons, line, truth);
    const pieces = taught ?? [truth()];
    state = next;
    for (const piece of pieces) say(piece);
  };

  cable.hear((bytes) => {
    for (const character of Buffer.from(bytes).toString('latin1')) {
      if (state.echo) say(character);
      if (character === '\r') {
        const line = typed;
        typed = '';
        if (line !== '') answer(line);
      } else if (character !== '\n') {
        typed += character;
      }
    }
  });

  return {
    set(change) {
      state = { ...state, ...change };
    },
    teach(misbehavior) {
      lessons = [misbehavior, ...lessons];
      return () => {
        lessons = lessons.filter((lesson) => lesson !== misbehavior);
      };
    },
    say,
    reset() {
      typed = '';
      state = { ...state, echo: FACTORY.echo };
      say('\0\r\nRDY\r\n\r\n+CPIN: READY\r\n');
    },
  };
}

function firstAnswer(
  lessons: readonly Misbehavior[],
  line: string,
  truth: () => string,
): readonly string[] | undefined {
  for (const lesson of lessons) {
    const pieces = lesson(line, truth);
    if (pieces !== undefined) return pieces;
  }
  return undefined;
}

const OK = '\r\nOK\r\n';
const ERROR = '\r\nERROR\r\n';

/** The true answer, and the state after it. V.250 5.4.1: commands in either case. */
function obey(line: string, state: ModemState): readonly [string, ModemState] {
  switch (line.toUpperCase()) {
    case 'AT':
      return [OK, state];
    case 'ATE0':
      return [OK, { ...state, echo: false }];
    case 'ATE1':
      return [OK, { ...state, echo: true }];
    case 'ATI':
      return [`\r\nRelais\r\nSimulated modem\r\n${OK}`, state];
    case 'AT+CSQ':
      return [`\r\n+CSQ: ${state.rssi},${state.ber}\r\n${OK}`, state];
    case 'AT+CPIN?':
      // TS 27.007 9.2: SIM not inserted.
      return [state.simInserted ? `\r\n+CPIN: READY\r\n${OK}` : '\r\n+CME ERROR: 10\r\n', state];
    default:
      return [ERROR, state];
  }
}
