// Runs inside a namespace of the simulated site:
//   udp-probe.mjs echo ADDRESS PORT             answers every datagram until it is killed
//   udp-probe.mjs rtt ADDRESS PORT COUNT BYTES  prints the round trips in ms, sorted, as JSON; BYTES are those of the IP packet
//   udp-probe.mjs send ADDRESS PORT COUNT BYTES [SOURCE]  sends as fast as it can
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const IP_AND_UDP_BYTES = 28;
const [what, address, port, count = '1', bytes = '100', source] = process.argv.slice(2);
const socket = createSocket('udp4');
const payload = Buffer.alloc(Number(bytes) - IP_AND_UDP_BYTES);
const send = () => new Promise((settle) => socket.send(payload, Number(port), address, settle));

if (what === 'echo') {
  socket.bind(Number(port), address);
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
} else {
  socket.bind(0, source);
  await once(socket, 'listening');
  if (what === 'rtt') process.stdout.write(JSON.stringify((await roundTrips()).sort((a, b) => a - b)));
  else for (let sent = 0; sent < Number(count); sent += 1) await send();
  socket.close();
}

async function roundTrips() {
  const times = [];
  while (times.length < Number(count)) {
    const began = performance.now();
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
    await send();
    if (await answered) times.push(performance.now() - began);
  }
  return times;
}
