/**
 * A DHCP client as small as RFC 2131 lets it be: DISCOVER, OFFER, REQUEST, ACK with the broadcast flag, on a device that
 * has no address yet. Prints what it was given as one line of JSON.   node dhcp-client.mjs 00:11:22:33:44:55
 */
import { createSocket } from 'node:dgram';

const mac = Buffer.from((process.argv[2] ?? '').replaceAll(':', ''), 'hex');
const COOKIE = Buffer.from([99, 130, 83, 99]);
const TRANSACTION = 0x52_65_6c_61;
const AGAIN_MS = 500;

function message(type, options = []) {
  const head = Buffer.alloc(236);
  head.set([1, 1, 6, 0]);
  head.writeUInt32BE(TRANSACTION, 4);
  head.writeUInt16BE(0x80_00, 10);
  mac.copy(head, 28);
  return Buffer.concat([head, COOKIE, Buffer.from([53, 1, type, 55, 4, 1, 3, 6, 51, ...options, 255])]);
}

function optionsOf(packet) {
  const found = new Map();
  for (let at = 240; at < packet.length && packet[at] !== 255; ) {
    if (packet[at] === 0) at += 1;
    else {
      found.set(packet[at], packet.subarray(at + 2, at + 2 + packet[at + 1]));
      at += 2 + packet[at + 1];
    }
  }
  return found;
}

const dotted = (bytes) => (bytes === undefined ? undefined : [...bytes].join('.'));
const socket = createSocket({ type: 'udp4', reuseAddr: true });
let next = message(1);
const say = () => socket.send(next, 67, '255.255.255.255', () => undefined);

socket.on('message', (packet) => {
  if (packet[0] !== 2 || packet.readUInt32BE(4) !== TRANSACTION) return;
  const options = optionsOf(packet);
  const address = packet.subarray(16, 20);
  if (options.get(53)?.[0] === 2) {
    next = message(3, [50, 4, ...address, 54, 4, ...(options.get(54) ?? [])]);
    say();
  }
  if (options.get(53)?.[0] !== 5) return;
  const given = {
    address: dotted(address),
    mask: dotted(options.get(1)),
    router: dotted(options.get(3)),
    dns: dotted(options.get(6)),
  };
  process.stdout.write(`${JSON.stringify({ ...given, seconds: options.get(51)?.readUInt32BE(0) })}\n`, () =>
    process.exit(0),
  );
});
socket.bind(68, () => {
  socket.setBroadcast(true);
  say();
  setInterval(say, AGAIN_MS);
});
