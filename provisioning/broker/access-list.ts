import { topics } from '../../agent/model/messages.ts';

type BrokerDevice = { readonly tenant: string; readonly device: string };

/** With a dot, which no device's name can have. */
export const CENTRAL_USERNAME = 'relais.central';

/** Centrals that may share the work. */
export const MOST_CENTRALS = 8;

/**
 * The broker takes the name as the client's id, and of two clients with one id the older is thrown out: each instance,
 * from 1, has a name of its own. They share rights and password.
 */
export const centralUsername = (instance: number): string =>
  instance === 1 ? CENTRAL_USERNAME : `${CENTRAL_USERNAME}.${instance}`;

export const centralUsernames = (): readonly string[] =>
  Array.from({ length: MOST_CENTRALS }, (_, index) => centralUsername(index + 1));

/**
 * Mosquitto's ACL file. What is not listed is refused; a device has its own topics by their full names, no wildcard
 * among them, so that its credentials give nothing on another (D-3).
 */
export function accessList(devices: readonly BrokerDevice[]): string {
  return [...centralUsernames().map(centralRules), ...devices.map(deviceRules)].join('\n');
}

function deviceRules({ tenant, device }: BrokerDevice): string {
  const own = topics(tenant, device);
  return rules(device, [
    ['write', [own.hello, own.records, own.leaseRequest, own.checkpoint, own.telemetry]],
    ['read', [own.welcome, own.receipt, own.leaseGrant, own.countersigned]],
  ]);
}

function centralRules(username: string): string {
  const every = topics('+', '+');
  return rules(username, [
    ['read', ['relais/v1/+/+/up/+']],
    ['write', [every.welcome, every.receipt, every.leaseGrant, every.countersigned]],
  ]);
}

function rules(username: string, granted: readonly (readonly ['read' | 'write', readonly string[]])[]): string {
  const lines = granted.flatMap(([access, names]) => names.map((name) => `topic ${access} ${name}`));
  return [`user ${username}`, ...lines, ''].join('\n');
}
