import type { Asking, AtOutcome, ChannelEffect, ChannelState, Heard } from './channel-state.ts';
import { MASK } from './command.ts';
import { PROBES } from './probes.ts';
import { resultOf } from './result.ts';
import { isReport, type Urc, urcOf } from './urcs.ts';

/** What a line means for the question in flight. */
type LineHeard = { readonly state: ChannelState; readonly effects: readonly ChannelEffect[] } & (
  | { readonly so: 'go-on' }
  | { readonly so: 'proven' }
  | { readonly so: 'restarted' }
  | { readonly so: 'ended'; readonly id: number; readonly outcome: AtOutcome }
);

/** A storm of lines must not fill the memory of a box. */
const MOST_LINES = 512;

/**
 * Attributes one line: to the report whose PDU it is, to the question in flight, to nobody. Every line ends somewhere: in
 * the answer, in a report, or as a stray; echo, results and probes aside none is dropped.
 */
export function hearLine(before: ChannelState, raw: string): LineHeard {
  const line = withoutNoise(raw);
  if (line === '') return { so: 'go-on', state: before, effects: [] };
  const state = before.head === undefined ? before : { ...before, head: undefined };
  if (before.head !== undefined) {
    const body = HEX.test(line) ? line : undefined;
    const report = reportOf(before, before.head, body);
    if (body !== undefined) return { so: 'go-on', state, effects: [traced(before, line), report] };
    // The PDU was left out: the report is told without it, and the line is somebody else's.
    const rest = attribute(state, line);
    return { ...rest, effects: [report, ...rest.effects] };
  }
  return attribute(state, line);
}

function attribute(state: ChannelState, line: string): LineHeard {
  const { phase } = state;
  switch (phase.at) {
    case 'asking':
      return hearAnswer(state, phase, line);
    case 'unproven': {
      if (line.startsWith(PROBES[phase.probe]?.answer ?? '\0'))
        return noticeRestart({ ...state, phase: { ...phase, seen: true } }, line === '+CMEE: 0', traced(state, line));
      if (PROBES.some(({ send }) => line.endsWith(send))) return goOn(state);
      if (line === 'OK' && phase.seen) return { so: 'proven', state, effects: [traced(state, line)] };
      return nobodys(state, line);
    }
    default:
      return nobodys(state, line);
  }
}

function hearAnswer(state: ChannelState, phase: Asking, line: string): LineHeard {
  const { question } = phase;
  if (isEcho(phase, line)) {
    const early = phase.heard.map((heard) => unclaimed(state, heard));
    const after = { ...state, phase: { ...phase, heard: [], owesBody: false, echoed: true } };
    if (question.id === 0) return goOn(after, ...early);
    const echo = state.echo === 'just-ordered-off' ? 'kept' : state.echo;
    return noticeRestart({ ...after, echo }, echo === 'off', ...early);
  }
  if (isEchoOfText(phase, line)) return goOn(state);
  const result = resultOf(line);
  if (result !== undefined) {
    const { lines, reports } = answerOf(phase.heard);
    const outcome: AtOutcome = result === 'ok' ? { at: 'answered', lines } : { at: 'refused', refusal: result };
    const effects = [traced(state, line), ...reports.map((report) => reportOf(state, report, undefined))];
    const quiet = question.id !== 0 && !phase.echoed && state.echo === 'just-ordered-off';
    const after: ChannelState = quiet ? { ...state, echo: 'off' } : state;
    return { so: 'ended', state: after, effects, id: question.id, outcome };
  }
  if (phase.owesBody && question.body?.test(line)) return claimed(state, { ...phase, owesBody: false }, line, false);
  const urc = urcOf(line);
  const claims = question.claims?.test(line) === true;
  if (urc !== undefined && isReport(urc, line) && !(claims && urc.alike)) return reported(state, urc, line);
  if (claims) return claimed(state, { ...phase, owesBody: question.body !== undefined }, line, urc?.alike === true);
  if (question.free && PRINTABLE.test(line) && !LOOKS_LIKE_REPORT.test(line)) return claimed(state, phase, line, false);
  return nobodys(state, line);
}

function claimed(state: ChannelState, phase: Asking, line: string, report: boolean): LineHeard {
  const heard = [...phase.heard, { line, report }].slice(-MOST_LINES);
  const shown = phase.question.secretAnswer ? MASK : masked(state, line);
  return goOn({ ...state, phase: { ...phase, heard } }, { do: 'trace', way: '←', text: shown });
}

/** Of lines that may be reports as well, the last is the answer: it was said nearest to the result code. */
function answerOf(heard: readonly Heard[]): { readonly lines: readonly string[]; readonly reports: readonly string[] } {
  const last = heard.findLast(({ report }) => report);
  if (last === undefined) return { lines: heard.map(({ line }) => line), reports: [] };
  const isAnswer = (one: Heard) => !one.report || one === last;
  return {
    lines: heard.filter(isAnswer).map(({ line }) => line),
    reports: heard.filter((one) => !isAnswer(one)).map(({ line }) => line),
  };
}

function nobodys(state: ChannelState, line: string): LineHeard {
  const urc = urcOf(line);
  if (urc !== undefined && isReport(urc, line)) return reported(state, urc, line);
  const { phase } = state;
  // A garbled echo of a secret has parts of it that no comparison finds.
  const mayEcho = phase.at === 'asking' && phase.question.secrets.length > 0;
  const shown = mayEcho ? MASK : masked(state, line);
  return goOn(state, { do: 'trace', way: '←', text: shown }, { do: 'report', news: { on: 'stray', line: shown } });
}

function reported(state: ChannelState, urc: Urc, line: string): LineHeard {
  if (urc.body) return goOn({ ...state, head: line }, traced(state, line));
  const effects = [traced(state, line), reportOf(state, line, undefined)];
  return { so: urc.restarted ? 'restarted' : 'go-on', state, effects };
}

const goOn = (state: ChannelState, ...effects: readonly ChannelEffect[]): LineHeard => ({
  so: 'go-on',
  state,
  effects,
});

/** Many modules say nothing when they start anew: their echo is back, or their errors are without numbers again. */
function noticeRestart(state: ChannelState, isFresh: boolean, ...effects: readonly ChannelEffect[]): LineHeard {
  if (!isFresh || state.needsSetUp) return goOn(state, ...effects);
  return goOn({ ...state, needsSetUp: true }, ...effects, { do: 'report', news: { on: 'restarted' } });
}

const unclaimed = (state: ChannelState, { line, report }: Heard): ChannelEffect =>
  report ? reportOf(state, line, undefined) : { do: 'report', news: { on: 'stray', line: masked(state, line) } };

const reportOf = (state: ChannelState, line: string, body: string | undefined): ChannelEffect => ({
  do: 'report',
  news: { on: 'urc', line: masked(state, line), body },
});

const traced = (state: ChannelState, line: string): ChannelEffect => ({
  do: 'trace',
  way: '←',
  text: masked(state, line),
});

const masked = (state: ChannelState, line: string): string =>
  state.secrets.reduce((text, secret) => text.replaceAll(secret, MASK), line);

/** Noise may stand before the echo, and an echo comes once. */
const isEcho = ({ question, echoed }: Asking, line: string): boolean => !echoed && line.endsWith(question.send);

const isEchoOfText = ({ question, prompted }: Asking, line: string): boolean =>
  prompted && question.payload !== undefined && question.payload !== '' && line.startsWith(question.payload);

/** A start or a wrong baud rate leaves control characters before the first word. */
function withoutNoise(line: string): string {
  let from = 0;
  while (line.charCodeAt(from) <= 0x20 || line.charCodeAt(from) === 0x7f) from += 1;
  let to = line.length;
  while (to > from && line.charCodeAt(to - 1) <= 0x20) to -= 1;
  return line.slice(from, to);
}

const HEX = /^(?:[0-9A-Fa-f]{2})+$/;
/** V.250 6.1.3 has text in IRA; the rest is noise. */
const PRINTABLE = /^[\x20-\x7e]+$/;
const LOOKS_LIKE_REPORT = /^[+^*#%$!&][A-Z0-9_]+ ?:/;
