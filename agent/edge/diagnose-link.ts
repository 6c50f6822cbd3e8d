import { createSocket } from 'node:dgram';
import { request } from 'node:http';
import type { Diagnosis, DownloadFinding, LookupFinding, LookupResult } from '../model/diagnosis.ts';
import { type DnsAnswer, readDnsAnswer, writeDnsQuestion } from '../model/dns-message.ts';

type Download = Extract<Diagnosis, { test: 'download' }>;
type Lookup = Extract<Diagnosis, { test: 'lookup' }>;

/** A server that says nothing, and a whole test: milliseconds. */
const SILENCE = 10_000;
const LONGEST = 60_000;

/**
 * TR-143: a file over HTTP, thrown away as it comes. The connection leaves from `port`, by which the kernel knows the link
 * that it takes; it needs no right of its own.
 */
export function downloadFrom(port: number, { url, duration, most }: Download): Promise<DownloadFinding> {
  return new Promise((done) => {
    const at = { opened: Date.now(), connected: 0, asked: 0, began: 0, ended: 0 };
    let [bytes, received, sent, isOver] = [0, 0, 0, false];
    let address: string | undefined;
    const asked = request(url, { localPort: port, agent: false, timeout: SILENCE, headers: { connection: 'close' } });
    const end = (failed?: DownloadFinding['failed']): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(longest);
      received = asked.socket?.bytesRead ?? received;
      sent = asked.socket?.bytesWritten ?? sent;
      asked.destroy();
      done({ test: 'download', ...at, ended: Date.now(), bytes, received, sent, address, ...(failed && { failed }) });
    };
    const longest = setTimeout(() => (bytes > 0 ? end() : end('no-answer')), duration > 0 ? duration * 1_000 : LONGEST);
    asked.on('socket', (socket) =>
      socket.on('connect', () => {
        at.connected = Date.now();
        at.asked = at.connected;
        address = socket.localAddress;
      }),
    );
    asked.on('timeout', () => end(at.connected === 0 ? 'not-connected' : 'no-answer'));
    asked.on('error', (error) => end(whyOf(error, at.connected > 0)));
    asked.on('response', (response) => {
      at.began = Date.now();
      if ((response.statusCode ?? 500) !== 200) return end('refused');
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes >= most) end();
      });
      response.on('end', () => end());
      response.on('error', () => end('broken-off'));
    });
    asked.end();
  });
}

function whyOf(error: Error, wasConnected: boolean): DownloadFinding['failed'] {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unresolved';
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return 'no-route';
  return wasConnected ? 'broken-off' : 'not-connected';
}

/** RFC 1035: asks one server for one name, so many times, from the port of the link. */
export async function lookUpFrom(port: number, order: Lookup): Promise<LookupFinding> {
  const results: LookupResult[] = [];
  for (let time = 0; time < order.repetitions; time += 1) results.push(await lookUpOnce(port, order, time + 1));
  return { test: 'lookup', results };
}

const DNS_PORT = 53;
const NO_SUCH_NAME = 3;

function lookUpOnce(port: number, { name, server, timeout }: Lookup, id: number): Promise<LookupResult> {
  return new Promise((done) => {
    const socket = createSocket('udp4');
    const began = performance.now();
    const end = (so: LookupResult['so'], answer?: DnsAnswer): void => {
      clearTimeout(patience);
      socket.removeAllListeners();
      socket.close();
      done({
        ...{ so, server, took: Math.round(performance.now() - began), authoritative: answer?.authoritative ?? false },
        ...{ name: answer?.name ?? '', addresses: answer?.addresses ?? [] },
      });
    };
    const patience = setTimeout(() => end('no-answer'), timeout);
    socket.on('error', () => end('no-server'));
    socket.on('message', (bytes) => {
      const answer = readDnsAnswer(id, bytes);
      if (answer === undefined) return end('unreadable');
      if (answer.code === NO_SUCH_NAME) return end('no-such-name', answer);
      end(answer.code === 0 && answer.addresses.length > 0 ? 'found' : 'no-server', answer);
    });
    socket.bind(port, () => socket.connect(DNS_PORT, server, () => socket.send(writeDnsQuestion(id, name))));
  });
}
