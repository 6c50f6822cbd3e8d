import { createHash } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import nodeSsdp from 'node-ssdp';
import { Fault } from '../../../agent/model/fault.ts';
import { holdsAddress } from '../../../agent/model/ipv4-networks.ts';
import { minutes } from '../../../agent/model/units.ts';
import { DEVICE_TYPE, describeDevice, describePage } from '../../devices/describe-device.ts';
import type { Announced, Announcement } from '../announcement.ts';

const GROUP = '239.255.255.250';
/** Half of the time that an announcement holds (UPnP DA 1.1, 1.2.2: less than half of max-age). */
const REPEAT = minutes(14);
const TIME_TO_LIVE = 2;
const DESCRIPTION = '/device.xml';

/**
 * Answers searches of the data LAN, and shows the box there; on no other LAN and on no link (D-3).
 * @throws Fault 'network.unavailable' when the LAN is not there, or the port is somebody else's.
 */
export async function announceOn(announced: Announced): Promise<Announcement> {
  const { address, port, device, network } = announced;
  const isNear = nearIn(network);
  const uuid = uuidOf(device);
  const server = new nodeSsdp.Server({
    udn: `uuid:${uuid}`,
    location: `http://${address}:${port}${DESCRIPTION}`,
    ssdpSig: 'Linux UPnP/1.1 Relais/1',
    ssdpTtl: TIME_TO_LIVE,
    adInterval: REPEAT,
    explicitSocketBind: true,
  });
  server.addUSN('upnp:rootdevice');
  server.addUSN(DEVICE_TYPE);
  const pages = createServer((request, response) => {
    const text = { [DESCRIPTION]: () => describeDevice(announced, uuid), '/': () => describePage(announced) }[
      request.url ?? ''
    ];
    if (request.method !== 'GET' || text === undefined) return void response.writeHead(404).end();
    const type = request.url === '/' ? 'text/html; charset=utf-8' : 'text/xml; charset=utf-8';
    response.writeHead(200, { 'Content-Type': type, Connection: 'close' }).end(text());
  });
  pages.on('connection', (socket) => {
    if (!isNear(socket.remoteAddress ?? '')) socket.destroy();
  });
  // Strangers of the LAN hold nothing open.
  Object.assign(pages, { maxConnections: 16, headersTimeout: 5_000, requestTimeout: 5_000 });
  await listening(pages, port, address);
  try {
    Object.assign(server, { sockets: { [address]: twinSocket(address, isNear) } });
    await server.start();
  } catch (cause) {
    pages.close();
    throw new Fault('network.unavailable', { address, field: 'devices.announce' }, { cause });
  }
  return {
    async close() {
      server.stop();
      pages.closeAllConnections();
      await new Promise<void>((done) => pages.close(() => done()));
    },
  };
}

/**
 * One socket for node-ssdp that is two. Ears on the group, joined on the LAN alone: bound to the group it hears no
 * unicast, and what came from elsewhere (Linux gives a group's datagrams to every socket of that group, whoever joined) is
 * not heard. The mouth is bound to the LAN address, so that Linux sends its multicast by that interface.
 */
function twinSocket(address: string, isNear: (address: string) => boolean) {
  const ears = createSocket({ type: 'udp4', reuseAddr: true });
  const mouth = createSocket('udp4');
  const twin = {
    on(event: string, hear: (...words: unknown[]) => void) {
      ears.on(event, (...words: unknown[]) => {
        const from = words[1] as RemoteInfo | undefined;
        if (event !== 'message' || isNear(from?.address ?? '')) hear(...words);
      });
      if (event === 'error') mouth.on('error', hear);
      return twin;
    },
    bind(port: number, _address: string, done: (error?: Error) => void) {
      mouth.once('error', done);
      ears.once('error', done);
      mouth.bind(0, address, () => {
        mouth.setMulticastTTL(TIME_TO_LIVE);
        ears.bind(port, GROUP, () => done());
      });
    },
    addMembership: () => ears.addMembership(GROUP, address),
    setMulticastTTL: () => undefined,
    address: () => ears.address(),
    // What is said while the sockets close is lost, as any datagram may be.
    send: (bytes: Buffer, from: number, length: number, port: number, host: string, done: () => void) =>
      mouth.send(bytes, from, length, port, host, () => done()),
    close() {
      ears.close();
      // The farewell is on its way: the mouth closes behind it.
      setImmediate(() => mouth.close());
    },
  };
  return twin;
}

const nearIn =
  (network: string) =>
  (address: string): boolean =>
    holdsAddress(network, address.replace(/^::ffff:/, ''));

/** The same for the life of the box (RFC 4122 4.3 with SHA-256 cut to its length). */
function uuidOf(device: string): string {
  const hash = createHash('sha256').update(`relais device ${device}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function listening(pages: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    pages.once('error', (cause) =>
      reject(new Fault('network.unavailable', { address, port, field: 'devices.announce' }, { cause })),
    );
    pages.listen(port, address, resolve);
  });
}
