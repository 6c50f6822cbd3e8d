import { beforeEach, describe, expect, it } from 'vitest';
import type { BoxReadings, InterfaceReading } from '../../../agent/model/box-readings.ts';
import { createDesk, SIGHT } from './desk.ts';
import { type Desk, subscribe, valuesOf } from './read-desk.ts';

const traffic = (bytes: number, packets: number) => ({ bytes, packets, errors: 1, dropped: 2 });
const wan = (name: string, link: string, mac?: string): InterfaceReading => ({
  ...{ name, carries: { link }, mtu: 1_500, state: 'up', mbps: 1_000, duplex: 'full' },
  ...(mac === undefined ? {} : { mac }),
  ...{ sent: traffic(14_500, 100), received: { ...traffic(29_000, 200), multicast: 3 }, collisions: 4 },
});
const READINGS: BoxReadings = {
  interfaces: [wan('eth0', 'main', '02:00:00:00:00:aa'), wan('wwan0', 'second')],
  machine: {
    busy: 12,
    processes: [{ pid: 7, command: 'node', size: 40_000, priority: 50, cpuTime: 1_230, state: 'Sleeping' }],
    medium: { total: 900_000, free: 500_000 },
  },
  temperatures: [{ name: 'board', celsius: 48, highAlarm: 75 }, { name: 'modem' }],
  lamps: [
    {
      ...{ name: 'links', state: 'shows', reason: 'second link' },
      cycle: [{ color: '00FF00', duration: 500, brightness: 100 }],
    },
  ],
  power: { mains: true, batteryPercent: 97 },
};

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
  desk.see({ readings: READINGS });
});

describe('interfaces of the kernel (M-1, Q-5)', () => {
  it('M-1: a link stands on its Ethernet, and one without MAC on nothing or on the modem', () => {
    desk.see({ mobile: { link: 'second', swapping: false } });
    expect(
      valuesOf(desk, 'support-1', 'Device.IP.Interface.*.LowerLayers', 'Device.Ethernet.Link.1.LowerLayers'),
    ).toEqual({
      'Device.IP.Interface.1.LowerLayers': 'Device.Ethernet.Link.1',
      'Device.IP.Interface.2.LowerLayers': 'Device.Cellular.Interface.1',
      'Device.Ethernet.Link.1.LowerLayers': 'Device.Ethernet.Interface.1',
    });
    expect(valuesOf(desk, 'support-1', 'Device.Ethernet.Interface.1.')).toMatchObject({
      'Device.Ethernet.Interface.1.MACAddress': '02:00:00:00:00:AA',
      'Device.Ethernet.Interface.1.Status': 'Up',
      'Device.Ethernet.Interface.1.CurrentBitRate': '1000',
      'Device.Ethernet.Interface.1.CurrentDuplexMode': 'Full',
      'Device.Ethernet.Interface.1.Upstream': 'true',
      'Device.Ethernet.Interface.1.Stats.Collisions': '4',
    });
  });

  it('M-1: IP counts bytes without the header of Ethernet, the interface itself with it', () => {
    expect(
      valuesOf(desk, 'support-1', 'Device.IP.Interface.1.Stats.', 'Device.Ethernet.Interface.1.Stats.BytesSent'),
    ).toEqual({
      'Device.IP.Interface.1.Stats.BytesSent': '13100',
      'Device.IP.Interface.1.Stats.BytesReceived': '26200',
      'Device.IP.Interface.1.Stats.PacketsSent': '100',
      'Device.IP.Interface.1.Stats.PacketsReceived': '200',
      'Device.IP.Interface.1.Stats.ErrorsSent': '1',
      'Device.IP.Interface.1.Stats.ErrorsReceived': '1',
      'Device.IP.Interface.1.Stats.DiscardPacketsSent': '2',
      'Device.IP.Interface.1.Stats.DiscardPacketsReceived': '2',
      'Device.Ethernet.Interface.1.Stats.BytesSent': '14500',
    });
  });

  it('M-1: references are followed from IP down to the wire, and counters are no news', () => {
    expect(valuesOf(desk, 'support-1', 'Device.IP.Interface.1.LowerLayers+.LowerLayers+.Stats.BytesSent')).toEqual({
      'Device.Ethernet.Interface.1.Stats.BytesSent': '14500',
    });
    subscribe(desk, 'ValueChange', 'Device.Ethernet.Interface.*.');
    desk.event('joined');
    desk.event('looked');
    const more = READINGS.interfaces?.map((one) => ({ ...one, sent: traffic(99_000, 900) })) ?? [];
    desk.see({ readings: { ...READINGS, interfaces: more } });
    expect(desk.notices(desk.event('looked'))).toEqual([]);
    desk.see({ readings: { ...READINGS, interfaces: more.map((one) => ({ ...one, state: 'lower-down' as const })) } });
    expect(desk.notices(desk.event('looked')).map(({ valueChange }) => valueChange)).toEqual([
      { paramPath: 'Device.Ethernet.Interface.1.Status', paramValue: 'LowerLayerDown' },
    ]);
  });
});

describe('the machine, its temperatures and lamps (M-1, G-2, G-7)', () => {
  it('M-1, G-2, G-7: processes, medium, sensors, lamps and the battery are as they were read', () => {
    expect(
      valuesOf(desk, 'support-1', 'Device.DeviceInfo.ProcessStatus.', 'Device.DeviceInfo.MemoryStatus.'),
    ).toMatchObject({
      'Device.DeviceInfo.ProcessStatus.CPUUsage': '12',
      'Device.DeviceInfo.ProcessStatus.Process.1.Command': 'node',
      'Device.DeviceInfo.ProcessStatus.Process.1.CPUTime': '1230',
      'Device.DeviceInfo.MemoryStatus.Total': '512000',
      'Device.DeviceInfo.MemoryStatus.FreePersistent': '500000',
    });
    expect(valuesOf(desk, 'support-1', 'Device.DeviceInfo.TemperatureStatus.')).toMatchObject({
      'Device.DeviceInfo.TemperatureStatus.TemperatureSensor.1.Value': '48',
      'Device.DeviceInfo.TemperatureStatus.TemperatureSensor.1.HighAlarmValue': '75',
      'Device.DeviceInfo.TemperatureStatus.TemperatureSensor.2.Value': '-274',
      'Device.DeviceInfo.TemperatureStatus.TemperatureSensor.2.Status': 'Error',
    });
    expect(valuesOf(desk, 'support-1', 'Device.LEDs.', 'Device.X_RELAIS_Power.')).toMatchObject({
      'Device.LEDs.LEDNumberOfEntries': '1',
      'Device.LEDs.LED.1.Name': 'links',
      'Device.LEDs.LED.1.Status': 'InUse',
      'Device.LEDs.LED.1.CycleElement.1.Color': '00FF00',
      'Device.X_RELAIS_Power.Mains': 'true',
      'Device.X_RELAIS_Power.BatteryPercent': '97',
    });
  });

  it('M-1: what was never read is not there, and nobody but support sees any of it', () => {
    expect(valuesOf(desk, 'client', 'Device.Ethernet.', 'Device.LEDs.', 'Device.DeviceInfo.ProcessStatus.')).toEqual(
      {},
    );
    expect(valuesOf(desk, 'billing', 'Device.Ethernet.', 'Device.X_RELAIS_Power.')).toEqual({});
    desk.see({ readings: {} });
    expect(valuesOf(desk, 'support-2', 'Device.Ethernet.', 'Device.DeviceInfo.ProcessStatus.')).toEqual({
      'Device.Ethernet.InterfaceNumberOfEntries': '0',
      'Device.Ethernet.LinkNumberOfEntries': '0',
    });
  });

  it('F-5, Q-5: loss, delay, jitter and MOS of each link stand beside it', () => {
    const quality = { probes: 100, lossPermyriad: 200, roundTripMicros: 30_000, jitterMicros: 900, mosHundredths: 430 };
    desk.see({ links: SIGHT.links.map((link, index) => (index === 0 ? { ...link, quality } : link)) });
    expect(valuesOf(desk, 'client', 'Device.X_RELAIS_LinkQuality.Link.1.')).toEqual({
      'Device.X_RELAIS_LinkQuality.Link.1.Name': 'main',
      'Device.X_RELAIS_LinkQuality.Link.1.Interface': 'Device.IP.Interface.1',
      'Device.X_RELAIS_LinkQuality.Link.1.Role': 'main',
      'Device.X_RELAIS_LinkQuality.Link.1.Answers': 'true',
      'Device.X_RELAIS_LinkQuality.Link.1.LossPermyriad': '200',
      'Device.X_RELAIS_LinkQuality.Link.1.RoundTripMicros': '30000',
      'Device.X_RELAIS_LinkQuality.Link.1.JitterMicros': '900',
      'Device.X_RELAIS_LinkQuality.Link.1.MOSHundredths': '430',
      'Device.X_RELAIS_LinkQuality.Link.1.ProbesSeen': '100',
    });
  });
});
