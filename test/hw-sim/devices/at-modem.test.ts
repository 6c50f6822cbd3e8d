import { describe, expect, it } from 'vitest';
import { type Millis, millis } from '../../../agent/model/units.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import type { FamilyName } from '../../../hw-sim/devices/at-families.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../../hw-sim/devices/at-modem-state.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

function bench(family: FamilyName = 'plain', making: { readonly clock?: Clock; readonly delay?: Millis } = {}) {
  let said = '';
  let hear: (bytes: Uint8Array) => void = () => undefined;
  const modem = createAtModem(
    {
      hear: (listener) => {
        hear = listener;
      },
      say: (bytes) => {
        said += Buffer.from(bytes).toString('latin1');
      },
    },
    { family, ...making },
  );
  const tell = (text: string) => {
    said = '';
    hear(Buffer.from(text, 'latin1'));
    return said;
  };
  return { modem, tell, said: () => said };
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
    expect(tell('AT+CPIN?\r')).toBe('\r\nERROR\r\n');
    tell('AT+CMEE=1\r');
    expect(tell('AT+CPIN?\r')).toBe('\r\n+CME ERROR: 10\r\n');
    tell('AT+CMEE=2\r');
    expect(tell('AT+CPIN?\r')).toBe('\r\n+CME ERROR: SIM not inserted\r\n');
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

  it('S-8: counts wrong codes, blocks the card, and takes its PUK', () => {
    const { modem, tell } = bench();
    modem.set({ echo: false, errors: 1, slots: [createCard({ locked: true }), undefined] });
    expect(tell('AT+CIMI\r')).toContain('+CME ERROR: 11');
    for (const code of [16, 16, 12]) expect(tell('AT+CPIN="0000"\r')).toContain(`+CME ERROR: ${code}`);
    expect(tell('AT+CPIN="4711"\r')).toContain('+CME ERROR: 12');
    expect(tell('AT+CPIN?\r')).toContain('+CPIN: SIM PUK');
    expect(tell('AT+CSIM=10,"002C000100"\r')).toContain('"63CA"');
    expect(tell('AT+CPIN="98765432","1234"\r')).toContain('OK');
    expect(tell('AT+CPIN?\r')).toContain('READY');
    modem.reset();
    expect(tell('AT+CPIN?\r')).toContain('SIM PIN');
  });

  it('reports a change of place only where reports were ordered, and a refusal with its cause', () => {
    const { modem, tell, said } = bench();
    modem.set({ echo: false });
    tell('AT+CEREG=3\r');
    modem.set({ networks: [SFR] });
    expect(said()).toContain('+CEREG: 5,"3C4D","02B1E001",7');
    modem.set({ networks: [{ ...ORANGE, rejects: 15 }] });
    expect(said()).toContain('+CEREG: 3,,,,0,15');
    expect(said()).not.toContain('+CREG');
  });

  it('wants the radio down for another slot, and then reads the other card', () => {
    const { modem, tell } = bench('EM12');
    modem.set({ echo: false, errors: 1, slots: [createCard(), createCard({ iccid: '8933109999999999999' })] });
    expect(tell('AT+QUIMSLOT=2\r')).toContain('+CME ERROR: 3');
    for (const line of ['AT+CFUN=0', 'AT+QUIMSLOT=2', 'AT+CFUN=1']) expect(tell(`${line}\r`)).toContain('OK');
    expect(tell('AT+QCCID\r')).toContain('8933109999999999999');
  });

  it('takes a message only with the length that was said, and loses what is typed while it answers', () => {
    const clock = createSimClock(millis(0));
    const { tell, said, modem } = bench('plain', { clock, delay: millis(100) });
    modem.set({ echo: false, pduMode: true });
    tell('AT+CSQ\r');
    tell('AT+CPIN?\r');
    clock.advance(millis(500));
    expect(said()).toBe('\r\n+CSQ: 20,99\r\n\r\nOK\r\n');
    tell('AT+CMGS=3\r');
    clock.advance(millis(500));
    tell('0001000B91\x1a');
    clock.advance(millis(500));
    expect(said()).toBe('\r\n+CMS ERROR: 304\r\n');
  });
});
