import { describe, expect, it } from 'vitest';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';

function bench() {
  let said = '';
  let hear: (bytes: Uint8Array) => void = () => undefined;
  const modem = createAtModem({
    hear: (listener) => {
      hear = listener;
    },
    say: (bytes) => {
      said += Buffer.from(bytes).toString('latin1');
    },
  });
  const tell = (text: string) => {
    said = '';
    hear(Buffer.from(text, 'latin1'));
    return said;
  };
  return { modem, tell };
}

describe('a simulated modem', () => {
  it('echoes until it is told not to, and again after a reset', () => {
    const { modem, tell } = bench();
    expect(tell('AT\r')).toBe('AT\r\r\nOK\r\n');
    expect(tell('ATE0\r')).toBe('ATE0\r\r\nOK\r\n');
    expect(tell('AT\r')).toBe('\r\nOK\r\n');
    modem.reset();
    expect(tell('AT\r')).toBe('AT\r\r\nOK\r\n');
  });

  it('tells the truth about its state', () => {
    const { modem, tell } = bench();
    modem.set({ echo: false, rssi: 5, ber: 2, simInserted: false });
    expect(tell('at+csq\r')).toBe('\r\n+CSQ: 5,2\r\n\r\nOK\r\n');
    expect(tell('AT+CPIN?\r')).toBe('\r\n+CME ERROR: 10\r\n');
    expect(tell('AT+NONSENSE\r')).toBe('\r\nERROR\r\n');
  });

  it('asks its newest lesson first, and forgets a lesson when told', () => {
    const { modem, tell } = bench();
    modem.set({ echo: false });
    modem.teach(() => ['old']);
    const forget = modem.teach((line) => (line === 'AT' ? [] : undefined));
    expect(tell('AT\r')).toBe('');
    expect(tell('ATI\r')).toBe('old');
    forget();
    expect(tell('AT\r')).toBe('old');
  });

  it('reads a command that comes in pieces, and forgets half of one on reset', () => {
    const { modem, tell } = bench();
    modem.set({ echo: false });
    tell('A');
    expect(tell('T\r')).toBe('\r\nOK\r\n');
    tell('AT+NONS');
    modem.reset();
    expect(tell('AT\r')).toBe('AT\r\r\nOK\r\n');
  });
});
