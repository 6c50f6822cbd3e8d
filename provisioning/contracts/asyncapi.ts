import { z } from 'zod';
import { CHANNELS, type ChannelName, channelNames, topics } from '../../agent/model/messages.ts';
import { RecordSchema } from '../../agent/model/record.ts';

type Json = Readonly<Record<string, unknown>>;

/** Payloads of the road and the record inside an envelope, by the name of their file, as JSON Schema draft 7. */
export function payloadSchemas(): ReadonlyMap<string, Json> {
  const messages = channelNames.map((key) => {
    const { name, schema, says } = CHANNELS[key];
    return [name, schemaOf(schema, `relais ${name}`, says)] as const;
  });
  const record = 'One record of the ledger: what each string in `bodies` of an envelope holds, in canonical JSON.';
  return new Map([...messages, ['record', schemaOf(RecordSchema, 'relais record', record)]]);
}

/** The road between box and central as AsyncAPI 3, told by the box: it sends `up` and receives `down`. */
export function asyncApi(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Relais: the road between a box and the central',
      version: '1.0.0',
      description: RULES.join('\n\n'),
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: '{host}:{port}',
        protocol: 'mqtt',
        protocolVersion: '5.0',
        description: 'The operator’s broker. The access list gives each device its own topics by name and no other.',
        variables: {
          host: { description: '`central.host` of the site configuration' },
          port: { description: '`central.port` of the site configuration' },
        },
        security: [{ type: 'userPassword', description: 'The device’s id and a secret that no other device has.' }],
      },
    },
    channels: Object.fromEntries(channelNames.map((key) => [key, channel(key)])),
    operations: Object.fromEntries(channelNames.map((key) => [operationName(key), operation(key)])),
    components: { messages: Object.fromEntries(channelNames.map((key) => [key, message(key)])) },
  };
}

const RULES = [
  'MQTT 5, clean start, QoS 1, nothing retained. The ledger of the box is the only outbox: a message that got lost is asked of it again. A PUBACK proves nothing; only `receipt` releases records (U-7).',
  'Each message may be lost, doubled, late or out of order, and every receiver takes that: records by their numbers, wishes by their names, checkpoints by their size.',
  'The box has at most 16 messages without a PUBACK, fewer when the Receive Maximum of the broker says so, and no message larger than its Maximum Packet Size. What does not fit waits: credit and greetings first, then records, checkpoints, and telemetry last, of which only the newest is kept.',
  'Payloads are canonical JSON in UTF-8: keys in code-unit order, no white space, safe integers only.',
] as const;

function schemaOf(schema: z.ZodType, title: string, description: string): Json {
  return { title, description, ...z.toJSONSchema(schema, { target: 'draft-7', io: 'output' }) };
}

function channel(key: ChannelName): Json {
  const { way, says } = CHANNELS[key];
  return {
    address: topics('{tenant}', '{device}')[key],
    description: says,
    parameters: {
      tenant: { description: 'The operator’s name.' },
      device: { description: 'The id of the box; also its user name at the broker.' },
    },
    messages: { [key]: { $ref: `#/components/messages/${key}` } },
    'x-relais-access': {
      device: way === 'up' ? 'write, its own topic only' : 'read, its own topic only',
      central: way === 'up' ? 'read' : 'write',
    },
  };
}

function operation(key: ChannelName): Json {
  const entry = CHANNELS[key];
  return {
    action: entry.way === 'up' ? 'send' : 'receive',
    channel: { $ref: `#/channels/${key}` },
    summary: entry.says,
    messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
    bindings: { mqtt: { qos: 1, retain: false, bindingVersion: '0.2.0' } },
    ...('answer' in entry ? { reply: { channel: { $ref: `#/channels/${entry.answer}` } } } : {}),
    ...('urgency' in entry ? { 'x-relais-urgency': entry.urgency } : {}),
  };
}

const message = (key: ChannelName): Json => ({
  name: CHANNELS[key].name,
  contentType: 'application/json',
  payload: { $ref: `./schemas/${CHANNELS[key].name}.json` },
});

const operationName = (key: ChannelName): string =>
  `${CHANNELS[key].way === 'up' ? 'send' : 'receive'}${key.charAt(0).toUpperCase()}${key.slice(1)}`;
