import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ControlClient, type Line, openControl } from '../../../hw-sim/kernel/control-socket.ts';
import { startBulkSink, transferBulk } from '../../../hw-sim/voice/bulk.ts';
import { startPeer } from '../../../hw-sim/voice/peer.ts';
import { startPhone } from '../../../hw-sim/voice/phone.ts';

const SERVER = { address: '127.0.10.10', port: 5060 };
const PHONE = { address: '127.0.10.20', port: 5060 };
const LINE = '+33172890001';
const CALLER = '+33612345678';

type Side = { readonly ask: (order: Line) => Promise<Line>; readonly heard: (on: string) => Promise<Line> };

let directory: string;
let stops: (() => void)[];
let phone: Side;
let peer: Side;

/** News is kept until somebody asks for it, so that none is missed between two questions. */
function side(control: ControlClient): Side {
  const kept: Line[] = [];
  const waiting: { readonly on: string; readonly settle: (news: Line) => void }[] = [];
  control.listen((news) => {
    const index = waiting.findIndex(({ on }) => on === news.on);
    const [found] = index < 0 ? [] : waiting.splice(index, 1);
    if (found) found.settle(news);
    else kept.push(news);
  });
  return {
    ask: control.ask,
    heard: (on) => {
      const index = kept.findIndex((news) => news.on === on);
      const [found] = index < 0 ? [] : kept.splice(index, 1);
      return found ? Promise.resolve(found) : new Promise((settle) => waiting.push({ on, settle }));
    },
  };
}

async function connected(name: string): Promise<Side> {
  const control = await openControl(join(directory, name));
  stops.push(control.close);
  return side(control);
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'relais-voice-'));
  stops = [];
  stops.push(await startPeer({ local: SERVER, control: join(directory, 'peer'), ringMs: 50 }));
  stops.push(
    await startPhone({ local: PHONE, server: SERVER, number: LINE, control: join(directory, 'phone'), ringMs: 50 }),
  );
  peer = await connected('peer');
  phone = await connected('phone');
});

afterEach(async () => {
  for (const stop of stops.toReversed()) stop();
  await rm(directory, { recursive: true });
});

/** Lets the call last until the listener has heard a second of speech. */
const afterSpeech = (listener: Side): Promise<void> =>
  vi.waitFor(
    async () => {
      const { calls } = await listener.ask({ do: 'report' });
      expect(Array.isArray(calls) && Number(calls[0]?.received)).toBeGreaterThanOrEqual(50);
    },
    { timeout: 10_000, interval: 20 },
  );

describe('a phone and its operator without a gateway between them', () => {
  it('speak both ways without a lost packet when the phone calls', async () => {
    await phone.ask({ do: 'call', number: '0172890002' });
    expect(await peer.heard('incoming')).toMatchObject({ called: '0172890002', calling: LINE });
    await phone.heard('ringing');
    await phone.heard('answered');
    await Promise.all([afterSpeech(phone), afterSpeech(peer)]);
    await phone.ask({ do: 'hangup' });
    const [here, there] = [await phone.heard('ended'), await peer.heard('ended')];
    expect(here).toMatchObject({ by: 'us', lost: 0, duplicates: 0 });
    expect(there).toMatchObject({ by: 'them', lost: 0, duplicates: 0 });
    expect(Number(there.mos)).toBeGreaterThan(4);
    // What is still on its way at the BYE may be missing at the end, and nothing else.
    expect(Number(here.sent) - Number(there.received)).toBeLessThanOrEqual(2);
  });

  it('speak both ways when the operator calls the registered phone and hangs up', async () => {
    expect(await phone.ask({ do: 'register' })).toMatchObject({ status: 200 });
    expect(await peer.ask({ do: 'bindings' })).toMatchObject({ [LINE]: PHONE });
    await peer.ask({ do: 'call', number: LINE, from: CALLER });
    expect(await phone.heard('incoming')).toMatchObject({ called: LINE, calling: CALLER });
    await Promise.all([afterSpeech(phone), afterSpeech(peer)]);
    await peer.ask({ do: 'hangup' });
    expect(await phone.heard('ended')).toMatchObject({ by: 'them', lost: 0 });
    expect(await peer.heard('ended')).toMatchObject({ by: 'us', lost: 0 });
  });

  it('end a call that nobody answers with a CANCEL', async () => {
    await peer.ask({ do: 'teach', number: '0172890003', does: 'ring' });
    await phone.ask({ do: 'call', number: '0172890003' });
    await phone.heard('ringing');
    await phone.ask({ do: 'hangup' });
    expect(await phone.heard('ended')).toMatchObject({ by: 'us', status: 487 });
    expect(await peer.heard('ended')).toMatchObject({ by: 'them', status: 487 });
  });

  it('say so when the called party is busy, and when a number is not registered', async () => {
    await peer.ask({ do: 'teach', number: '0172890004', does: 'busy' });
    await phone.ask({ do: 'call', number: '0172890004' });
    expect(await phone.heard('ended')).toMatchObject({ by: 'network', status: 486, sent: 0 });
    await expect(peer.ask({ do: 'call', number: '+33999', from: CALLER })).rejects.toThrow('not registered');
  });
});

describe('the SIPp scenarios', () => {
  const sipp = (scenario: string, ...more: readonly string[]) => {
    const own = ['-i', '127.0.10.30', '-p', '5062', '-mp', '17000', '-m', '1', '-nostdin', '-timeout', '15'];
    const file = `hw-sim/voice/sipp/${scenario}.xml`;
    const args = ['-sf', file, ...own, '-key', 'number', LINE, ...more, `${SERVER.address}:${SERVER.port}`];
    return promisify(execFile)('sipp', args, { env: { ...process.env, TERM: 'dumb' } });
  };

  it('call a number and 112, and end in their own time', async () => {
    await sipp('outgoing', '-s', '0172890002', '-d', '200');
    await sipp('emergency', '-d', '200');
    expect(await peer.heard('incoming')).toMatchObject({ called: '0172890002', calling: LINE });
    expect(await peer.heard('incoming')).toMatchObject({ called: '112' });
    expect(await peer.heard('ended')).toMatchObject({ by: 'them', status: 200 });
  });

  it.each([402, 403, 503])('pass when a call is refused with %i', async (status) => {
    await peer.ask({ do: 'teach', number: '0899000000', does: 'refuse', status });
    await sipp('refused', '-s', '0899000000');
  });

  it('fail when a call that must be refused is answered', async () => {
    await expect(sipp('refused', '-s', '0172890002')).rejects.toMatchObject({ code: 1 });
  });

  it('register a line and answer a call to it', async () => {
    await sipp('register');
    const answering = sipp('incoming');
    // Repeated until SIPp listens: an INVITE that nobody hears is repeated by its own transaction.
    await peer.ask({ do: 'call', number: LINE, from: CALLER });
    await peer.heard('answered');
    await peer.ask({ do: 'hangup' });
    await answering;
  });
});

describe('a bulk transfer', () => {
  it.each(['up', 'down'] as const)('goes %s for its time and reports what arrived', async (direction) => {
    const sink = await startBulkSink({ address: '127.0.10.40', port: 5001 });
    stops.push(() => sink.close());
    const report = await transferBulk({ address: '127.0.10.40', port: 5001 }, direction, 0.5);
    expect(report).toMatchObject({ direction });
    expect(report.bytes).toBeGreaterThan(1_000_000);
    expect(report.kbps).toBe(Math.round((report.bytes * 8) / report.seconds / 1_000));
  });
});
