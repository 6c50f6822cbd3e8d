import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Endpoint } from './sip-text.ts';

type BulkReport = {
  readonly direction: 'up' | 'down';
  readonly bytes: number;
  readonly seconds: number;
  readonly kbps: number;
};

const CHUNK = Buffer.alloc(65_536);
const PROGRESS_MS = 100;

/**
 * The far end of bulk transfers. A client that says "down" is sent bytes until it leaves; what a client that says "up"
 * sends is counted, and the count is told back as it grows, so that only bytes that arrived are reported.
 */
export async function startBulkSink(local: Endpoint): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      if (first[0] === 'd'.charCodeAt(0)) return pour(socket);
      count(socket, first.length - 1);
    });
  });
  server.listen(local.port, local.address);
  await once(server, 'listening');
  return server;
}

/** Transfers for that long and answers what arrived. A connection that dies ends the transfer early; it is not retried. */
export async function transferBulk(remote: Endpoint, direction: 'up' | 'down', seconds: number): Promise<BulkReport> {
  const socket = connect(remote.port, remote.address);
  const gone = new Promise<void>((settle) => socket.on('close', () => settle()));
  socket.on('error', () => socket.destroy());
  let bytes = 0;
  const began = performance.now();
  let counted = began;
  const heard = (total: number) => {
    bytes = total;
    counted = performance.now();
  };
  socket.on('connect', () => {
    socket.write(direction === 'up' ? 'u' : 'd');
    if (direction === 'up') {
      createInterface({ input: socket }).on('line', (line) => heard(Number(line)));
      pour(socket);
    } else socket.on('data', (chunk) => heard(bytes + chunk.length));
  });
  // A reset also forgets what still waits in the socket: the line is free again at once.
  const over = setTimeout(() => socket.resetAndDestroy(), seconds * 1_000);
  await gone;
  clearTimeout(over);
  const took = Math.max(0.001, (counted - began) / 1_000);
  return { direction, bytes, seconds: took, kbps: Math.round((bytes * 8) / took / 1_000) };
}

function pour(socket: Socket): void {
  const more = (): void => {
    let room = true;
    while (room && socket.writable) room = socket.write(CHUNK);
  };
  socket.on('drain', more);
  more();
}

function count(socket: Socket, already: number): void {
  let bytes = already;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  const progress = setInterval(() => {
    if (socket.writable) socket.write(`${bytes}\n`);
  }, PROGRESS_MS);
  socket.on('close', () => clearInterval(progress));
}
