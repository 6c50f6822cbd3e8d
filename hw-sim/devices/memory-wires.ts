import { Fault } from '../../agent/model/fault.ts';
import type { Millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { ModbusBus } from '../../firmware-ts/wires/modbus-bus.ts';
import type { LineListener, OpenSerialLine, SerialLine } from '../../firmware-ts/wires/serial-line.ts';
import type { Ssdp, SsdpResponse } from '../../firmware-ts/wires/ssdp.ts';
import type { ByteEnd } from './byte-end.ts';
import type { ModbusUps } from './modbus-ups.ts';
import { responses, type SsdpIdentity } from './ssdp-device.ts';

/*
 * The wires without a kernel, for simulated time. Bytes and answers arrive after the caller has gone on, never inside
 * the call. Left out: the time that bytes take, and limits of buffers.
 */
type MemoryCable = {
  readonly open: OpenSerialLine;
  readonly end: ByteEnd;
  /** Out, then in again. */
  readonly unplug: () => void;
  readonly plug: () => void;
};

type Cable = { plugged: boolean; heardByDevice: (bytes: Uint8Array) => void; box: Box | undefined };
type Box = { listener: LineListener | undefined };

export function createMemoryCable(): MemoryCable {
  const cable: Cable = { plugged: true, heardByDevice: () => undefined, box: undefined };
  return {
    open: async () => {
      if (!cable.plugged) throw new Fault('modem.silent', { path: 'memory' });
      cable.box = { listener: undefined };
      return lineOf(cable, cable.box);
    },
    end: {
      hear(listener) {
        cable.heardByDevice = listener;
      },
      say(bytes) {
        const copy = Uint8Array.from(bytes);
        queueMicrotask(() => cable.box?.listener?.heard(copy));
      },
    },
    unplug() {
      const { box } = cable;
      cable.plugged = false;
      cable.box = undefined;
      queueMicrotask(() => box?.listener?.lost());
    },
    plug() {
      cable.plugged = true;
    },
  };
}

function lineOf(cable: Cable, box: Box): SerialLine {
  return {
    listen(listener) {
      box.listener = listener;
    },
    write(bytes) {
      const copy = Uint8Array.from(bytes);
      if (cable.box === box) queueMicrotask(() => cable.heardByDevice(copy));
    },
    async close() {
      box.listener = undefined;
      if (cable.box === box) cable.box = undefined;
    },
  };
}

/** A bus with one UPS; what does not answer is silent after `patience` of the clock. */
export function createMemoryModbus(ups: Pick<ModbusUps, 'answer'>, clock: Clock, patience: Millis): ModbusBus {
  const ask = async (code: number, unit: number, address: number, count: number): Promise<Buffer> => {
    const question = Buffer.alloc(5);
    question.writeUInt8(code, 0);
    question.writeUInt16BE(address, 1);
    question.writeUInt16BE(count, 3);
    const answer = ups.answer(unit, question);
    if (answer === undefined) {
      await new Promise<void>((over) => clock.after(patience, over));
      throw new Fault('modbus.silent', { unit });
    }
    const reply = Buffer.from(answer);
    if (reply.readUInt8(0) !== code) throw new Fault('modbus.silent', { unit, exception: reply.readUInt8(1) });
    return reply.subarray(2);
  };
  const registers = async (code: number, unit: number, address: number, count: number) => {
    const bytes = await ask(code, unit, address, count);
    return Array.from({ length: count }, (_, i) => bytes.readUInt16BE(2 * i));
  };
  return {
    async readDiscrete(unit, address, count) {
      const bytes = await ask(2, unit, address, count);
      return Array.from({ length: count }, (_, i) => (bytes.readUInt8(Math.floor(i / 8)) >> (i % 8)) % 2 === 1);
    },
    async writeCoil(unit, address, on) {
      await ask(5, unit, address, on ? 0xff00 : 0);
    },
    readHolding: (unit, address, count) => registers(3, unit, address, count),
    readInput: (unit, address, count) => registers(4, unit, address, count),
    close: async () => undefined,
  };
}

export type Neighbor = { readonly identity: SsdpIdentity; readonly address: string };

/** A LAN with neighbors, who may come and go while the list is alive. */
export function createMemorySsdp(neighbors: () => readonly Neighbor[], clock: Clock): Ssdp {
  return {
    async search(target, patience) {
      const question = `M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: ${target}\r\n\r\n`;
      const answers = neighbors().flatMap(({ identity, address }) =>
        responses(identity, question).map((response) => readResponse(response, address)),
      );
      await new Promise<void>((over) => clock.after(patience, over));
      return answers;
    },
  };
}

function readResponse(response: string, address: string): SsdpResponse {
  const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(response)?.[1]?.trim() ?? '';
  return { target: value('ST'), usn: value('USN'), location: value('LOCATION'), address };
}
