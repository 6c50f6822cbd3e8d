import type { ObjectType, ParameterType } from './object-type.ts';

const string: ParameterType = { type: 'string' };
const count: ParameterType = { type: 'unsignedInt' };
const amount: ParameterType = { type: 'unsignedLong' };
const truth: ParameterType = { type: 'boolean' };
const restless = <T extends ParameterType>(type: T) => ({ ...type, restless: true }) as const;

/** The box and its site: TR-181 2.19.1 and TR-104 2.0.2 where they have a place for it, `X_RELAIS_` where they have none. */
export const SITE_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.',
    parameters: { RootDataModelVersion: string },
    commands: {
      'SelfTestDiagnostics()': { output: ['Status', 'Results'], asynchronous: true },
      'X_RELAIS_Restart()': { input: ['Reason', 'Target', 'Name'] },
      'ScheduleTimer()': { input: ['DelaySeconds'], required: ['DelaySeconds'], asynchronous: true },
      'Reboot()': { input: ['Cause', 'Reason'] },
      'X_RELAIS_LogTail()': { input: ['Lines'], output: ['Lines'] },
    },
    events: { 'Boot!': ['CommandKey', 'Cause', 'Reason', 'FirmwareUpdated', 'ParameterMap'] },
  },
  {
    path: 'Device.DeviceInfo.',
    parameters: {
      Manufacturer: string,
      ModelName: string,
      ProductClass: string,
      SerialNumber: string,
      SoftwareVersion: string,
      UpTime: restless(count),
      FriendlyName: { type: 'string', write: 'always', longest: 64, initial: '' },
      ProvisioningCode: { type: 'string', write: 'always', longest: 64, initial: '' },
      X_RELAIS_ConfigurationVersion: count,
      ActiveFirmwareImage: string,
      BootFirmwareImage: string,
      FirmwareImageNumberOfEntries: count,
    },
  },
  {
    path: 'Device.DeviceInfo.FirmwareImage.{i}.',
    keys: [['Alias']],
    parameters: {
      Alias: string,
      Name: string,
      Version: string,
      Available: truth,
      Status: string,
      BootFailureLog: string,
    },
    commands: {
      'Download()': {
        input: ['URL', 'AutoActivate', 'Username', 'Password', 'FileSize', 'CheckSumAlgorithm', 'CheckSum'],
        required: ['URL'],
        asynchronous: true,
      },
      'Activate()': {
        input: ['Start', 'End', 'Mode', 'UserMessage', 'MaxRetries'].map((name) => `TimeWindow.{i}.${name}`),
        asynchronous: true,
      },
    },
  },
  { path: 'Device.X_RELAIS_Restarts.', parameters: { RestartNumberOfEntries: count } },
  {
    path: 'Device.X_RELAIS_Restarts.Restart.{i}.',
    parameters: { TimeStamp: { type: 'dateTime' }, Of: string, Name: string, By: string, Reason: string },
  },
  {
    path: 'Device.DeviceInfo.MemoryStatus.',
    parameters: {
      ...{ Total: count, Free: restless(count), X_RELAIS_AgentResident: restless(count) },
      ...{ TotalPersistent: count, FreePersistent: restless(count) },
    },
  },
  {
    path: 'Device.Time.',
    parameters: {
      Enable: truth,
      Status: string,
      CurrentLocalTime: { type: 'dateTime', restless: true },
      LocalTimeZone: string,
    },
  },
  { path: 'Device.IP.', parameters: { InterfaceNumberOfEntries: count } },
  {
    path: 'Device.IP.Interface.{i}.',
    keys: [['Alias'], ['Name']],
    parameters: {
      Alias: string,
      Name: string,
      Enable: truth,
      Status: string,
      Type: string,
      LowerLayers: string,
      MaxMTUSize: count,
      X_RELAIS_Role: string,
      X_RELAIS_Kind: string,
      X_RELAIS_UpKbps: count,
      X_RELAIS_DownKbps: count,
      X_RELAIS_CarriesVoice: truth,
      X_RELAIS_CarriesData: truth,
      X_RELAIS_ProbesAnswered: restless(amount),
      X_RELAIS_ProbesLost: restless(amount),
      X_RELAIS_LastRoundTripMicros: restless(count),
      X_RELAIS_BytesToday: restless(amount),
      X_RELAIS_BytesPerDay: amount,
    },
  },
  {
    path: 'Device.X_RELAIS_Reliability.',
    parameters: { Enable: truth, VoiceLink: string, DataLink: string, HoldOffMs: count },
  },
  {
    path: 'Device.X_RELAIS_Credit.',
    parameters: {
      Cycle: count,
      MicroEuroLeft: restless(amount),
      BundleSecondsLeft: restless(amount),
      Limited: truth,
      LeaseNumberOfEntries: count,
    },
  },
  {
    path: 'Device.X_RELAIS_Credit.Lease.{i}.',
    keys: [['ID']],
    parameters: { ID: string, Cycle: count, MicroEuro: amount, BundleSeconds: amount },
  },
  {
    path: 'Device.X_RELAIS_Ledger.',
    parameters: {
      Epoch: string,
      Size: restless(amount),
      Head: restless(string),
      Received: restless(amount),
      Recording: truth,
      StoreBytes: restless(amount),
      RoomBytes: restless(amount),
    },
  },
  { path: 'Device.Services.', parameters: { VoiceServiceNumberOfEntries: count } },
  {
    path: 'Device.Services.VoiceService.{i}.',
    keys: [['Alias']],
    parameters: {
      ...{ Alias: string, X_RELAIS_CallsInProgress: count, X_RELAIS_Channels: count },
      ...{ CallLogNumberOfEntries: restless(count), VoIPProfileNumberOfEntries: count },
    },
  },
  { path: 'Device.Services.VoiceService.{i}.CallControl.', parameters: { LineNumberOfEntries: count } },
  {
    path: 'Device.Services.VoiceService.{i}.CallControl.Line.{i}.',
    keys: [['Alias'], ['DirectoryNumber']],
    parameters: {
      Alias: string,
      Enable: truth,
      Status: string,
      CallStatus: string,
      DirectoryNumber: string,
      X_RELAIS_Label: string,
    },
  },
];
