import { describe, expect, it } from 'vitest';
import type { ModemOrder } from '../../../../agent/model/fax-modem.ts';
import { stepModem } from '../../../../firmware-ts/devices/fax-modem/class1-machine.ts';
import {
  freshModem,
  type ModemEvent,
  type ModemState,
} from '../../../../firmware-ts/devices/fax-modem/class1-state.ts';
import { chooseFaxDialect } from '../../../../firmware-ts/devices/fax-modem/dialects.ts';
import { seededRandom } from '../../../agent/fax/page/sample-pages.ts';

const STREAMS = 1_000_000;
const NOTHING = new Uint8Array(0);
const WORDS = [
  '\r\nCONNECT\r\n',
  '\r\nOK\r\n',
  '\r\nNO CARRIER\r\n',
  '\r\n+FCERROR\r\n',
  '\r\n+FRH:3\r\n',
  '\r\nERROR\r\n',
  '\r\nRING\r\n',
  '\x10\x03',
  '\x10',
  '\x13',
  '\x11',
  '\xff\x13\x84\xea\x7d',
  'CONN',
  '\r',
  '\n',
].map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
const ORDERS: readonly ModemOrder[] = [
  { do: 'set-up' },
  { do: 'dial', digits: '1' },
  { do: 'answer' },
  { do: 'hang-up' },
  { do: 'stop' },
  { do: 'be-silent', tens: 8 },
  { do: 'hear-silence', tens: 8 },
  { do: 'send-frames' },
  { do: 'frame', octets: Uint8Array.of(0xff, 0x03, 0x84), last: true },
  { do: 'hear-frames' },
  { do: 'send-page', modulation: 145, filler: 'zeros' },
  { do: 'end-page' },
  { do: 'hear-page', modulation: 96 },
];

describe('X-1: a million streams of a mad modem', () => {
  it('throw nothing, hold little, and leave a machine that can be set up', { timeout: 120_000 }, () => {
    const random = seededRandom(6);
    const pick = <T>(list: readonly T[], otherwise: T): T => list[Math.floor(random() * list.length)] ?? otherwise;
    const dialect = chooseFaxDialect('');
    const noise = () => Uint8Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 256));
    const parts = Array.from({ length: 20_000 }, () =>
      Uint8Array.from([...pick(WORDS, NOTHING), ...(random() < 0.3 ? noise() : [])]),
    );
    let state: ModemState = freshModem(dialect);
    let longest = 0;
    for (let stream = 0; stream < STREAMS; stream += 1) {
      // Some begin anew, most go on from where the one before left the machine.
      if (random() < 0.05) state = freshModem(dialect, {});
      state = stepModem(state, { on: 'ordered', order: pick(ORDERS, { do: 'stop' }) })[0];
      state = stepModem(state, { on: 'heard', octets: pick(parts, NOTHING) })[0];
      state = stepModem(state, { on: 'heard', octets: pick(parts, NOTHING) })[0];
      if (random() < 0.02)
        state = stepModem(state, pick<ModemEvent>([{ on: 'waited' }, { on: 'page-written' }], { on: 'waited' }))[0];
      longest = Math.max(longest, state.queue.length, state.framer.line.length);
    }
    expect(longest).toBeLessThanOrEqual(512);
    const [, effects] = stepModem(state, { on: 'ordered', order: { do: 'set-up' } });
    expect(effects.some((effect) => effect.do === 'send')).toBe(true);
  });
});
