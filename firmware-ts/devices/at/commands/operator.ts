import { minutes } from '../../../../agent/model/units.ts';
import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { fieldsAfter, numberOf } from '../fields.ts';
import { type Technology, technologyOf } from './technology.ts';

export type Operator = {
  readonly selected: 'automatic' | 'manual' | 'none';
  readonly name: string | undefined;
  /** MCC and MNC, such as 20801. */
  readonly network: string | undefined;
  readonly technology: Technology | undefined;
};

/** TS 27.007 7.3: the operator in the format set last; without a registration there is none. */
export const OPERATOR: AtCommand<Operator> = {
  send: ['AT+COPS?'],
  claims: /^\+COPS:/,
  read(lines) {
    const fields = fieldsAfter(lines, '+COPS:');
    const mode = numberOf(fields?.[0]);
    if (fields === undefined || mode === undefined) return undefined;
    const isNumber = numberOf(fields[1]) === 2 || /^\d{5,6}$/.test(fields[2] ?? '');
    return {
      selected: mode === 2 ? 'none' : mode === 0 ? 'automatic' : 'manual',
      name: isNumber ? undefined : fields[2],
      network: isNumber ? fields[2] : undefined,
      technology: technologyOf(numberOf(fields[3])),
    };
  },
  patience: AT_ONCE,
};

/** TS 27.007 7.3: the format of the answers, 0 long name, 2 numeric. */
export const operatorFormat = (format: 0 | 2): AtCommand<true> => order(`AT+COPS=3,${format}`);

/** TS 27.007 7.3: leaves the network, or looks for one by itself; vendors' manuals give 180 s. */
export const selectNetwork = (selected: 'automatic' | 'none'): AtCommand<true> =>
  order(`AT+COPS=${selected === 'none' ? 2 : 0}`, minutes(3));
