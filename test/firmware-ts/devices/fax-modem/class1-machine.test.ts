import { describe, expect, it } from 'vitest';
import type { ModemNews, ModemOrder } from '../../../../agent/model/fax-modem.ts';
import { stepModem } from '../../../../firmware-ts/devices/fax-modem/class1-machine.ts';
import { freshModem, type ModemEffect } from '../../../../firmware-ts/devices/fax-modem/class1-state.ts';
import { chooseFaxDialect, type FaxQuirks } from '../../../../firmware-ts/devices/fax-modem/dialects.ts';
import { readModulations } from '../../../../firmware-ts/devices/fax-modem/modulations.ts';

/** What is done, in words: `>` to the modem, news with what matters of them, the pump. */
function play(turns: readonly (ModemOrder | string | 'waited')[], quirks: Partial<FaxQuirks> = {}): readonly string[] {
  let state = freshModem(chooseFaxDialect('', quirks), quirks);
  const told: string[] = [];
  for (const turn of turns) {
    const [next, effects] = stepModem(
      state,
      typeof turn !== 'string'
        ? { on: 'ordered', order: turn }
        : turn === 'waited'
          ? { on: 'waited' }
          : { on: 'heard', octets: Uint8Array.from(turn, (letter) => letter.charCodeAt(0)) },
    );
    state = next;
    told.push(...effects.flatMap(inWords));
  }
  return told;
}

function inWords(effect: ModemEffect): readonly string[] {
  switch (effect.do) {
    case 'send':
      return [`>${String.fromCharCode(...effect.octets).replace('\r', '')}`];
    case 'wait':
      return [];
    case 'report':
      return [newsInWords(effect.news)];
    default:
      return [effect.do];
  }
}

function newsInWords(news: ModemNews): string {
  if (news.on === 'done') return `done ${news.order}`;
  if (news.on === 'refused') return `refused ${news.order}: ${news.because}`;
  if (news.on === 'frame') return `frame ${news.octets.length} ${news.good ? 'good' : 'bad'}`;
  if (news.on === 'page') return `page ${news.octets.length}`;
  return news.on;
}

const frame = (last: boolean): Extract<ModemOrder, { do: 'frame' }> => ({
  do: 'frame',
  octets: Uint8Array.of(0xff, 0x03, 0x84),
  last,
});
const sent = ['>\xff\x03\x84\x10\x03', '>\xff\x13\x84\x10\x03'];
const CONNECT = '\r\nCONNECT\r\n';
const OK = '\r\nOK\r\n';
/** CFR with its FCS, final. */
const GOOD_FRAME = '\xff\x13\x84\xea\x7d';
const END = '\x10\x03';
const PAGE_OVER = `${END}\r\nNO CARRIER\r\n`;
const CHECK = { do: 'hear-page', modulation: 145 } as const;

describe('X-1: the six traps of a Class 1 modem', () => {
  it('1: a carrier that the modem drops within a page is said, and its pump stopped', () => {
    expect(play([{ do: 'send-page', modulation: 145, filler: 'zeros' }, CONNECT, OK])).toEqual([
      'pump-ready',
      '>AT+FTM=145',
      'carrier',
      'pump-begin',
      'pump-stop',
      'carrier-dropped',
    ]);
  });

  it('2: page data in the same read as CONNECT is page data', () => {
    expect(play([{ do: 'hear-page', modulation: 96 }, `${CONNECT}abc${END}\r\nNO CARRIER\r\n`])).toEqual([
      '>AT+FRM=96',
      'carrier',
      'page 3',
      'no-carrier',
      '>AT+FRH=3',
    ]);
  });

  it('3: one frame for each CONNECT, whenever it is ordered', () => {
    const order = { do: 'send-frames' } as const;
    expect(play([order, frame(false), frame(true), CONNECT, CONNECT, OK])).toEqual([
      '>AT+FTH=3',
      'carrier',
      sent[0],
      sent[1],
      'done send-frames',
    ]);
    expect(play([order, CONNECT, frame(false), CONNECT, frame(true), OK])).toEqual([
      '>AT+FTH=3',
      'carrier',
      sent[0],
      sent[1],
      'done send-frames',
    ]);
  });

  it('3: the first frame waits for the spare CONNECT behind the preamble, which so takes no frame', () => {
    const known = { spareConnectAfterPreamble: true };
    const turns = [{ do: 'send-frames' }, frame(false), frame(true), CONNECT] as const;
    expect(play(turns, known)).toEqual(['>AT+FTH=3', 'carrier']);
    expect(play([...turns, CONNECT], known)).toEqual(['>AT+FTH=3', 'carrier', sent[0]]);
  });

  it('3: an answer has no spare CONNECT, and one behind which no frame was given asks for none more', () => {
    const turns = [{ do: 'answer' }, CONNECT, frame(false), CONNECT, frame(true)] as const;
    expect(play(turns, { spareConnectAfterPreamble: true })).toEqual(['>ATA', 'carrier', sent[0], sent[1]]);
    expect(play([{ do: 'send-frames' }, CONNECT, CONNECT, frame(false), frame(true)])).toEqual([
      '>AT+FTH=3',
      'carrier',
      sent[0],
    ]);
  });

  it('3: an OK before the last frame went says how many were lost', () => {
    const told = play([{ do: 'send-frames' }, CONNECT, frame(false), frame(true), OK]);
    expect(told.at(-1)).toBe('refused send-frames: ok');
  });

  it('4: a character turns the modem round, and a CONNECT that crosses it is let pass with its octets', () => {
    const turn = [{ do: 'hear-frames' }, { do: 'stop' }] as const;
    expect(play([...turn, OK, { do: 'send-frames' }])).toEqual(['>AT+FRH=3', '>\x18', 'done stop', '>AT+FTH=3']);
    expect(play([...turn, `${CONNECT}noise`, `${END}${OK}`, { do: 'send-frames' }])).toEqual([
      '>AT+FRH=3',
      '>\x18',
      'done stop',
      '>AT+FTH=3',
    ]);
  });

  it('5: an order that waits goes out with the result of the one before', () => {
    const orders = [{ do: 'hear-frames' }, { do: 'hear-page', modulation: 145 }] as const;
    const heard = `${CONNECT}${GOOD_FRAME}${END}${OK}`;
    expect(play([...orders, heard])).toEqual([
      '>AT+FRH=3',
      'carrier',
      'frame 3 good',
      'done hear-frames',
      '>AT+FRM=145',
    ]);
  });

  it('6: an early +FCERROR is asked again twice, a ring changes nothing, and the FCS is checked anew', () => {
    const order = { do: 'hear-page', modulation: 145 } as const;
    const error = '\r\n+FCERROR\r\n';
    expect(play([order, error, '\r\nRING\r\n', error, error])).toEqual([
      '>AT+FRM=145',
      '>AT+FRM=145',
      'ring',
      '>AT+FRM=145',
      'fcerror',
    ]);
    const damaged = `${CONNECT}${GOOD_FRAME.replace('\x84', '\x85')}${END}`;
    expect(play([{ do: 'hear-frames' }, damaged, OK])).toEqual(['>AT+FRH=3', 'carrier', 'frame 3 bad', '>AT+FRH=3']);
    expect(play([{ do: 'hear-frames' }, `${CONNECT}${GOOD_FRAME}${END}`, '\r\nERROR\r\n'])).toEqual([
      '>AT+FRH=3',
      'carrier',
      'frame 3 bad',
      '>AT+FRH=3',
    ]);
  });
});

describe('X-1: a Class 1 modem', () => {
  it('5: goes on to hear behind its last frame before its owner asks, and the owner who asks has it already', () => {
    const behind = { do: 'hear-page', modulation: 146 } as const;
    const spoken = [{ do: 'send-frames' }, CONNECT, { ...frame(true), behind }, OK] as const;
    const heard = ['>AT+FTH=3', 'carrier', sent[1], 'done send-frames', '>AT+FRM=146'];
    expect(play(spoken)).toEqual(heard);
    expect(play([...spoken, behind])).toEqual(heard);
    const paged = [...heard, 'carrier', 'page 3', 'no-carrier', '>AT+FRH=3'];
    expect(play([...spoken, `${CONNECT}abc`, behind, PAGE_OVER, { do: 'hear-frames' }])).toEqual(paged);
    expect(play([...spoken, `${CONNECT}abc`, PAGE_OVER, behind, { do: 'hear-frames' }])).toEqual(paged);
    expect(play([...spoken, `${CONNECT}abc`, behind, PAGE_OVER, behind, OK])).toEqual([
      ...[...paged, '>\x18', 'done stop', '>AT+FRM=146'],
    ]);
  });

  it('X-1: goes on from a frame that it was told of to the training behind it, and to no other, before its owner asks', () => {
    const turns = [{ begins: Uint8Array.of(0, 0, 0x84), under: Uint8Array.of(0, 0, 0xfe), behind: CHECK }] as const;
    const other = [{ ...turns[0], begins: Uint8Array.of(0, 0, 0x44) }];
    const frames = `${CONNECT}${GOOD_FRAME}${END}${OK}`;
    const heard = ['>AT+FRH=3', 'carrier', 'frame 3 good', 'done hear-frames'];
    expect(play([{ do: 'hear-frames', turns: other }, frames])).toEqual(heard);
    expect(play([{ do: 'hear-frames', turns }, frames])).toEqual([...heard, '>AT+FRM=145']);
    expect(play([{ do: 'hear-frames', turns }, frames, CHECK])).toEqual([...heard, '>AT+FRM=145']);
    const checked = [...heard, '>AT+FRM=145', 'carrier', 'page 3', 'no-carrier', '>AT+FRH=3'];
    const check = `${CONNECT}abc${PAGE_OVER}`;
    // Its owner was busy all the time: the training that is said again behind the same frame is heard as well.
    expect(play([{ do: 'hear-frames', turns }, frames, check, frames])).toEqual([
      ...[...checked, ...heard.slice(1), '>AT+FRM=145'],
    ]);
    const busy = [CHECK, { do: 'hear-frames', turns }, CHECK] as const;
    expect(play([{ do: 'hear-frames', turns }, frames, check, frames, ...busy])).toEqual([
      ...[...checked, ...heard.slice(1), '>AT+FRM=145'],
    ]);
  });

  it('X-1: a frame that is damaged, or not the last, is followed by no training', () => {
    const turns = [{ begins: Uint8Array.of(0, 0, 0x84), under: Uint8Array.of(0, 0, 0xff), behind: CHECK }] as const;
    const bad = `${CONNECT}\xff\x13\x84\xea\x7c${END}\r\nERROR\r\n`;
    expect(play([{ do: 'hear-frames', turns }, bad]).at(-1)).toBe('>AT+FRH=3');
  });

  it('5: what it began by itself makes way for anything else, and is not begun where something else waits', () => {
    const behind = { do: 'hear-frames' } as const;
    const spoken = [{ do: 'send-frames' }, CONNECT, { ...frame(true), behind }] as const;
    const begun = ['>AT+FTH=3', 'carrier', sent[1], 'done send-frames', '>AT+FRH=3'];
    expect(play([...spoken, OK, { do: 'send-frames' }, OK])).toEqual([...begun, '>\x18', 'done stop', '>AT+FTH=3']);
    expect(play([...spoken, OK, { do: 'hang-up' }, OK])).toEqual([...begun, '>\x18', 'done stop', '>ATH']);
    expect(play([...spoken, { do: 'be-silent', tens: 7 }, OK])).toEqual([...begun.slice(0, 4), '>AT+FTS=7']);
  });

  it('is set up, its dialect found and its modulations read', () => {
    const told = play([
      { do: 'set-up' },
      OK,
      '\r\nspandsp\r\n\r\nOK\r\n',
      '\r\nERROR\r\n',
      OK,
      '\r\n3,24,48,72-74,96\r\n\r\nOK\r\n',
      '\r\nERROR\r\n',
    ]);
    expect(told.filter((one) => one.startsWith('>'))).toEqual([
      '>ATE0V1Q0',
      '>ATI',
      '>AT+IFC=1,1',
      '>AT+FCLASS=1',
      '>AT+FTM=?',
      '>AT+FAR=1',
    ]);
    expect(told.at(-1)).toBe('ready');
    expect(readModulations('3,24,48,72-74,96')).toEqual([24, 48, 72, 73, 74, 96]);
    expect(readModulations('(3,24),146')).toEqual([24, 146]);
  });

  it('that has no Class 1 is refused with the words that it refused', () => {
    const told = play([{ do: 'set-up' }, OK, OK, OK, '\r\nERROR\r\n']);
    expect(told.at(-1)).toBe('refused set-up: AT+FCLASS=1: ERROR');
  });

  it('that says nothing is deaf, and takes no order but to be set up', () => {
    expect(play([{ do: 'hang-up' }, 'waited', { do: 'answer' }, { do: 'set-up' }])).toEqual([
      '>ATH',
      'pump-stop',
      'deaf',
      'refused answer: the modem is deaf: order set-up first',
      'pump-stop',
      '>ATE0V1Q0',
    ]);
  });

  it('hears V.21 in place of a page and says so by its frames', () => {
    const heard = `\r\n+FRH:3\r\n${CONNECT}${GOOD_FRAME}${END}${OK}`;
    expect(play([{ do: 'hear-page', modulation: 145 }, heard])).toEqual([
      '>AT+FRM=145',
      'carrier',
      'frame 3 good',
      'done hear-frames',
    ]);
  });

  it('holds the pump at XOFF and lets go at XON', () => {
    const told = play([{ do: 'send-page', modulation: 96, filler: 'flags' }, CONNECT, '\x13', '\x11']);
    expect(told.slice(-2)).toEqual(['pump-hold', 'pump-hold']);
  });

  it('is hung up from whatever it is at', () => {
    expect(play([{ do: 'hear-frames' }, { do: 'hang-up' }, OK, OK])).toEqual([
      '>AT+FRH=3',
      '>\x18',
      'done stop',
      '>ATH',
      'done hang-up',
    ]);
    const sending = [{ do: 'send-page', modulation: 96, filler: 'zeros' }, CONNECT, { do: 'hang-up' }, OK, OK] as const;
    expect(play(sending).slice(-4)).toEqual(['>\x10\x03', 'done stop', '>ATH', 'done hang-up']);
    const training = [{ do: 'send-frames' }, { do: 'hang-up' }, CONNECT, OK, OK] as const;
    expect(play(training)).toEqual(['>AT+FTH=3', '>\x10\x03', 'done stop', '>ATH', 'done hang-up']);
  });

  it('is dialed with digits and nothing that could be another command', () => {
    expect(play([{ do: 'dial', digits: 'T0123*#,4' }])).toEqual(['>ATDT0123*#,4']);
    const refused = 'refused dial: digits: only 0-9 * # + , W, at most 40, T or P before them';
    for (const digits of ['', '01;H0', '01\rATZ', '0'.repeat(41)])
      expect(play([{ do: 'dial', digits }])).toEqual([refused]);
  });

  it('takes a frame only into a signal, and octets only into a page', () => {
    expect(play([frame(true)])).toEqual(['refused frame: no signal is being sent']);
    const octets = { do: 'page', octets: Uint8Array.of(1) } as const;
    expect(play([octets, { do: 'end-page' }])).toEqual([
      'refused page: no page is being sent',
      'refused end-page: no page is being sent',
    ]);
    const ahead = [{ do: 'be-silent', tens: 8 }, { do: 'send-page', modulation: 96, filler: 'zeros' }, octets] as const;
    expect(play(ahead)).toEqual(['>AT+FTS=8', 'pump-ready', 'pump-feed']);
  });
});
