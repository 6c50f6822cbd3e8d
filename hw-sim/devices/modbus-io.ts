/*
 * A Modbus I/O module with coils (Modbus Application Protocol 1.1b3, 6.5). Left out: reading them back, and everything that
 * a real module has besides.
 */
export type ModbusIo = {
  readonly coils: () => readonly boolean[];
  readonly answer: (unit: number, request: Uint8Array) => Uint8Array | undefined;
  readonly silence: (silent: boolean) => void;
};

const WRITE_COIL = 5;
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;

export function createModbusIo(unit: number, count: number): ModbusIo {
  const coils = Array.from({ length: count }, () => false);
  let silent = false;
  return {
    coils: () => [...coils],
    silence(now) {
      silent = now;
    },
    answer(asked, request) {
      if (silent || asked !== unit) return undefined;
      const question = Buffer.from(request);
      const code = question.readUInt8(0);
      if (code !== WRITE_COIL || question.length !== 5) return Uint8Array.of(code | 0x80, ILLEGAL_FUNCTION);
      const address = question.readUInt16BE(1);
      if (address >= count) return Uint8Array.of(code | 0x80, ILLEGAL_ADDRESS);
      coils[address] = question.readUInt16BE(3) === 0xff00;
      return question;
    },
  };
}
