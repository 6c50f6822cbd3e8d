import { stepAlarms } from '../alarms.ts';
import { happen } from './notify.ts';
import type { Step, UspEffect, UspEvent, UspRules, UspState } from './state.ts';

const CURRENT = 'Device.FaultMgmt.CurrentAlarm.';

/** Alarms come and go with what is wrong; who subscribed to their rows is told (TR-181, FaultMgmt). */
export function watchAlarms(before: UspState, event: UspEvent, rules: UspRules): Step {
  const { alarms: known } = before.book;
  const alarms = stepAlarms(known, event.sight);
  if (alarms === known) return [before, []];
  let state: UspState = { ...before, book: { ...before.book, alarms } };
  const effects: UspEffect[] = [];
  const tell = (type: 'ObjectCreation' | 'ObjectDeletion', number: number): void => {
    const path = `${CURRENT}${number}.`;
    const objCreation = { objPath: path, uniqueKeys: { AlarmIdentifier: `${number}` } };
    const told = type === 'ObjectCreation' ? { objCreation } : { objDeletion: { objPath: path } };
    const [next, more] = happen(state, { type, path, told }, rules, event);
    state = next;
    effects.push(...more);
  };
  const were = new Set(known.current.map(({ number }) => number));
  const are = new Set(alarms.current.map(({ number }) => number));
  for (const number of are) if (!were.has(number)) tell('ObjectCreation', number);
  for (const number of were) if (!are.has(number)) tell('ObjectDeletion', number);
  return [state, effects];
}
