import type { AlarmBook } from '../alarms.ts';
import type { Sight } from '../sight.ts';
import { text, writeDateTime } from './bind-site.ts';
import { type AlarmKind, alarmKinds } from './conditions.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;
const FAULTS = 'Device.FaultMgmt.';

/** What stands, what was, and what may be (TR-181, FaultMgmt). */
export function bindFaults(sight: Sight, { current, history }: AlarmBook): Bound {
  const kinds = alarmKinds(sight);
  const named = (problem: string): Values => {
    const kind = kinds.find((one) => one.problem === problem);
    return kind === undefined ? { SpecificProblem: problem } : wordsOf(kind);
  };
  return {
    [FAULTS]: {
      ...{ SupportedAlarmNumberOfEntries: text(kinds.length), MaxCurrentAlarmEntries: text(kinds.length) },
      ...{ CurrentAlarmNumberOfEntries: text(current.length), HistoryEventNumberOfEntries: text(history.length) },
    },
    ...Object.fromEntries(
      kinds.map((kind, index) => {
        const { EventType = '', ProbableCause = '', SpecificProblem = '' } = wordsOf(kind);
        const row = { EventType, ProbableCause, SpecificProblem, PerceivedSeverity: kind.severity };
        return [`${FAULTS}SupportedAlarm.${index + 1}.`, { ...row, ReportingMechanism: '2 Logged' }];
      }),
    ),
    ...Object.fromEntries(
      current.map(({ number, problem, severity, text: says, raised, changed }) => [
        `${FAULTS}CurrentAlarm.${number}.`,
        {
          ...named(problem),
          ...{ AlarmIdentifier: text(number), PerceivedSeverity: severity, AdditionalText: says.slice(0, 256) },
          ...{ AlarmRaisedTime: writeDateTime(raised), AlarmChangedTime: writeDateTime(changed) },
        },
      ]),
    ),
    ...Object.fromEntries(
      history.map(({ number, alarm, at, type, problem, severity, text: says }) => [
        `${FAULTS}HistoryEvent.${number}.`,
        {
          ...named(problem),
          ...{ AlarmIdentifier: text(alarm), NotificationType: type, PerceivedSeverity: severity },
          ...{ EventTime: writeDateTime(at), AdditionalText: says.slice(0, 256) },
        },
      ]),
    ),
  };
}

const wordsOf = ({ event, cause, problem, object }: AlarmKind): Values => ({
  ...{ EventType: event, ProbableCause: cause, SpecificProblem: problem, ManagedObjectInstance: object },
});
