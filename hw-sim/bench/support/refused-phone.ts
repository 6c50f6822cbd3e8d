import { createSocket } from 'node:dgram';

export type RefusedPhone = {
  /** Calls one after the other until that moment (`performance.now()`), each answered by the box itself. */
  callUntil(
    moment: number,
  ): Promise<{ readonly answered: number; readonly unanswered: number; readonly worstMs: number }>;
  close(): void;
};

/** The first relay port of a box. */
const RELAY = 5070;
const PATIENCE = 10_000;
/** As often as a busy phone calls. */
const APART = 200;

/** A phone that calls a number that nobody has, so that the box says so itself (V-9): no operator is needed for the answer. */
export async function openRefusedPhone(): Promise<RefusedPhone> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  const { port } = socket.address();
  let heard: (status: number, call: string) => void = () => undefined;
  socket.on('message', (bytes) => {
    const text = bytes.toString('latin1');
    heard(Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1]), /^Call-ID: (.*)\r$/m.exec(text)?.[1] ?? '');
  });
  const call = (id: string): Promise<number | undefined> =>
    new Promise((done) => {
      const began = performance.now();
      const patience = setTimeout(() => done(undefined), PATIENCE);
      heard = (status, of) => {
        if (of !== id || !(status >= 300)) return;
        clearTimeout(patience);
        done(performance.now() - began);
      };
      socket.send(invite(id, port), RELAY, '127.0.0.1');
    });
  return {
    async callUntil(moment) {
      const times: number[] = [];
      let unanswered = 0;
      for (let count = 0; performance.now() < moment; count += 1) {
        const took = await call(`refused-${count}`);
        if (took === undefined) unanswered += 1;
        else times.push(took);
        await new Promise((done) => setTimeout(done, APART));
      }
      return { answered: times.length, unanswered, worstMs: Math.round(Math.max(...times)) };
    },
    close: () => socket.close(),
  };
}

const invite = (id: string, port: number): string =>
  [
    'INVITE sip:+33000000000@203.0.113.10 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${id};rport`,
    'Max-Forwards: 70',
    'To: <sip:+33000000000@203.0.113.10>',
    `From: <sip:+33172890001@203.0.113.10>;tag=${id}`,
    `Call-ID: ${id}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:front@127.0.0.1:${port}>`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
