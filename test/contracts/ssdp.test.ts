import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { millis } from '../../agent/model/units.ts';
import { ssdpOn } from '../../firmware-ts/wires/node/ssdp.ts';
import type { Ssdp } from '../../firmware-ts/wires/ssdp.ts';
import { createMemorySsdp } from '../../hw-sim/devices/memory-wires.ts';
import { type SsdpIdentity, startSsdpDevice } from '../../hw-sim/devices/ssdp-device.ts';

type Bench = { readonly ssdp: Ssdp; readonly clear: () => Promise<void> };

const HOST = '127.0.0.1';
const PATIENCE = millis(400);

async function memoryBench(identities: readonly SsdpIdentity[]): Promise<Bench> {
  const neighbors = identities.map((identity) => ({ identity, address: HOST }));
  return { ssdp: createMemorySsdp(() => neighbors, systemClock()), clear: async () => undefined };
}

async function loopbackBench(identities: readonly SsdpIdentity[]): Promise<Bench> {
  const devices = await Promise.all(identities.map((identity) => startSsdpDevice(identity, HOST)));
  const clear = async () => {
    await Promise.all(devices.map((device) => device.close()));
  };
  return { ssdp: ssdpOn(HOST), clear };
}

const printer: SsdpIdentity = {
  uuid: '6c3f0d9e-1f2b-4c55-9d0e-0012f3a4b5c6',
  deviceType: 'urn:schemas-upnp-org:device:Printer:1',
  location: 'http://127.0.0.1:8080/printer.xml',
};
const camera: SsdpIdentity = {
  uuid: '7d4f0d9e-1f2b-4c55-9d0e-0012f3a4b5c6',
  deviceType: 'urn:schemas-upnp-org:device:Camera:1',
  location: 'http://127.0.0.1:8081/camera.xml',
};

describe.each([
  ['in memory', memoryBench],
  ['node-ssdp over UDP', loopbackBench],
])('an SSDP search, %s', (_, createBench) => {
  let bench: Bench | undefined;

  afterEach(() => bench?.clear());

  async function search(target: string, ...identities: readonly SsdpIdentity[]) {
    bench = await createBench(identities);
    const responses = await bench.ssdp.search(target, PATIENCE);
    return responses.toSorted((one, other) => (one.usn < other.usn ? -1 : 1));
  }

  it('finds every root device once, though it asks twice', async () => {
    expect(await search('upnp:rootdevice', printer, camera)).toEqual([
      {
        target: 'upnp:rootdevice',
        usn: `uuid:${printer.uuid}::upnp:rootdevice`,
        location: printer.location,
        address: HOST,
      },
      {
        target: 'upnp:rootdevice',
        usn: `uuid:${camera.uuid}::upnp:rootdevice`,
        location: camera.location,
        address: HOST,
      },
    ]);
  });

  it('finds only what it looks for', async () => {
    const found = await search(printer.deviceType, printer, camera);
    expect(found.map(({ location }) => location)).toEqual([printer.location]);
  });

  it('finds all that a device is', async () => {
    const found = await search('ssdp:all', printer);
    const uuid = `uuid:${printer.uuid}`;
    expect(found.map(({ usn }) => usn)).toEqual([
      uuid,
      `${uuid}::${'upnp:rootdevice'}`,
      `${uuid}::${printer.deviceType}`,
    ]);
  });

  it('finds nothing where nobody is', async () => {
    expect(await search('upnp:rootdevice')).toEqual([]);
  });
});

describe('an SSDP search over UDP', () => {
  it('refuses an address that is not on the box', async () => {
    await expect(ssdpOn('192.0.2.77').search('ssdp:all', PATIENCE)).rejects.toMatchObject({
      code: 'network.unavailable',
    });
  });
});
