/*
 * The registers of a UPS, with the addresses of an APC Smart-UPS (Schneider Electric application note 176), and the
 * answers of a Modbus server to them (Modbus Application Protocol 1.1b3). Left out: everything but mains, battery,
 * temperature and serial number, writing, and the runtime that a real battery would lose.
 */
export type UpsState = {
  readonly mains: boolean;
  readonly batteryPercent: number;
  readonly selfTest: boolean;
  readonly celsius: number;
  readonly serial: string;
  /** Every register says this: a card that has lost its mind, or another device at the same address. */
  readonly garbage?: number | undefined;
};

export type ModbusUps = {
  readonly unit: number;
  readonly set: (change: Partial<UpsState>) => void;
  /** Function code and data of an answer; undefined where the UPS stays silent. */
  readonly answer: (unit: number, request: Uint8Array) => Uint8Array | undefined;
  /** Silent until told otherwise: cable out, card frozen. */
  readonly silence: (silent: boolean) => void;
};

const STATUS = 0;
const CHARGE = 130;
const INPUT = 150;
const TEMPERATURE = 135;
const END = 200;
const SERIAL = 564;
const SERIAL_WORDS = 8;

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
/** Modbus Application Protocol 1.1b3, 6.3: at most 125 registers a question. */
const MOST_REGISTERS = 125;
const MOST_INPUTS = 2_000;

export function createModbusUps(unit: number): ModbusUps {
  let state: UpsState = { mains: true, batteryPercent: 100, selfTest: false, celsius: 25, serial: 'AS1234567890' };
  let silent = false;
  return {
    unit,
    set(change) {
      state = { ...state, ...change };
    },
    answer: (asked, request) => (silent || asked !== unit ? undefined : answer(state, Buffer.from(request))),
    silence(now) {
      silent = now;
    },
  };
}

function answer(state: UpsState, request: Buffer): Buffer {
  const code = request.readUInt8(0);
  if (request.length !== 5 || ![2, 3, 4].includes(code)) return exception(code, ILLEGAL_FUNCTION);
  const address = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  if (count === 0 || count > (code === 2 ? MOST_INPUTS : MOST_REGISTERS)) return exception(code, ILLEGAL_VALUE);
  const isSerial = address >= SERIAL && address + count <= SERIAL + SERIAL_WORDS;
  if (address + count > END && !isSerial) return exception(code, ILLEGAL_ADDRESS);
  const places = Array.from({ length: count }, (_, i) => address + i);
  return code === 2 ? inputs(places, state) : registers(code, places, state);
}

const exception = (code: number, reason: number): Buffer => Buffer.from([code | 0x80, reason]);

function registers(code: number, places: readonly number[], state: UpsState): Buffer {
  const bytes = Buffer.alloc(2 + 2 * places.length);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(2 * places.length, 1);
  for (const [i, place] of places.entries()) bytes.writeUInt16BE(register(place, state), 2 + 2 * i);
  return bytes;
}

/** The simulator's own: discrete input n is bit n of the low word of the UPS status. */
function inputs(places: readonly number[], state: UpsState): Buffer {
  const bytes = Buffer.alloc(2 + Math.ceil(places.length / 8));
  bytes.writeUInt8(2, 0);
  bytes.writeUInt8(bytes.length - 2, 1);
  for (const [i, place] of places.entries()) {
    const bit = place < 16 ? (register(STATUS + 1, state) >> place) & 1 : 0;
    const at = 2 + Math.floor(i / 8);
    bytes.writeUInt8(bytes.readUInt8(at) | (bit << (i % 8)), at);
  }
  return bytes;
}

/** Application note 176: two words of UPSStatus_BF, high word first; charge with nine binary places; InputStatus_BF. */
function register(place: number, state: UpsState): number {
  if (state.garbage !== undefined) return state.garbage;
  if (place === TEMPERATURE) return (Math.round(state.celsius * 128) + 0x1_0000) % 0x1_0000;
  if (place >= SERIAL) return (letter(state, place, 0) << 8) | letter(state, place, 1);
  if (place === STATUS + 1) return statusBits(state);
  if (place === CHARGE) return state.batteryPercent * 512;
  if (place === INPUT) return state.mains ? 0b1 : 0b100;
  return 0;
}

const letter = ({ serial }: UpsState, place: number, half: number): number =>
  serial.charCodeAt(2 * (place - SERIAL) + half) || 0;

/** Bit 1 on line, bit 2 on battery, bit 7 test: a self-test runs from the battery while the mains are there. */
function statusBits({ mains, selfTest }: UpsState): number {
  const onBattery = !mains || selfTest;
  return (onBattery ? 1 << 2 : 1 << 1) | (selfTest ? 1 << 7 : 0);
}
