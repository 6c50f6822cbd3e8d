import type { ObjectType, ParameterType } from './object-type.ts';
import { kind } from './parameter-kinds.ts';

const { string, count, counter, long, level, clock, truth, whole, passing } = kind;

/** TR-181, `BaseInterfaceStats` and `HigherLayerInterfaceStats`, as far as the kernel counts it. */
const STATS: Readonly<Record<string, ParameterType>> = {
  ...{ BytesSent: long, BytesReceived: long, PacketsSent: long, PacketsReceived: long },
  ...{ ErrorsSent: counter, ErrorsReceived: counter, DiscardPacketsSent: counter, DiscardPacketsReceived: counter },
};
/** Those of an Ethernet interface. */
const ETHERNET_STATS = { ...STATS, MulticastPacketsReceived: long };
const INTERFACE: Readonly<Record<string, ParameterType>> = {
  ...{ Enable: truth, Status: string, Alias: string, Name: string, LowerLayers: string },
};

/** Interfaces, processes, temperatures and lamps of TR-181 2.19.1, as far as they are bound; names, types and keys as published. */
export const HARDWARE_OBJECTS: readonly ObjectType[] = [
  { path: 'Device.Ethernet.', parameters: { InterfaceNumberOfEntries: count, LinkNumberOfEntries: count } },
  {
    path: 'Device.Ethernet.Interface.{i}.',
    keys: [['Alias'], ['Name']],
    parameters: {
      ...INTERFACE,
      ...{ Upstream: truth, MACAddress: string, CurrentBitRate: counter, CurrentDuplexMode: string },
    },
  },
  {
    path: 'Device.Ethernet.Interface.{i}.Stats.',
    parameters: { ...ETHERNET_STATS, Collisions: long },
  },
  {
    path: 'Device.Ethernet.Link.{i}.',
    keys: [['Alias'], ['Name'], ['MACAddress']],
    parameters: { ...INTERFACE, MACAddress: string, MTU: count },
  },
  { path: 'Device.Ethernet.Link.{i}.Stats.', parameters: ETHERNET_STATS },
  { path: 'Device.IP.Interface.{i}.Stats.', parameters: STATS },
  { path: 'Device.X_RELAIS_LinkQuality.', parameters: { LinkNumberOfEntries: count } },
  {
    path: 'Device.X_RELAIS_LinkQuality.Link.{i}.',
    keys: [['Name']],
    parameters: {
      ...{ Name: string, Interface: string, Role: string, Answers: string },
      ...{ LossPermyriad: counter, RoundTripMicros: counter, JitterMicros: counter, MOSHundredths: counter },
      ...{ ProbesSeen: counter },
    },
  },
  {
    path: 'Device.DeviceInfo.ProcessStatus.',
    parameters: { CPUUsage: counter, ProcessNumberOfEntries: counter },
  },
  {
    path: 'Device.DeviceInfo.ProcessStatus.Process.{i}.',
    keys: [['PID']],
    parameters: { PID: counter, Command: passing, Size: counter, Priority: counter, CPUTime: counter, State: passing },
  },
  { path: 'Device.DeviceInfo.TemperatureStatus.', parameters: { TemperatureSensorNumberOfEntries: count } },
  {
    path: 'Device.DeviceInfo.TemperatureStatus.TemperatureSensor.{i}.',
    keys: [['Name'], ['Alias']],
    parameters: {
      ...{ Alias: string, Enable: truth, Status: string, Name: string, Value: level },
      ...{ LowAlarmValue: whole, HighAlarmValue: whole, LastUpdate: clock },
    },
  },
  { path: 'Device.LEDs.', parameters: { LEDNumberOfEntries: count } },
  {
    path: 'Device.LEDs.LED.{i}.',
    keys: [['Name'], ['Alias']],
    parameters: {
      ...{ Alias: string, Enable: truth, Name: string, Status: string, Reason: passing },
      ...{ CyclePeriodRepetitions: level, CycleElementNumberOfEntries: count },
    },
  },
  {
    path: 'Device.LEDs.LED.{i}.CycleElement.{i}.',
    keys: [['Order'], ['Alias']],
    parameters: {
      ...{ Alias: string, Enable: truth, Order: count, Color: { type: 'hexBinary' }, Duration: count },
      ...{ FadeInterval: count, Brightness: count },
    },
  },
  {
    path: 'Device.X_RELAIS_Power.',
    parameters: { Mains: truth, BatteryPercent: counter, Present: truth },
  },
];
