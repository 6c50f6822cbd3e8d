import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TYPES } from '../../../agent/usp/model/site-model.ts';
import { createDesk } from './desk.ts';

type Published = { readonly parameters: string; readonly keys: string; readonly members: string };

/** What of ours was found in the published XML, with type and keys: made by comparing the two, and pinned here. */
const { objects } = JSON.parse(readFileSync(new URL('./published-names.json', import.meta.url), 'utf8')) as {
  readonly objects: Readonly<Record<string, Published>>;
};
const isOurs = (name: string): boolean => name.includes('X_RELAIS_');
const sorted = (words: Iterable<string>): string => [...words].toSorted().join(' ');
const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

/** Deleted in TR-181 2.17 for `Device.ScheduleTimer()`, and kept for controllers that are older than that. */
const DELETED = ['Device.LocalAgent.Controller.{i}.ScheduleTimer()', 'Device.LocalAgent.Controller.{i}.Timer!'];
/** Keys that the standard has and this agent does not keep: its own rows of routes and of requests may be alike in them. */
const WITHOUT_KEY = ['Device.Routing.Router.{i}.IPv4Forwarding.{i}.', 'Device.LocalAgent.Request.{i}.'];
/** In the order of letters, as the list has them. */
const written = (key: readonly string[]): string => key.toSorted().join('+');

describe('names of the data model (TR-181 2.19.1, TR-104 2.0.2; M-1)', () => {
  it('M-1, TP-469 11.1 in part: every object, parameter, command and event without X_RELAIS_ is a published one, with its type', () => {
    const unknown: string[] = [];
    for (const { path, parameters = {}, commands = {}, events = {} } of TYPES.values()) {
      if (isOurs(path)) continue;
      const known = objects[path];
      const names = words(known?.parameters ?? '');
      for (const [name, { type }] of Object.entries(parameters))
        if (!isOurs(name) && !names.includes(`${name}:${type}`)) unknown.push(`${path}${name}:${type}`);
      for (const name of [...Object.keys(commands), ...Object.keys(events)])
        if (!isOurs(name) && !words(known?.members ?? '').includes(name)) unknown.push(`${path}${name}`);
    }
    expect(unknown).toEqual(DELETED);
  });

  it('M-1: keys are the published ones, but for two tables', () => {
    const other = [...TYPES.values()].filter(({ path, keys = [], enabledKeys = [] }) => {
      const known = objects[path];
      return known !== undefined && sorted([...keys, ...enabledKeys].map(written)) !== sorted(words(known.keys));
    });
    expect(other.map(({ path }) => path)).toEqual(WITHOUT_KEY);
  });

  it('nothing stands in the list that the agent does not have', () => {
    expect(Object.keys(objects).filter((path) => !TYPES.has(path))).toEqual([]);
  });
});

/** MQTTClientCon:1, MQTTClientSubscribe:1 with MQTTClientBase:1, MQTTAgent:1 with LocalAgent:1, MQTTController with Controllers:1. */
const PROFILES: Readonly<Record<string, string>> = {
  'Device.MQTT.': 'ClientNumberOfEntries',
  'Device.MQTT.Capabilities.': 'ProtocolVersionsSupported TransportProtocolSupported',
  'Device.MQTT.Client.{i}.':
    'Enable Status ProtocolVersion BrokerAddress BrokerPort CleanSession KeepAliveTime Name ClientID Username Password ' +
    'TransportProtocol ConnectRetryTime ConnectRetryIntervalMultiplier ConnectRetryMaxInterval ResponseInformation ' +
    'SubscriptionNumberOfEntries',
  'Device.MQTT.Client.{i}.Stats.': 'BrokerConnectionEstablished MQTTMessagesSent MQTTMessagesReceived ConnectionErrors',
  'Device.MQTT.Client.{i}.Subscription.{i}.': 'Topic QoS Enable',
  'Device.LocalAgent.': 'EndpointID AdvertisedDeviceSubtypes MTPNumberOfEntries ControllerNumberOfEntries',
  'Device.LocalAgent.MTP.{i}.': 'Alias Protocol',
  'Device.LocalAgent.MTP.{i}.MQTT.': 'Reference ResponseTopicConfigured ResponseTopicDiscovered',
  'Device.LocalAgent.Controller.{i}.': 'Enable Alias EndpointID AssignedRole PeriodicNotifInterval MTPNumberOfEntries',
  'Device.LocalAgent.Controller.{i}.MTP.{i}.': 'Enable Alias Protocol',
  'Device.LocalAgent.Controller.{i}.MTP.{i}.MQTT.': 'AgentMTPReference Topic',
};

describe('profiles of MQTT (TR-181 2.19.1)', () => {
  it('TP-469 11.1: GetSupportedDM has every parameter of the four profiles, and each has a value', () => {
    const desk = createDesk();
    desk.see({
      broker: { ...desk.now().broker, keepAlive: 600, packets: { sent: 7, received: 5 } },
    });
    desk.event('joined');
    const objPaths = ['Device.MQTT.', 'Device.LocalAgent.'];
    const { response } = desk.ask({ getSupportedDm: { objPaths, returnParams: true } });
    const described = response?.getSupportedDmResp?.reqObjResults.flatMap(({ supportedObjs }) => supportedObjs) ?? [];
    const named = Object.fromEntries(
      described.map(({ supportedObjPath, supportedParams }) => [
        supportedObjPath,
        supportedParams.map(({ paramName }) => paramName),
      ]),
    );
    const missing = Object.entries(PROFILES).flatMap(([path, names]) =>
      words(names).filter((name) => !named[path]?.includes(name)),
    );
    expect(missing).toEqual([]);
    const read = desk.ask({ get: { paramPaths: objPaths } }).response?.getResp?.reqPathResults ?? [];
    const values = Object.fromEntries(
      read.flatMap((one) => one.resolvedPathResults.map((found) => [found.resolvedPath, found.resultParams] as const)),
    );
    const silent = Object.entries(PROFILES).flatMap(([path, names]) => {
      const row = values[path.replaceAll('{i}', '1')] ?? {};
      return words(names).filter((name) => row[name] === undefined);
    });
    expect(silent).toEqual([]);
    expect(values['Device.MQTT.Client.1.']).toMatchObject({ KeepAliveTime: '600', ClientID: 'relais-0001' });
    expect(values['Device.MQTT.Client.1.Stats.']).toEqual({
      ...{ BrokerConnectionEstablished: '2026-09-21T14:13:20Z', ConnectionErrors: '0' },
      ...{ MQTTMessagesSent: '7', MQTTMessagesReceived: '5' },
    });
    desk.event('left');
    const errors = desk.ask({ get: { paramPaths: ['Device.MQTT.Client.1.Stats.ConnectionErrors'] } }).response?.getResp;
    expect(errors?.reqPathResults[0]?.resolvedPathResults[0]?.resultParams).toEqual({ ConnectionErrors: '1' });
  });
});
