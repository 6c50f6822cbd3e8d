import { setTimeout as pause } from 'node:timers/promises';
import { type Running, run, startIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import { quietly } from '../back-office.ts';
import type { Seen } from './same-bytes.ts';

/** A capture of all SIP on one interface of the box. */
export type WireTap = {
  /** Ends the capture and reads it; frames of one capture are in the order in which they passed. */
  close(): Promise<Taped>;
};

export type Taped = {
  readonly datagrams: readonly Seen[];
  /** What TCP carried, connection by connection in the order of their beginning: each direction as one string of hex. */
  readonly streams: readonly { readonly up: string; readonly down: string }[];
};

const SERVER = '203.0.113.10';
const READY_PATIENCE = 100;

export async function openWireTap(device: string): Promise<WireTap> {
  const file = `${SANDBOX_DIRECTORY}/tap-${device}.pcap`;
  const what = `host ${SERVER} and port 5060`;
  const dump = startIn(
    'gw',
    quietly(['tcpdump', '-i', device, '-Z', 'root', '-U', '--immediate-mode', '-s', '0', '-w', file, what]),
  );
  await begun(file);
  return {
    async close() {
      await settled(file);
      await stop(dump);
      return read(file);
    },
  };
}

/** The file has its header as soon as tcpdump listens. */
async function begun(file: string): Promise<void> {
  for (let tries = 0; tries < READY_PATIENCE; tries += 1) {
    if ((await sizeOf(file)) >= 24) return;
    await pause(50);
  }
  throw new Error(`tcpdump did not begin ${file}`);
}

/** On a busy machine tcpdump writes late what it has seen. */
async function settled(file: string): Promise<void> {
  let before = -1;
  for (let size = await sizeOf(file); size !== before; size = await sizeOf(file)) {
    before = size;
    await pause(500);
  }
}

const sizeOf = async (file: string): Promise<number> =>
  Number(await run(['sh', '-c', 'stat -c %s "$0" 2>/dev/null || echo 0', file]));

async function stop(dump: Running): Promise<void> {
  dump.process.kill('SIGINT');
  await dump.ended;
}

/** Of a datagram in hexadecimal. */
export const textOf = (payload: string): string => Buffer.from(payload, 'hex').toString('utf8');

const FIELDS = ['frame.time_epoch', 'ip.dst', 'udp.payload', 'tcp.stream', 'tcp.payload'];

/** By tshark, fragments put together and TCP segments that came twice left out. */
async function read(file: string): Promise<Taped> {
  const fields = FIELDS.flatMap((name) => ['-e', name]);
  const wanted = '(udp || tcp.len > 0) && !icmp && !tcp.analysis.retransmission';
  const table = await run(['tshark', '-n', '-r', file, '-Y', wanted, '-T', 'fields', '-E', 'occurrence=f', ...fields]);
  const datagrams: Seen[] = [];
  const streams = new Map<string, { up: string; down: string }>();
  for (const line of table.split('\n')) {
    const [at, target, datagram = '', stream = '', segment = ''] = line.split('\t');
    const upward = target === SERVER;
    if (stream !== '') {
      const before = streams.get(stream) ?? { up: '', down: '' };
      streams.set(stream, upward ? { ...before, up: before.up + segment } : { ...before, down: before.down + segment });
    } else if (datagram !== '') {
      const callId = /^Call-ID: *(\S+)/im.exec(textOf(datagram))?.[1] ?? '';
      datagrams.push({ upward, callId, payload: datagram, at: Number(at) });
    }
  }
  return { datagrams, streams: [...streams.values()] };
}
