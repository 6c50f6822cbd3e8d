import { SUPPORT_ROLES } from '../../model/management.ts';
import type { UspRules, UspState } from '../agent/state.ts';
import { controllerPath } from '../controller.ts';
import { type Permission, ROLES } from '../roles.ts';
import type { Sight } from '../sight.ts';
import { text, writeDateTime } from './bind-site.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;

export const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
export const REQUESTS = 'Device.LocalAgent.Request.';
const TRUST = 'Device.LocalAgent.ControllerTrust.';
const CLIENT = 'Device.MQTT.Client.1';
const MTP = 'Device.LocalAgent.MTP.1';

/** The agent itself, its controllers and what they may do, and the road to them. */
export function bindAgent(sight: Sight, state: UspState, rules: UspRules): Bound {
  const { controllers, agent } = rules;
  const { restarts = [] } = state.book;
  const subscriptions = Object.keys(state.book.rows).filter((path) => path.startsWith(SUBSCRIPTIONS)).length;
  return {
    'Device.LocalAgent.': {
      EndpointID: agent,
      SoftwareVersion: sight.software,
      UpTime: text((sight.mono - sight.began) / 1_000),
      SupportedProtocols: 'MQTT',
      MTPNumberOfEntries: '1',
      ControllerNumberOfEntries: text(controllers.length),
      SubscriptionNumberOfEntries: text(subscriptions),
      RequestNumberOfEntries: text(state.going.length),
    },
    ...Object.fromEntries(controllers.flatMap(controllerRows)),
    ...Object.fromEntries(state.going.map((one) => [`${REQUESTS}${one.number}.`, requestRow(one)])),
    'Device.X_RELAIS_Restarts.': { RestartNumberOfEntries: text(restarts.length) },
    ...Object.fromEntries(
      restarts.map(({ at, of, name, by, reason }, index) => [
        `Device.X_RELAIS_Restarts.Restart.${index + 1}.`,
        { TimeStamp: writeDateTime(at), Of: of, Name: name, By: by, Reason: reason },
      ]),
    ),
    [TRUST]: { UntrustedRole: '', RoleNumberOfEntries: text(SUPPORT_ROLES.length) },
    ...Object.fromEntries(SUPPORT_ROLES.flatMap(roleRows)),
    ...road(sight, rules),
  };
}

type Placed = readonly [path: string, values: Values];

function controllerRows(controller: UspRules['controllers'][number]): readonly Placed[] {
  const path = controllerPath(controller);
  const role = SUPPORT_ROLES.indexOf(controller.role) + 1;
  return [
    [
      `${path}.`,
      {
        Alias: `cpe-${controller.number}`,
        EndpointID: controller.endpoint,
        Enable: 'true',
        AssignedRole: `${TRUST}Role.${role}`,
      },
    ],
    [`${path}.MTP.1.`, { Alias: 'cpe-1', Enable: 'true', Protocol: 'MQTT' }],
    [`${path}.MTP.1.MQTT.`, { AgentMTPReference: MTP, Topic: controller.toldOn }],
  ];
}

const requestRow = ({ number, controller, command, commandKey }: UspState['going'][number]): Values => ({
  Alias: `cpe-${number}`,
  Originator: controllerPath({ number: controller }),
  Command: command,
  CommandKey: commandKey,
  Status: 'Active',
});

function roleRows(name: (typeof SUPPORT_ROLES)[number], index: number): readonly Placed[] {
  const path = `${TRUST}Role.${index + 1}.`;
  const permissions = ROLES[name].map(
    (permission, at): Placed => [`${path}Permission.${at + 1}.`, permissionRow(permission, at)],
  );
  const number = text(permissions.length);
  return [
    [path, { Alias: `cpe-${name}`, Enable: 'true', Name: name, PermissionNumberOfEntries: number }],
    ...permissions,
  ];
}

const permissionRow = ({ order, targets, parameter, object, row, command }: Permission, index: number): Values => ({
  Alias: `cpe-${index + 1}`,
  Enable: 'true',
  Order: text(order),
  Targets: targets.join(','),
  Param: parameter,
  Obj: object,
  InstantiatedObj: row,
  CommandEvent: command,
});

/** The password is nobody's to read: it is always empty here (TR-181, hidden values). */
function road({ broker, device }: Sight, { controllers }: UspRules): Bound {
  const topics = controllers.map(({ heardOn }, index): Placed => {
    const status = broker.joined ? 'Subscribed' : 'Unsubscribed';
    return [
      `${CLIENT}.Subscription.${index + 1}.`,
      { Alias: `cpe-${index + 1}`, Enable: 'true', Status: status, Topic: heardOn, QoS: '1' },
    ];
  });
  return {
    [`${MTP}.`]: { Alias: 'cpe-1', Enable: 'true', Status: broker.joined ? 'Up' : 'Down', Protocol: 'MQTT' },
    [`${MTP}.MQTT.`]: { Reference: CLIENT, ResponseTopicConfigured: controllers[0]?.heardOn ?? '', PublishQoS: '1' },
    'Device.MQTT.': { ClientNumberOfEntries: '1' },
    'Device.MQTT.Capabilities.': { ProtocolVersionsSupported: '5.0', TransportProtocolSupported: 'TCP/IP' },
    [`${CLIENT}.`]: {
      Alias: 'cpe-1',
      Name: 'central',
      Enable: 'true',
      Status: broker.joined ? 'Connected' : 'Connecting',
      ProtocolVersion: '5.0',
      BrokerAddress: broker.host,
      BrokerPort: text(broker.port),
      TransportProtocol: 'TCP/IP',
      CleanStart: 'true',
      KeepAliveTime: '10',
      ClientID: device,
      Username: broker.username,
      Password: '',
      SubscriptionNumberOfEntries: text(topics.length),
    },
    ...Object.fromEntries(topics),
  };
}
