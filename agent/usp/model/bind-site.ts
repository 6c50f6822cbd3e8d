import type { Sight } from '../sight.ts';
import type { Values } from './object-type.ts';

/** Ticks of a micro-euro. */
const TICKS = 60;
type Bound = Readonly<Record<string, Values>>;

/** What the agent sees, at the paths where the standard has a place for it. */
export function bindSite(sight: Sight): Bound {
  return { ...box(sight), ...firmware(sight), ...links(sight), ...money(sight), ...voice(sight) };
}

function box({
  device,
  software,
  configVersion,
  memory,
  mono,
  wall,
  clock,
  failover,
  steering,
  firmware,
}: Sight): Bound {
  return {
    'Device.': { RootDataModelVersion: '2.19' },
    'Device.DeviceInfo.': {
      Manufacturer: 'Relais',
      ModelName: 'Relais',
      ProductClass: 'relais',
      SerialNumber: device,
      SoftwareVersion: software,
      UpTime: text(mono / 1_000),
      X_RELAIS_ConfigurationVersion: text(configVersion),
      ...imagesOf(firmware),
    },
    ...(memory && {
      'Device.DeviceInfo.MemoryStatus.': {
        Total: text(memory.total),
        Free: text(memory.free),
        X_RELAIS_AgentResident: text(memory.own),
      },
    }),
    'Device.Time.': {
      Enable: 'true',
      Status: clock === 'synced' ? 'Synchronized' : 'Unsynchronized',
      CurrentLocalTime: writeDateTime(wall),
      LocalTimeZone: 'CET-1CEST,M3.5.0,M10.5.0/3',
    },
    'Device.X_RELAIS_Reliability.': {
      Enable: text(failover.enabled),
      VoiceLink: steering.voice,
      DataLink: steering.data,
      HoldOffMs: text(failover.holdOffMs),
    },
  };
}

const IMAGE = 'Device.DeviceInfo.FirmwareImage.';

/** What starts next is what the box lives on: a release on trial has to prove itself first. */
const imagesOf = (seen: Sight['firmware']): Values =>
  seen === undefined
    ? { FirmwareImageNumberOfEntries: '0' }
    : {
        ActiveFirmwareImage: `${IMAGE}${seen.active}`,
        BootFirmwareImage: `${IMAGE}${seen.active}`,
        FirmwareImageNumberOfEntries: text(seen.slots.length),
      };

function firmware({ firmware: seen }: Sight): Bound {
  const rows = (seen?.slots ?? []).map(({ name, version, status, failure }, index) => {
    const values: Values = {
      ...{ Alias: `cpe-${index + 1}`, Name: name, Version: version, Available: text(version !== '') },
      ...{ Status: status, BootFailureLog: failure },
    };
    return [`${IMAGE}${index + 1}.`, values] as const;
  });
  return Object.fromEntries(rows);
}

function links({ links: all, steering }: Sight): Bound {
  const rows = all.map((link, index) => {
    const status = link.answers === undefined ? 'Unknown' : link.answers ? 'Up' : 'Down';
    const values: Values = {
      Alias: `cpe-${link.name}`,
      Name: link.name,
      Enable: 'true',
      Status: status,
      Type: 'Normal',
      X_RELAIS_Role: link.role,
      X_RELAIS_Kind: link.kind,
      X_RELAIS_UpKbps: text(link.upKbps),
      X_RELAIS_DownKbps: text(link.downKbps),
      X_RELAIS_CarriesVoice: text(steering.voice === link.name),
      X_RELAIS_CarriesData: text(steering.data === link.name),
      X_RELAIS_ProbesAnswered: text(link.answered),
      X_RELAIS_ProbesLost: text(link.lost),
      X_RELAIS_LastRoundTripMicros: text(link.rttMicros ?? 0),
      X_RELAIS_BytesToday: text(link.metered?.spent ?? 0),
      X_RELAIS_BytesPerDay: text(link.metered?.limit ?? 0),
    };
    return [`Device.IP.Interface.${index + 1}.`, values] as const;
  });
  return { 'Device.IP.': { InterfaceNumberOfEntries: text(all.length) }, ...Object.fromEntries(rows) };
}

function money({ credit, ledger }: Sight): Bound {
  const leases = credit.leases.map(({ id, cycle, ticks, bundleSeconds }, index) => {
    const values: Values = {
      ...{ ID: id, Cycle: text(cycle) },
      ...{ MicroEuro: text(ticks / TICKS), BundleSeconds: text(bundleSeconds) },
    };
    return [`Device.X_RELAIS_Credit.Lease.${index + 1}.`, values] as const;
  });
  return {
    'Device.X_RELAIS_Credit.': {
      Cycle: text(credit.cycle),
      MicroEuroLeft: text(credit.microEuro),
      BundleSecondsLeft: text(credit.bundleSeconds),
      Limited: text(credit.limited),
      LeaseNumberOfEntries: text(leases.length),
    },
    ...Object.fromEntries(leases),
    'Device.X_RELAIS_Ledger.': {
      Epoch: ledger.epoch,
      Size: text(ledger.size),
      Head: ledger.head,
      Received: text(ledger.received),
      Recording: text(ledger.recording),
      StoreBytes: text(ledger.bytes),
      RoomBytes: text(ledger.room),
    },
  };
}

function voice({ lines, calls, channels }: Sight): Bound {
  const service = 'Device.Services.VoiceService.1.';
  const rows = lines.map(({ number, label, suspended }, index) => {
    const status = suspended ? 'Disabled' : 'Up';
    const values: Values = {
      ...{ Alias: `cpe-${index + 1}`, Enable: text(!suspended), Status: status },
      ...{ DirectoryNumber: number, X_RELAIS_Label: label },
    };
    return [`${service}CallControl.Line.${index + 1}.`, values] as const;
  });
  return {
    'Device.Services.': { VoiceServiceNumberOfEntries: '1' },
    [service]: { Alias: 'cpe-1', X_RELAIS_CallsInProgress: text(calls), X_RELAIS_Channels: text(channels) },
    [`${service}CallControl.`]: { LineNumberOfEntries: text(rows.length) },
    ...Object.fromEntries(rows),
  };
}

/** As the standard writes a value: a number whole, a boolean as a word. */
export const text = (value: number | boolean): string =>
  typeof value === 'boolean' ? String(value) : String(Math.floor(value));

/** XSD dateTime in UTC, to the second, of Unix ms. */
export const writeDateTime = (wall: number): string => `${new Date(wall).toISOString().slice(0, 19)}Z`;
