import { millis } from '../../../agent/model/units.ts';
import type { Question } from './channel-state.ts';

/** V.250 6.2.4: no echo. TS 27.007 9.1: errors by their number. Nobody waits for the answers: id 0. */
export const SET_UP: readonly Question[] = ['ATE0', 'AT+CMEE=1'].map((send) => ({
  id: 0,
  priority: 'emergency',
  holder: undefined,
  send,
  shown: send,
  payload: undefined,
  shownPayload: undefined,
  secrets: [],
  secretAnswer: false,
  claims: undefined,
  body: undefined,
  free: false,
  patience: millis(1_000),
}));
