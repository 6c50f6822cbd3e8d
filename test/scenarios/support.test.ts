import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controllerEndpoint, controllerUsername, managementTopics } from '../../agent/model/management.ts';
import {
  type Notify,
  type RequestDraft,
  type Response,
  readMessage,
  readRecord,
  writeMessage,
} from '../../agent/usp/wire/message.ts';
import type { OpenController } from '../../provisioning/support/open-controller.ts';
import { connectPeer } from '../provisioning/broker/mosquitto.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

let site: ManagedSite;
beforeAll(async () => {
  site = await openManagedSite();
});
afterAll(() => site.close());

const patience = { timeout: 15_000, interval: 50 };

async function answer(link: OpenController, request: RequestDraft): Promise<Response> {
  const reply = await link.ask(DEVICE, request);
  if (reply.is !== 'response') throw new Error(JSON.stringify(reply));
  return reply.response;
}

describe('USP over a real Mosquitto', () => {
  it('M-1: a Get of support answers with what the box is', async () => {
    const typed = await site.type(
      'get',
      DEVICE,
      'Device.DeviceInfo.SerialNumber',
      'Device.LocalAgent.EndpointID',
      '--as',
      'first',
    );
    expect(typed).toEqual({
      status: 0,
      out: ['Device.DeviceInfo.SerialNumber = relais-0001', 'Device.LocalAgent.EndpointID = self::relais-0001'],
      err: [],
    });
  });

  it('M-1, M-6: `relais support` sets, adds, instances, deletes and operates, and each deed is in the ledger with who and what', async () => {
    const as = ['--as', 'second'];
    const set = await site.type('set', DEVICE, 'Device.DeviceInfo.FriendlyName=Front shop', ...as);
    expect(set).toEqual({ status: 0, out: ['Device.DeviceInfo.FriendlyName = Front shop'], err: [] });
    expect((await site.type('get', DEVICE, 'Device.DeviceInfo.FriendlyName', ...as)).out).toEqual(set.out);
    const added = await site.type(
      'add',
      DEVICE,
      'Device.LocalAgent.Subscription.',
      'ID=kept',
      'Persistent=true',
      'Enable=true',
      ...as,
    );
    const [made = ''] = added.out;
    expect([added.status, made]).toEqual([0, expect.stringMatching(/^made Device\.LocalAgent\.Subscription\.\d+\.$/)]);
    const path = made.replace('made ', '');
    const listed = await site.type('instances', DEVICE, 'Device.LocalAgent.Subscription.', ...as);
    expect(listed.out.join()).toContain('ID=kept');
    expect((await site.type('delete', DEVICE, path, ...as)).out).toEqual([`deleted ${path}`]);
    const tail = await site.type('operate', DEVICE, 'Device.X_RELAIS_LogTail()', 'Lines=5', ...as);
    expect([tail.status, tail.out[0]]).toEqual([0, 'done Device.X_RELAIS_LogTail()']);
    const wrong = await site.type('set', DEVICE, 'Device.DeviceInfo.SerialNumber=1', ...as);
    expect([wrong.status, wrong.err.join(' ')]).toEqual([1, expect.stringContaining('7013')]);
    const deeds = () =>
      site
        .bodies()
        .map((body) => JSON.parse(body).event)
        .filter(({ kind }) => kind === 'support-action');
    await expect.poll(() => deeds().length, patience).toBeGreaterThanOrEqual(5);
    expect(deeds().map(({ by, action, paths, outcome }) => [by, action, paths, outcome])).toEqual([
      ['self::support.second', 'set', ['Device.DeviceInfo.FriendlyName=Front shop'], 0],
      ['self::support.second', 'add', ['Device.LocalAgent.Subscription. ID=kept Persistent=true Enable=true'], 0],
      ['self::support.second', 'delete', [path], 0],
      ['self::support.second', 'operate', ['Device.X_RELAIS_LogTail()'], 0],
      ['self::support.second', 'set', ['Device.DeviceInfo.SerialNumber=1'], 7021],
    ]);
  });

  it('M-1: the fleet is listed with who answers, as words and as JSON; the client reads its lines in French', async () => {
    const listed = await site.type('list', '--as', 'first');
    expect([listed.status, listed.out.join()]).toEqual([
      0,
      expect.stringMatching(/relais-0001 +relais road, for 0 min, voice on /),
    ]);
    const [json = ''] = (await site.type('list', '--json', '--as', 'first')).out;
    expect(JSON.parse(json)).toMatchObject({ device: DEVICE, answers: true });
    const lines = await site.type('lignes', DEVICE, '--as', 'shop');
    expect(lines.out).toEqual([
      expect.stringMatching(/^\+33172890001 .* en service$/),
      expect.stringMatching(/^aucun appel en cours sur \d+ simultanés au plus$/),
    ]);
  });

  it('M-1: events are followed by what is named, and the subscriptions are taken back', async () => {
    const before = await site.type('instances', DEVICE, 'Device.LocalAgent.Subscription.', '--as', 'first');
    const followed = await site.type('events', DEVICE, 'Device.Boot!', 'Device.SelfTestDiagnostics()', '--as', 'first');
    expect(followed).toMatchObject({ status: 0, err: ['following Device.Boot! and Device.SelfTestDiagnostics()'] });
    const deeds = () =>
      site
        .bodies()
        .flatMap((body) =>
          JSON.parse(body).event.by === 'self::support.first' ? [JSON.parse(body).event.action] : [],
        );
    await expect.poll(deeds, patience).toEqual(['add', 'delete']);
    expect((await site.type('instances', DEVICE, 'Device.LocalAgent.Subscription.', '--as', 'first')).out).toEqual(
      before.out,
    );
  });

  it('D-3: a controller neither speaks nor hears on the topics of another, and a false name on its own topic has no answer', async () => {
    const username = controllerUsername('shop');
    const peer = await connectPeer({ port: site.port, username, password: site.secret('shop') });
    const own = managementTopics(site.config.tenant, DEVICE, username);
    const foreign = managementTopics(site.config.tenant, DEVICE, controllerUsername('second'));
    expect(await peer.publish(foreign.toAgent, 'x')).toBe(0x87);
    expect(await peer.publish(own.toController, 'x')).toBe(0x87);
    await peer.subscribe(own.toController);
    await peer.subscribe(foreign.toController);
    const get = { request: { get: { paramPaths: ['Device.DeviceInfo.SerialNumber'] } } };
    const say = (from: string, id: string): Promise<unknown> =>
      peer.client.publishAsync(own.toAgent, Buffer.from(writeMessage({ from, to: 'self::relais-0001' }, id, get)), {
        qos: 1,
      });
    const alarms = () => site.faults.filter((fault) => fault.includes('in the name of another controller'));
    await say(controllerEndpoint('second'), 'false');
    await expect.poll(() => alarms().length, patience).toBe(1);
    await site.type('get', DEVICE, 'Device.DeviceInfo.SerialNumber', '--as', 'second');
    expect(peer.heard).toEqual([]);
    await say(controllerEndpoint('shop'), 'true');
    await peer.hears(1);
    expect(peer.heard.map(({ topic }) => topic)).toEqual([own.toController]);
    await peer.end();
  });
});

describe('TR-369: what a subscription brings', () => {
  it('TP-469 1.52, 1.57, 1.58, 1.60, 1.64, 9.9, 9.11: changes, rows, commands and timers are told; an answer ends the repetition', async () => {
    const told: Notify[] = [];
    const link = await site.controller('second', (notify) => told.push(notify));
    const subscribe = (id: string, type: string, references: string) => ({
      objPath: 'Device.LocalAgent.Subscription.',
      paramSettings: [
        { param: 'ID', value: id, required: true },
        { param: 'Enable', value: 'true', required: true },
        { param: 'NotifType', value: type, required: true },
        { param: 'ReferenceList', value: references, required: true },
        { param: 'NotifRetry', value: 'true', required: true },
      ],
    });
    const createObjs = [
      subscribe('value', 'ValueChange', 'Device.DeviceInfo.FriendlyName'),
      subscribe('made', 'ObjectCreation', 'Device.LocalAgent.Subscription.'),
      subscribe('gone', 'ObjectDeletion', 'Device.LocalAgent.Subscription.'),
      subscribe('ended', 'OperationComplete', 'Device.SelfTestDiagnostics()'),
      subscribe('timer', 'Event', 'Device.LocalAgent.Controller.*.Timer!'),
    ];
    const added = await answer(link, { add: { allowPartial: false, createObjs } });
    expect(added.addResp?.createdObjResults).toHaveLength(5);
    const set = (value: string) =>
      answer(link, {
        set: {
          updateObjs: [
            { objPath: 'Device.DeviceInfo.', paramSettings: [{ param: 'FriendlyName', value, required: true }] },
          ],
        },
      });
    await set('another');
    const extra = await answer(link, { add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.' }] } });
    const path = extra.addResp?.createdObjResults[0]?.operStatus?.operSuccess?.instantiatedPath ?? '';
    await answer(link, { delete: { objPaths: [path] } });
    const begun = await answer(link, {
      operate: { command: 'Device.SelfTestDiagnostics()', commandKey: 'test', sendResp: true },
    });
    expect(begun.operateResp?.operationResults[0]?.reqObjPath).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    const timer = { command: 'Device.LocalAgent.Controller.2.ScheduleTimer()', sendResp: true };
    await answer(link, { operate: { ...timer, inputArgs: { DelaySeconds: '1', Unknown: 'x' } } });
    const missing = await answer(link, { operate: timer });
    expect(missing.operateResp?.operationResults[0]?.cmdFailure?.errCode).toBe(7027);
    await answer(link, { operate: { command: 'Device.LocalAgent.Controller.2.SendOnBoardRequest()', sendResp: true } });
    site.box.tick();
    const of = (id: string) => told.filter(({ subscriptionId }) => subscriptionId === id);
    await expect
      .poll(() => ['value', 'made', 'gone', 'ended', 'timer'].filter((id) => of(id).length === 0), patience)
      .toEqual([]);
    expect(of('value')[0]?.valueChange).toEqual({ paramPath: 'Device.DeviceInfo.FriendlyName', paramValue: 'another' });
    expect(of('made').at(-1)?.objCreation).toMatchObject({
      objPath: path,
      uniqueKeys: { Recipient: 'Device.LocalAgent.Controller.2' },
    });
    expect(of('gone')[0]?.objDeletion).toEqual({ objPath: path });
    expect(of('ended')[0]?.operComplete).toMatchObject({
      objPath: 'Device.',
      commandName: 'SelfTestDiagnostics()',
      commandKey: 'test',
    });
    expect(of('ended')[0]?.operComplete?.reqOutputArgs?.outputArgs.Results).toContain('ledger:');
    expect(of('timer')[0]?.event).toMatchObject({ objPath: 'Device.LocalAgent.Controller.2.', eventName: 'Timer!' });
    expect(of('')[0]?.onBoardReq).toMatchObject({ serialNumber: DEVICE, agentSupportedProtocolVersions: '1.3,1.4' });
    const requests = await answer(link, { getInstances: { objPaths: ['Device.LocalAgent.Request.'] } });
    expect(requests.getInstancesResp?.reqPathResults[0]?.currInsts).toEqual([]);
    await link.close();
  });

  it('M-3, TP-469 1.61, 9.10: after a restart that support ordered the agent says so first, to those who subscribed for good, with what they want to know', async () => {
    const link = await site.controller('second');
    const settings = {
      ID: 'boots',
      Enable: 'true',
      NotifType: 'Event',
      ReferenceList: 'Device.Boot!',
      Persistent: 'true',
    };
    const paramSettings = Object.entries(settings).map(([param, value]) => ({ param, value, required: true }));
    await answer(link, { add: { createObjs: [{ objPath: 'Device.LocalAgent.Subscription.', paramSettings }] } });
    const wanted = { Enable: 'true', ParameterName: 'Device.DeviceInfo.SerialNumber' };
    const boots = Object.entries(wanted).map(([param, value]) => ({ param, value, required: true }));
    await answer(link, {
      add: { createObjs: [{ objPath: 'Device.LocalAgent.Controller.2.BootParameter.', paramSettings: boots }] },
    });
    const asked = {
      command: 'Device.X_RELAIS_Restart()',
      commandKey: 'why',
      sendResp: true,
      inputArgs: { Reason: 'test' },
    };
    expect((await answer(link, { operate: asked })).operateResp?.operationResults[0]?.executedCommand).toBe(
      'Device.X_RELAIS_Restart()',
    );
    await link.close();
    const told: Notify[] = [];
    const again = await site.controller('second', (notify) => told.push(notify));
    await site.restart();
    await expect
      .poll(() => told.find(({ event }) => event?.eventName === 'Boot!')?.event?.params, patience)
      .toEqual({
        CommandKey: 'why',
        Cause: 'RemoteReboot',
        Reason: 'test',
        FirmwareUpdated: 'false',
        ParameterMap: `{"Device.DeviceInfo.SerialNumber":"${DEVICE}"}`,
      });
    await again.close();
  });
});

describe('the binding to MQTT 5', () => {
  it('TP-469 11.12, 11.15, 11.17: a connect record comes first, then the answer, and both say what they are', async () => {
    const username = controllerUsername('bills');
    const own = managementTopics(site.config.tenant, DEVICE, username);
    const peer = await connectPeer({ port: site.port, username, password: site.secret('bills') });
    const heard: { record: ReturnType<typeof readRecord>; contentType: unknown; responseTopic: unknown }[] = [];
    peer.client.on('message', (_topic, payload, { properties }) => {
      const { contentType, responseTopic } = properties ?? {};
      heard.push({ record: readRecord(Uint8Array.from(payload)), contentType, responseTopic });
    });
    await peer.subscribe(own.toController);
    await site.restart();
    await expect.poll(() => heard.length, patience).toBeGreaterThan(0);
    expect(heard[0]?.record).toMatchObject({
      fromId: 'self::relais-0001',
      toId: 'self::support.bills',
      mqttConnect: { version: 1, subscribedTopic: own.toAgent },
    });
    const question = writeMessage({ from: 'self::support.bills', to: 'self::relais-0001' }, 'asked', {
      request: { get: { paramPaths: ['Device.X_RELAIS_Ledger.Recording'] } },
    });
    await peer.client.publishAsync(own.toAgent, Buffer.from(question), { qos: 1 });
    const answers = () =>
      heard.map(
        ({ record }) => record?.noSessionContext && readMessage(record.noSessionContext.payload)?.header?.msgId,
      );
    await expect.poll(answers, patience).toContain('asked');
    expect(heard.map(({ contentType, responseTopic }) => [contentType, responseTopic])).toEqual(
      heard.map(() => ['usp.msg', own.toAgent]),
    );
    await peer.end();
  });

  it('TP-469 11.14, 11.15, D-3: both content types are heard; the answer goes to the Response Topic where that is the controller’s own, and nowhere else', async () => {
    const username = controllerUsername('bills');
    const own = managementTopics(site.config.tenant, DEVICE, username);
    const other = managementTopics(site.config.tenant, DEVICE, controllerUsername('second'));
    const peer = await connectPeer({ port: site.port, username, password: site.secret('bills') });
    const heard: (readonly [msgId: string | undefined, topic: string, responseTopic: string | undefined])[] = [];
    peer.client.on('message', (topic, payload, { properties }) => {
      const record = readRecord(Uint8Array.from(payload));
      const message = record?.noSessionContext && readMessage(record.noSessionContext.payload);
      heard.push([message?.header?.msgId, topic, properties?.responseTopic]);
    });
    await peer.subscribe(own.toController);
    const cases = [
      ['own', 'usp.msg', own.toController],
      ['long', 'application/vnd.bbf.usp.msg', own.toController],
      ['others', 'usp.msg', other.toController],
      ['records', 'usp.msg', 'relais/v1/example/relais-0001/up/records'],
    ] as const;
    const ends = { from: 'self::support.bills', to: 'self::relais-0001' };
    for (const [msgId, contentType, responseTopic] of cases) {
      const question = writeMessage(ends, msgId, {
        request: { get: { paramPaths: ['Device.LocalAgent.EndpointID'] } },
      });
      const options = { qos: 1, properties: { contentType, responseTopic } } as const;
      await peer.client.publishAsync(own.toAgent, Buffer.from(question), options);
    }
    const answers = () => heard.filter(([msgId]) => cases.some(([one]) => one === msgId));
    await expect.poll(() => answers().length, patience).toBe(cases.length);
    expect(answers()).toEqual(cases.map(([msgId]) => [msgId, own.toController, own.toAgent]));
    await peer.end();
  });
});
