import { references } from '../usp/agent/notify.ts';
import type { UspState } from '../usp/agent/state.ts';
import { SUBSCRIPTIONS } from '../usp/model/bind-agent.ts';

/** What is read though nobody asks: for those who subscribed to its changes, and for alarms. */
export type ReadingWatch = { due(state: UspState, mono: number): readonly string[] };

const FOR_SUBSCRIBERS = 60_000;
const FOR_ALARMS = 300_000;
const ALARMING = [
  'Device.Cellular.Interface.1.Status',
  'Device.DeviceInfo.TemperatureStatus.',
  'Device.X_RELAIS_Power.',
];

/** Answers the paths that are due, and counts them as read. */
export function createReadingWatch(): ReadingWatch {
  let subscribed = 0;
  let alarmed: number | undefined;
  return {
    due({ book }, mono) {
      const paths: string[] = [];
      alarmed ??= mono;
      if (mono - alarmed >= FOR_ALARMS) {
        alarmed = mono;
        paths.push(...ALARMING);
      }
      if (mono - subscribed < FOR_SUBSCRIBERS) return paths;
      subscribed = mono;
      const watching = Object.entries(book.rows).filter(
        ([path, { NotifType, Enable }]) =>
          path.startsWith(SUBSCRIPTIONS) && NotifType === 'ValueChange' && Enable === 'true',
      );
      return [...paths, ...watching.flatMap(([, values]) => references(values))];
    },
  };
}
