/**
 * Questions that a modem answers by itself and that nobody else asks, each with a line that only it brings. Several,
 * because the first words to a modem that wakes up are lost, and because the answer to one may come when the next was
 * asked: their lines tell them apart. A modem that knows one of them not costs half a second.
 * TS 27.007 9.1, 5.5, 6.1, 6.12, 8.15 and TS 27.005 3.2.3.
 */
export const PROBES = [
  { send: 'AT+CMEE?', answer: '+CMEE:' },
  { send: 'AT+CSCS?', answer: '+CSCS:' },
  { send: 'AT+CMGF?', answer: '+CMGF:' },
  { send: 'AT+CSTA?', answer: '+CSTA:' },
  { send: 'AT+CRC?', answer: '+CRC:' },
  { send: 'AT+CCLK?', answer: '+CCLK:' },
] as const;
