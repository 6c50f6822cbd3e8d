import { describe, expect, it } from 'vitest';
import { createModbusUps } from '../../../hw-sim/devices/modbus-ups.ts';

const ask = (...bytes: readonly number[]) => {
  const answer = createModbusUps(1).answer(1, Uint8Array.from(bytes));
  return answer === undefined ? undefined : [...answer];
};

describe('a simulated UPS (Modbus Application Protocol 1.1b3)', () => {
  const questions: readonly [string, readonly number[], readonly number[]][] = [
    ['gives a register high byte first', [3, 0, 130, 0, 1], [3, 2, 0xc8, 0x00]],
    ['refuses a function that it does not have', [6, 0, 0, 0, 1], [0x86, 1]],
    ['refuses an address beyond its last', [3, 0, 199, 0, 2], [0x83, 2]],
    ['refuses to read nothing', [4, 0, 0, 0, 0], [0x84, 3]],
    ['refuses to read 126 registers', [3, 0, 0, 0, 126], [0x83, 3]],
    ['packs inputs into bytes, the first in the lowest bit', [2, 0, 0, 0, 8], [2, 1, 0b10]],
  ];
  it.each(questions)('%s', (_, question, answer) => {
    expect(ask(...question)).toEqual(answer);
  });

  it('does not answer for another unit', () => {
    expect(createModbusUps(1).answer(2, Uint8Array.of(3, 0, 130, 0, 1))).toBeUndefined();
  });
});
