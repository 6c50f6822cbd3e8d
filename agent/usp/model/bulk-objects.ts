import type { ObjectType, ParameterType } from './object-type.ts';
import { kind, oneOf, settable, settableCount } from './parameter-kinds.ts';

const { string, count, whole, truth, alias, enable } = kind;

export const BULK = 'Device.BulkData.';
export const PROFILES = `${BULK}Profile.`;
/** Seconds; a report more often is a conversation, and there is Get for that. */
export const LEAST_INTERVAL = 60;
export const MOST_PROFILES = 8;
export const MOST_REFERENCES = 64;
/** TR-106: "Unknown Time": the schedule begins when it is set. */
export const UNKNOWN_TIME = '0001-01-01T00:00:00Z';

const separator = (initial: string): ParameterType => ({ ...settable(initial, 4), pattern: /^[\s\S]+$/ });

/** TR-181 2.19.1, BulkData with JSON over MQTT or USP events (TR-369 1.4, Annex A); names, types and keys as published. */
export const BULK_OBJECTS: readonly ObjectType[] = [
  {
    path: BULK,
    parameters: {
      ...{ Enable: { ...truth, write: 'always', initial: 'true' }, Status: string, MinReportingInterval: count },
      ...{ Protocols: string, EncodingTypes: string, ParameterWildCardSupported: truth, MaxNumberOfProfiles: whole },
      ...{ MaxNumberOfParameterReferences: whole, ProfileNumberOfEntries: count },
    },
  },
  {
    path: `${PROFILES}{i}.`,
    rows: 'add-delete',
    most: MOST_PROFILES,
    keys: [['Alias']],
    parameters: {
      ...{ Enable: enable, Alias: alias, Name: settable('', 255), Controller: string },
      NumberOfRetainedFailedReports: { ...whole, write: 'always', initial: '0', least: -1 },
      Protocol: oneOf(['MQTT', 'USPEventNotif']),
      EncodingType: oneOf(['JSON', 'CSV']),
      ReportingInterval: { ...settableCount('86400'), least: LEAST_INTERVAL },
      TimeReference: { type: 'dateTime', write: 'always', initial: UNKNOWN_TIME },
      ParameterNumberOfEntries: count,
    },
    commands: { 'ForceCollection()': {} },
    events: { 'Push!': ['Data'] },
  },
  {
    path: `${PROFILES}{i}.Parameter.{i}.`,
    rows: 'add-delete',
    most: MOST_REFERENCES,
    parameters: {
      ...{ Name: settable('', 64), Reference: settable('', 256) },
      Exclude: { ...truth, write: 'always', initial: 'false' },
    },
  },
  {
    path: `${PROFILES}{i}.JSONEncoding.`,
    attends: true,
    parameters: {
      ReportFormat: oneOf(['ObjectHierarchy', 'NameValuePair']),
      ReportTimestamp: oneOf(['Unix-Epoch', 'ISO-8601', 'None']),
    },
  },
  {
    path: `${PROFILES}{i}.CSVEncoding.`,
    attends: true,
    parameters: {
      ...{ FieldSeparator: separator(','), RowSeparator: separator('\r\n'), EscapeCharacter: separator('"') },
      ReportFormat: oneOf(['ParameterPerColumn', 'ParameterPerRow']),
      RowTimestamp: oneOf(['Unix-Epoch', 'ISO-8601', 'None']),
    },
  },
  {
    path: `${PROFILES}{i}.MQTT.`,
    attends: true,
    parameters: {
      Reference: oneOf(['Device.MQTT.Client.1', '']),
      PublishTopic: settable('', 1_024),
      PublishQoS: { type: 'unsignedInt', write: 'always', values: ['1'], initial: '1' },
      PublishRetain: { ...truth, write: 'always', values: ['false'], initial: 'false' },
    },
  },
];
