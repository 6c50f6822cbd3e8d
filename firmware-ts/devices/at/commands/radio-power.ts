import { seconds } from '../../../../agent/model/units.ts';
import { type AtCommand, order } from '../command.ts';

/** TS 27.007 8.2: 0 takes radio and card down, 1 brings them back. Vendors' manuals give 15 s. */
export const radioPower = (power: 0 | 1): AtCommand<true> => order(`AT+CFUN=${power}`, seconds(15));
