/**
 * Registers and inputs of the units on one Modbus bus (Modbus Application Protocol 1.1b3, 6.2 to 6.4).
 * Addresses are those on the wire, from 0. The bus connects by itself and again after it was lost.
 * @throws Fault 'modbus.silent' when the unit does not answer, or answers with an exception (then `exception` is in the context).
 */
export interface ModbusBus {
  readDiscrete(unit: number, address: number, count: number): Promise<readonly boolean[]>;
  readHolding(unit: number, address: number, count: number): Promise<readonly number[]>;
  readInput(unit: number, address: number, count: number): Promise<readonly number[]>;
  /** One coil (6.5). */
  writeCoil(unit: number, address: number, on: boolean): Promise<void>;
  close(): Promise<void>;
}
