import { stepChannel } from '../../../firmware-ts/devices/at/channel-machine.ts';
import { type ChannelEvent, type ChannelState, CLOSED_CHANNEL } from '../../../firmware-ts/devices/at/channel-state.ts';
import { type Dice, roll } from './dice.ts';
import { KINDS, NOISE, REPORTS, SECRET, TEMPLATES } from './stream-words.ts';

/** What a modem in a bad mood does with one command. */
type Mood = 'answers' | 'refuses' | 'is silent' | 'answers late' | 'restarts';
const MOODS: readonly Mood[] = ['answers', 'answers', 'answers', 'refuses', 'is silent', 'answers late', 'restarts'];

type Play = {
  readonly problems: string[];
  readonly ended: number;
  readonly asked: number;
};

type World = {
  readonly dice: Dice;
  state: ChannelState;
  out: string;
  /** Said before the next answer, since a modem answers in order. */
  late: string;
  echo: boolean;
  waiting: boolean;
  typed: string;
  prompting: boolean;
  whole: string;
  said: string[];
  readonly heard: string[];
  readonly truth: Map<number, string>;
  ended: number;
  readonly problems: string[];
  flying: number;
  todo: ChannelEvent[];
};

/** A channel that has nothing to do. */
export const READY: ChannelState = { ...CLOSED_CHANNEL, phase: { at: 'idle' }, needsSetUp: false, echo: 'off' };

/** One conversation: up to three questions to a modem whose every word comes in pieces, between reports and noise. */
export function play(dice: Dice): Play {
  const world: World = {
    dice,
    state: READY,
    out: '',
    late: '',
    echo: roll(dice, 3) === 0,
    waiting: false,
    typed: '',
    prompting: false,
    whole: '',
    said: [],
    heard: [],
    truth: new Map(),
    ended: 0,
    problems: [],
    flying: 0,
    todo: [],
  };
  const asked = roll(dice, 4) === 0 ? 2 + roll(dice, 2) : 1;
  for (let id = 1; id <= asked; id += 1) {
    const kind = roll(dice, KINDS.length);
    const template = TEMPLATES[kind];
    if (template === undefined) continue;
    post(world, { on: 'asked', question: { ...template, id: id * 16 + kind } });
    if (roll(dice, 8) === 0) post(world, { on: 'canceled', id: id * 16 + kind });
    if (roll(dice, 2) === 0) deliver(world);
  }
  for (let turns = 0; world.ended < asked; turns += 1) {
    if (turns > 40) {
      world.problems.push('hangs');
      break;
    }
    deliver(world);
    if (world.ended < asked && world.waiting) post(world, { on: 'deadline' });
  }
  // What was said and not yet heard, and a line that ends whatever report still waits for its PDU.
  deliver(world);
  post(world, { on: 'line-lost' });
  count(world);
  if (world.heard.join('|') !== world.said.join('|'))
    world.problems.push(`reports: said ${world.said.join('|')}, heard ${world.heard.join('|')}`);
  return { problems: world.problems, ended: world.ended, asked };
}

/** What the modem said is what left it: an answer that it forgot at a restart was never said. */
function count(world: World): void {
  const lines = world.whole.split(/[\r\n]+/).map((line) => line.replaceAll('\0', ''));
  lines.forEach((line, at) => {
    if (line.startsWith('+CMT: ')) world.said.push(line + (lines[at + 1] ?? ''));
    else if (REPORT_LINE.test(line)) world.said.push(line);
  });
}

function deliver(world: World): void {
  while (world.out !== '') {
    const size = roll(world.dice, 3) === 0 ? 1 + roll(world.dice, 9) : world.out.length;
    const text = world.out.slice(0, size);
    world.out = world.out.slice(size);
    world.whole += text;
    post(world, { on: 'heard', text });
  }
}

function post(world: World, event: ChannelEvent): void {
  const [state, effects] = stepChannel(world.state, event);
  world.state = state;
  for (const effect of effects) {
    switch (effect.do) {
      case 'write':
        hear(world, effect.text);
        break;
      case 'wait':
        world.waiting = true;
        break;
      case 'forget':
        world.waiting = false;
        break;
      case 'end':
        if (effect.id === 0) break;
        world.ended += 1;
        if (effect.outcome.at === 'answered' && effect.outcome.lines.join('|') !== world.truth.get(effect.id))
          world.problems.push(`${effect.id} was given ${effect.outcome.lines.join('|')}`);
        if (effect.outcome.at === 'refused') secretFree(world, effect.outcome.refusal.says);
        break;
      case 'report':
        // A late +CPIN: READY is a report as well: nobody can tell.
        if (effect.news.on === 'urc' && effect.news.line !== '+CPIN: READY')
          world.heard.push(effect.news.line + (effect.news.body ?? ''));
        if (effect.news.on === 'urc' || effect.news.on === 'stray') secretFree(world, effect.news.line);
        break;
      default:
        secretFree(world, effect.text);
    }
  }
}

function secretFree(world: World, text: string): void {
  if (text.includes(SECRET)) world.problems.push(`tells a secret: ${text}`);
}

/** The modem's end: V.250 command lines, and texts behind a prompt. */
function hear(world: World, text: string): void {
  for (const character of text) {
    if (world.prompting) {
      if (character !== '\x1a' && character !== '\x1b') world.typed += character;
      else {
        world.prompting = false;
        if (world.echo) world.out += `${world.typed}\r\n`;
        world.typed = '';
        world.out += character === '\x1b' ? '\r\nOK\r\n' : answerOf(world, world.flying);
      }
    } else if (character === '\r') {
      const line = world.typed;
      world.typed = '';
      if (line.includes('AT')) obey(world, line.slice(line.indexOf('AT')));
    } else world.typed += character;
  }
}

function obey(world: World, line: string): void {
  if (world.echo) world.out += `${line}\r`;
  const probe = /^AT(\+CMEE|\+CSCS|\+CMGF|\+CSTA|\+CRC|\+CCLK)\?$/.exec(line)?.[1];
  if (probe !== undefined) {
    const lost = roll(world.dice, 5) === 0;
    world.out += lost ? '' : `${world.late}\r\n${probe}: 1\r\n\r\nOK\r\n`;
    if (!lost) world.late = '';
    return;
  }
  if (line === 'ATE0' || line === 'AT+CMEE=1') {
    if (line === 'ATE0') world.echo = false;
    world.out += '\r\nOK\r\n';
    return;
  }
  world.flying = world.state.phase.at === 'asking' ? world.state.phase.question.id : world.flying;
  mood(world, MOODS[roll(world.dice, MOODS.length)] ?? 'answers', line.startsWith('AT+CMGS'));
}

function mood(world: World, how: Mood, prompts: boolean): void {
  if (how === 'answers' && prompts) {
    world.prompting = true;
    world.out += `${around(world)}\r\n> `;
  } else if (how === 'answers') world.out += answerOf(world, world.flying);
  else if (how === 'answers late' && !prompts) world.late += answerOf(world, world.flying);
  else if (how === 'refuses') world.out += `${around(world)}\r\n+CME ERROR: ${roll(world.dice, 100)}\r\n`;
  else if (how === 'restarts') {
    world.late = '';
    world.echo = true;
    world.out += '\0\r\nRDY\r\n';
  }
}

function answerOf(world: World, id: number): string {
  const n = 1 + roll(world.dice, 1_000);
  const lines = KINDS[id % 16]?.lines(n) ?? [];
  world.truth.set(id, lines.join('|'));
  return `${lines.map((line) => `${around(world)}\r\n${line}\r\n`).join('')}${around(world)}\r\nOK\r\n`;
}

/** Reports and noise, on lines of their own. */
function around(world: World): string {
  let text = '';
  for (let left = roll(world.dice, 4) === 0 ? 1 + roll(world.dice, 3) : 0; left > 0; left -= 1) {
    const n = roll(world.dice, 1_000);
    const [line, body] = REPORTS[roll(world.dice, REPORTS.length)]?.(n) ?? ['', ''];
    if (line === '') text += `\r\n${NOISE[n % NOISE.length]}\r\n`;
    else text += `${n % 3 === 0 ? '\0' : ''}\r\n${line}\r\n${body === '' ? '' : `${body}\r\n`}`;
  }
  return text;
}

/** What the modem said, for the count: in the order in which it left the modem. */
const REPORT_LINE = /^(?:\+CMTI: |\+CREG: \d$|\+CEREG: \d,"|\+CMT: |\+QIND: |RING$|RDY$|\^RSSI:)/;
