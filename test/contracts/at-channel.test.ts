import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../agent/edge/system-clock.ts';
import type { Handed, StoredPdu } from '../../agent/ports/messages.ts';
import { SIGNAL } from '../../firmware-ts/devices/at/commands/signal.ts';
import { createMessages } from '../../firmware-ts/devices/message-memory.ts';
import { createModem } from '../../firmware-ts/devices/modem.ts';
import { createPinKeeper } from '../../firmware-ts/devices/pin-keeper.ts';
import { readRadio } from '../../firmware-ts/devices/radio.ts';
import { readCard } from '../../firmware-ts/devices/sim-card.ts';
import { serialPath } from '../../firmware-ts/wires/node/serial-line.ts';
import type { OpenSerialLine } from '../../firmware-ts/wires/serial-line.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { createCard } from '../../hw-sim/devices/at-modem-state.ts';
import type { ByteEnd } from '../../hw-sim/devices/byte-end.ts';
import { createMemoryCable } from '../../hw-sim/devices/memory-wires.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';

type Bench = { readonly open: OpenSerialLine; readonly end: ByteEnd; readonly pull: () => Promise<void> };

async function memoryBench(): Promise<Bench> {
  const cable = createMemoryCable();
  return { open: cable.open, end: cable.end, pull: async () => cable.unplug() };
}

async function ptyBench(): Promise<Bench> {
  const pty = await createPty();
  let pulled: Promise<void> | undefined;
  const pull = () => {
    pulled ??= pty.close();
    return pulled;
  };
  return { open: serialPath(pty.path, 115_200), end: pty.end, pull };
}

describe.each([
  ['in memory', memoryBench],
  ['serialport over a pty', ptyBench],
])('S-8, S-11, S-12: a modem on a wire, %s', (_, createBench) => {
  let clear: () => Promise<void> = async () => undefined;
  afterEach(() => clear());

  async function plugIn() {
    const bench = await createBench();
    const sim = createAtModem(bench.end, { family: 'EC25' });
    const modem = createModem(bench.open, systemClock());
    clear = async () => {
      await modem.close();
      await bench.pull();
    };
    return { ...bench, sim, modem };
  }

  it('says what it is, where it is, and which card it has', async () => {
    const { modem } = await plugIn();
    expect((await modem.dialect())?.name).toBe('Quectel EC2x/EG2x');
    expect(await readRadio(modem)).toMatchObject({ registration: { state: 'home' }, operator: { network: '20801' } });
    expect(await readCard(modem)).toMatchObject({ iccid: '8933012345678901234', tries: { pin: 3, puk: 10 } });
  });

  it('opens a card with its code', async () => {
    const { sim, modem } = await plugIn();
    sim.set({ slots: [createCard({ locked: true }), undefined] });
    expect(await createPinKeeper(modem).enter('4711')).toEqual({ so: 'accepted' });
    expect(modem.channel.trace().join('\n')).not.toContain('4711');
  });

  it('sends a message, and hears of one that arrives', async () => {
    const { sim, modem } = await plugIn();
    const announced = vi.fn();
    const messages = createMessages(modem, announced);
    const pdu = '0001000B913316325476F80000041234ABCD';
    expect(await new Promise<Handed>((done) => messages.send(pdu, done))).toEqual({ so: 'taken', reference: 0 });
    sim.arrive('00040B913316325476F8000062112280315240041234ABCD');
    await vi.waitFor(() => expect(announced).toHaveBeenCalledTimes(1));
    expect(await new Promise<readonly StoredPdu[] | undefined>((done) => messages.stored(done))).toHaveLength(1);
  });

  it('is read through a storm, and is news when it is pulled out', async () => {
    const { sim, modem, pull } = await plugIn();
    sim.teach((line, truth) =>
      line === 'AT+CSQ' ? ['\r\n^RSSI:15\r\n'.repeat(500), truth(), '\r\nRING\r\n'] : undefined,
    );
    expect(await modem.ask(SIGNAL)).toMatchObject({ at: 'answered' });
    const lost = vi.fn();
    modem.channel.listen((news) => news.on === 'lost' && lost());
    await pull();
    await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1), { timeout: 5_000 });
    expect(await modem.ask(SIGNAL)).toEqual({ at: 'lost', sent: false });
  });
});
