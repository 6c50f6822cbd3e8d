import { describe, expect, it } from 'vitest';
import { processorTicks, readProcess } from '../../../agent/edge/machine-reading.ts';

/** proc(5), of a kernel 6.1; the name of the process is whatever somebody called it. */
const stat = (name: string, state = 'S', nice = 0): string =>
  `7 (${name}) ${state} 1 7 7 0 -1 4194304 100 0 0 0 120 3 0 0 20 ${nice} 5 0 99 1000000 2500 18446744073709551615 1 1 0`;

describe('processes and processors as the kernel tells them (M-1)', () => {
  it('M-1: a process by its fields, counted from the last parenthesis of its name', () => {
    expect(readProcess(stat('node'))).toEqual({
      ...{ pid: 7, command: 'node', size: 10_000, priority: 51, cpuTime: 1_230, state: 'Sleeping' },
    });
    expect(readProcess(stat('a) R (b c', 'D', -20))).toMatchObject({
      ...{ command: 'a) R (b c', state: 'Uninterruptible', priority: 0 },
    });
    expect(readProcess(stat('x', 'Z', 19))).toMatchObject({ state: 'Zombie', priority: 99 });
    expect(readProcess('')).toBeUndefined();
  });

  it('M-1: idle and waiting are not busy', () => {
    expect(processorTicks('cpu  10 1 5 80 4 0 0 0 0 0\ncpu0 1 1 1 1\n')).toEqual({ busy: 16, all: 100 });
  });
});
