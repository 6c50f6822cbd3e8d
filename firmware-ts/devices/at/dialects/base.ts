import { AT_ONCE, order } from '../command.ts';
import { ICCID_OF_FILE, iccidBy } from '../commands/identity.ts';
import { TRIES_LEFT } from '../commands/pin.ts';
import { EXTENDED_SIGNAL } from '../commands/signal.ts';
import type { Dialect } from './dialect.ts';

/** Nothing but TS 27.007 and TS 27.005. +CSUS is left out: it fails while a card is active (27.007 8.55). */
export const BASE: Dialect = {
  name: '3GPP',
  found: /^/,
  setUp: [],
  iccid: [ICCID_OF_FILE, iccidBy('AT+CCID')],
  tries: [TRIES_LEFT],
  signal: EXTENDED_SIGNAL,
  restart: order('AT+CFUN=1,1', AT_ONCE),
  // TS 27.007 5.9: 25 is GERAN, UTRAN and E-UTRAN, 29 without the last; the answer is a bare number, with makers also a named one.
  upTo3G: {
    ask: 'AT+WS46?',
    claims: /^(?:\+WS46: ?)?\d{1,2}$/,
    isOn: /^(?:\+WS46: ?)?29$/,
    on: 'AT+WS46=29',
    off: 'AT+WS46=25',
  },
};
