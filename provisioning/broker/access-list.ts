import { topics } from '../../agent/model/messages.ts';

type BrokerDevice = { readonly tenant: string; readonly device: string };

/** With a dot, which no device's name can have. */
export const CENTRAL_USERNAME = 'relais.central';

/**
 * Mosquitto's ACL file. What is not listed is refused; a device has its own topics by their full names, no wildcard
 * among them, so that its credentials give nothing on another (D-3).
 */
export function accessList(devices: readonly BrokerDevice[]): string {
  return [centralRules(), ...devices.map(deviceRules)].join('\n');
}

function deviceRules({ tenant, device }: BrokerDevice): string {
  const own = topics(tenant, device);
  return rules(device, [
    ['write', [own.hello, own.records, own.leaseRequest, own.checkpoint, own.telemetry]],
    ['read', [own.welcome, own.receipt, own.leaseGrant, own.leaseRecall, own.countersigned]],
  ]);
}

function centralRules(): string {
  const every = topics('+', '+');
  return rules(CENTRAL_USERNAME, [
    ['read', ['relais/v1/+/+/up/+']],
    ['write', [every.welcome, every.receipt, every.leaseGrant, every.leaseRecall, every.countersigned]],
  ]);
}

function rules(username: string, granted: readonly (readonly ['read' | 'write', readonly string[]])[]): string {
  const lines = granted.flatMap(([access, names]) => names.map((name) => `topic ${access} ${name}`));
  return [`user ${username}`, ...lines, ''].join('\n');
}
