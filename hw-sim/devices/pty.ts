import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteEnd } from './byte-end.ts';

type Pty = {
  /** What the box opens as its serial device. */
  readonly path: string;
  readonly end: ByteEnd;
  /** The device is pulled out: the path is gone and whoever has it open is told. */
  readonly close: () => Promise<void>;
};

/**
 * A real pty of the kernel with a simulated device behind it. Left out: baud rates, modem control lines, and that a real
 * port forgets what arrives while nobody has it open.
 */
export async function createPty(): Promise<Pty> {
  const directory = await mkdtemp(join(tmpdir(), 'relais-pty-'));
  const path = join(directory, 'tty');
  const wire = join(directory, 'wire');
  const server = createServer();
  server.listen(wire);
  await once(server, 'listening');
  const socat = spawn('socat', [`PTY,link=${path},raw,echo=0`, `UNIX-CONNECT:${wire}`], { stdio: 'ignore' });
  const socket = await connection(server, socat);
  // socat ends when the last one who had the pty open closes it; this handle lets the box close and open it again.
  const holder = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  return { path, end: endOf(socket), close: () => pullOut({ directory, server, socat, socket, holder }) };
}

/** socat makes the pty first and connects then: with the connection, the path is there. */
async function connection(server: Server, socat: ChildProcess): Promise<Socket> {
  const connected = once(server, 'connection').then(([socket]: Socket[]) => socket);
  const ended = once(socat, 'exit').then(([status]) => {
    throw new Error(`socat made no pty and ended with ${status}`);
  });
  const socket = await Promise.race([connected, ended]);
  ended.catch(() => undefined);
  if (socket === undefined) throw new Error('a connection comes with its socket');
  return socket;
}

function endOf(socket: Socket): ByteEnd {
  let listener: (bytes: Uint8Array) => void = () => undefined;
  socket.on('data', (bytes) => listener(bytes));
  socket.on('error', () => undefined);
  return {
    hear(next) {
      listener = next;
    },
    say: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
  };
}

type Parts = {
  readonly directory: string;
  readonly server: Server;
  readonly socat: ChildProcess;
  readonly socket: Socket;
  readonly holder: FileHandle;
};

async function pullOut({ directory, server, socat, socket, holder }: Parts): Promise<void> {
  const ended = socat.exitCode === null && socat.signalCode === null ? once(socat, 'exit') : undefined;
  socat.kill('SIGTERM');
  await ended;
  socket.destroy();
  await new Promise((done) => server.close(done));
  await holder.close();
  await rm(directory, { recursive: true, force: true });
}
