import { AT_ONCE, type AtCommand, order } from '../command.ts';
import { fieldsAfter, fieldsOf, numberOf } from '../fields.ts';
import { type Technology, technologyOf } from './technology.ts';

export type RegistrationState = 'off' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming' | 'emergency-only';

/** Where a modem stands with the network (S-5, S-12). */
export type Registration = {
  readonly state: RegistrationState;
  /** Messages only (stat 6 and 7): a data context would be refused. */
  readonly messagesOnly: boolean;
  /** Location or tracking area, and cell, hexadecimal as the modem gives them. */
  readonly area: string | undefined;
  readonly cell: string | undefined;
  readonly technology: Technology | undefined;
  /** Cause of the network's refusal (TS 24.301 9.9.3.9, TS 24.008 10.5.5.14), or one of the maker's (`<cause_type>` 1). */
  readonly reject: { readonly cause: number; readonly ofMaker: boolean } | undefined;
};

type Network = keyof typeof CAUSE_AT;

/** How many values lie between `<AcT>` and `<cause_type>`: TS 27.007 7.2, 10.1.20 (`<rac>`), 10.1.22, 10.1.47 (NSSAI). */
const CAUSE_AT = { CREG: 0, CGREG: 1, CEREG: 0, C5GREG: 2 } as const;

/** TS 27.007 7.2 (+CREG), 10.1.20 (+CGREG), 10.1.22 (+CEREG), 10.1.47 (+C5GREG). */
export const registrationIn = (network: Network): AtCommand<Registration> => ({
  send: [`AT+${network}?`],
  claims: new RegExp(`^\\+${network}:`),
  read(lines) {
    const fields = fieldsAfter(lines, `+${network}:`);
    return fields && read(network, fields.slice(1));
  },
  patience: AT_ONCE,
});

/** TS 27.007 10.1.22, `<n>` 3: the cause of a refusal is told as well. */
export const registrationCauses = (network: Network): AtCommand<true> => order(`AT+${network}=3`);

/** The same as a report: `<n>` is left out. Undefined when the line is none. */
export function registrationReport(line: string): Registration | undefined {
  const network = /^\+(CREG|CGREG|CEREG|C5GREG):/.exec(line)?.[1] as Network | undefined;
  return network && read(network, fieldsOf(line));
}

/**
 * TS 24.301 5.5.1.2.5: causes after which the card is refused until it or the modem starts anew, or the network cannot
 * serve it here. Waiting does not help: go back at once.
 */
export const isDefinitive = (cause: number): boolean => [2, 3, 6, 7, 8, 11, 13, 15].includes(cause);

function read(network: Network, fields: readonly (string | undefined)[]): Registration | undefined {
  const [stat, area, cell, technology, ...more] = fields;
  const known = STATES[numberOf(stat) ?? -1];
  if (known === undefined) return undefined;
  const [causeType, cause] = more.slice(CAUSE_AT[network]).map(numberOf);
  return {
    ...known,
    area,
    cell,
    technology: technologyOf(numberOf(technology)),
    reject: cause === undefined || cause === 0 ? undefined : { cause, ofMaker: causeType === 1 },
  };
}

const plain = (state: RegistrationState) => ({ state, messagesOnly: false });

/** `<stat>` of TS 27.007 7.2. */
const STATES = [
  plain('off'),
  plain('home'),
  plain('searching'),
  plain('denied'),
  plain('unknown'),
  plain('roaming'),
  { state: 'home', messagesOnly: true },
  { state: 'roaming', messagesOnly: true },
  plain('emergency-only'),
  plain('home'), // 9: circuit-switched fallback not preferred
  plain('roaming'), // 10: the same
  plain('emergency-only'), // 11: restricted local services
] as const;
