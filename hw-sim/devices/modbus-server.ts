import { createServer, type Server, type Socket } from 'node:net';
import type { ByteEnd } from './byte-end.ts';
import type { ModbusUps } from './modbus-ups.ts';

type ModbusServer = {
  readonly port: number;
  /** Cuts every connection and refuses new ones, until opened again on the same port. */
  readonly unplug: () => Promise<void>;
  readonly plug: () => Promise<void>;
  /** Power off and on: what was connected is forgotten, and nobody is told. */
  readonly restart: () => void;
};

/** A UPS with a network card: Modbus over TCP, as the messaging guide 1.0b frames it (3.1.3). */
export async function serveModbusTcp(ups: Answering, host: string, wantedPort = 0): Promise<ModbusServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    answerSocket(ups, socket);
  });
  await listen(server, host, wantedPort);
  const port = portOf(server);
  return {
    port,
    unplug: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
    plug: () => listen(server, host, port),
    restart: () => {
      for (const socket of sockets) socket.removeAllListeners('data').resume();
    },
  };
}

type Answering = Pick<ModbusUps, 'answer'>;

const HEADER = 7;

function answerSocket(ups: Answering, socket: Socket): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= HEADER && waiting.length >= HEADER - 1 + waiting.readUInt16BE(4)) {
      const end = HEADER - 1 + waiting.readUInt16BE(4);
      const frame = waiting.subarray(0, end);
      waiting = waiting.subarray(end);
      const reply = ups.answer(frame.readUInt8(6), frame.subarray(HEADER));
      if (reply !== undefined) socket.write(wrap(frame, reply));
    }
  });
}

/** The question's transaction and unit, and the length of what follows. */
function wrap(question: Buffer, reply: Uint8Array): Buffer {
  const header = Buffer.from(question.subarray(0, HEADER));
  header.writeUInt16BE(reply.length + 1, 4);
  return Buffer.concat([header, reply]);
}

/** The same UPS behind a serial line. The questions that it knows are all eight bytes long. */
export function serveModbusRtu(ups: Answering, cable: ByteEnd): void {
  let waiting = Buffer.alloc(0);
  cable.hear((chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (; waiting.length >= 8; waiting = waiting.subarray(8)) {
      const frame = waiting.subarray(0, 8);
      if (crc16(frame.subarray(0, 6)) !== frame.readUInt16LE(6)) continue;
      const reply = ups.answer(frame.readUInt8(0), frame.subarray(1, 6));
      if (reply !== undefined) cable.say(sealed(Buffer.concat([frame.subarray(0, 1), reply])));
    }
  });
}

function sealed(frame: Buffer): Buffer {
  const seal = Buffer.alloc(2);
  seal.writeUInt16LE(crc16(frame));
  return Buffer.concat([frame, seal]);
}

/** Modbus over Serial Line 1.02, 6.2.2. */
function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc % 2 === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
