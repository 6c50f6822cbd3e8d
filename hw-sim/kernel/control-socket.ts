import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One order or one piece of news: a JSON object on a line of its own. */
export type Line = Readonly<Record<string, unknown>>;

export interface ControlServer {
  /** Tells everybody who is connected. */
  announce(news: Line): void;
  close(): void;
}

export interface ControlClient {
  /** @throws Error with the other side's words when the order was refused. */
  ask(order: Line): Promise<Line>;
  listen(hear: (news: Line) => void): void;
  close(): void;
}

/** Orders come as `{ id, do, ... }` and are answered as `{ re: id, ... }` or `{ re: id, error }`; news carries no `re`. */
export async function serveControl(path: string, obey: (order: Line) => Line | Promise<Line>): Promise<ControlServer> {
  const connected = new Set<Socket>();
  const server = createServer((socket) => {
    connected.add(socket);
    socket.on('close', () => connected.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (text) => {
      void answer(text, obey).then((reply) => send(socket, reply));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    announce: (news) => {
      for (const socket of connected) send(socket, news);
    },
    close: () => {
      for (const socket of connected) socket.destroy();
      server.close();
    },
  };
}

export async function openControl(path: string): Promise<ControlClient> {
  const socket = connect(path);
  await once(socket, 'connect');
  const asked = new Map<number, (answer: Line) => void>();
  const ears: ((news: Line) => void)[] = [];
  let count = 0;
  let closed = false;
  createInterface({ input: socket }).on('line', (text) => {
    const line = readLine(text);
    const waiting = typeof line.re === 'number' ? asked.get(line.re) : undefined;
    if (typeof line.re === 'number') asked.delete(line.re);
    if (waiting) waiting(line);
    else for (const hear of ears) hear(line);
  });
  socket.on('close', () => {
    closed = true;
    for (const settle of asked.values()) settle({ error: `${path} was closed` });
    asked.clear();
  });
  socket.on('error', () => socket.destroy());
  return {
    ask: async (order) => {
      if (closed) throw new Error(`${path} was closed`);
      count += 1;
      const id = count;
      const answered = new Promise<Line>((settle) => asked.set(id, settle));
      send(socket, { ...order, id });
      const answer = await answered;
      if (typeof answer.error === 'string') throw new Error(answer.error);
      return answer;
    },
    listen: (hear) => {
      ears.push(hear);
    },
    close: () => socket.destroy(),
  };
}

async function answer(text: string, obey: (order: Line) => Line | Promise<Line>): Promise<Line> {
  const order = readLine(text);
  try {
    return { ...(await obey(order)), re: order.id };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), re: order.id };
  }
}

export function readLine(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

export function textOf(line: Line, name: string): string {
  const value = line[name];
  if (typeof value !== 'string') throw new Error(`"${name}" must be a text`);
  return value;
}

export function numberOf(line: Line, name: string, otherwise: number): number {
  const value = line[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Error(`"${name}" must be a number of 0 or more`);
  }
  return value;
}

const send = (socket: Socket, line: Line): void => {
  if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
};
