import { SUPPORT_ROLES } from '../../model/management.ts';
import type { UspRules, UspState } from '../agent/state.ts';
import { controllerPath } from '../controller.ts';
import type { Sight } from '../sight.ts';
import { text, writeDateTime } from './bind-site.ts';
import { bindTrust, TRUST } from './bind-trust.ts';
import { UNKNOWN_TIME } from './bulk-objects.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;

export const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
export const REQUESTS = 'Device.LocalAgent.Request.';
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
      ...{ SupportedProtocols: 'MQTT', AdvertisedDeviceSubtypes: '' },
      MTPNumberOfEntries: '1',
      ControllerNumberOfEntries: text(controllers.length),
      SubscriptionNumberOfEntries: text(subscriptions),
      RequestNumberOfEntries: text(state.going.length),
    },
    ...Object.fromEntries(controllers.flatMap((one) => controllerRows(one, state.book))),
    ...Object.fromEntries(state.going.map((one) => [`${REQUESTS}${one.number}.`, requestRow(one)])),
    'Device.X_RELAIS_Restarts.': { RestartNumberOfEntries: text(restarts.length) },
    ...Object.fromEntries(
      restarts.map(({ at, of, name, by, reason }, index) => [
        `Device.X_RELAIS_Restarts.Restart.${index + 1}.`,
        { TimeStamp: writeDateTime(at), Of: of, Name: name, By: by, Reason: reason },
      ]),
    ),
    ...bindTrust(state.book),
    ...road(sight, state, rules),
  };
}

type Placed = readonly [path: string, values: Values];

function controllerRows(controller: UspRules['controllers'][number], { rows }: UspState['book']): readonly Placed[] {
  const path = controllerPath(controller);
  const role = `${TRUST}Role.${SUPPORT_ROLES.indexOf(controller.role) + 1}`;
  const parameters = Object.keys(rows).filter((row) => row.startsWith(`${path}.BootParameter.`));
  return [
    [
      `${path}.`,
      {
        ...{ Alias: `cpe-${controller.number}`, EndpointID: controller.endpoint, Enable: 'true', AssignedRole: role },
        ...{ X_RELAIS_SignedRole: role, MTPNumberOfEntries: '1' },
        BootParameterNumberOfEntries: text(parameters.length),
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

/** The password is nobody's to read: it is always empty here (TR-181, hidden values). */
function road({ broker, device }: Sight, { road: stood }: UspState, { controllers }: UspRules): Bound {
  const topics = controllers.map(({ heardOn }, index): Placed => {
    const status = broker.joined ? 'Subscribed' : 'Unsubscribed';
    return [
      `${CLIENT}.Subscription.${index + 1}.`,
      { Alias: `cpe-${index + 1}`, Enable: 'true', Status: status, Topic: heardOn, QoS: '1' },
    ];
  });
  return {
    [`${MTP}.`]: { Alias: 'cpe-1', Enable: 'true', Status: broker.joined ? 'Up' : 'Down', Protocol: 'MQTT' },
    [`${MTP}.MQTT.`]: {
      Reference: CLIENT,
      ResponseTopicConfigured: controllers[0]?.heardOn ?? '',
      ResponseTopicDiscovered: '',
      PublishQoS: '1',
    },
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
      ...{ CleanSession: 'true', KeepAliveTime: text(broker.keepAlive ?? 10), ResponseInformation: '' },
      ...{ ConnectRetryTime: '1', ConnectRetryIntervalMultiplier: '2000', ConnectRetryMaxInterval: '60' },
      ClientID: device,
      Username: broker.username,
      Password: '',
      SubscriptionNumberOfEntries: text(topics.length),
    },
    [`${CLIENT}.Stats.`]: {
      BrokerConnectionEstablished: stood.since === undefined ? UNKNOWN_TIME : writeDateTime(stood.since),
      ConnectionErrors: text(stood.lost),
      ...(broker.packets && {
        ...{ MQTTMessagesSent: text(broker.packets.sent), MQTTMessagesReceived: text(broker.packets.received) },
      }),
    },
    ...Object.fromEntries(topics),
  };
}
