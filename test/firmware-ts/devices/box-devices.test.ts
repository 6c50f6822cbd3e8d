import { describe, expect, it } from 'vitest';
import type { Card } from '../../../agent/model/data-counted.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { LanDevice, Power, Signal } from '../../../agent/ports/devices.ts';
import { createDevices } from '../../../firmware-ts/devices/box-devices.ts';
import { APC_SMART_UPS } from '../../../firmware-ts/devices/ups.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { SFR } from '../../../hw-sim/devices/at-modem-state.ts';
import {
  createMemoryCable,
  createMemoryModbus,
  createMemorySsdp,
  type Neighbor,
} from '../../../hw-sim/devices/memory-wires.ts';
import { createModbusUps } from '../../../hw-sim/devices/modbus-ups.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { answerWithin, letPass } from '../let-pass.ts';

const printer = (n: number): Neighbor => ({
  identity: {
    uuid: `0000000${n}-1f2b-4c55-9d0e-0012f3a4b5c6`,
    deviceType: 'urn:schemas-upnp-org:device:Printer:1',
    location: `http://192.168.20.4${n}/description.xml`,
  },
  address: `192.168.20.4${n}`,
});

function createBox() {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end);
  const ups = createModbusUps(1);
  const neighbors = { present: [printer(1)] as readonly Neighbor[] };
  const devices = createDevices({
    clock,
    modem: cable.open,
    ups: { bus: createMemoryModbus(ups, clock, seconds(1)), unit: 1, registers: APC_SMART_UPS },
    lan: createMemorySsdp(() => neighbors.present, clock),
  });
  const within = <T>(ask: (done: (answer: T) => void) => void) =>
    answerWithin(clock, seconds(10), new Promise<T>((done) => ask(done)));
  return {
    clock,
    cable,
    modem,
    ups,
    neighbors,
    devices,
    signal: () => within<Signal | undefined>(devices.signal),
    card: () => within<Card | undefined>(devices.card),
    power: () => within<Power | undefined>(devices.power),
    inventory: () => within<readonly LanDevice[]>(devices.inventory),
  };
}

const signalOf = (rssiDbm: number) => ({ rssiDbm, bitErrorClass: undefined });

describe('the modem of a box (S-12)', () => {
  it('is seen with the signal that it has', async () => {
    const { modem, signal } = createBox();
    expect(await signal()).toEqual(signalOf(-73));
    modem.set({ rssi: 7 });
    expect(await signal()).toEqual(signalOf(-99));
  });

  it('that is reset costs nothing but its echo', async () => {
    const { modem, signal } = createBox();
    await signal();
    modem.reset();
    expect(await signal()).toEqual(signalOf(-73));
  });

  it('that falls silent is absent, and is back when it speaks again', async () => {
    const { modem, signal } = createBox();
    await signal();
    const forget = modem.teach(() => []);
    expect(await signal()).toBeUndefined();
    expect(await signal()).toBeUndefined();
    forget();
    expect(await signal()).toEqual(signalOf(-73));
  });

  it('that loses the first command after its start is seen all the same', async () => {
    const { modem, signal } = createBox();
    let heard = 0;
    modem.teach(() => (++heard === 1 ? [] : undefined));
    expect(await signal()).toEqual(signalOf(-73));
  });

  it('that is pulled out is absent, and is back when it is plugged in', async () => {
    const { cable, signal } = createBox();
    await signal();
    cable.unplug();
    expect(await signal()).toBeUndefined();
    cable.plug();
    expect(await signal()).toEqual(signalOf(-73));
  });

  it('that refuses is absent, and the line stays open', async () => {
    const { modem, signal } = createBox();
    await signal();
    const forget = modem.teach((line) => (line === 'AT+CSQ' ? ['\r\n+CME ERROR: 14\r\n'] : undefined));
    const heard: string[] = [];
    modem.teach((line) => {
      heard.push(line);
      return undefined;
    });
    expect(await signal()).toBeUndefined();
    forget();
    expect(await signal()).toEqual(signalOf(-73));
    expect(heard).toEqual(['AT+CSQ', 'AT+CSQ']);
  });

  it('is asked once for everybody who asks while it is thinking', async () => {
    const { clock, modem, devices } = createBox();
    const heard: string[] = [];
    modem.teach((line) => {
      heard.push(line);
      return undefined;
    });
    const answers: (Signal | undefined)[] = [];
    for (let i = 0; i < 100; i += 1) devices.signal((answer) => answers.push(answer));
    await letPass(clock, seconds(1));
    expect(answers).toEqual(Array(100).fill(signalOf(-73)));
    expect(heard).toEqual(['AT+CMEE?', 'ATE0', 'AT+CMEE=1', 'AT+CSQ']);
  });
});

describe('U-1: the card in the modem of a box', () => {
  const seat = { iccid: '8933012345678901234', network: 'home', plmn: '20801' };

  it('is told with where it is registered', async () => {
    const { modem, card } = createBox();
    expect(await card()).toEqual(seat);
    modem.set({ networks: [SFR] });
    expect(await card()).toEqual({ ...seat, network: 'roaming', plmn: '20810' });
    modem.set({ networks: [] });
    expect(await card()).toEqual({ iccid: seat.iccid });
  });

  it('is not told by a modem that is silent, and is again when it speaks', async () => {
    const { modem, card } = createBox();
    const forget = modem.teach(() => []);
    expect(await card()).toBeUndefined();
    forget();
    expect(await card()).toEqual(seat);
  });

  it('that is gone leaves nothing to tell', async () => {
    const { modem, card } = createBox();
    await card();
    modem.set({ simInserted: false });
    expect(await card()).toEqual({});
  });
});

describe('the UPS of a box (G-7)', () => {
  it('tells a mains failure and the charge that is left', async () => {
    const { ups, power } = createBox();
    expect(await power()).toMatchObject({ mains: true, batteryPercent: 100 });
    ups.set({ mains: false, batteryPercent: 63 });
    expect(await power()).toMatchObject({ mains: false, batteryPercent: 63 });
  });

  it('that tests itself on its battery is no mains failure', async () => {
    const { ups, power } = createBox();
    ups.set({ selfTest: true });
    expect(await power()).toMatchObject({ mains: true, batteryPercent: 100 });
  });

  it('that falls silent is absent, and is back when it answers again', async () => {
    const { ups, power } = createBox();
    ups.silence(true);
    expect(await power()).toBeUndefined();
    ups.silence(false);
    expect(await power()).toMatchObject({ mains: true, batteryPercent: 100 });
  });
});

describe('the neighbors of a box', () => {
  it('are listed once each, and leave the list when they leave the LAN', async () => {
    const { neighbors, inventory } = createBox();
    neighbors.present = [printer(2), printer(1)];
    const addresses = async () => (await inventory()).map(({ address }) => address);
    expect(await addresses()).toEqual(['192.168.20.41', '192.168.20.42']);
    neighbors.present = [];
    expect(await addresses()).toEqual([]);
  });

  it('fill no memory with endless words', async () => {
    const { neighbors, inventory } = createBox();
    const loud = printer(3);
    neighbors.present = [
      printer(1),
      { ...loud, identity: { ...loud.identity, location: `http://${'x'.repeat(500)}` } },
    ];
    expect(await inventory()).toHaveLength(1);
  });
});

describe('a box without devices', () => {
  it('answers that nothing is there', async () => {
    const devices = createDevices({ clock: createSimClock(millis(0)) });
    expect(await new Promise((done) => devices.signal(done))).toBeUndefined();
    expect(await new Promise((done) => devices.power(done))).toBeUndefined();
    expect(await new Promise((done) => devices.inventory(done))).toEqual([]);
    devices.close();
  });
});
