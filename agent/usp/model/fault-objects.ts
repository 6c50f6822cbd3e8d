import type { ObjectType, ParameterType } from './object-type.ts';
import { kind } from './parameter-kinds.ts';

const { string, count, time } = kind;

const EVENT: Readonly<Record<string, ParameterType>> = {
  ...{ EventTime: time, AlarmIdentifier: string, NotificationType: string, ManagedObjectInstance: string },
  ...{ EventType: string, ProbableCause: string, SpecificProblem: string, PerceivedSeverity: string },
  ...{ AdditionalText: string, AdditionalInformation: string },
};

/** TR-181 2.19.1, FaultMgmt: what stands, what was, and what may be. */
export const FAULT_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.FaultMgmt.',
    parameters: {
      ...{ SupportedAlarmNumberOfEntries: count, MaxCurrentAlarmEntries: count, CurrentAlarmNumberOfEntries: count },
      HistoryEventNumberOfEntries: count,
    },
  },
  {
    path: 'Device.FaultMgmt.SupportedAlarm.{i}.',
    keys: [['EventType', 'ProbableCause', 'SpecificProblem', 'PerceivedSeverity']],
    parameters: {
      ...{ EventType: string, ProbableCause: string, SpecificProblem: string, PerceivedSeverity: string },
      ReportingMechanism: string,
    },
  },
  {
    path: 'Device.FaultMgmt.CurrentAlarm.{i}.',
    keys: [['AlarmIdentifier'], ['EventType', 'ProbableCause', 'SpecificProblem']],
    parameters: {
      ...{ AlarmIdentifier: string, AlarmRaisedTime: time, AlarmChangedTime: time, ManagedObjectInstance: string },
      ...{ EventType: string, ProbableCause: string, SpecificProblem: string, PerceivedSeverity: string },
      ...{ AdditionalText: string, AdditionalInformation: string },
    },
  },
  { path: 'Device.FaultMgmt.HistoryEvent.{i}.', keys: [['EventTime', 'AlarmIdentifier']], parameters: EVENT },
];
