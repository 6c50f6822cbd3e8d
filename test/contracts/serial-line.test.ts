import { afterEach, describe, expect, it, vi } from 'vitest';
import { serialPath } from '../../firmware-ts/wires/node/serial-line.ts';
import type { OpenSerialLine } from '../../firmware-ts/wires/serial-line.ts';
import type { ByteEnd } from '../../hw-sim/devices/byte-end.ts';
import { createMemoryCable } from '../../hw-sim/devices/memory-wires.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';

type Bench = {
  readonly open: OpenSerialLine;
  readonly end: ByteEnd;
  /** The device is pulled out. */
  readonly pull: () => Promise<void>;
  readonly clear: () => Promise<void>;
};

async function memoryBench(): Promise<Bench> {
  const cable = createMemoryCable();
  const pull = async () => cable.unplug();
  return { open: cable.open, end: cable.end, pull, clear: pull };
}

async function ptyBench(): Promise<Bench> {
  const pty = await createPty();
  let pulled: Promise<void> | undefined;
  const pull = () => {
    pulled ??= pty.close();
    return pulled;
  };
  return { open: serialPath(pty.path, 115_200), end: pty.end, pull, clear: pull };
}

const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);

describe.each([
  ['in memory', memoryBench],
  ['serialport over a pty', ptyBench],
])('a serial line, %s', (_, createBench) => {
  let bench: Bench | undefined;

  afterEach(() => bench?.clear());

  async function open() {
    bench = await createBench();
    const line = await bench.open();
    const heard: number[] = [];
    const lost = vi.fn();
    line.listen({ heard: (bytes) => heard.push(...bytes), lost });
    const device: number[] = [];
    bench.end.hear((bytes) => device.push(...bytes));
    return { bench, line, heard, lost, device };
  }

  it('carries every byte to the device as it is', async () => {
    const { line, device } = await open();
    line.write(everyByte);
    await vi.waitFor(() => expect(device).toEqual([...everyByte]));
  });

  it('carries every byte from the device as it is', async () => {
    const { bench, heard } = await open();
    bench.end.say(everyByte);
    await vi.waitFor(() => expect(heard).toEqual([...everyByte]));
  });

  it('keeps the order of what is written', async () => {
    const { line, device } = await open();
    const words = Array.from({ length: 200 }, (_, i) => Uint8Array.of(i, i, i));
    for (const word of words) line.write(word);
    await vi.waitFor(() => expect(device).toEqual(words.flatMap((word) => [...word])));
  });

  it('does not speak inside a call', async () => {
    const { bench, heard } = await open();
    bench.end.say(Uint8Array.of(1));
    expect(heard).toEqual([]);
    await vi.waitFor(() => expect(heard).toEqual([1]));
  });

  it('speaks to the newest listener only', async () => {
    const { bench, line, heard } = await open();
    const newer: number[] = [];
    line.listen({ heard: (bytes) => newer.push(...bytes), lost: () => undefined });
    bench.end.say(Uint8Array.of(7));
    await vi.waitFor(() => expect(newer).toEqual([7]));
    expect(heard).toEqual([]);
  });

  it('can be closed and opened again', async () => {
    const { bench, line, device } = await open();
    await line.close();
    const again = await bench.open();
    again.write(Uint8Array.of(42));
    await vi.waitFor(() => expect(device).toEqual([42]));
    await again.close();
  });

  it('is silent once closed, about its loss too', async () => {
    const { bench, line, heard, lost, device } = await open();
    await line.close();
    line.write(Uint8Array.of(1));
    const again = await bench.open();
    const heardAgain: number[] = [];
    again.listen({ heard: (bytes) => heardAgain.push(...bytes), lost: () => undefined });
    bench.end.say(Uint8Array.of(2));
    await vi.waitFor(() => expect(heardAgain).toEqual([2]));
    await again.close();
    expect({ heard, device, lost: lost.mock.calls.length }).toEqual({ heard: [], device: [], lost: 0 });
  });

  it('says once that the device was pulled out, and cannot be opened then', async () => {
    const { bench, lost } = await open();
    await bench.pull();
    await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1), { timeout: 5_000 });
    await expect(bench.open()).rejects.toMatchObject({ code: 'modem.silent' });
    expect(lost).toHaveBeenCalledTimes(1);
  });
});
