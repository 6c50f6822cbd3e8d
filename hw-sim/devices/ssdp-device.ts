import { createSocket, type Socket } from 'node:dgram';

/*
 * A UPnP device that answers M-SEARCH on one LAN (UPnP Device Architecture 1.1, 1.3). Left out: NOTIFY, the description
 * behind the location, and the random delay up to MX seconds, which a device may choose to be none.
 */
export type SsdpIdentity = {
  readonly uuid: string;
  /** `urn:schemas-upnp-org:device:…` */
  readonly deviceType: string;
  readonly location: string;
};

type SsdpDevice = { readonly close: () => Promise<void> };

const GROUP = '239.255.255.250';
const PORT = 1900;

/** Listens where the LAN address is, and nowhere else. */
export async function startSsdpDevice(identity: SsdpIdentity, lanAddress: string): Promise<SsdpDevice> {
  const ears = createSocket({ type: 'udp4', reuseAddr: true });
  const mouth = createSocket('udp4');
  // Bound to the group and not to every address, the socket hears nothing but multicast.
  await Promise.all([bind(ears, PORT, GROUP), bind(mouth, 0, lanAddress)]);
  ears.addMembership(GROUP, lanAddress);
  ears.on('message', (message, from) => {
    for (const response of responses(identity, message.toString('latin1'))) {
      mouth.send(Buffer.from(response, 'latin1'), from.port, from.address);
    }
  });
  return {
    close: async () => {
      await Promise.all([close(ears), close(mouth)]);
    },
  };
}

/** The responses that a device owes to a search; none to anything else (1.3.2, 1.3.3). */
export function responses(identity: SsdpIdentity, message: string): readonly string[] {
  const [start, ...lines] = message.split('\r\n');
  const headers = new Map(lines.map(readHeader));
  if (start !== 'M-SEARCH * HTTP/1.1' || headers.get('MAN') !== '"ssdp:discover"' || !headers.has('MX')) return [];
  const target = headers.get('ST');
  return targetsOf(identity)
    .filter((own) => target === 'ssdp:all' || target === own)
    .map((own) => responseText(identity, own));
}

function readHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, Math.max(0, colon)).toUpperCase(), line.slice(colon + 1).trim()];
}

const targetsOf = ({ uuid, deviceType }: SsdpIdentity): readonly string[] => [
  'upnp:rootdevice',
  `uuid:${uuid}`,
  deviceType,
];

/** 1.3.3: the headers in the order of the standard's example, EXT empty; DATE is recommended, not required. */
function responseText(identity: SsdpIdentity, target: string): string {
  const device = `uuid:${identity.uuid}`;
  return [
    'HTTP/1.1 200 OK',
    'CACHE-CONTROL: max-age=1800',
    'EXT:',
    `LOCATION: ${identity.location}`,
    'SERVER: Linux/6.1 UPnP/1.1 relais-hw-sim/1',
    `ST: ${target}`,
    `USN: ${target === device ? device : `${device}::${target}`}`,
    'BOOTID.UPNP.ORG: 1',
    'CONFIGID.UPNP.ORG: 1',
    '',
    '',
  ].join('\r\n');
}

function bind(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((done, fail) => {
    socket.once('error', fail);
    socket.bind(port, address, () => {
      socket.off('error', fail);
      done();
    });
  });
}

const close = (socket: Socket): Promise<void> => new Promise((done) => socket.close(done));
