import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { millis, seconds } from '../../agent/model/units.ts';
import { createSimServices } from '../../hw-sim/site/sim-services.ts';
import { DEVICE, type ManagedSite, openManagedSite } from './managed-site.ts';

const PATH = { broker: '198.18.5.5', gateways: [] };
const world = createSimServices(systemClock(), PATH);
const patience = { timeout: 20_000, interval: 50 };
const as = ['--as', 'second'] as const;
const STATE = 'Device.X_RELAIS_Services.';

let site: ManagedSite;
let access: Server;
const sockets = new Set<Socket>();
let watch: ReturnType<typeof setInterval>;

/** The access link: what it carries to the broker ends when the box sends its packets to the wrong place. */
async function accessLink(broker: number): Promise<number> {
  access = createServer((near) => {
    if (world.installed() !== undefined && !world.pathStands()) return void near.destroy();
    const far = dial(broker, '127.0.0.1');
    for (const socket of [near, far])
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    near.pipe(far).pipe(near);
  });
  watch = setInterval(() => {
    if (world.installed() !== undefined && !world.pathStands()) for (const socket of sockets) socket.destroy();
  }, 20);
  await new Promise<void>((done) => access.listen(0, '127.0.0.1', done));
  const address = access.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  site = await openManagedSite({
    through: accessLink,
    services: {
      ...{ plane: world.plane, journal: world.journal, ports: { relay: 5_070, probes: 8_620 } },
      patience: { confirmWithin: seconds(6), reachWithin: seconds(3), tryAgain: millis(200), lookAfter: millis(300) },
    },
  });
});
afterAll(async () => {
  await site.close();
  clearInterval(watch);
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => access.close(done));
});

const stateIs = (name: string) => async (): Promise<string> =>
  (await site.type('get', DEVICE, `${STATE}${name}`, ...as)).out.join();
const told = (): readonly (readonly unknown[])[] =>
  site
    .bodies()
    .map((body) => JSON.parse(body).event)
    .filter(({ kind }) => kind === 'services-changed')
    .map(({ what, change, by, why, parts }) => [what, change, by, why ?? parts]);
const settled = () => expect.poll(stateIs('State'), patience).toBe(`${STATE}State = Committed`);

async function confirmed(change: number): Promise<void> {
  await expect.poll(stateIs('State'), patience).toBe(`${STATE}State = OnTrial`);
  const done = await site.type('operate', DEVICE, `${STATE}Confirm()`, `Change=${change}`, ...as);
  expect(done).toMatchObject({ status: 0, err: [] });
  await settled();
}

describe('M-1, M-2, M-6: managed services by `relais support`, over a real Mosquitto', () => {
  const mapping = [
    'Protocol=TCP',
    'ExternalPort=8080',
    'InternalPort=80',
    'InternalClient=192.168.20.10',
    'AllInterfaces=true',
  ];

  it('a port is opened, confirmed, closed again, and every deed and its outcome is in the ledger', async () => {
    const added = await site.type('add', DEVICE, 'Device.NAT.PortMapping.', 'Enable=true', ...mapping, ...as);
    expect(added).toMatchObject({ status: 0, out: [expect.stringMatching(/^made Device\.NAT\.PortMapping\.1\.$/)] });
    await confirmed(1);
    expect(world.installed()?.redirections).toMatchObject([{ ports: { first: 8080, last: 8080 }, to: { port: 80 } }]);
    expect((await site.type('set', DEVICE, 'Device.NAT.PortMapping.1.ExternalPort=8443', ...as)).status).toBe(0);
    await confirmed(2);
    expect(world.installed()?.redirections[0]?.ports.first).toBe(8443);
    expect((await site.type('delete', DEVICE, 'Device.NAT.PortMapping.1.', ...as)).status).toBe(0);
    await confirmed(3);
    expect(world.installed()?.redirections).toEqual([]);
    expect(told()).toEqual(
      [1, 2, 3].flatMap((change) => [
        ['on-trial', change, 'self::support.second', undefined],
        ['committed', change, 'self::support.second', undefined],
      ]),
    );
  });

  it('what contradicts is refused with the field and the remedy, changes nothing, and level 1 changes nothing at all', async () => {
    const voice = await site.type(
      'add',
      DEVICE,
      'Device.NAT.PortMapping.',
      'Enable=true',
      ...mapping,
      'InternalClient=192.168.10.10',
      ...as,
    );
    expect([voice.status, voice.err.join()]).toEqual([1, expect.stringContaining('the voice LAN is always closed')]);
    const relay = await site.type(
      'add',
      DEVICE,
      'Device.NAT.PortMapping.',
      'Enable=true',
      ...mapping,
      'ExternalPort=20500',
      'Protocol=UDP',
      ...as,
    );
    expect(relay.err.join()).toContain('which the box needs for voice');
    const first = await site.type('add', DEVICE, 'Device.NAT.PortMapping.', 'Enable=true', ...mapping, '--as', 'first');
    expect(first.status).toBe(1);
    expect(world.installed()?.redirections).toEqual([]);
    expect((await site.type('instances', DEVICE, 'Device.NAT.PortMapping.', ...as)).out.join()).not.toContain(
      'PortMapping.',
    );
  });

  it('addresses and names, which cannot cut the path, are committed at once', async () => {
    const server = await site.type(
      'add',
      DEVICE,
      'Device.DNS.Relay.Forwarding.',
      'Enable=true',
      'DNSServer=198.18.0.53',
      ...as,
    );
    expect(server).toMatchObject({ status: 0, err: [] });
    await settled();
    expect((await site.type('set', DEVICE, 'Device.DNS.Relay.Enable=true', ...as)).status).toBe(0);
    await settled();
    const pool = 'Device.DHCPv4.Server.Pool.1.';
    const dhcp = await site.type(
      'set',
      DEVICE,
      'Device.DHCPv4.Server.Enable=true',
      `${pool}MinAddress=192.168.20.100`,
      `${pool}MaxAddress=192.168.20.150`,
      `${pool}Enable=true`,
      ...as,
    );
    expect(dhcp).toMatchObject({ status: 0, err: [] });
    await settled();
    const reserved = await site.type(
      'add',
      DEVICE,
      `${pool}StaticAddress.`,
      'Enable=true',
      'Chaddr=02:00:00:00:20:50',
      'Yiaddr=192.168.20.50',
      ...as,
    );
    expect(reserved.status).toBe(0);
    await settled();
    expect(world.installed()?.dhcp.data).toMatchObject({
      first: '192.168.20.100',
      reservations: [{ address: '192.168.20.50' }],
    });
    expect(told().at(-1)).toEqual(['committed', 7, 'self::support.second', undefined]);
  });

  it('a change that cuts the path of its own management is taken back, and a second one beside it is refused', async () => {
    const harmful = [
      'Enable=true',
      `IPAddress=${PATH.broker}`,
      'SubnetMask=255.255.255.255',
      'X_RELAIS_Host=192.168.20.10',
    ];
    await site.type('add', DEVICE, 'Device.IP.Interface.1.IPv4Address.', ...harmful, ...as);
    await expect.poll(() => world.pathStands(), patience).toBe(false);
    await expect.poll(() => world.pathStands(), patience).toBe(true);
    await expect.poll(stateIs('LastResult'), patience).toBe(`${STATE}LastResult = taken-back: unreachable`);
    await settled();
    expect(told().slice(-2)).toEqual([
      ['on-trial', 8, 'self::support.second', undefined],
      ['taken-back', 8, 'self::support.second', 'unreachable'],
    ]);
    expect(
      (await site.type('instances', DEVICE, 'Device.IP.Interface.1.IPv4Address.', ...as)).out.join(),
    ).not.toContain('IPv4Address.');
    await site.type('add', DEVICE, 'Device.Firewall.DMZ.', 'Enable=true', 'DestIP=192.168.20.10', ...as);
    await expect.poll(stateIs('State'), patience).toBe(`${STATE}State = OnTrial`);
    const second = await site.type('set', DEVICE, 'Device.DNS.Relay.Enable=false', ...as);
    expect([second.status, second.err.join()]).toEqual([1, expect.stringContaining('one at a time')]);
    await expect.poll(stateIs('LastResult'), patience).toBe(`${STATE}LastResult = taken-back: not-confirmed`);
    await settled();
  });

  it('M-2: what somebody changes by hand is seen and put back; the standard configuration is restored on request', async () => {
    world.changeByHand(['rules']);
    await expect.poll(stateIs('ChangedByHand'), patience).toBe(`${STATE}ChangedByHand = rules`);
    expect(told().at(-1)).toEqual(['changed-by-hand', 0, 'unknown', ['rules']]);
    expect((await site.type('operate', DEVICE, `${STATE}Restore()`, 'To=Committed', ...as)).status).toBe(0);
    await expect.poll(() => told().at(-1), patience).toEqual(['put-back', 0, 'self::support.second', ['rules']]);
    expect(await stateIs('Standard')()).toBe(`${STATE}Standard = false`);
    expect((await site.type('operate', DEVICE, `${STATE}Restore()`, ...as)).status).toBe(0);
    await expect.poll(stateIs('Standard'), patience).toBe(`${STATE}Standard = true`);
    expect(world.installed()).toMatchObject({ dhcp: {}, dns: { relay: false }, redirections: [] });
  });
});
