/**
 * The phones of the bench, in one process: each is an address and a port. Orders on its channel: `ask` keeps to a pace of OPTIONS,
 * `press` keeps so many OPTIONS under way at once, `call` makes calls at a pace and lets each last.
 *
 *   node sip-caller.js FIRST-PORT PHONES
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ageOf, type Delays, delaysOf } from './sip/delays.ts';
import { type Phone, SERVER, writeRequest } from './sip/phone-text.ts';
import { phoneAddress } from './sip/site.ts';

export type CallerOrder =
  | { readonly do: 'ask'; readonly perSecond: number; readonly seconds: number }
  | { readonly do: 'press'; readonly window: number; readonly seconds: number }
  | { readonly do: 'call'; readonly perSecond: number; readonly count: number; readonly talkMs: number };
export type CallerReport = {
  readonly asked: number;
  readonly answered: number;
  readonly refused: number;
  readonly repeated: number;
  readonly seconds: number;
  readonly delays: Delays;
};

const [first = '', count = ''] = process.argv.slice(2);
/** RFC 3261 17.1: again after T1, then after twice as long each time, until 64·T1. */
const T1_MS = 500;
const REPEATS = 6;
const AFTERWARDS_MS = 1_000;

type Line = { readonly phone: Phone; readonly socket: Socket };
type Waiting = { readonly heard: (status: number) => void };

const waiting = new Map<string, Waiting>();
let ages: number[] = [];
let tally = { asked: 0, answered: 0, refused: 0, repeated: 0 };
let serial = 0;

async function openLine(address: string, port: number): Promise<Line> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1_048_576 });
  socket.on('message', (bytes) => hear(bytes.toString('latin1')));
  socket.bind(port, address);
  await once(socket, 'listening');
  return { phone: { address, port }, socket };
}

function hear(message: string): void {
  const age = ageOf(message);
  if (age !== undefined) ages.push(age);
  const id = /^call-id: (\S+?)@/im.exec(message)?.[1] ?? '';
  const method = /^cseq: \d+ (\S+)/im.exec(message)?.[1] ?? '';
  waiting.get(`${id} ${method}`)?.heard(Number(message.slice(8, 11)));
}

const lines = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => openLine(phoneAddress(index), Number(first) + index)),
);
const lineOf = (index: number): Line => lines[index % lines.length] as Line;

type Request = Pick<Parameters<typeof writeRequest>[0], 'method' | 'id' | 'sequence' | 'tag'>;
const say = ({ phone, socket }: Line, request: Request): void =>
  socket.send(writeRequest({ ...request, phone }), 5060, SERVER);

/** One OPTIONS; `heard` when it is answered. It is not repeated: a loss is to be seen. */
function ask(line: Line, heard: () => void): void {
  serial += 1;
  const id = `o${process.pid}-${serial}`;
  tally.asked += 1;
  waiting.set(`${id} OPTIONS`, {
    heard: () => {
      waiting.delete(`${id} OPTIONS`);
      tally.answered += 1;
      heard();
    },
  });
  say(line, { method: 'OPTIONS', id, sequence: 1 });
}

/** Says it again until it is answered; a phone gives up in the end, like any. */
function insist(line: Line, request: Request, heard: (status: number) => void): void {
  const key = `${request.id} ${request.method}`;
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (status: number): void => {
    clearTimeout(timer);
    waiting.delete(key);
    heard(status);
  };
  const speak = (): void => {
    say(line, request);
    tries += 1;
    if (tries > 1) tally.repeated += 1;
    timer = setTimeout(() => (tries > REPEATS ? end(0) : speak()), T1_MS * 2 ** (tries - 1));
  };
  waiting.set(key, { heard: (status) => status >= 200 && end(status) });
  speak();
}

function call(line: Line, talkMs: number, over: () => void): void {
  serial += 1;
  const id = `c${process.pid}-${serial}`;
  tally.asked += 1;
  const tag = 'far';
  insist(line, { method: 'INVITE', id, sequence: 1 }, (status) => {
    say(line, { method: 'ACK', id, sequence: 1, tag });
    if (status !== 200) {
      tally.refused += 1;
      return over();
    }
    setTimeout(() => {
      insist(line, { method: 'BYE', id, sequence: 2, tag }, (ended) => {
        if (ended === 200) tally.answered += 1;
        over();
      });
    }, talkMs);
  });
}

/** Keeps the pace of the whole: a late tick makes up for it. */
function paced(perSecond: number, most: number, one: (index: number) => void): Promise<void> {
  const began = performance.now();
  let done = 0;
  return new Promise((settle) => {
    const timer = setInterval(() => {
      const due = Math.min(most, Math.floor(((performance.now() - began) * perSecond) / 1_000));
      for (; done < due; done += 1) one(done);
      if (done < most) return;
      clearInterval(timer);
      settle();
    }, 1);
  });
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

async function press(window: number, seconds: number): Promise<void> {
  let over = false;
  const next = (index: number) => (): void => {
    if (!over) ask(lineOf(index), next(index));
  };
  for (let index = 0; index < window; index += 1) next(index)();
  await pause(1_000 * seconds);
  over = true;
}

async function callAll({ perSecond, count: many, talkMs }: Extract<CallerOrder, { do: 'call' }>): Promise<void> {
  let open = 0;
  let settle: () => void = () => undefined;
  await paced(perSecond, many, (index) => {
    open += 1;
    call(lineOf(index), talkMs, () => {
      open -= 1;
      if (open === 0) settle();
    });
  });
  if (open > 0)
    await new Promise<void>((done) => {
      settle = done;
    });
}

async function obey(order: CallerOrder): Promise<CallerReport> {
  tally = { asked: 0, answered: 0, refused: 0, repeated: 0 };
  ages = [];
  waiting.clear();
  const began = performance.now();
  if (order.do === 'ask')
    await paced(order.perSecond, order.perSecond * order.seconds, (index) => ask(lineOf(index), () => undefined));
  else if (order.do === 'press') await press(order.window, order.seconds);
  else await callAll(order);
  const seconds = (performance.now() - began) / 1_000;
  await pause(AFTERWARDS_MS);
  return { ...tally, seconds, delays: delaysOf(ages) };
}

process.on('message', (order: CallerOrder) => void obey(order).then((report) => process.send?.({ report })));
process.send?.('ready');
