import { mqttConnect } from 'usp-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  agentEndpoint,
  controllerEndpoint,
  controllerUsername,
  managementTopics,
} from '../../agent/model/management.ts';
import { TYPES } from '../../agent/usp/model/site-model.ts';
import { type ControllerName, DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

type Controller = Awaited<ReturnType<typeof mqttConnect>>;

let site: ManagedSite;
/** One name has one connection at the broker: whoever comes later takes it over. */
const opened = new Map<ControllerName, Controller>();
beforeAll(async () => {
  site = await openManagedSite();
});
afterEach(async () => {
  for (const controller of opened.values()) await controller.disconnect();
  opened.clear();
});
afterAll(() => site.close());

/** usp-js 0.5.1 of IOPSYS: schemas, records, messages and calls of its own; told nothing but topics and names. */
async function usp(name: ControllerName): Promise<Controller> {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const { toAgent, toController } = managementTopics(site.config.tenant, DEVICE, controllerUsername(name));
  const controller = await mqttConnect({
    ...{ host: '127.0.0.1', port: site.port, protocol: 'mqtt', protocolVersion: 5 },
    ...{ username: controllerUsername(name), password: site.secret(name) },
    ...{ fromId: controllerEndpoint(name), toId: agentEndpoint(DEVICE) },
    ...{ publishEndpoint: toAgent, subscribeEndpoint: toController, version: '1.4' },
  });
  opened.set(name, controller);
  return controller;
}

const patience = { timeout: 15_000, interval: 50 };

describe('M-1, D-3: a controller library that is not ours, over a real Mosquitto', () => {
  it('reads values, objects, searches and the protocol versions', async () => {
    const controller = await usp('first');
    expect(await controller.get('Device.DeviceInfo.SerialNumber')).toBe(DEVICE);
    expect(await controller.get('Device.LocalAgent.')).toMatchObject({ EndpointID: agentEndpoint(DEVICE) });
    expect(await controller.get('Device.IP.Interface.[Name=="second"].Name')).toEqual(['second']);
    expect(await controller.supportedProto()).toEqual(['1.3', '1.4']);
    const supported = JSON.stringify(await controller.supportedDM('Device.DeviceInfo.', { returnParams: true }));
    expect(supported).toContain('SerialNumber');
    const everything = JSON.stringify(await controller.supportedDM('Device.', { returnParams: true }));
    const missing = [...TYPES.keys()].filter((path) => !everything.includes(`"${path}"`));
    expect(missing).toEqual([]);
    expect(JSON.stringify(await controller.instances('Device.IP.Interface.'))).toContain('Device.IP.Interface.1.');
  });

  it('sets, and what it set is read by our own; a refusal reaches it with the code of the standard (7013)', async () => {
    const controller = await usp('second');
    const set = await controller.set('Device.DeviceInfo.FriendlyName', 'Third party');
    expect(set).toEqual([{ affectedPath: 'Device.DeviceInfo.', updatedParams: { FriendlyName: 'Third party' } }]);
    const read = await site.type('get', DEVICE, 'Device.DeviceInfo.FriendlyName', '--as', 'first');
    expect(read.out).toEqual(['Device.DeviceInfo.FriendlyName = Third party']);
    const refused = await controller.set('Device.DeviceInfo.SerialNumber', 'x').then(JSON.stringify, JSON.stringify);
    expect(refused).toContain('7013');
    const deeds = () => site.bodies().filter((body) => body.includes('"support-action"'));
    await expect.poll(() => deeds().length, patience).toBe(2);
  });

  it('adds and deletes a row, runs a command that goes on, and answers what it is told of a change', async () => {
    const controller = await usp('second');
    const told: string[] = [];
    const clear = await controller.subscribe(
      { notif: 'ValueChange', reference: 'Device.DeviceInfo.FriendlyName' },
      (message) => told.push(JSON.stringify(message)),
    );
    await controller.set('Device.DeviceInfo.FriendlyName', 'Told of');
    await expect.poll(() => told.join(), patience).toContain('Told of');
    await clear();
    const [test, cleared] = await controller.operate('Device.SelfTestDiagnostics()');
    let result = '';
    void test({}).then((done: unknown) => {
      result = JSON.stringify(done);
    });
    const worked = (): string => {
      site.box.tick();
      return result;
    };
    await expect.poll(worked, patience).toContain('ledger:');
    await cleared();
    const rows = await controller.instances('Device.LocalAgent.Subscription.');
    expect(JSON.stringify(rows)).not.toContain('NOTIFY@');
  });

  it('level 1 of the same library changes nothing', async () => {
    const controller = await usp('first');
    const refused = await controller.set('Device.DeviceInfo.FriendlyName', 'x').then(JSON.stringify, JSON.stringify);
    expect(refused).toMatch(/70(06|16|21|13)/);
    expect(await (await usp('bills')).get('Device.DeviceInfo.SerialNumber')).toBe(DEVICE);
  });
});
