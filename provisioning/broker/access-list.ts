import { managementTopics } from '../../agent/model/management.ts';
import { CHANNELS, channelNames, topics } from '../../agent/model/messages.ts';

/** `controllers`: who manages it, by the names that they have at the broker. */
type BrokerDevice = { readonly tenant: string; readonly device: string; readonly controllers?: readonly string[] };

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
 * among them, so that its credentials give nothing on another (D-3). The broker writes the name that the connection was
 * authenticated with in the place of %u: rules of their own for each device would be read by Mosquitto in the square of
 * their number, minutes for a fleet. Those that are `out` come first and have nothing, also on a connection that stands: the
 * broker heeds its list of revoked certificates for new ones only. A device belongs to one tenant; what it said under another's name the central refuses.
 */
export function accessList(devices: readonly BrokerDevice[], out: readonly string[] = []): string {
  const tenants = [...new Set(devices.map(({ tenant }) => tenant))].toSorted();
  const managing = tenants.map((tenant) => {
    const own = devices.filter((device) => device.tenant === tenant).flatMap(({ controllers = [] }) => controllers);
    return { tenant, controllers: [...new Set(own)].toSorted() };
  });
  return [
    ...out.map((name) => `user ${name}\ntopic deny #\n`),
    ...centralUsernames().map(centralRules),
    ...[...new Set(managing.flatMap(({ controllers }) => controllers))].map((name) => controllerRules(name, managing)),
    ...managing.map(deviceRules),
  ].join('\n');
}

/** What Mosquitto puts in the place of a device. No name of a device has a character that is special in a topic. */
const AUTHENTICATED = '%u';

type Managing = { readonly tenant: string; readonly controllers: readonly string[] };

function deviceRules({ tenant, controllers }: Managing): string {
  const managed = controllers.map((name) => managementTopics(tenant, AUTHENTICATED, name));
  return ruleLines('pattern', [
    [
      'write',
      [...named('up', tenant, AUTHENTICATED), ...managed.flatMap(({ toController, bulk }) => [toController, bulk])],
    ],
    ['read', [...named('down', tenant, AUTHENTICATED), ...managed.map(({ toAgent }) => toAgent)]],
  ]);
}

/**
 * A controller speaks on topics that bear its name alone, so that the topic proves who it is (D-3). That it may write to
 * devices that do not know it gives it nothing: they do not listen there.
 */
function controllerRules(username: string, managing: readonly Managing[]): string {
  const own = managing
    .filter(({ controllers }) => controllers.includes(username))
    .map(({ tenant }) => managementTopics(tenant, '+', username));
  const granted = ruleLines('topic', [
    ['write', own.map(({ toAgent }) => toAgent)],
    ['read', own.flatMap(({ toController, bulk }) => [toController, bulk])],
  ]);
  return `user ${username}\n${granted}`;
}

function centralRules(username: string): string {
  const granted = ruleLines('topic', [
    ['read', [topics('+', '+').allUp]],
    ['write', named('down', '+', '+')],
  ]);
  return `user ${username}\n${granted}`;
}

/** The topics of one way, each by its full name. */
const named = (way: 'up' | 'down', tenant: string, device: string): readonly string[] => {
  const own = topics(tenant, device);
  return channelNames.filter((name) => CHANNELS[name].way === way).map((name) => own[name]);
};

type Granted = readonly (readonly [access: 'read' | 'write', names: readonly string[]])[];

const ruleLines = (kind: 'topic' | 'pattern', granted: Granted): string =>
  [...granted.flatMap(([access, names]) => names.map((name) => `${kind} ${access} ${name}`)), ''].join('\n');
