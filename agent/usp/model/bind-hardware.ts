import type { InterfaceReading, Traffic } from '../../model/box-readings.ts';
import type { Sight } from '../sight.ts';
import { text, writeDateTime } from './bind-site.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;
type Placed = readonly [path: string, values: Values];

/** What kernel and devices said when they were asked last. */
export function bindHardware(sight: Sight): Bound {
  return {
    ...ethernet(sight),
    ...qualities(sight),
    ...processes(sight),
    ...temperatures(sight),
    ...lamps(sight),
    ...power(sight),
  };
}

/** TR-181: 802.3 header; no network beyond the interface sees it. */
const ETHERNET_HEADER = 14;

/** A stack for each interface of the kernel: IP.Interface, and where it is Ethernet a Link and an Interface below. */
function ethernet(sight: Sight): Bound {
  const interfaces = sight.readings?.interfaces ?? [];
  const wired = interfaces.filter(({ mac }) => mac !== undefined);
  return {
    'Device.Ethernet.': { InterfaceNumberOfEntries: text(wired.length), LinkNumberOfEntries: text(wired.length) },
    ...Object.fromEntries(wired.flatMap(ethernetRows)),
    ...Object.fromEntries(interfaces.flatMap((one) => networkRows(sight, one, wired.indexOf(one)))),
  };
}

const STATUS = {
  up: 'Up',
  down: 'Down',
  'lower-down': 'LowerLayerDown',
  dormant: 'Dormant',
  unknown: 'Unknown',
} as const;

function ethernetRows(one: InterfaceReading, index: number): readonly Placed[] {
  const base = { Enable: 'true', Status: STATUS[one.state], Alias: `cpe-${one.name}`, Name: one.name };
  const own = `Device.Ethernet.Interface.${index + 1}.`;
  const link = `Device.Ethernet.Link.${index + 1}.`;
  const mac = (one.mac ?? '').toUpperCase();
  const stats = { ...statsOf(one.sent, one.received), MulticastPacketsReceived: text(one.received.multicast) };
  const duplex = { half: 'Half', full: 'Full' } as const;
  return [
    [
      own,
      {
        ...{ ...base, LowerLayers: '', Upstream: text('link' in one.carries), MACAddress: mac },
        CurrentBitRate: text(one.mbps ?? 0),
        CurrentDuplexMode: one.duplex === undefined ? 'Unknown' : duplex[one.duplex],
      },
    ],
    [`${own}Stats.`, { ...stats, Collisions: text(one.collisions) }],
    [link, { ...base, LowerLayers: own.slice(0, -1), MACAddress: mac, MTU: text(one.mtu) }],
    [`${link}Stats.`, stats],
  ];
}

function statsOf(sent: Traffic, received: Traffic, header = 0): Values {
  const bytes = ({ bytes, packets }: Traffic): string => text(Math.max(0, bytes - header * packets));
  return {
    ...{ BytesSent: bytes(sent), BytesReceived: bytes(received) },
    ...{ PacketsSent: text(sent.packets), PacketsReceived: text(received.packets) },
    ...{ ErrorsSent: text(sent.errors), ErrorsReceived: text(received.errors) },
    ...{ DiscardPacketsSent: text(sent.dropped), DiscardPacketsReceived: text(received.dropped) },
  };
}

/** The interface of IP above, and what it stands on: Ethernet, or the modem of the mobile line. */
function networkRows(sight: Sight, one: InterfaceReading, wiredAt: number): readonly Placed[] {
  const path = interfacePath(sight, one.carries);
  if (path === undefined) return [];
  const isMobile = 'link' in one.carries && one.carries.link === sight.mobile?.link;
  const mobile = isMobile ? 'Device.Cellular.Interface.1' : '';
  const below = wiredAt >= 0 ? `Device.Ethernet.Link.${wiredAt + 1}` : mobile;
  const header = one.mac === undefined ? 0 : ETHERNET_HEADER;
  return [
    [`${path}.`, { LowerLayers: below, MaxMTUSize: text(one.mtu) }],
    [`${path}.Stats.`, statsOf(one.sent, one.received, header)],
  ];
}

/** Links in their order, then, where the box serves its LANs, the data LAN and the voice LAN. */
function interfacePath({ links, services }: Sight, carries: InterfaceReading['carries']): string | undefined {
  if ('link' in carries) {
    const index = links.findIndex(({ name }) => name === carries.link);
    return index < 0 ? undefined : `Device.IP.Interface.${index + 1}`;
  }
  if (services === undefined) return undefined;
  return `Device.IP.Interface.${links.length + (carries.lan === 'data' ? 1 : 2)}`;
}

/** Fiabilité+ (F-5): what the probes say of each link over the last of them; MOS by the E-model for the line's own codec. */
function qualities({ links }: Sight): Bound {
  const rows = links.map(({ name, role, answers, quality }, index): Placed => {
    const answering = answers === undefined ? 'Unknown' : text(answers);
    return [
      `Device.X_RELAIS_LinkQuality.Link.${index + 1}.`,
      {
        ...{ Name: name, Interface: `Device.IP.Interface.${index + 1}`, Role: role, Answers: answering },
        ...(quality && {
          ...{ LossPermyriad: text(quality.lossPermyriad), RoundTripMicros: text(quality.roundTripMicros ?? 0) },
          ...{ JitterMicros: text(quality.jitterMicros ?? 0), MOSHundredths: text(quality.mosHundredths ?? 0) },
          ProbesSeen: text(quality.probes),
        }),
      },
    ];
  });
  return { 'Device.X_RELAIS_LinkQuality.': { LinkNumberOfEntries: text(rows.length) }, ...Object.fromEntries(rows) };
}

function processes({ readings }: Sight): Bound {
  const machine = readings?.machine;
  if (machine === undefined) return {};
  const rows = machine.processes.map(
    ({ pid, command, size, priority, cpuTime, state }, index): Placed => [
      `Device.DeviceInfo.ProcessStatus.Process.${index + 1}.`,
      {
        ...{ PID: text(pid), Command: command.slice(0, 256), Size: text(size), Priority: text(priority) },
        ...{ CPUTime: text(cpuTime), State: state },
      },
    ],
  );
  return {
    'Device.DeviceInfo.ProcessStatus.': { CPUUsage: text(machine.busy), ProcessNumberOfEntries: text(rows.length) },
    ...(machine.medium && {
      'Device.DeviceInfo.MemoryStatus.': {
        TotalPersistent: text(machine.medium.total),
        FreePersistent: text(machine.medium.free),
      },
    }),
    ...Object.fromEntries(rows),
  };
}

/** TR-181: the value of a sensor that says nothing. */
const NO_VALUE = -274;

function temperatures({ readings, wall }: Sight): Bound {
  const sensors = readings?.temperatures ?? [];
  return {
    'Device.DeviceInfo.TemperatureStatus.': { TemperatureSensorNumberOfEntries: text(sensors.length) },
    ...Object.fromEntries(
      sensors.map(({ name, celsius, highAlarm, lowAlarm }, index): Placed => {
        const status = celsius === undefined ? 'Error' : 'Enabled';
        return [
          `Device.DeviceInfo.TemperatureStatus.TemperatureSensor.${index + 1}.`,
          {
            ...{ Alias: `cpe-${name}`.slice(0, 64), Enable: 'true', Status: status, Name: name },
            ...{ Value: text(celsius ?? NO_VALUE), LastUpdate: writeDateTime(celsius === undefined ? 0 : wall) },
            ...{ LowAlarmValue: text(lowAlarm ?? NO_VALUE), HighAlarmValue: text(highAlarm ?? NO_VALUE) },
          },
        ];
      }),
    ),
  };
}

const LAMP = { off: 'Disabled', shows: 'InUse', failed: 'Error' } as const;

function lamps({ readings }: Sight): Bound {
  const all = readings?.lamps ?? [];
  return {
    'Device.LEDs.': { LEDNumberOfEntries: text(all.length) },
    ...Object.fromEntries(
      all.flatMap(({ name, state, reason, cycle }, index): readonly Placed[] => {
        const path = `Device.LEDs.LED.${index + 1}.`;
        const elements = cycle.map(
          ({ color, duration, brightness }, at): Placed => [
            `${path}CycleElement.${at + 1}.`,
            {
              ...{ Alias: `cpe-${at + 1}`, Enable: 'true', Order: text(at + 1), Color: color },
              ...{ Duration: text(duration), FadeInterval: '0', Brightness: text(brightness) },
            },
          ],
        );
        const own = {
          ...{ Alias: `cpe-${name}`.slice(0, 64), Enable: text(state !== 'off'), Name: name, Status: LAMP[state] },
          ...{ Reason: reason, CyclePeriodRepetitions: '-1', CycleElementNumberOfEntries: text(elements.length) },
        };
        return [[path, own], ...elements];
      }),
    ),
  };
}

function power({ readings, mains }: Sight): Bound {
  const seen = readings?.power;
  if (seen === undefined && mains === undefined) return { 'Device.X_RELAIS_Power.': { Present: 'false' } };
  const values = { Present: 'true', Mains: text(seen?.mains ?? mains ?? true) };
  const battery = seen === undefined ? {} : { BatteryPercent: text(seen.batteryPercent) };
  return { 'Device.X_RELAIS_Power.': { ...values, ...battery } };
}
