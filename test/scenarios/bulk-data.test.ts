import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agentEndpoint,
  controllerEndpoint,
  controllerUsername,
  managementTopics,
} from '../../agent/model/management.ts';
import {
  type Notify,
  type RequestDraft,
  type Response,
  readMessage,
  readRecord,
  writeMessage,
} from '../../agent/usp/wire/message.ts';
import { connectPeer } from '../provisioning/broker/mosquitto.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

const asked: string[] = [];
let site: ManagedSite;
beforeAll(async () => {
  site = await openManagedSite({
    looks: {
      eyes: {
        machine(done) {
          asked.push('machine');
          done({ busy: 7, processes: [] });
        },
        lamps(done) {
          asked.push('lamps');
          done([{ name: 'links', state: 'shows', reason: 'both links', cycle: [] }]);
        },
      },
      diagnostics: {
        run: (order, done) =>
          done({
            test: 'ping',
            address: '192.0.2.2',
            answers: [11_000],
            lost: order.test === 'ping' ? order.repetitions - 1 : 0,
          }),
      },
    },
  });
});
afterAll(() => site.close());

const patience = { timeout: 20_000, interval: 50 };
const second = controllerUsername('second');

type Heard = {
  readonly text: string;
  readonly contentType: string | undefined;
  readonly responseTopic: string | undefined;
};

/** The second level with one connection for both planes: what it asks, what it is told, and the statistics it asked for. */
async function openCollector() {
  const topics = managementTopics(site.config.tenant, DEVICE, second);
  const peer = await connectPeer({ port: site.port, username: second, password: site.secret('second') });
  const answers = new Map<string, Response>();
  const told: Partial<Notify>[] = [];
  const reports: Heard[] = [];
  peer.client.on('message', (topic, payload, { properties }) => {
    const { contentType, responseTopic } = properties ?? {};
    if (topic === topics.bulk) return void reports.push({ text: payload.toString('utf8'), contentType, responseTopic });
    const record = readRecord(Uint8Array.from(payload));
    const message = record?.noSessionContext && readMessage(record.noSessionContext.payload);
    if (message?.body?.request?.notify) told.push(message.body.request.notify);
    if (message?.body?.response) answers.set(message.header?.msgId ?? '', message.body.response);
  });
  await peer.subscribe(topics.toController);
  await peer.subscribe(topics.bulk);
  let asked = 0;
  async function ask(request: RequestDraft): Promise<Response> {
    asked += 1;
    const msgId = `collector-${asked}`;
    const ends = { from: controllerEndpoint('second'), to: agentEndpoint(DEVICE) };
    await peer.client.publishAsync(topics.toAgent, Buffer.from(writeMessage(ends, msgId, { request })), { qos: 1 });
    await expect.poll(() => answers.has(msgId), patience).toBe(true);
    const answer = answers.get(msgId);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }
  async function add(objPath: string, values: Readonly<Record<string, string>>): Promise<string> {
    const paramSettings = Object.entries(values).map(([param, value]) => ({ param, value, required: true }));
    const { addResp } = await ask({ add: { createObjs: [{ objPath, paramSettings }] } });
    return addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
  }
  return { peer, topics, told, reports, ask, add };
}

describe('BulkData over a real Mosquitto (M-1, D-3)', () => {
  it('M-1, D-3, R-BULK.8a: a report comes on the topic of its controller, as JSON, and nobody else may read there', async () => {
    const { peer, topics, reports, ask, add } = await openCollector();
    const profile = await add('Device.BulkData.Profile.', { Name: 'quality', ReportingInterval: '900' });
    await add(`${profile}Parameter.`, { Reference: 'Device.X_RELAIS_LinkQuality.Link.*.Name', Name: 'link' });
    await add(`${profile}Parameter.`, { Reference: 'Device.DeviceInfo.SerialNumber' });
    const format = {
      objPath: `${profile}JSONEncoding.`,
      paramSettings: [{ param: 'ReportFormat', value: 'NameValuePair', required: true }],
    };
    await ask({ set: { updateObjs: [format] } });
    const read = await ask({ get: { paramPaths: [`${profile}MQTT.PublishTopic`] } });
    expect(read.getResp?.reqPathResults[0]?.resolvedPathResults[0]?.resultParams.PublishTopic).toBe(topics.bulk);
    const spy = await connectPeer({
      port: site.port,
      username: controllerUsername('first'),
      password: site.secret('first'),
    });
    await spy.subscribe(topics.bulk);
    await ask({ operate: { command: `${profile}ForceCollection()`, sendResp: true } });
    await expect.poll(() => reports.length, patience).toBe(1);
    expect(reports[0]).toMatchObject({ contentType: 'application/json; charset=UTF-8', responseTopic: undefined });
    expect(JSON.parse(reports[0]?.text ?? '')).toEqual({
      Report: [
        {
          ...{ CollectionTime: expect.any(Number), 'Device.DeviceInfo.SerialNumber': DEVICE },
          ...Object.fromEntries(site.config.links.map(({ name }, index) => [`link.${index + 1}`, name])),
        },
      ],
    });
    await ask({ operate: { command: `${profile}ForceCollection()`, sendResp: true } });
    await expect.poll(() => reports.length, patience).toBe(2);
    expect(spy.heard).toEqual([]);
    expect(await spy.publish(topics.bulk, 'x')).toBe(0x87);
    await spy.end();
    await peer.end();
  });

  it('TP-469 10.10, M-6: the event Push! carries the same report, and an invoice depends on none of it', async () => {
    const { peer, told, ask, add } = await openCollector();
    await add('Device.LocalAgent.Subscription.', {
      ...{ ID: 'push', Enable: 'true', NotifType: 'Event', ReferenceList: 'Device.BulkData.Profile.*.Push!' },
    });
    const profile = await add('Device.BulkData.Profile.', { Protocol: 'USPEventNotif' });
    await add(`${profile}Parameter.`, { Reference: 'Device.LocalAgent.EndpointID', Name: 'who' });
    await ask({ operate: { command: `${profile}ForceCollection()`, sendResp: true } });
    const pushed = () => told.find(({ subscriptionId }) => subscriptionId === 'push')?.event;
    await expect.poll(pushed, patience).toBeDefined();
    expect(pushed()).toMatchObject({ objPath: profile, eventName: 'Push!' });
    expect(JSON.parse(pushed()?.params.Data ?? '')).toMatchObject({ Report: [{ who: agentEndpoint(DEVICE) }] });
    const kinds = site.bodies().map((body) => JSON.parse(body).event.kind as string);
    expect(kinds).toContain('support-action');
    expect(kinds.filter((kind) => kind.includes('bulk'))).toEqual([]);
    await peer.end();
  });
});

describe('hardware and tests of a link over the broker (M-1)', () => {
  it('M-1: devices are asked by the request that names them, and by no other', async () => {
    const { peer, ask } = await openCollector();
    asked.length = 0;
    await ask({ get: { paramPaths: ['Device.DeviceInfo.SerialNumber'] } });
    expect(asked).toEqual([]);
    const read = await ask({ get: { paramPaths: ['Device.LEDs.LED.1.Reason', 'Device.LocalAgent.EndpointID'] } });
    const found = read.getResp?.reqPathResults.map(({ resolvedPathResults }) => resolvedPathResults[0]?.resultParams);
    expect(found).toEqual([{ Reason: 'both links' }, { EndpointID: agentEndpoint(DEVICE) }]);
    expect(asked).toEqual(['lamps']);
    await peer.end();
  });

  it('M-1, M-6: a test of a link goes on behind its answer, ends in OperationComplete, and is in the record', async () => {
    const { peer, told, ask, add } = await openCollector();
    const command = 'Device.IP.Diagnostics.IPPing()';
    await add('Device.LocalAgent.Subscription.', {
      ...{ ID: 'tests', Enable: 'true', NotifType: 'OperationComplete', ReferenceList: command },
    });
    const inputArgs = {
      ...{
        ProtocolVersion: 'IPv4',
        Host: '203.0.113.1',
        NumberOfRepetitions: '3',
        Timeout: '500',
        DataBlockSize: '56',
      },
      Interface: 'Device.IP.Interface.1',
    };
    const begun = await ask({ operate: { command, commandKey: 'mine', sendResp: true, inputArgs } });
    expect(begun.operateResp?.operationResults[0]?.reqObjPath).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    const over = () => told.find(({ subscriptionId }) => subscriptionId === 'tests')?.operComplete;
    await expect.poll(over, patience).toBeDefined();
    expect(over()).toMatchObject({ objPath: 'Device.IP.Diagnostics.', commandName: 'IPPing()', commandKey: 'mine' });
    expect(over()?.reqOutputArgs?.outputArgs).toMatchObject({
      Status: 'Complete',
      SuccessCount: '1',
      FailureCount: '2',
    });
    const deeds = site.bodies().flatMap((body) => {
      const { event } = JSON.parse(body);
      return event.kind === 'support-action' && event.action === 'operate' ? [event.paths[0] as string] : [];
    });
    expect(deeds).toContain(command);
    await peer.end();
  });
});
