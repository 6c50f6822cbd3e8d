import type { ObjectType, ParameterType } from './object-type.ts';

const string: ParameterType = { type: 'string' };
const count: ParameterType = { type: 'unsignedInt' };
const truth: ParameterType = { type: 'boolean' };
const counter: ParameterType = { type: 'unsignedLong', restless: true };
const alias: ParameterType = { type: 'string', write: 'once', longest: 64 };

export const NOTIFICATIONS = ['ValueChange', 'ObjectCreation', 'ObjectDeletion', 'OperationComplete', 'Event'] as const;

export const TRIGGER_ACTIONS = ['Notify', 'Config', 'NotifyAndConfig'] as const;
const TRANSFER = [
  ...['Command', 'CommandKey', 'Requestor', 'TransferType', 'Affected', 'TransferURL', 'StartTime', 'CompleteTime'],
  ...['FaultCode', 'FaultString', 'CheckSumAlgorithm', 'CheckSum'],
];
/** `Boot!` goes to each controller with what it wants to know, in one record. */
const MOST_BOOT_PARAMETERS = 16;

/** `Device.LocalAgent.` and `Device.MQTT.` of TR-181 2.19.1, as far as they are bound; names, types and keys as published. */
export const AGENT_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.LocalAgent.',
    parameters: {
      EndpointID: string,
      SoftwareVersion: string,
      UpTime: { ...count, restless: true },
      SupportedProtocols: string,
      AdvertisedDeviceSubtypes: string,
      MTPNumberOfEntries: count,
      ControllerNumberOfEntries: count,
      SubscriptionNumberOfEntries: count,
      RequestNumberOfEntries: count,
    },
    events: { 'Periodic!': [], 'TransferComplete!': TRANSFER },
  },
  {
    path: 'Device.LocalAgent.MTP.{i}.',
    keys: [['Alias']],
    parameters: { Alias: string, Enable: truth, Status: string, Protocol: string },
  },
  {
    path: 'Device.LocalAgent.MTP.{i}.MQTT.',
    parameters: {
      ...{ Reference: string, ResponseTopicConfigured: string, ResponseTopicDiscovered: string, PublishQoS: count },
    },
  },
  {
    path: 'Device.LocalAgent.Controller.{i}.',
    keys: [['EndpointID'], ['Alias']],
    parameters: {
      Alias: string,
      EndpointID: string,
      Enable: truth,
      AssignedRole: { ...string, write: 'always' },
      X_RELAIS_SignedRole: string,
      ProvisioningCode: { ...string, write: 'always', longest: 64, initial: '' },
      MTPNumberOfEntries: count,
      BootParameterNumberOfEntries: count,
      PeriodicNotifInterval: { ...count, write: 'always', initial: '86400' },
      PeriodicNotifTime: { type: 'dateTime', write: 'always', initial: '0001-01-01T00:00:00Z' },
      USPNotifRetryMinimumWaitInterval: { ...count, write: 'always', initial: '5' },
      USPNotifRetryIntervalMultiplier: { ...count, write: 'always', initial: '2000' },
      OnBoardingComplete: { ...truth, write: 'always', initial: 'false' },
      OnBoardingRestartTime: { ...count, write: 'always', initial: '0' },
    },
    commands: {
      'ScheduleTimer()': { input: ['DelaySeconds'], required: ['DelaySeconds'], asynchronous: true },
      'SendOnBoardRequest()': {},
    },
    events: { 'Timer!': ['CommandKey'] },
  },
  {
    path: 'Device.LocalAgent.Controller.{i}.BootParameter.{i}.',
    rows: 'add-delete',
    most: MOST_BOOT_PARAMETERS,
    keys: [['ParameterName'], ['Alias']],
    parameters: {
      Alias: alias,
      Enable: { ...truth, write: 'always', initial: 'false' },
      ParameterName: { ...string, write: 'always', initial: '' },
    },
  },
  {
    path: 'Device.LocalAgent.Controller.{i}.MTP.{i}.',
    keys: [['Alias'], ['Protocol']],
    parameters: { Alias: string, Enable: truth, Protocol: string },
  },
  {
    path: 'Device.LocalAgent.Controller.{i}.MTP.{i}.MQTT.',
    parameters: { AgentMTPReference: string, Topic: string },
  },
  {
    path: 'Device.LocalAgent.Subscription.{i}.',
    rows: 'add-delete',
    keys: [['Alias'], ['Recipient', 'ID']],
    parameters: {
      Alias: alias,
      Enable: { ...truth, write: 'always', initial: 'false' },
      Recipient: string,
      ID: { ...string, write: 'once', longest: 64 },
      CreationDate: { type: 'dateTime' },
      NotifType: { ...string, write: 'once', values: NOTIFICATIONS, initial: 'Event' },
      ReferenceList: { ...string, write: 'once', longest: 1_024, initial: '' },
      Persistent: { ...truth, write: 'always', initial: 'false' },
      TimeToLive: { ...count, write: 'always', initial: '0' },
      NotifRetry: { ...truth, write: 'always', initial: 'false' },
      TriggerAction: { ...string, write: 'always', values: TRIGGER_ACTIONS, initial: 'Notify' },
      TriggerConfigSettings: { ...string, write: 'always', longest: 1_024, initial: '' },
      NotifExpiration: { ...count, write: 'always', initial: '0' },
    },
  },
  {
    path: 'Device.LocalAgent.Request.{i}.',
    keys: [['Alias']],
    parameters: { Alias: string, Originator: string, Command: string, CommandKey: string, Status: string },
    commands: { 'Cancel()': {} },
  },
  { path: 'Device.MQTT.', parameters: { ClientNumberOfEntries: count } },
  {
    path: 'Device.MQTT.Capabilities.',
    parameters: { ProtocolVersionsSupported: string, TransportProtocolSupported: string },
  },
  {
    path: 'Device.MQTT.Client.{i}.',
    keys: [['Alias'], ['Name']],
    parameters: {
      Alias: string,
      Name: string,
      Enable: truth,
      Status: string,
      ProtocolVersion: string,
      BrokerAddress: string,
      BrokerPort: count,
      TransportProtocol: string,
      ...{ CleanSession: truth, CleanStart: truth, KeepAliveTime: count, ResponseInformation: string },
      ...{ ConnectRetryTime: count, ConnectRetryIntervalMultiplier: count, ConnectRetryMaxInterval: count },
      ClientID: string,
      Username: string,
      Password: string,
      SubscriptionNumberOfEntries: count,
    },
  },
  {
    path: 'Device.MQTT.Client.{i}.Stats.',
    parameters: {
      ...{ BrokerConnectionEstablished: { type: 'dateTime' }, ConnectionErrors: { ...count, restless: true } },
      ...{ MQTTMessagesSent: counter, MQTTMessagesReceived: counter },
    },
  },
  {
    path: 'Device.MQTT.Client.{i}.Subscription.{i}.',
    keys: [['Alias'], ['Topic']],
    parameters: { Alias: string, Enable: truth, Status: string, Topic: string, QoS: count },
  },
];
