import { minutes } from '../../../../agent/model/units.ts';
import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { fieldsAfter, fieldsOf, numberOf } from '../fields.ts';

export type ContextType = 'IP' | 'IPV6' | 'IPV4V6';
export type DataContext = { readonly id: number; readonly type: string; readonly accessPoint: string };

/** The network takes its time: vendors' manuals give 150 s for +CGACT and +CGATT. */
const NETWORK_PATIENCE = minutes(2.5);

/**
 * TS 27.007 10.1.1: defines a context; the access point as in TS 23.003 9.1.
 * @throws RangeError naming the field that no network would take.
 */
export function defineContext({
  id,
  type,
  accessPoint,
}: DataContext & { readonly type: ContextType }): AtCommand<true> {
  if (!Number.isInteger(id) || id < 1 || id > 16) throw new RangeError(`id: a context is numbered 1 to 16, not ${id}`);
  if (!/^[A-Za-z0-9.-]{1,100}$/.test(accessPoint))
    throw new RangeError('accessPoint: letters, digits, dots and dashes, as the operator wrote it');
  return order(`AT+CGDCONT=${id},"${type}","${accessPoint}"`);
}

/** TS 27.007 10.1.1: the contexts that are defined. */
export const CONTEXTS: AtCommand<readonly DataContext[]> = {
  send: ['AT+CGDCONT?'],
  claims: /^\+CGDCONT:/,
  read: (lines) =>
    lines.flatMap((line) => {
      const [id, type = '', accessPoint = ''] = fieldsOf(line);
      const number = numberOf(id);
      return number === undefined ? [] : [{ id: number, type, accessPoint }];
    }),
  patience: AT_ONCE,
};

/** TS 27.007 10.1.10: brings a context up or down. */
export const activateContext = (id: number, up: boolean): AtCommand<true> =>
  order(`AT+CGACT=${up ? 1 : 0},${id}`, NETWORK_PATIENCE);

/** TS 27.007 10.1.10: the numbers of the contexts that are up. */
export const ACTIVE_CONTEXTS: AtCommand<readonly number[]> = {
  send: ['AT+CGACT?'],
  claims: /^\+CGACT:/,
  read: (lines) =>
    lines.map((line) => fieldsOf(line).map(numberOf)).flatMap(([id, up]) => (id !== undefined && up === 1 ? [id] : [])),
  patience: AT_ONCE,
};

/** TS 27.007 10.1.9: attaches to the packet service, or leaves it. */
export const attach = (on: boolean): AtCommand<true> => order(`AT+CGATT=${on ? 1 : 0}`, NETWORK_PATIENCE);

export type ContextAddress = {
  readonly accessPoint: string | undefined;
  /** IPv4 dotted, or IPv6 as sixteen dotted numbers (TS 27.007 10.1.0). */
  readonly address: string | undefined;
  readonly gateway: string | undefined;
  readonly dns: readonly string[];
};

/** TS 27.007 10.1.23: what the network gave to a context; the address may carry its mask behind it. */
export const contextAddress = (id: number): AtCommand<ContextAddress> => ({
  send: [`AT+CGCONTRDP=${id}`],
  claims: /^\+CGCONTRDP:/,
  read(lines) {
    const fields = fieldsAfter(lines, '+CGCONTRDP:');
    if (fields === undefined || numberOf(fields[0]) !== id) return undefined;
    const [, , accessPoint, address, gateway, ...dns] = fields;
    return {
      accessPoint,
      address: withoutMask(address),
      gateway,
      dns: dns.slice(0, 2).filter((server) => server !== undefined),
    };
  },
  patience: AT_ONCE,
});

/** Eight dotted numbers are an IPv4 address and its mask, 32 an IPv6 address and its mask. */
function withoutMask(address: string | undefined): string | undefined {
  const parts = address?.split('.') ?? [];
  return parts.length === 8 || parts.length === 32 ? parts.slice(0, parts.length / 2).join('.') : address;
}
